function [dW, db, delta] = regressionBackpropNodes(W, b, x, y, hidden_activation, output_activation)
%REGRESSIONBACKPROPNODES  Backpropagation node by node (Algorithm 1), for one example.
%   [dW, db, delta] = REGRESSIONBACKPROPNODES(W, b, x, y, hidden_activation,
%   output_activation) gives the gradient of 1/2 ||a(L) - y||^2 for the column x
%   with target column y:
%     delta_i(L) = (a_i - y_i) g'(z_i)                       each output node
%     delta_i(l) = (sum_j W_ji(l) delta_j(l+1)) g'(z_i)      each hidden node
%     dW_ij(l) = a_j(l) delta_i(l+1),  db_i(l) = delta_i(l+1).
%   delta{l} belongs to the layer that W{l} leads to.

  if nargin != 6
    print_usage();
  end
  n = numel(W);

  % Forward pass, each node the sum over the nodes before it.
  a = cell(1, n + 1);
  z = cell(1, n);
  a{1} = x;
  for l = 1:n
    name = hidden_activation;
    if l == n
      name = output_activation;
    end
    for i = 1:rows(W{l})
      z{l}(i, 1) = b{l}(i);
      for j = 1:columns(W{l})
        z{l}(i, 1) = z{l}(i, 1) + W{l}(i, j) * a{l}(j);
      end
      a{l+1}(i, 1) = activation(name, z{l}(i));
    end
  end

  % Backward pass.
  delta = cell(1, n);
  for i = 1:rows(W{n})
    delta{n}(i, 1) = -(y(i) - a{n+1}(i)) * activationGradient(output_activation, z{n}(i));
  end
  for l = n-1:-1:1
    for i = 1:rows(W{l})
      total = 0;
      for j = 1:rows(W{l+1})
        total = total + W{l+1}(j, i) * delta{l+1}(j);
      end
      delta{l}(i, 1) = total * activationGradient(hidden_activation, z{l}(i));
    end
  end

  dW = cell(1, n);
  db = cell(1, n);
  for l = 1:n
    for i = 1:rows(W{l})
      for j = 1:columns(W{l})
        dW{l}(i, j) = a{l}(j) * delta{l}(i);
      end
      db{l}(i, 1) = delta{l}(i);
    end
  end

end

%!test % by hand: a1 = relu(2 * 3 + 1) = 7, out = -7 + 2 = -5, y = 1
%! [dW, db, delta] = regressionBackpropNodes ({3, -1}, {1, 2}, 2, 1, 'relu', 'linear');
%! assert (delta, {6, -6});
%! assert (dW, {12, -42});
%! assert (db, {6, -6});
%!test % one example of the general cost without penalty
%! s = [3 4 2 3]; theta_vec = sin (1:37)'; x = [0.3; -1; 2]; y = [1; 0.5; -2];
%! [W, b] = thetasToWb (reshapeThetas (theta_vec(1:35), s));
%! for hidden = {'sigmoid', 'tanh', 'relu', 'leaky_relu', 'linear'}
%!   for output = {'linear', 'relu', 'sigmoid'}
%!     [dW, db] = regressionBackpropNodes (W, b, x, y, hidden{1}, output{1});
%!     [J, grad] = nnCostFunctionGeneral (theta_vec(1:35), s, x', y', 0, hidden{1}, output{1}, ...
%!                                        'squared_error', 'lambda/2');
%!     assert (unroll (wbToThetas (dW, db)), grad, 1e-14);
%!   end
%! end
%!error <Invalid call> regressionBackpropNodes ({1}, {1}, 1, 1)
