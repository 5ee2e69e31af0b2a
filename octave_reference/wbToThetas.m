function Thetas = wbToThetas(W, b)
%WBTOTHETAS  Join weights W and bias b to one Theta for each layer.
%   Thetas = WBTOTHETAS(W, b) gives Thetas{l} = [b{l} W{l}].

  if nargin != 2
    print_usage();
  end
  if numel(W) != numel(b)
    error('wbToThetas: W and b must have the same number of layers, got %d and %d', numel(W), numel(b));
  end
  Thetas = cell(size(W));
  for l = 1:numel(W)
    Thetas{l} = [b{l} W{l}];
  end

end

%!assert (wbToThetas ({[2 3; 5 6], [8 9]}, {[1; 4], 7}), {[1 2 3; 4 5 6], [7 8 9]})
%!test % nothing is lost
%! Thetas = {rand(4, 3), rand(2, 5), rand(1, 3)};
%! [W, b] = thetasToWb (Thetas);
%! assert (wbToThetas (W, b), Thetas);
%!error <Invalid call> wbToThetas ({1})
%!error <the same number of layers, got 2 and 1> wbToThetas ({1, 2}, {1})
