function [dW, db] = deepBackward(W, A, Z, Y, lambda, hidden_activation, output_activation, loss, penalty)
%DEEPBACKWARD  Backpropagation in the deep-learning notation.
%   [dW, db] = DEEPBACKWARD(W, A, Z, Y, lambda, hidden_activation,
%   output_activation, loss, penalty) with A and Z of deepForward and the targets
%   of an example in each column of Y. dZ[L] is dloss/dZ[L], and
%     dW[l] = 1/m dZ[l] A[l-1]' + (lambda/m or lambda) W[l]
%     db[l] = 1/m sum of the columns of dZ[l]
%     dZ[l-1] = W[l]' dZ[l] .* g'(Z[l-1]).

  if nargin != 9
    print_usage();
  end
  L = numel(W);
  m = columns(Y);
  factor = penaltyFactor(penalty, lambda, m);

  dW = cell(1, L);
  db = cell(1, L);
  dZ = outputDelta(loss, output_activation, Z{L}, A{L+1}, Y);
  for l = L:-1:1
    dW{l} = dZ * A{l}' / m + factor * W{l};
    db{l} = sum(dZ, 2) / m;
    if l > 1
      dZ = (W{l}' * dZ) .* activationGradient(hidden_activation, Z{l-1});
    end
  end

end

%!test % by hand: a1 = relu(2 * 3 + 1) = 7, out = -7 + 2 = -5, y = 1, dZ2 = -6, dZ1 = 6
%! [A, Z] = deepForward ({3, -1}, {1, 2}, 2, 'relu', 'linear');
%! [dW, db] = deepBackward ({3, -1}, A, Z, 1, 0.5, 'relu', 'linear', 'squared_error', 'lambda/2');
%! assert (dW, {12 + 1.5, -42 - 0.5});
%! assert (db, {6, -6});
%!test % two examples: the mean of each, and the penalty once
%! W = {[0.1 0.2; -0.3 0.4; 0.5 0], [1 -1 0.5]}; b = {[0; 0.1; 0.2], -0.3};
%! X = [1 -2; 0.5 3]; Y = [1 0]; names = {'tanh', 'sigmoid', 'squared_error', 'lambda/2m'};
%! for i = 1:2
%!   [A, Z] = deepForward (W, b, X(:, i), names{1:2});
%!   [dW_one{i}, db_one{i}] = deepBackward (W, A, Z, Y(i), 0, names{:});
%! end
%! [A, Z] = deepForward (W, b, X, names{1:2});
%! [dW, db] = deepBackward (W, A, Z, Y, 0.8, names{:});
%! for l = 1:2
%!   assert (dW{l}, (dW_one{1}{l} + dW_one{2}{l}) / 2 + 0.4 * W{l}, 1e-15);
%!   assert (db{l}, (db_one{1}{l} + db_one{2}{l}) / 2, 1e-15);
%! end
%! % the example's gradient by hand: dZ2 = (a - y) a (1 - a), dZ1 = W2' dZ2 (1 - tanh^2)
%! a1 = tanh ([0.2; 0; 0.7]); a2 = sigmoid ([1 -1 0.5] * a1 - 0.3); dz2 = (a2 - 1) * a2 * (1 - a2);
%! assert (dW_one{1}, {([1; -1; 0.5] * dz2 .* (1 - a1 .^ 2)) * [1 0.5], dz2 * a1'}, 1e-15);
%!error <Invalid call> deepBackward ({1}, {1}, {1}, 1)
