function [A, u] = poisson1d(f, h)
% -u'' = f with u = 0 at both ends, by finite differences
n = numel(f);
e = ones(n, 1);
A = spdiags([-e 2*e -e], -1:1, n, n) / h^2;
u = A \ f(:);
