function [J, grad] = nnCostFunction(theta_vec, layer_sizes, X, y, lambda)
%NNCOSTFUNCTION  Cost and gradient of a network of sigmoid units, vectorised.
%   [J, grad] = NNCOSTFUNCTION(theta_vec, layer_sizes, X, y, lambda)
%
%   theta_vec    the Thetas unrolled, [Theta1(:); Theta2(:); ...]
%   layer_sizes  units in each layer without bias, any number of layers
%   X            m x layer_sizes(1), one example a row, no column of ones
%   y            m x 1 with 0 or 1 for one output unit, m x 1 labels 1..K for K
%                units, or an m x K matrix of targets
%   lambda       regularisation; the bias column of a Theta is left out
%
%   J = -1/m sum_i sum_k [ y log h + (1 - y) log(1 - h) ]
%       + lambda/(2m) sum of Theta(:, 2:end) .^ 2
%   grad: delta(L) = h - y, delta(l) = (Theta' delta(l+1)) .* a .* (1 - a),
%         D = 1/m (delta(l+1)' [1 a(l)] + lambda [0 Theta(:, 2:end)]), unrolled.
%
%   The two logarithms are taken from z, not from h, so that a saturated unit
%   costs what it should: with t = log1p(exp(-|z|)),
%     -log h = log(1 + exp(-z)) = max(-z, 0) + t
%     -log(1 - h) = log(1 + exp(z)) = max(z, 0) + t.
%   Nothing overflows, and no logarithm of 0 or of a rounded 1 - h is taken.

  if nargin != 5
    print_usage();
  end
  Theta = reshapeThetas(theta_vec, layer_sizes);
  L = numel(layer_sizes);
  m = rows(X);
  if columns(X) != layer_sizes(1)
    error('nnCostFunction: X must have %d columns, got %d', layer_sizes(1), columns(X));
  end
  if rows(y) != m
    error('nnCostFunction: y must have %d rows as X has, got %d', m, rows(y));
  end
  y = targetMatrix(y, layer_sizes(L));

  % Forward propagation. The bias unit is the first column of Theta, added to
  % every row: the same as [ones(m, 1) a] * Theta' without a copy of a.
  a = cell(1, L);
  a{1} = X;
  for l = 1:L-1
    z = a{l} * Theta{l}(:, 2:end)' + Theta{l}(:, 1)';
    a{l+1} = sigmoid(z);
  end

  % The cost.
  t = log1p(exp(-abs(z)));
  J = sum(sum(y .* (max(-z, 0) + t) + (1 - y) .* (max(z, 0) + t))) / m;
  for l = 1:L-1
    J = J + lambda / (2 * m) * sum(sum(Theta{l}(:, 2:end) .^ 2));
  end
  if nargout < 2
    return;
  end

  % Backpropagation.
  D = cell(1, L-1);
  delta = a{L} - y;
  for l = L-1:-1:1
    D{l} = [sum(delta, 1)', delta' * a{l} + lambda * Theta{l}(:, 2:end)] / m;
    if l > 1
      delta = (delta * Theta{l}(:, 2:end)) .* a{l} .* (1 - a{l});
    end
  end
  grad = unroll(D);

end

%!shared theta_vec, X, y
%! theta_vec = (1:18)' / 10; X = cos ([1 2; 3 4; 5 6]); y = [4; 2; 3];
%!test % the small case
%! [J, grad] = nnCostFunction (theta_vec, [2 2 4], X, y, 4);
%! assert (J, 19.4736365227324, -1e-14);
%! expected = [0.766138369630136 0.979896866040661 0.372460384114365 0.497489124382247 ...
%!   0.64173788392568 0.746138306027472 0.883417207679397 0.568762344914511 ...
%!   0.584667662135129 0.598139236978449 1.92598021596304 1.94461818252469 ...
%!   1.98964666453579 2.17855172954545 2.47833662315287 2.50225374001961 ...
%!   2.52643728860077 2.72233088910992]';
%! assert (grad, expected, -1e-13);
%!assert (nnCostFunction (theta_vec, [2 2 4], X, y, 0), 7.40696985606575, -1e-14)
%!test % labels and their matrix of targets are the same
%! [J1, grad1] = nnCostFunction (theta_vec, [2 2 4], X, y, 4);
%! [J2, grad2] = nnCostFunction (theta_vec, [2; 2; 4], X, eye (4)(y, :), 4);
%! assert (J1, J2);
%! assert (grad1, grad2);
%!test % the formula as it stands, units not saturated, three Thetas
%! Theta1 = sin (reshape (1:12, 3, 4)); Theta2 = cos (reshape (1:8, 2, 4)); Theta3 = [0.3 -0.4 0.5];
%! A = sin (reshape (1:15, 5, 3)); b = [1; 0; 0; 1; 1]; lambda = 0.7; m = 5;
%! a2 = sigmoid ([ones(m, 1) A] * Theta1');
%! a3 = sigmoid ([ones(m, 1) a2] * Theta2');
%! h = sigmoid ([ones(m, 1) a3] * Theta3');
%! J = -1/m * sum (b .* log (h) + (1 - b) .* log (1 - h)) + lambda / (2*m) * ...
%!     (sum (sum (Theta1(:, 2:end) .^ 2)) + sum (sum (Theta2(:, 2:end) .^ 2)) + sum (Theta3(2:end) .^ 2));
%! assert (nnCostFunction (unroll (Theta1, Theta2, Theta3), [3 3 2 1], A, b, lambda), J, -1e-14);
%!test % saturated units: h is 0 or 1 to the last bit, the cost is z, 0, or exp(-|z|)
%! assert (nnCostFunction ([0; 1000], [1 1], 1, 0, 0), 1000);
%! assert (nnCostFunction ([0; 1000], [1 1], 1, 1, 0), 0);
%! assert (nnCostFunction ([0; -1000], [1 1], 1, 1, 0), 1000);
%! assert (nnCostFunction ([0; 40], [1 1], 1, 1, 0), 4.248354255291589e-18, -1e-15);
%! assert (nnCostFunction ([0; -40], [1 1], 1, 0, 0), 4.248354255291589e-18, -1e-15);
%!test % the gradient is the slope of J, one to four layers of weights, one output and K
%! for layer_sizes = {[3 1], [3 4], [3 5 1], [3 5 3], [3 4 2 3], [3 2 4 3 1]}
%!   s = layer_sizes{1};
%!   theta = sin (1:sum (s(2:end) .* (s(1:end-1) + 1)))';
%!   A = cos (reshape (1:21, 7, 3));
%!   labels = mod ((1:7)', 2) + (s(end) > 1);
%!   [J, grad] = nnCostFunction (theta, s, A, labels, 2);
%!   slope = zeros (size (theta));
%!   for p = 1:numel (theta)
%!     step = zeros (size (theta)); step(p) = 1e-4;
%!     slope(p) = (nnCostFunction (theta + step, s, A, labels, 2) ...
%!                 - nnCostFunction (theta - step, s, A, labels, 2)) / 2e-4;
%!   end
%!   assert (norm (grad - slope) / norm (grad + slope) < 1e-9);
%! end
%!test % the slide's D = Delta / m + lambda Theta is not the slope of this J
%! [J, grad] = nnCostFunction (theta_vec, [2 2 4], X, y, 4);
%! [J0, grad0] = nnCostFunction (theta_vec, [2 2 4], X, y, 0);
%! Theta2 = reshape (theta_vec(7:18), 4, 3);
%! step = zeros (18, 1); step(15) = 1e-4; % Theta2(1, 3)
%! slope = (nnCostFunction (theta_vec + step, [2 2 4], X, y, 4) ...
%!          - nnCostFunction (theta_vec - step, [2 2 4], X, y, 4)) / 2e-4;
%! assert (grad(15), slope, 1e-8);
%! assert (abs (grad0(15) + 4 * Theta2(1, 3) - slope) > 1);
%!test % the bias is never penalised
%! [J, grad] = nnCostFunction (theta_vec, [2 2 4], X, y, 1e6);
%! [J0, grad0] = nnCostFunction (theta_vec, [2 2 4], X, y, 0);
%! assert (grad([1 2 7:10]), grad0([1 2 7:10]));
%!error <Invalid call> nnCostFunction (theta_vec, [2 2 4], X, y)
%!error <theta_vec must have 18 elements, got 17> nnCostFunction (theta_vec(1:17), [2 2 4], X, y, 0)
%!error <X must have 2 columns, got 3> nnCostFunction (theta_vec, [2 2 4], [X X(:, 1)], y, 0)
%!error <y must have 3 rows as X has, got 2> nnCostFunction (theta_vec, [2 2 4], X, y(1:2), 0)
%!error <labels 1 to 4> nnCostFunction (theta_vec, [2 2 4], X, y - 2, 0)
