function J = computeCost(X, y, theta)
%COMPUTECOST  Cost of linear regression, arguments as in the course.
%   J = COMPUTECOST(X, y, theta) with a column of ones in X:
%   J = 1/(2m) sum (X theta - y).^2.

  if nargin != 3
    print_usage();
  end
  m = numel(y);
  J = 1 / (2 * m) * sum((X * theta - y) .^ 2);

end

%!assert (computeCost ([1 1; 1 2], [2; 7], [1; 2]), (1 + 4) / 4)
%!test
%! X = cos (reshape (1:18, 6, 3)); y = (1:6)'; theta = sin (1:4)';
%! assert (computeCost ([ones(6, 1) X], y, theta), linearCost (theta, X, y, 0), -1e-14);
%!error <Invalid call> computeCost (1, 2)
