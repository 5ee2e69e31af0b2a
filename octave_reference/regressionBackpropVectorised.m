function [dW, db] = regressionBackpropVectorised(W, b, x, y, hidden_activation, output_activation)
%REGRESSIONBACKPROPVECTORISED  Backpropagation with vectors (Algorithm 2), for one example.
%   [dW, db] = REGRESSIONBACKPROPVECTORISED(W, b, x, y, hidden_activation,
%   output_activation) is regressionBackpropNodes without its loops over nodes:
%     delta(L) = -(y - a(L)) .* g'(z(L))
%     delta(l) = (W(l)' delta(l+1)) .* g'(z(l))
%     dW(l) = delta(l+1) a(l)',  db(l) = delta(l+1).

  if nargin != 6
    print_usage();
  end
  n = numel(W);
  a = cell(1, n);
  z = cell(1, n);
  a{1} = x;
  for l = 1:n-1
    z{l} = W{l} * a{l} + b{l};
    a{l+1} = activation(hidden_activation, z{l});
  end
  z{n} = W{n} * a{n} + b{n};
  h = activation(output_activation, z{n});

  dW = cell(1, n);
  db = cell(1, n);
  delta = -(y - h) .* activationGradient(output_activation, z{n});
  for l = n:-1:1
    dW{l} = delta * a{l}';
    db{l} = delta;
    if l > 1
      delta = (W{l}' * delta) .* activationGradient(hidden_activation, z{l-1});
    end
  end

end

%!test % equal to Algorithm 1
%! x = [0.3; -1; 2]; y = [1; 0.5; -2];
%! for layer_sizes = {[3 3], [3 2 3], [3 4 2 3]}
%!   s = layer_sizes{1};
%!   theta_vec = 2 * cos (1:sum (s(2:end) .* (s(1:end-1) + 1)))';
%!   [W, b] = thetasToWb (reshapeThetas (theta_vec, s));
%!   for hidden = {'sigmoid', 'tanh', 'relu', 'leaky_relu', 'linear'}
%!     for output = {'linear', 'relu', 'sigmoid'}
%!       [dW1, db1] = regressionBackpropVectorised (W, b, x, y, hidden{1}, output{1});
%!       [dW2, db2] = regressionBackpropNodes (W, b, x, y, hidden{1}, output{1});
%!       assert (unroll (dW1), unroll (dW2), 1e-13 * max (1, norm (unroll (dW1), Inf)));
%!       assert (unroll (db1), unroll (db2), 1e-13 * max (1, norm (unroll (db1), Inf)));
%!     end
%!   end
%! end
%!error <Invalid call> regressionBackpropVectorised ({1}, {1}, 1, 1)
