function [A, Z] = deepForward(W, b, X, hidden_activation, output_activation)
%DEEPFORWARD  Forward propagation in the deep-learning notation.
%   [A, Z] = DEEPFORWARD(W, b, X, hidden_activation, output_activation) with W and
%   b apart and the examples in the columns of X:
%     A[0] = X, Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l]) for l = 1..L.
%   Octave counts cells from 1: A{l+1} is A[l], Z{l} is Z[l].

  if nargin != 5
    print_usage();
  end
  L = numel(W);
  A = cell(1, L + 1);
  Z = cell(1, L);
  A{1} = X;
  for l = 1:L
    Z{l} = W{l} * A{l} + b{l};
    if l < L
      A{l+1} = activation(hidden_activation, Z{l});
    else
      A{l+1} = activation(output_activation, Z{l});
    end
  end

end

%!test % by hand, two examples: Z1 = x1 - x2 + [1; 0], relu, then 2 a1 + 3 a2 - 1
%! [A, Z] = deepForward ({[1 -1; 1 -1], [2 3]}, {[1; 0], -1}, [1 0; 2 5], 'relu', 'linear');
%! assert (A{1}, [1 0; 2 5]);
%! assert (Z{1}, [0 -4; -1 -5]);
%! assert (A{2}, zeros (2));
%! assert (A{3}, [-1 -1]);
%! [A, Z] = deepForward ({[1 -1; 1 -1], [2 3]}, {[1; 0], -1}, [3; 1], 'relu', 'linear');
%! assert (A, {[3; 1], [3; 2], 11});
%! assert (Z, {[3; 2], 11});
%!error <Invalid call> deepForward ({1}, {1}, 1)
