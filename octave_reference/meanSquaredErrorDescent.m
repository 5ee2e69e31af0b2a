function [w, loss, validation_loss] = meanSquaredErrorDescent(X, y, X_val, y_val, w, alpha, num_iters)
%MEANSQUAREDERRORDESCENT  Linear regression without bias, with a validation set.
%   [w, loss, validation_loss] = MEANSQUAREDERRORDESCENT(X, y, X_val, y_val, w,
%   alpha, num_iters) repeats w := w - alpha/m X' (X w - y). The two losses are the
%   mean squared errors 1/m sum (X w - y).^2 after each step.

  if nargin != 7
    print_usage();
  end
  m = rows(X);
  loss = zeros(num_iters, 1);
  validation_loss = zeros(num_iters, 1);

  for iter = 1:num_iters
    w = w - alpha / m * (X' * (X * w - y));
    loss(iter) = mean((X * w - y) .^ 2);
    validation_loss(iter) = mean((X_val * w - y_val) .^ 2);
  end

end

%!test % one step by hand: X w - y = [-1; -2], X' of it = -5, w = 0.25
%! [w, loss, validation_loss] = meanSquaredErrorDescent ([1; 2], [1; 2], 4, 1, 0, 0.1, 1);
%! assert (w, 0.25, eps);
%! assert (loss, 0.75 ^ 2 * 5 / 2, eps);
%! assert (validation_loss, 0);
%!test % to the least squares solution
%! X = [1 0; 1 1; 0 2; -1 1; 2 -1; 0 1]; y = (1:6)';
%! w = meanSquaredErrorDescent (X, y, X, y, [0; 0], 0.5, 500);
%! assert (w, X \ y, 1e-12);
%!error <Invalid call> meanSquaredErrorDescent (1)
