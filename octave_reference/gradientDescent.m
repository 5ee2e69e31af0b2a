function [theta, J_history] = gradientDescent(costFunction, theta, alpha, num_iters, varargin)
%GRADIENTDESCENT  Batch gradient descent on any cost function.
%   [theta, J_history] = GRADIENTDESCENT(costFunction, theta, alpha, num_iters, ...)
%   repeats theta := theta - alpha * grad. costFunction is a function or its name,
%   called as [J, grad] = costFunction(theta, ...) with what follows num_iters.
%   J_history(k) is the cost after step k.

  if nargin < 4
    print_usage();
  end
  J_history = zeros(num_iters, 1);

  [J, grad] = feval(costFunction, theta, varargin{:});
  for iter = 1:num_iters
    theta = theta - alpha * grad;
    [J, grad] = feval(costFunction, theta, varargin{:});
    J_history(iter) = J;
  end

end

%!test % (1 - 2 alpha)^k on J = theta^2
%! [theta, J_history] = gradientDescent (@(t) deal (t' * t, 2 * t), [1; -2], 0.1, 5);
%! assert (theta, 0.8 ^ 5 * [1; -2], 1e-15);
%! assert (J_history, 5 * 0.64 .^ (1:5)', 1e-14);
%!test % by name: a straight line through its points
%! theta = gradientDescent ('linearCost', [0; 0], 0.2, 2000, [0; 1; 2; 3], [1; 3; 5; 7], 0);
%! assert (theta, [1; 2], 1e-10);
%!test % zeros never break the symmetry: equal hidden units, rank 1
%! X = cos (reshape (1:30, 10, 3)); y = 1 + mod (1:10, 3)';
%! theta = gradientDescent (@nnCostFunction, zeros (38, 1), 1, 200, [3 5 3], X, y, 0);
%! Thetas = reshapeThetas (theta, [3 5 3]);
%! assert (Thetas{1}, ones (5, 1) * Thetas{1}(1, :), 1e-12);
%! assert (rank (Thetas{1}, 1e-9), 1);
%! assert (norm (Thetas{1}) > 0.1);
%! theta = gradientDescent (@nnCostFunction, randInitializeThetas ([3 5 3], 0.12, 1), 1, 200, [3 5 3], X, y, 0);
%! assert (rank (reshapeThetas (theta, [3 5 3]){1}, 1e-9), 4);
%!error <Invalid call> gradientDescent (@sin, 1, 0.1)
