function p = predict(theta_vec, layer_sizes, X)
%PREDICT  The labels that a trained network gives to the rows of X.
%   p = PREDICT(theta_vec, layer_sizes, X) is m x 1: the number 1..K of the
%   output unit with the largest h, or for one output unit 1 where h >= 0.5.
%
%   The sigmoid rises with z, so the largest h has the largest z and h >= 0.5 is
%   z >= 0. Compared are the z: they differ still where several h round to 1.

  if nargin != 3
    print_usage();
  end
  Theta = reshapeThetas(theta_vec, layer_sizes);
  if columns(X) != layer_sizes(1)
    error('predict: X must have %d columns, got %d', layer_sizes(1), columns(X));
  end

  m = rows(X);
  a = X;
  for l = 1:numel(Theta)
    z = [ones(m, 1) a] * Theta{l}';
    a = sigmoid(z);
  end

  if columns(z) == 1
    p = double(z >= 0);
  else
    [dummy, p] = max(z, [], 2);
  end

end

%!assert (predict ([-1.5; 1; 1], [2 1], [0 0; 0 1; 1 0; 1 1]), [0; 0; 0; 1])
%!assert (predict ([0; 0], [1 1], 7), 1)
%!test % the lecture's XNOR: AND and NOR in the hidden layer, OR at the output
%! Theta1 = [-30 20 20; 10 -20 -20]; Theta2 = [-10 20 20];
%! assert (predict (unroll (Theta1, Theta2), [2 2 1], [0 0; 0 1; 1 0; 1 1]), [1; 0; 0; 1]);
%!test % the largest of K; the first of equals
%! Theta = [0 1 0 0; 0 0 1 0; 0 0 0 1];
%! assert (predict (Theta(:), [3 3], [3 1 2; 1 9 2; 0 1 2; 5 5 5]), [1; 2; 3; 1]);
%!test % saturated units still differ
%! Theta = [0 100; 0 200; 0 150];
%! assert (predict (Theta(:), [1 3], 1), 2);
%!error <Invalid call> predict (1, [1 1])
%!error <X must have 2 columns, got 1> predict ([-1.5; 1; 1], [2 1], 1)
