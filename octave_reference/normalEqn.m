function theta = normalEqn(X, y, lambda)
%NORMALEQN  Linear regression solved in closed form.
%   theta = NORMALEQN(X, y) with a column of ones in X: pinv(X' X) X' y.
%   theta = NORMALEQN(X, y, lambda): pinv(X' X + lambda L) X' y, with L the
%   identity but for a 0 at the place of the intercept.
%   Where many theta are best it is the shortest of them.
%
%   pinv(X' X) X' is pinv(X), and pinv(X' X + lambda L) X' is the left part of the
%   pseudo-inverse of X with the rows of sqrt(lambda L) below it. These are taken:
%   X' X would square the condition of X (11 digits left on the course's houses,
%   where X as it stands gives 14).

  if nargin < 2
    print_usage();
  end
  if nargin < 3
    lambda = 0;
  end
  n = columns(X);
  L = eye(n);
  L(1, 1) = 0;

  theta = pinv([X; sqrt(lambda * L)]) * [y; zeros(n, 1)];

end

%!assert (normalEqn ([1 0; 1 1; 1 2], [1; 3; 5]), [1; 2], 1e-13)
%!test % the formula as it stands, where nothing is lost
%! X = [ones(6, 1) cos(reshape(1:18, 6, 3))]; y = (1:6)';
%! assert (normalEqn (X, y), pinv (X' * X) * X' * y, 1e-12);
%! assert (normalEqn (X, y, 0.5), pinv (X' * X + diag ([0 0.5 0.5 0.5])) * X' * y, 1e-12);
%!test % the gradient of the cost is 0 there
%! X = [ones(6, 1) cos(reshape(1:18, 6, 3))]; y = (1:6)';
%! for lambda = [0 0.5 3]
%!   [J, grad] = linearRegCostFunction (X, y, normalEqn (X, y, lambda), lambda);
%!   assert (grad, zeros (4, 1), 1e-13);
%! end
%!test % one example, two weights: the shortest solution
%! assert (normalEqn ([1 2], 5), [1; 2], 1e-13);
%!error <Invalid call> normalEqn (1)
