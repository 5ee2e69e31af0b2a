function [J, grad] = logisticCost(theta, X, y, lambda)
%LOGISTICCOST  Cost and gradient of logistic regression, vectorised.
%   [J, grad] = LOGISTICCOST(theta, X, y, lambda): theta(1) is the intercept, X is
%   m x n without a column of ones, y holds 0 and 1, theta(1) is not penalised.
%
%   J = -1/m sum [ y log h + (1 - y) log(1 - h) ] + lambda/(2m) sum theta(2:end).^2,
%   grad = 1/m [1 X]' (h - y) + lambda/m [0; theta(2:end)], with h = g([1 X] theta).

  if nargin != 4
    print_usage();
  end
  m = rows(X);
  X = [ones(m, 1) X];
  z = X * theta;

  J = -(y' * logSigmoid(z) + (1 - y)' * logSigmoid(-z)) / m ...
      + lambda / (2 * m) * sum(theta(2:end) .^ 2);
  grad = X' * (sigmoid(z) - y) / m + lambda / m * [0; theta(2:end)];

end

%!test % the course's test case of lrCostFunction
%! [J, grad] = logisticCost ([-2; -1; 1; 2], reshape (1:15, 5, 3) / 10, [1; 0; 1; 0; 1], 3);
%! assert (J, 2.53481939610974, -1e-14);
%! assert (grad, [0.146561367924898; -0.54855841185316; 0.724722272109289; 1.39800295607174], -1e-13);
%!test % a network without hidden layer
%! theta = sin (1:4)'; X = cos (reshape (1:18, 6, 3)); y = [1; 0; 0; 1; 1; 0];
%! [J, grad] = logisticCost (theta, X, y, 0.8);
%! [J1, grad1] = nnCostFunction (theta, [3 1], X, y, 0.8);
%! assert (J, J1, -1e-14);
%! assert (grad, grad1, 1e-15);
%!assert (logisticCost ([0; 1000], [1; 1], [0; 1], 0), 500)
%!assert (logisticCost (zeros (3, 1), rand (9, 2), rand (9, 1) > 0.5, 1), log (2), 1e-15)
%!error <Invalid call> logisticCost (1, 2, 3)
