function [J, grad] = lrCostFunction(theta, X, y, lambda)
%LRCOSTFUNCTION  Regularised logistic regression, arguments as in the course.
%   [J, grad] = LRCOSTFUNCTION(theta, X, y, lambda) with a column of ones in X and
%   y of 0 and 1; theta(1) is not penalised.
%   J = 1/m sum [ -y log h - (1 - y) log(1 - h) ] + lambda/(2m) sum theta(2:end).^2
%   grad = 1/m X' (h - y), and + lambda/m theta(j) for j > 1; h = g(X theta).

  if nargin != 4
    print_usage();
  end
  m = numel(y);
  z = X * theta;

  J = 1 / m * sum(-y .* logSigmoid(z) - (1 - y) .* logSigmoid(-z));
  grad = 1 / m * (X' * (sigmoid(z) - y));

  temp = theta;
  temp(1) = 0;
  J = J + lambda / (2 * m) * sum(temp .^ 2);
  grad = grad + lambda / m * temp;

end

%!test % the course's test case
%! [J, grad] = lrCostFunction ([-2; -1; 1; 2], [ones(5, 1) reshape(1:15, 5, 3)/10], [1; 0; 1; 0; 1], 3);
%! assert (J, 2.53481939610974, -1e-14);
%! assert (grad, [0.146561367924898; -0.54855841185316; 0.724722272109289; 1.39800295607174], -1e-13);
%!test % the slope
%! X = [ones(6, 1) cos(reshape(1:18, 6, 3))]; y = [1; 0; 0; 1; 1; 0]; theta = sin (1:4)';
%! [J, grad] = lrCostFunction (theta, X, y, 0.7);
%! assert (grad, computeNumericalGradient (@lrCostFunction, theta, X, y, 0.7), 1e-9);
%!assert (lrCostFunction ([0; 1000], [1 1; 1 -1], [0; 0], 0), 500)
%!error <Invalid call> lrCostFunction (1, 2, 3)
