function [W, b, J_history] = regressionGradientDescent(W, b, X, Y, alpha, lambda, num_iters, ...
                                                       hidden_activation, output_activation)
%REGRESSIONGRADIENTDESCENT  Batch gradient descent on W and b (Algorithm 3).
%   [W, b, J_history] = REGRESSIONGRADIENTDESCENT(W, b, X, Y, alpha, lambda,
%   num_iters, hidden_activation, output_activation), examples in the columns of X
%   and Y, starts at W and b. Each iteration adds up dW and db of all m examples
%   to Delta_W and Delta_b, and then
%     W := W - alpha (1/m Delta_W + lambda W),  b := b - alpha (1/m Delta_b).
%   J_history(k) is the cost after step k,
%     J = 1/m sum 1/2 ||a(L) - y||^2 + lambda/2 sum of W.^2.

  if nargin != 9
    print_usage();
  end
  m = columns(X);
  J_history = zeros(num_iters, 1);

  for iter = 1:num_iters
    Delta_W = cell(size(W));
    Delta_b = cell(size(W));
    for l = 1:numel(W)
      Delta_W{l} = zeros(size(W{l}));
      Delta_b{l} = zeros(size(b{l}));
    end
    for i = 1:m
      [dW, db] = regressionBackpropVectorised(W, b, X(:, i), Y(:, i), hidden_activation, output_activation);
      for l = 1:numel(W)
        Delta_W{l} = Delta_W{l} + dW{l};
        Delta_b{l} = Delta_b{l} + db{l};
      end
    end
    for l = 1:numel(W)
      W{l} = W{l} - alpha * (Delta_W{l} / m + lambda * W{l});
      b{l} = b{l} - alpha * Delta_b{l} / m;
    end

    A = deepForward(W, b, X, hidden_activation, output_activation);
    J_history(iter) = sum(sum((A{end} - Y) .^ 2)) / (2 * m);
    for l = 1:numel(W)
      J_history(iter) = J_history(iter) + lambda / 2 * sum(sum(W{l} .^ 2));
    end
  end

end

%!test % one step by hand: x = 1, 2, y = 1, 3, W = 2, b = 0: h - y = 1, 1
%! [W, b, J_history] = regressionGradientDescent ({2}, {0}, [1 2], [1 3], 0.1, 0.5, 1, 'tanh', 'linear');
%! assert (W, {2 - 0.1 * (1.5 + 1)}, eps);
%! assert (b, {-0.1}, eps);
%! assert (J_history, ((1.65 - 1) ^ 2 + (3.4 - 3) ^ 2) / 4 + 0.25 * 1.75 ^ 2, 1e-14);
%!test % equal to gradient descent on the unrolled general cost
%! s = [2 3 2]; theta_vec = sin (1:17)';
%! X = cos (reshape (1:10, 5, 2)); Y = sin (reshape (1:10, 5, 2));
%! [W, b] = thetasToWb (reshapeThetas (theta_vec, s));
%! [W, b, J_history] = regressionGradientDescent (W, b, X', Y', 0.1, 0.02, 30, 'tanh', 'linear');
%! [theta, J_history1] = gradientDescent ('nnCostFunctionGeneral', theta_vec, 0.1, 30, s, X, Y, 0.02, ...
%!                                        'tanh', 'linear', 'squared_error', 'lambda/2');
%! assert (unroll (wbToThetas (W, b)), theta, 1e-13);
%! assert (J_history, J_history1, -1e-12);
%! assert (all (diff (J_history) < 0));
%!error <Invalid call> regressionGradientDescent ({1}, {1}, 1, 1)
