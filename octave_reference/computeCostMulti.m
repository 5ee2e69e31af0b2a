function J = computeCostMulti(X, y, theta)
%COMPUTECOSTMULTI  Cost of linear regression for any number of features, arguments as in the course.
%   J = COMPUTECOSTMULTI(X, y, theta): J = 1/(2m) (X theta - y)' (X theta - y).

  if nargin != 3
    print_usage();
  end
  e = X * theta - y;
  J = e' * e / (2 * numel(y));

end

%!assert (computeCostMulti ([2 1 3; 7 1 9; 1 8 1; 3 7 4], [2; 5; 5; 6], [0.4; 0.6; 0.8]), 5.295, 1e-12)
%!error <Invalid call> computeCostMulti (1, 2)
