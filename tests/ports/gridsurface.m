function [X, Y, Z] = gridsurface(nx, ny)
% test gridsurface on a grid
x = linspace(-1, 1, nx);
y = linspace(0, 2, ny);
[X, Y] = meshgrid(x, y);
Z = X.^2 .* exp(-Y);
