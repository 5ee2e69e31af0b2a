function out = mapFeature(X1, X2, degree)
%MAPFEATURE  All products of powers of two features up to a degree.
%   out = MAPFEATURE(X1, X2, degree) has the columns
%     1, X1, X2, X1.^2, X1.*X2, X2.^2, X1.^3, ..., X1.*X2.^(d-1), X2.^d
%   for the columns X1 and X2; (d + 1)(d + 2)/2 in all. degree is 6 when omitted.

  if nargin < 2
    print_usage();
  end
  if nargin < 3
    degree = 6;
  end
  if ! isequal(size(X1), size(X2)) || columns(X1) != 1
    error('mapFeature: X1 and X2 must be columns of the same length');
  end

  out = ones(rows(X1), 1);
  for i = 1:degree
    for j = 0:i
      out(:, end+1) = X1 .^ (i - j) .* X2 .^ j;
    end
  end

end

%!assert (mapFeature (2, 3, 2), [1 2 3 4 6 9])
%!assert (mapFeature ([2; -1], [3; 5], 1), [1 2 3; 1 -1 5])
%!assert (size (mapFeature (zeros (7, 1), ones (7, 1))), [7 28])
%!assert (mapFeature (2, 3, 3)(7:10), [8 12 18 27])
%!assert (mapFeature (2, 3, 0), 1)
%!error <Invalid call> mapFeature (1)
%!error <columns of the same length> mapFeature ([1; 2], 1)
%!error <columns of the same length> mapFeature ([1 2], [1 2])
