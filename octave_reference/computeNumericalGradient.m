function gradApprox = computeNumericalGradient(J, theta, varargin)
%COMPUTENUMERICALGRADIENT  The slope of J at theta by two-sided differences.
%   gradApprox = COMPUTENUMERICALGRADIENT(J, theta, ...) moves one element of
%   theta at a time by EPSILON = 1e-4 to either side:
%     gradApprox(i) = (J(thetaPlus) - J(thetaMinus)) / (2 EPSILON).
%   J is a function or its name; what follows theta is handed to it after theta.

  if nargin < 2
    print_usage();
  end
  EPSILON = 1e-4;

  n = numel(theta);
  gradApprox = zeros(n, 1);
  for i = 1:n
    thetaPlus = theta;
    thetaPlus(i) = thetaPlus(i) + EPSILON;
    thetaMinus = theta;
    thetaMinus(i) = thetaMinus(i) - EPSILON;
    gradApprox(i) = (feval(J, thetaPlus, varargin{:}) ...
                     - feval(J, thetaMinus, varargin{:})) / (2 * EPSILON);
  end

end

%!test % exact but for rounding on a polynomial of degree 2
%! gradApprox = computeNumericalGradient (@(t) t(1)^2 + 3 * t(1) * t(2) + 5 * t(2), [4; -10]);
%! assert (gradApprox, [8 - 30; 12 + 5], 1e-8);
%!test % the error of t^3 is EPSILON^2
%! assert (computeNumericalGradient (@(t) t ^ 3, 1), 3 + 1e-8, 1e-11);
%!test % by name, with further arguments
%! theta_vec = (1:18)' / 10; X = cos ([1 2; 3 4; 5 6]); y = [4; 2; 3];
%! gradApprox = computeNumericalGradient ('nnCostFunction', theta_vec, [2 2 4], X, y, 4);
%! [J, grad] = nnCostFunction (theta_vec, [2 2 4], X, y, 4);
%! assert (norm (grad - gradApprox) / norm (grad + gradApprox) < 1e-10);
%!error <Invalid call> computeNumericalGradient (@sin)
