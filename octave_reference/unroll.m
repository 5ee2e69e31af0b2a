function theta_vec = unroll(varargin)
%UNROLL  Put the matrices Theta1, Theta2, ... into one column vector.
%   theta_vec = UNROLL(Theta1, Theta2, ...) or UNROLL({Theta1, Theta2, ...})
%   computes [Theta1(:); Theta2(:); ...]: each matrix column by column, one
%   after the other.

  if nargin == 0
    print_usage();
  end
  if nargin == 1 && iscell(varargin{1})
    Thetas = varargin{1};
  else
    Thetas = varargin;
  end

  theta_vec = [];
  for l = 1:numel(Thetas)
    if ! isnumeric(Thetas{l}) || ndims(Thetas{l}) != 2
      error('unroll: Theta%d must be a matrix of numbers', l);
    end
    theta_vec = [theta_vec; Thetas{l}(:)];
  end

end

%!assert (unroll ([1 3; 2 4], [5 6]), (1:6)')
%!assert (unroll ({[1 3; 2 4], [5 6]}), (1:6)')
%!assert (unroll ({[1 3; 2 4]; [5 6]}), (1:6)')
%!assert (unroll ([1 2 3]), [1; 2; 3])
%!test
%! Theta1 = rand (4, 3); Theta2 = rand (2, 5); Theta3 = rand (1, 3);
%! assert (unroll (Theta1, Theta2, Theta3), [Theta1(:); Theta2(:); Theta3(:)]);
%!error <Invalid call> unroll ()
%!error <unroll: Theta2 must be a matrix of numbers> unroll (1, 'text')
%!error <unroll: Theta1 must be a matrix of numbers> unroll (ones (2, 2, 2))
