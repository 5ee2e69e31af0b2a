function [theta, J_history] = gradientDescentMulti(X, y, theta, alpha, num_iters)
%GRADIENTDESCENTMULTI  Gradient descent for linear regression, as in the course.
%   [theta, J_history] = GRADIENTDESCENTMULTI(X, y, theta, alpha, num_iters) with a
%   column of ones in X repeats, for all j at the same time,
%     theta_j := theta_j - alpha/m sum_i (h(x(i)) - y(i)) x_j(i).
%   J_history(k) is computeCost after step k.

  if nargin != 5
    print_usage();
  end
  m = numel(y);
  J_history = zeros(num_iters, 1);

  for iter = 1:num_iters
    h = X * theta;
    previous = theta;
    for j = 1:numel(theta)
      theta(j) = previous(j) - alpha / m * sum((h - y) .* X(:, j));
    end
    J_history(iter) = computeCost(X, y, theta);
  end

end

%!test % one step by hand: h - y = [-1; -2], X' of it = [-3; -5]
%! [theta, J_history] = gradientDescentMulti ([1 1; 1 2], [1; 2], [0; 0], 0.1, 1);
%! assert (theta, [0.15; 0.25], eps);
%! assert (J_history, ((0.4 - 1) ^ 2 + (0.65 - 2) ^ 2) / 4, eps);
%!test % equal to the general one
%! X = cos (reshape (1:18, 6, 3)); y = (1:6)';
%! [theta, J_history] = gradientDescentMulti ([ones(6, 1) X], y, zeros (4, 1), 0.3, 40);
%! [theta1, J_history1] = gradientDescent ('linearCost', zeros (4, 1), 0.3, 40, X, y, 0);
%! assert (theta, theta1, 1e-13);
%! assert (J_history, J_history1, -1e-12);
%!error <Invalid call> gradientDescentMulti (1, 2, 3)
