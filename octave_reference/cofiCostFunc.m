function [J, grad] = cofiCostFunc(params, Y, R, num_users, num_movies, num_features, lambda)
%COFICOSTFUNC  Cost and gradient of collaborative filtering.
%   [J, grad] = COFICOSTFUNC(params, Y, R, num_users, num_movies, num_features,
%   lambda): params is [X(:); Theta(:)] with X num_movies x num_features and Theta
%   num_users x num_features; Y is num_movies x num_users, R is 1 where Y is rated.
%
%   J = 1/2 sum over r(i,j) = 1 of (theta(j)' x(i) - y(i,j))^2
%       + lambda/2 (sum X.^2 + sum Theta.^2)
%   dx(i) = sum_j (theta(j)' x(i) - y(i,j)) theta(j) + lambda x(i), over r(i,j) = 1,
%   dtheta(j) = sum_i (theta(j)' x(i) - y(i,j)) x(i) + lambda theta(j).

  if nargin != 7
    print_usage();
  end
  if numel(params) != (num_movies + num_users) * num_features
    error('cofiCostFunc: params must have %d elements, got %d', ...
          (num_movies + num_users) * num_features, numel(params));
  end
  X = reshape(params(1:num_movies * num_features), num_movies, num_features);
  Theta = reshape(params(num_movies * num_features + 1:end), num_users, num_features);

  % An unrated y may hold anything, NaN too: it is left out, not multiplied by 0.
  difference = X * Theta' - Y;
  difference(R == 0) = 0;

  J = sum(sum(difference .^ 2)) / 2 + lambda / 2 * (sum(sum(X .^ 2)) + sum(sum(Theta .^ 2)));
  X_grad = difference * Theta + lambda * X;
  Theta_grad = difference' * X + lambda * Theta;
  grad = [X_grad(:); Theta_grad(:)];

end

%!shared params, Y, R
%! params = sin (1:21)'; Y = cos (reshape (1:12, 4, 3)) * 3; R = reshape (mod (1:12, 3) > 0, 4, 3);
%!test % by hand: one movie, one user: 3 * 2 - 5 = 1
%! [J, grad] = cofiCostFunc ([3; 2], 5, 1, 1, 1, 1, 4);
%! assert (J, 0.5 + 2 * (9 + 4));
%! assert (grad, [2 + 12; 3 + 8]);
%! [J, grad] = cofiCostFunc ([3; 2], NaN, 0, 1, 1, 1, 4);
%! assert (J, 26);
%! assert (grad, [12; 8]);
%!test % the double sum of the lecture
%! X = reshape (params(1:12), 4, 3); Theta = reshape (params(13:21), 3, 3); lambda = 1.5;
%! J = 0; X_grad = lambda * X; Theta_grad = lambda * Theta;
%! for i = 1:4
%!   for j = 1:3
%!     if R(i, j)
%!       e = Theta(j, :) * X(i, :)' - Y(i, j);
%!       J = J + e ^ 2 / 2;
%!       X_grad(i, :) = X_grad(i, :) + e * Theta(j, :);
%!       Theta_grad(j, :) = Theta_grad(j, :) + e * X(i, :);
%!     end
%!   end
%! end
%! J = J + lambda / 2 * sum (params .^ 2);
%! [J1, grad1] = cofiCostFunc (params, Y, R, 3, 4, 3, lambda);
%! assert (J1, J, -1e-14);
%! assert (grad1, [X_grad(:); Theta_grad(:)], 1e-13);
%!test % the slope
%! [J, grad] = cofiCostFunc (params, Y, R, 3, 4, 3, 0.3);
%! slope = computeNumericalGradient (@cofiCostFunc, params, Y, R, 3, 4, 3, 0.3);
%! assert (grad, slope, 1e-8);
%!error <Invalid call> cofiCostFunc (params, Y, R)
%!error <params must have 21 elements, got 20> cofiCostFunc (params(1:20), Y, R, 3, 4, 3, 0)
