function [J, grad] = costFunction(theta, X, y)
%COSTFUNCTION  Logistic regression without a penalty, arguments as in the course.
%   [J, grad] = COSTFUNCTION(theta, X, y) with a column of ones in X and y of 0 and 1.
%   J = 1/m sum [ -y log h - (1 - y) log(1 - h) ]; grad = 1/m X' (h - y); h = g(X theta).

  if nargin != 3
    print_usage();
  end
  [J, grad] = lrCostFunction(theta, X, y, 0);

end

%!test % a published case
%! [J, grad] = costFunction ([-2; -1; 1; 2], [ones(3, 1) magic(3)], [1; 0; 1]);
%! assert (J, 4.683166549811, -1e-11);
%! assert (grad, [0.317220748033; 0.872315438406; 1.648123502811; 2.237872279283], -1e-11);
%!error <Invalid call> costFunction (1, 2)
