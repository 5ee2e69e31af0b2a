function Thetas = reshapeThetas(theta_vec, layer_sizes)
%RESHAPETHETAS  Take the matrices Theta1, Theta2, ... back out of their vector.
%   Thetas = RESHAPETHETAS(theta_vec, layer_sizes) gives a cell row: Thetas{l}
%   has layer_sizes(l+1) rows and layer_sizes(l) + 1 columns, the first for the
%   bias unit, and is filled column by column.

  if nargin != 2
    print_usage();
  end
  s = double(layer_sizes(:)');
  if numel(s) < 2 || any(s < 1) || any(s != fix(s))
    error('reshapeThetas: layer_sizes must be two or more whole numbers, each at least 1');
  end
  expected = sum(s(2:end) .* (s(1:end-1) + 1));
  if numel(theta_vec) != expected
    error('reshapeThetas: theta_vec must have %d elements, got %d', expected, numel(theta_vec));
  end

  Thetas = cell(1, numel(s) - 1);
  first = 1;
  for l = 1:numel(s)-1
    last = first + s(l+1) * (s(l) + 1) - 1;
    Thetas{l} = reshape(theta_vec(first:last), s(l+1), s(l) + 1);
    first = last + 1;
  end

end

%!test
%! Thetas = reshapeThetas ((1:9)', [2 2 1]);
%! assert (numel (Thetas), 2);
%! assert (Thetas{1}, [1 3 5; 2 4 6]);
%! assert (Thetas{2}, [7 8 9]);
%!test % no hidden layer; layer_sizes as a column, theta_vec as a row
%! Thetas = reshapeThetas (1:4, [3; 1]);
%! assert (Thetas, {[1 2 3 4]});
%!test % there and back again is exact for any layers
%! for layer_sizes = {[4 1], [1 1 1], [3 5 3], [2 7 4 6 1]}
%!   s = layer_sizes{1};
%!   theta_vec = rand (sum (s(2:end) .* (s(1:end-1) + 1)), 1);
%!   assert (unroll (reshapeThetas (theta_vec, s)), theta_vec);
%! end
%!error <Invalid call> reshapeThetas (1)
%!error <theta_vec must have 9 elements, got 8> reshapeThetas (1:8, [2 2 1])
%!error <layer_sizes must be> reshapeThetas (1:8, 3)
%!error <layer_sizes must be> reshapeThetas (1:8, [3 0 1])
%!error <layer_sizes must be> reshapeThetas (1:8, [3 1.5])
