function [J, grad] = linearRegCostFunction(X, y, theta, lambda)
%LINEARREGCOSTFUNCTION  Regularised linear regression, arguments as in the course.
%   [J, grad] = LINEARREGCOSTFUNCTION(X, y, theta, lambda) with a column of ones in
%   X; theta(1) is not penalised.
%   J = 1/(2m) sum (X theta - y).^2 + lambda/(2m) sum theta(2:end).^2
%   grad(j) = 1/m sum (X theta - y) .* X(:, j), and + lambda/m theta(j) for j > 1.

  if nargin != 4
    print_usage();
  end
  m = numel(y);
  h = X * theta;

  J = 1 / (2 * m) * sum((h - y) .^ 2) + lambda / (2 * m) * sum(theta(2:end) .^ 2);
  grad = zeros(size(theta));
  for j = 1:numel(theta)
    grad(j) = 1 / m * sum((h - y) .* X(:, j));
    if j > 1
      grad(j) = grad(j) + lambda / m * theta(j);
    end
  end

end

%!test % by hand: h - y = 1, -2
%! [J, grad] = linearRegCostFunction ([1 1; 1 2], [2; 7], [1; 2], 3);
%! assert (J, 17 / 4);
%! assert (grad, [-1; 3] / 2);
%!test
%! X = cos (reshape (1:18, 6, 3)); y = (1:6)'; theta = sin (1:4)';
%! [J, grad] = linearRegCostFunction ([ones(6, 1) X], y, theta, 0.7);
%! [J1, grad1] = linearCost (theta, X, y, 0.7);
%! assert (J, J1, -1e-14);
%! assert (grad, grad1, 1e-14);
%!error <Invalid call> linearRegCostFunction (1, 2, 3)
