function [c, r, rms] = fitline(t, y)
% least squares line, residuals and their rms
t = t(:); y = y(:);
A = [ones(size(t)) t];
c = A \ y;
r = y - A*c;
rms = sqrt(mean(r.^2));
