function [J, grad] = deepCostFunction(theta_vec, layer_sizes, X, y, lambda, ...
                                      hidden_activation, output_activation, loss, penalty)
%DEEPCOSTFUNCTION  nnCostFunctionGeneral by way of the deep-learning notation.
%   [J, grad] = DEEPCOSTFUNCTION(theta_vec, layer_sizes, X, y, lambda,
%   hidden_activation, output_activation, loss, penalty) splits the Thetas into W
%   and b, turns the examples into columns, goes through deepForward and
%   deepBackward, and joins dW and db to the unrolled gradient again.
%   J = 1/m sum of the losses + c/2 sum of W.^2, c = lambda/m or lambda.

  if nargin != 9
    print_usage();
  end
  [W, b] = thetasToWb(reshapeThetas(theta_vec, layer_sizes));
  Y = targetMatrix(y, layer_sizes(end))';
  m = columns(Y);

  [A, Z] = deepForward(W, b, X', hidden_activation, output_activation);
  J = sum(sum(lossFunction(loss, Z{end}, A{end}, Y))) / m;
  for l = 1:numel(W)
    J = J + penaltyFactor(penalty, lambda, m) / 2 * sum(sum(W{l} .^ 2));
  end

  [dW, db] = deepBackward(W, A, Z, Y, lambda, hidden_activation, output_activation, loss, penalty);
  grad = unroll(wbToThetas(dW, db));

end

%!test % the small case
%! [J, grad] = deepCostFunction ((1:18)' / 10, [2 2 4], cos ([1 2; 3 4; 5 6]), [4; 2; 3], 4, ...
%!                               'sigmoid', 'sigmoid', 'cross_entropy', 'lambda/2m');
%! assert (J, 19.4736365227324, -1e-14);
%! assert (grad([1 9 18]), [0.766138369630136; 0.584667662135129; 2.72233088910992], -1e-13);
%!test % equal to the course's notation
%! X = cos (reshape (1:14, 7, 2));
%! for hidden = {'sigmoid', 'tanh', 'relu', 'leaky_relu', 'linear'}
%!   for output = {'relu', 'linear', 'sigmoid'}
%!     for penalty = {'lambda/2m', 'lambda/2'}
%!       for layer_sizes = {[2 3], [2 4 1], [2 3 4 2]}
%!         s = layer_sizes{1};
%!         theta_vec = 2 * sin (1:sum (s(2:end) .* (s(1:end-1) + 1)))';
%!         Y = sin (reshape (1:7*s(end), 7, s(end)));
%!         more = {s, X, Y, 0.7, hidden{1}, output{1}, 'squared_error', penalty{1}};
%!         [J, grad] = deepCostFunction (theta_vec, more{:});
%!         [J1, grad1] = nnCostFunctionGeneral (theta_vec, more{:});
%!         assert (J, J1, -1e-13);
%!         assert (grad, grad1, 1e-13);
%!       end
%!     end
%!   end
%! end
%!error <Invalid call> deepCostFunction (1, [1 1])
