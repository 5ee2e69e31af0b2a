function [lambda_vec, error_train, error_val] = validationCurve(X, y, Xval, yval, lambda_vec, trainer)
%VALIDATIONCURVE  Errors of training and validation against lambda.
%   [lambda_vec, error_train, error_val] = VALIDATIONCURVE(X, y, Xval, yval,
%   lambda_vec, trainer): theta is trained with each lambda; the errors are
%   1/(2m) sum (X theta - y).^2 over the training and the validation set, without
%   the penalty. X and Xval have a column of ones. lambda_vec is the course's
%   [0 0.001 0.003 0.01 0.03 0.1 0.3 1 3 10]' when omitted, trainer
%   'trainLinearReg'; 'normalEqn' gives the exact optimum.

  if nargin < 4
    print_usage();
  end
  if nargin < 5
    lambda_vec = [0 0.001 0.003 0.01 0.03 0.1 0.3 1 3 10]';
  end
  if nargin < 6
    trainer = 'trainLinearReg';
  end
  error_train = zeros(numel(lambda_vec), 1);
  error_val = zeros(numel(lambda_vec), 1);
  for i = 1:numel(lambda_vec)
    theta = feval(trainer, X, y, lambda_vec(i));
    error_train(i) = linearRegCostFunction(X, y, theta, 0);
    error_val(i) = linearRegCostFunction(Xval, yval, theta, 0);
  end

end

%!shared X, y, Xval, yval
%! X = [ones(6, 1) cos(1:6)']; y = (1:6)'; Xval = [ones(4, 1) sin(1:4)']; yval = (2:5)';
%!test
%! [lambda_vec, error_train, error_val] = validationCurve (X, y, Xval, yval);
%! assert (lambda_vec, [0; 0.001; 0.003; 0.01; 0.03; 0.1; 0.3; 1; 3; 10]);
%! assert (all (diff (error_train) > 0));
%! [lambda_vec, error_train1, error_val1] = validationCurve (X, y, Xval, yval, lambda_vec, 'normalEqn');
%! assert (error_train, error_train1, 1e-6);
%! assert (error_val, error_val1, 1e-6);
%!test
%! [lambda_vec, error_train, error_val] = validationCurve (X, y, Xval, yval, [0.5; 2], 'normalEqn');
%! theta = normalEqn (X, y, 2);
%! assert (lambda_vec, [0.5; 2]);
%! assert (error_train(2), computeCost (X, y, theta), 1e-14);
%! assert (error_val(2), computeCost (Xval, yval, theta), 1e-14);
%!error <Invalid call> validationCurve (1, 2, 3)
