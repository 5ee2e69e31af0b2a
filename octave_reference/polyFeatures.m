function X_poly = polyFeatures(X, p)
%POLYFEATURES  The powers 1 to p of one feature.
%   X_poly = POLYFEATURES(X, p) is m x p with X_poly(i, j) = X(i) ^ j.

  if nargin != 2
    print_usage();
  end
  X_poly = zeros(numel(X), p);
  for j = 1:p
    X_poly(:, j) = X(:) .^ j;
  end

end

%!assert (polyFeatures ([1; 2; -3], 4), [1 1 1 1; 2 4 8 16; -3 9 -27 81])
%!assert (polyFeatures ([5; 6], 1), [5; 6])
%!error <Invalid call> polyFeatures (1)
