function [J, grad] = costFunctionReg(theta, X, y, lambda)
%COSTFUNCTIONREG  Regularised logistic regression; X has its column of ones.
m = length(y);
h = 1 ./ (1 + exp(-X * theta));
mask = ones(size(theta));
mask(1) = 0;
J = -(y' * log(h) + (1 - y)' * log(1 - h)) / m + lambda / (2 * m) * sum((mask .* theta) .^ 2);
grad = X' * (h - y) / m + lambda / m * (mask .* theta);
end
