function Y = targetMatrix(y, K)
%TARGETMATRIX  The targets as a matrix with one row per example, one column per unit.
%   Y = TARGETMATRIX(y, K) gives for K output units:
%     y of size m x K: y itself (targets as they stand; one unit: 0, 1 or any number);
%     y of size m x 1 and K > 1: labels 1..K, each row a column of the identity.

  if nargin != 2
    print_usage();
  end
  y = double(y);
  if columns(y) == K
    Y = y;
    return;
  end
  if columns(y) != 1
    error('targetMatrix: y must have 1 or %d columns, got %d', K, columns(y));
  end
  if any(y < 1) || any(y > K) || any(y != fix(y))
    error('targetMatrix: y must hold labels 1 to %d', K);
  end

  Y = eye(K)(y, :);

end

%!assert (targetMatrix ([2; 1; 3], 3), [0 1 0; 1 0 0; 0 0 1])
%!assert (targetMatrix ([0; 1; 1], 1), [0; 1; 1])
%!assert (targetMatrix ([0.25 1; 0 -3], 2), [0.25 1; 0 -3])
%!assert (targetMatrix (uint8 ([2; 1]), 2), [0 1; 1 0])
%!assert (targetMatrix (3, 4), [0 0 1 0])
%!error <Invalid call> targetMatrix (1)
%!error <labels 1 to 3> targetMatrix ([0; 1], 3)
%!error <labels 1 to 3> targetMatrix ([4; 1], 3)
%!error <labels 1 to 3> targetMatrix ([1.5; 1], 3)
%!error <1 or 3 columns, got 2> targetMatrix (ones (4, 2), 3)
