function [J, grad] = linearRegCostFunction(X, y, theta, lambda)
%LINEARREGCOSTFUNCTION  Regularised linear regression; X has its column of ones.
m = length(y);
e = X * theta - y;
J = (e' * e) / (2 * m) + lambda / (2 * m) * (theta(2:end)' * theta(2:end));
grad = (X' * e + lambda * [0; theta(2:end)]) / m;
end
