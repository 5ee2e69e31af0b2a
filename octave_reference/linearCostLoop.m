function [J, grad] = linearCostLoop(theta, X, y, lambda)
%LINEARCOSTLOOP  Linear regression with a loop over the examples.
%   [J, grad] = LINEARCOSTLOOP(theta, X, y, lambda), arguments as in linearCost.
%   For each example h = theta(1) + sum_j theta(j+1) x(j) is found, (h - y)^2 / 2
%   is added to J and (h - y) x(j) to each element of the gradient.

  if nargin != 4
    print_usage();
  end
  [m, n] = size(X);
  J = 0;
  grad = zeros(n + 1, 1);

  for i = 1:m
    h = theta(1);
    for j = 1:n
      h = h + theta(j+1) * X(i, j);
    end
    J = J + (h - y(i)) ^ 2 / 2;
    grad(1) = grad(1) + (h - y(i));
    for j = 1:n
      grad(j+1) = grad(j+1) + (h - y(i)) * X(i, j);
    end
  end

  J = J / m;
  grad = grad / m;
  for j = 2:n+1
    J = J + lambda / (2 * m) * theta(j) ^ 2;
    grad(j) = grad(j) + lambda / m * theta(j);
  end

end

%!test
%! theta = sin (1:4)'; X = cos (reshape (1:18, 6, 3)); y = (1:6)';
%! for lambda = [0 0.8 10]
%!   [J, grad] = linearCostLoop (theta, X, y, lambda);
%!   [J1, grad1] = linearCost (theta, X, y, lambda);
%!   assert (J, J1, -1e-14);
%!   assert (grad, grad1, 1e-14);
%! end
%!test
%! [J, grad] = linearCostLoop ([1; 2], [1; 2], [2; 7], 3);
%! assert (J, 17 / 4);
%! assert (grad, [-1; 3] / 2);
%!error <Invalid call> linearCostLoop (1, 2, 3)
