function y = tablelookup(xt, yt, x)
% linear interpolation in a table; NaN outside
y = interp1(xt, yt, x);
