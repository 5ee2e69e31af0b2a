function [r, order] = tiedranks(x)
% tiedranks with ties averaged
[s, order] = sort(x);
r = zeros(size(x));
k = 1;
while k <= numel(x)
    j = k;
    while j < numel(x) && s(j+1) == s(k)
        j = j + 1;
    end
    r(order(k:j)) = (k + j)/2;
    k = j + 1;
end
