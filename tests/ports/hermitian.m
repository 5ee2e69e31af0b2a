function [H, q] = hermitian(A, x)
% hermitian part of a matrix, and the quadratic form
H = (A + A')/2;
q = x' * H * x;
