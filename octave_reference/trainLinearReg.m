function theta = trainLinearReg(X, y, lambda, options)
%TRAINLINEARREG  Regularised linear regression trained by fmincg from zeros.
%   theta = TRAINLINEARREG(X, y, lambda, options) with a column of ones in X;
%   options go to fmincg, optimset('MaxIter', 200) when omitted.

  if nargin < 3
    print_usage();
  end
  if nargin < 4
    options = optimset('MaxIter', 200);
  end
  initial_theta = zeros(columns(X), 1);
  theta = fmincg(@(t) linearRegCostFunction(X, y, t, lambda), initial_theta, options);

end

%!test % the normal equation's solution, for one example the shortest
%! X = [ones(6, 1) cos(reshape(1:12, 6, 2))]; y = (1:6)';
%! for lambda = [0 0.5 3]
%!   assert (trainLinearReg (X, y, lambda), normalEqn (X, y, lambda), 1e-6);
%! end
%! assert (trainLinearReg ([1 2], 5, 0), [1; 2], 1e-6);
%!error <Invalid call> trainLinearReg (1, 2)
