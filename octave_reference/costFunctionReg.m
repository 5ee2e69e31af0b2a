function [J, grad] = costFunctionReg(theta, X, y, lambda)
%COSTFUNCTIONREG  Logistic regression with a penalty, arguments as in the course.
%   [J, grad] = COSTFUNCTIONREG(theta, X, y, lambda): the same function as lrCostFunction, under
%   the name that an earlier exercise gives it; theta(1) is not penalised.

  if nargin != 4
    print_usage();
  end
  [J, grad] = lrCostFunction(theta, X, y, lambda);

end

%!test % a published case
%! [J, grad] = costFunctionReg ([-2; -1; 1; 2], [ones(3, 1) magic(3)], [1; 0; 1], 3);
%! assert (J, 7.683166549811, -1e-11);
%! assert (grad, [0.317220748033; -0.127684561594; 2.648123502811; 4.237872279283], -1e-11);
%!error <Invalid call> costFunctionReg (1, 2, 3)
