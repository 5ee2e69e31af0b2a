function [J, grad] = nnCostFunctionGeneral(theta_vec, layer_sizes, X, y, lambda, ...
                                           hidden_activation, output_activation, loss, penalty)
%NNCOSTFUNCTIONGENERAL  Cost and gradient for other activations, losses and penalties.
%   [J, grad] = NNCOSTFUNCTIONGENERAL(theta_vec, layer_sizes, X, y, lambda,
%   hidden_activation, output_activation, loss, penalty)
%
%   The first five as in nnCostFunction; y may be any numbers for squared_error.
%   The activations are names of activation; loss is 'cross_entropy' (sigmoid
%   output) or 'squared_error'; penalty is 'lambda/2m' or 'lambda/2'.
%
%   J = 1/m sum_i sum_k loss + penalty, where squared_error is (a - y)^2 / 2.
%   delta(L) = dloss/dz, delta(l) = (Theta' delta(l+1)) .* g'(z(l)),
%   D = 1/m delta(l+1)' [1 a(l)] + (lambda/m or lambda) [0 Theta(:, 2:end)].

  if nargin != 9
    print_usage();
  end
  Theta = reshapeThetas(theta_vec, layer_sizes);
  L = numel(layer_sizes);
  m = rows(X);
  Y = targetMatrix(y, layer_sizes(L));
  factor = penaltyFactor(penalty, lambda, m);

  % Forward propagation, the bias unit as a column of ones.
  a = cell(1, L);
  z = cell(1, L);
  a{1} = [ones(m, 1) X];
  for l = 2:L
    z{l} = a{l-1} * Theta{l-1}';
    if l < L
      a{l} = [ones(m, 1) activation(hidden_activation, z{l})];
    else
      a{l} = activation(output_activation, z{l});
    end
  end

  J = sum(sum(lossFunction(loss, z{L}, a{L}, Y))) / m;

  % Backpropagation.
  D = cell(1, L-1);
  delta = outputDelta(loss, output_activation, z{L}, a{L}, Y);
  for l = L-1:-1:1
    weights = Theta{l}(:, 2:end);
    J = J + factor / 2 * sum(sum(weights .^ 2));
    D{l} = delta' * a{l} / m + factor * [zeros(layer_sizes(l+1), 1) weights];
    if l > 1
      delta = (delta * weights) .* activationGradient(hidden_activation, z{l});
    end
  end
  grad = unroll(D);

end

%!test % sigmoid, cross_entropy and lambda/2m is nnCostFunction
%! theta_vec = (1:18)' / 10; X = cos ([1 2; 3 4; 5 6]); y = [4; 2; 3];
%! [J, grad] = nnCostFunctionGeneral (theta_vec, [2 2 4], X, y, 4, ...
%!                                    'sigmoid', 'sigmoid', 'cross_entropy', 'lambda/2m');
%! [J1, grad1] = nnCostFunction (theta_vec, [2 2 4], X, y, 4);
%! assert (J, J1, -1e-14);
%! assert (grad, grad1, 1e-14);
%!test % worked by hand: x = 2, relu(1 + 3x) = 7, out = 2 - 7 = -5, y = 1
%! [J, grad] = nnCostFunctionGeneral ([1; 3; 2; -1], [1 1 1], 2, 1, 0.5, ...
%!                                    'relu', 'linear', 'squared_error', 'lambda/2');
%! assert (J, 36 / 2 + 0.5 / 2 * (9 + 1));
%! assert (grad, [6; 6 * 2 + 0.5 * 3; -6; -6 * 7 - 0.5]);
%!test % lambda/2 is lambda/2m with m lambda
%! theta_vec = sin (1:21)'; X = cos (reshape (1:10, 5, 2)); Y = sin (reshape (1:15, 5, 3));
%! names = {'tanh', 'linear', 'squared_error'};
%! [J1, grad1] = nnCostFunctionGeneral (theta_vec, [2 3 3], X, Y, 0.3, names{:}, 'lambda/2');
%! [J2, grad2] = nnCostFunctionGeneral (theta_vec, [2 3 3], X, Y, 1.5, names{:}, 'lambda/2m');
%! assert (J1, J2, -1e-14);
%! assert (grad1, grad2, 1e-14);
%!test % the gradient is the slope of J: activations, losses, penalties, depths
%! outputs = {'sigmoid', 'cross_entropy'; 'sigmoid', 'squared_error';
%!            'relu', 'squared_error'; 'linear', 'squared_error'};
%! X = cos (reshape (1:14, 7, 2));
%! for hidden = {'sigmoid', 'tanh', 'relu', 'leaky_relu', 'linear'}
%!   for k = 1:rows (outputs)
%!     for penalty = {'lambda/2m', 'lambda/2'}
%!       for layer_sizes = {[2 3], [2 4 1], [2 3 4 2]}
%!         s = layer_sizes{1};
%!         theta_vec = sin (1:sum (s(2:end) .* (s(1:end-1) + 1)))';
%!         Y = sin (reshape (1:7*s(end), 7, s(end))) .^ 2;
%!         more = {s, X, Y, 0.7, hidden{1}, outputs{k, :}, penalty{1}};
%!         [J, grad] = nnCostFunctionGeneral (theta_vec, more{:});
%!         slope = computeNumericalGradient (@nnCostFunctionGeneral, theta_vec, more{:});
%!         assert (norm (grad - slope) / norm (grad + slope) < 1e-8);
%!       end
%!     end
%!   end
%! end
%!error <Invalid call> nnCostFunctionGeneral (1, [1 1])
%!error <cross_entropy needs a sigmoid output>
%! nnCostFunctionGeneral ([1; 1], [1 1], 1, 1, 0, 'tanh', 'tanh', 'cross_entropy', 'lambda/2m');
%!error <penalty must be>
%! nnCostFunctionGeneral ([1; 1], [1 1], 1, 1, 0, 'tanh', 'sigmoid', 'cross_entropy', 'lambda');
