function [error_train, error_val] = learningCurve(X, y, Xval, yval, lambda, trainer)
%LEARNINGCURVE  Errors of training and validation against the number of examples.
%   [error_train, error_val] = LEARNINGCURVE(X, y, Xval, yval, lambda, trainer): for
%   i = 1..m, theta is trained with lambda on the first i examples;
%   error_train(i) is 1/(2i) sum (X theta - y).^2 over these examples and
%   error_val(i) 1/(2 m_val) of the sum over the whole validation set, both without
%   the penalty. X and Xval have a column of ones. trainer is 'trainLinearReg' when
%   omitted; 'normalEqn' gives the exact optimum.

  if nargin < 5
    print_usage();
  end
  if nargin < 6
    trainer = 'trainLinearReg';
  end
  m = rows(X);
  error_train = zeros(m, 1);
  error_val = zeros(m, 1);
  for i = 1:m
    theta = feval(trainer, X(1:i, :), y(1:i), lambda);
    error_train(i) = linearRegCostFunction(X(1:i, :), y(1:i), theta, 0);
    error_val(i) = linearRegCostFunction(Xval, yval, theta, 0);
  end

end

%!test % points on a line: nothing to err from the second on
%! X = [1 0; 1 1; 1 3]; y = [1; 3; 7];
%! [error_train, error_val] = learningCurve (X, y, [1 10; 1 20], [21; 41], 0, 'normalEqn');
%! assert (error_train, [0; 0; 0], 1e-20);
%! assert (error_val, [(20 ^ 2 + 40 ^ 2) / 4; 0; 0], 1e-12);
%!test % both trainers; the last pair by hand
%! X = [ones(6, 1) cos(1:6)']; y = (1:6)'; Xval = [ones(4, 1) sin(1:4)']; yval = (2:5)';
%! [error_train, error_val] = learningCurve (X, y, Xval, yval, 0.5);
%! [error_train1, error_val1] = learningCurve (X, y, Xval, yval, 0.5, @normalEqn);
%! assert (error_train, error_train1, 1e-7);
%! assert (error_val, error_val1, 1e-6);
%! theta = normalEqn (X, y, 0.5);
%! assert (error_train1(6), computeCost (X, y, theta), 1e-14);
%! assert (error_val1(6), computeCost (Xval, yval, theta), 1e-14);
%!error <Invalid call> learningCurve (1, 2, 3, 4)
