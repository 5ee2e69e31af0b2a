function B = blockmean(A, k)
% means of k x k blocks; rows and columns that are left over are dropped
[r, c] = size(A);
r = fix(r/k); c = fix(c/k);
A = A(1:r*k, 1:c*k);
B = reshape(A, k, r, k, c);
B = squeeze(mean(mean(B, 1), 3));
B = reshape(B, r, c);
