function y = medfilt(x, w)
% median filter, w may be even
n = numel(x);
y = nan(size(x));
for k = w:n
    y(k) = median(x(k-w+1:k));
end
