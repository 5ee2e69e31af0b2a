function deltas = nodeDeltas(theta_vec, layer_sizes, x, y, hidden_activation, output_activation, loss)
%NODEDELTAS  delta_j(l) = dcost/dz_j(l) of each node, for one example.
%   deltas = NODEDELTAS(theta_vec, layer_sizes, x, y) gives a cell row whose first
%   element is the column delta(2), the last delta(L). x holds the inputs of one
%   example; y is its label or its targets, as in nnCostFunction. No penalty.
%   NODEDELTAS(..., hidden_activation, output_activation, loss) for other networks.
%
%   delta_j(L) = a_j - y_j for cross-entropy, (a_j - y_j) g'(z_j) for squared error;
%   delta_j(l) = (sum_i Theta_ij(l) delta_i(l+1)) g'(z_j(l)).

  if nargin != 4 && nargin != 7
    print_usage();
  end
  if nargin == 4
    hidden_activation = 'sigmoid';
    output_activation = 'sigmoid';
    loss = 'cross_entropy';
  end
  Theta = reshapeThetas(theta_vec, layer_sizes);
  L = numel(layer_sizes);
  y = targetMatrix(y(:)', layer_sizes(L));

  % Forward propagation, node by node; Theta(j, 1) belongs to the bias unit.
  a = cell(1, L);
  z = cell(1, L);
  a{1} = x(:);
  for l = 1:L-1
    for j = 1:layer_sizes(l+1)
      z{l+1}(j, 1) = Theta{l}(j, 1);
      for i = 1:layer_sizes(l)
        z{l+1}(j, 1) = z{l+1}(j, 1) + Theta{l}(j, i+1) * a{l}(i);
      end
    end
    if l + 1 < L
      a{l+1} = activation(hidden_activation, z{l+1});
    else
      a{l+1} = activation(output_activation, z{l+1});
    end
  end

  deltas = cell(1, L-1);
  for j = 1:layer_sizes(L)
    deltas{L-1}(j, 1) = outputDelta(loss, output_activation, z{L}(j), a{L}(j), y(j));
  end
  for l = L-1:-1:2
    for j = 1:layer_sizes(l)
      total = 0;
      for i = 1:layer_sizes(l+1)
        total = total + Theta{l}(i, j+1) * deltas{l}(i);
      end
      deltas{l-1}(j, 1) = total * activationGradient(hidden_activation, z{l}(j));
    end
  end

end

%!test % a bias weight moves its z alone: the slope of the cost by it is dcost/dz
%! x = [0.5 -1];
%! for layer_sizes = {[2 3], [2 3 1], [2 3 4 2]}
%!   s = layer_sizes{1};
%!   theta_vec = sin (1:sum (s(2:end) .* (s(1:end-1) + 1)))';
%!   deltas = nodeDeltas (theta_vec, s, x, 1);
%!   slope = reshapeThetas (computeNumericalGradient (@nnCostFunction, theta_vec, s, x, 1, 0), s);
%!   for l = 1:numel (s) - 1
%!     assert (deltas{l}, slope{l}(:, 1), 1e-9);
%!   end
%!   more = {'tanh', 'linear', 'squared_error'};
%!   y = (1:s(end)) / 2;
%!   deltas = nodeDeltas (theta_vec, s, x, y, more{:});
%!   slope = reshapeThetas (computeNumericalGradient (@nnCostFunctionGeneral, theta_vec, ...
%!                                                    s, x, y, 0, more{:}, 'lambda/2'), s);
%!   for l = 1:numel (s) - 1
%!     assert (deltas{l}, slope{l}(:, 1), 1e-8);
%!   end
%! end
%!test % by hand: h = 1/2, y = 1, so delta(3) = -1/2; delta(2) = 4 * (-1/2) * 1/4
%! assert (nodeDeltas ([0; 0; -2; 4], [1 1 1], 5, 1), {-1/2, -1/2});
%!error <Invalid call> nodeDeltas (1, [1 1])
