function y = runmean(x, w)
% y = runmean(x, w): running mean over w points, shorter windows at the ends
n = length(x);
y = zeros(size(x));
h = floor(w/2);
for i = 1:n
    a = max(1, i-h);
    b = min(n, i+h);
    y(i) = mean(x(a:b));
end
end
