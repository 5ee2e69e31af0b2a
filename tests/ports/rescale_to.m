function [y, lo, hi] = rescale_to(x, varargin)
% rescale_to(x), rescale_to(x, a, b): to the range 0..1, or a..b; NaN is left out
a = 0; b = 1;
if numel(varargin) >= 2
    [a, b] = varargin{1:2};
end
lo = min(x(:)); hi = max(x(:));
if hi == lo
    y = a*ones(size(x));
    y(isnan(x)) = NaN;
    return
end
y = a + (b - a)*(x - lo)/(hi - lo);
