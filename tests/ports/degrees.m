function [A, d, isolated] = degrees(edges, n)
% adjacency matrix of a graph from its edges (numbered from 1), and the degrees
A = sparse(edges(:,1), edges(:,2), 1, n, n);
A = A + A';
d = full(sum(A, 2));
isolated = find(d == 0);
