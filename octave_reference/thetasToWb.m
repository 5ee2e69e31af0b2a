function [W, b] = thetasToWb(Thetas)
%THETASTOWB  Split each Theta into weights W and bias b.
%   [W, b] = THETASTOWB({Theta1, Theta2, ...}) gives cells with
%   b{l} = Theta(:, 1) and W{l} = Theta(:, 2:end).

  if nargin != 1
    print_usage();
  end
  W = cell(size(Thetas));
  b = cell(size(Thetas));
  for l = 1:numel(Thetas)
    b{l} = Thetas{l}(:, 1);
    W{l} = Thetas{l}(:, 2:end);
  end

end

%!test
%! [W, b] = thetasToWb ({[1 2 3; 4 5 6], [7 8 9]});
%! assert (W, {[2 3; 5 6], [8 9]});
%! assert (b, {[1; 4], 7});
%!error <Invalid call> thetasToWb ()
