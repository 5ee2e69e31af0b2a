function [J, grad] = nnCostFunctionLoop(theta_vec, layer_sizes, X, y, lambda)
%NNCOSTFUNCTIONLOOP  The same cost and gradient, example by example.
%   [J, grad] = NNCOSTFUNCTIONLOOP(theta_vec, layer_sizes, X, y, lambda) is the
%   lecture's backpropagation algorithm: for i = 1:m it sets a(1) = x(i), goes
%   forward, takes delta(L) = a(L) - y(i), goes back, and accumulates
%   Delta(l) := Delta(l) + delta(l+1) a(l)'. Arguments as in nnCostFunction.
%
%   D = 1/m (Delta + lambda Theta), without lambda in the bias column: the
%   gradient of the J whose penalty is lambda/(2m) times the sum of squares.

  if nargin != 5
    print_usage();
  end
  Theta = reshapeThetas(theta_vec, layer_sizes);
  L = numel(layer_sizes);
  m = rows(X);
  Y = targetMatrix(y, layer_sizes(L));

  Delta = cell(1, L-1);
  for l = 1:L-1
    Delta{l} = zeros(size(Theta{l}));
  end
  J = 0;

  for i = 1:m
    % Forward propagation; every layer but the last gets its bias unit.
    a = cell(1, L);
    z = cell(1, L);
    a{1} = [1; X(i, :)'];
    for l = 2:L
      z{l} = Theta{l-1} * a{l-1};
      a{l} = [1; sigmoid(z{l})];
    end
    h = a{L}(2:end);

    % cost(i) = -[y log h + (1 - y) log(1 - h)], unit by unit.
    for k = 1:layer_sizes(L)
      J = J - Y(i, k) * logSigmoid(z{L}(k)) - (1 - Y(i, k)) * logSigmoid(-z{L}(k));
    end

    % Backpropagation; delta of a bias unit is dropped.
    delta = cell(1, L);
    delta{L} = h - Y(i, :)';
    for l = L-1:-1:2
      back = Theta{l}' * delta{l+1};
      delta{l} = back(2:end) .* sigmoidGradient(z{l});
    end
    for l = 1:L-1
      Delta{l} = Delta{l} + delta{l+1} * a{l}';
    end
  end

  J = J / m;
  D = cell(1, L-1);
  for l = 1:L-1
    without_bias = Theta{l};
    without_bias(:, 1) = 0;
    J = J + lambda / (2 * m) * sum(without_bias(:) .^ 2);
    D{l} = (Delta{l} + lambda * without_bias) / m;
  end
  grad = unroll(D);

end

%!test % the small case
%! [J, grad] = nnCostFunctionLoop ((1:18)' / 10, [2 2 4], cos ([1 2; 3 4; 5 6]), [4; 2; 3], 4);
%! assert (J, 19.4736365227324, -1e-14);
%! assert (grad(1), 0.766138369630136, -1e-13);
%! assert (grad(6), 0.746138306027472, -1e-13);
%! assert (grad(18), 2.72233088910992, -1e-13);
%!test % equal to the vectorised form, any number of layers, one unit and K, labels and targets
%! for layer_sizes = {[3 1], [3 4], [3 5 1], [3 5 3], [3 4 2 3], [3 2 4 3 1]}
%!   s = layer_sizes{1};
%!   theta_vec = 3 * sin (1:sum (s(2:end) .* (s(1:end-1) + 1)))';
%!   X = cos (reshape (1:27, 9, 3));
%!   for lambda = [0 0.5 3]
%!     for y = {mod((1:9)', 2) + (s(end) > 1), sin(reshape (1:9*s(end), 9, s(end))) .^ 2}
%!       [J1, grad1] = nnCostFunctionLoop (theta_vec, s, X, y{1}, lambda);
%!       [J2, grad2] = nnCostFunction (theta_vec, s, X, y{1}, lambda);
%!       assert (J1, J2, -1e-13);
%!       assert (grad1, grad2, 1e-14);
%!     end
%!   end
%! end
%!test % saturated units
%! assert (nnCostFunctionLoop ([0; 1000], [1 1], 1, 0, 0), 1000);
%! assert (nnCostFunctionLoop ([0; 40], [1 1], 1, 1, 0), 4.248354255291589e-18, -1e-15);
%!error <Invalid call> nnCostFunctionLoop ((1:18)', [2 2 4], 1, 1)
%!error <theta_vec must have 18 elements> nnCostFunctionLoop (1, [2 2 4], [1 2], 1, 0)
%!error <labels 1 to 4> nnCostFunctionLoop ((1:18)', [2 2 4], [1 2], 5, 0)
