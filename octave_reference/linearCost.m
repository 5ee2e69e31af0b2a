function [J, grad] = linearCost(theta, X, y, lambda)
%LINEARCOST  Cost and gradient of linear regression, vectorised.
%   [J, grad] = LINEARCOST(theta, X, y, lambda): theta(1) is the intercept, X is
%   m x n without a column of ones, theta(1) is not penalised.
%
%   J = 1/(2m) sum (h - y).^2 + lambda/(2m) sum theta(2:end).^2,
%   grad = 1/m [1 X]' (h - y) + lambda/m [0; theta(2:end)], with h = [1 X] theta.

  if nargin != 4
    print_usage();
  end
  m = rows(X);
  X = [ones(m, 1) X];
  difference = X * theta - y;

  J = (difference' * difference + lambda * (theta(2:end)' * theta(2:end))) / (2 * m);
  grad = (X' * difference + lambda * [0; theta(2:end)]) / m;

end

%!test % by hand: h = 1 + 2x = 3, 5; h - y = 1, -2
%! [J, grad] = linearCost ([1; 2], [1; 2], [2; 7], 3);
%! assert (J, (1 + 4 + 3 * 4) / 4);
%! assert (grad, [-1; (1 - 4 + 3 * 2)] / 2);
%!test % a network without hidden layer, linear output, squared error
%! theta = sin (1:4)'; X = cos (reshape (1:18, 6, 3)); y = (1:6)';
%! [J, grad] = linearCost (theta, X, y, 0.8);
%! [J1, grad1] = nnCostFunctionGeneral (theta, [3 1], X, y, 0.8, 'tanh', 'linear', 'squared_error', 'lambda/2m');
%! assert (J, J1, -1e-14);
%! assert (grad, grad1, 1e-14);
%!error <Invalid call> linearCost (1, 2, 3)
