function [cost, slope] = nnCostFunction(nn_params, ...
                                        input_layer_size, ... % units without bias
                                        hidden_layer_size, num_labels, ...
                                        X, y, lambda)
  %{
    Targets by eye(K)(y, :), logarithms by inner products of long vectors,
    the bias weights apart from the others.
  %}
  theta = mat2cell(nn_params, [hidden_layer_size * (1 + input_layer_size), num_labels * (1 + hidden_layer_size)]);
  Theta1 = reshape(theta{1}, hidden_layer_size, []);
  Theta2 = reshape(theta{2}, num_labels, []);
  m = length(y);
  targets = eye(num_labels)(y, :);
  logistic = @(z) 1 ./ (1 + exp(-z));

  z2 = Theta1(:, 1)' + X * Theta1(:, 2:end)';
  a2 = logistic(z2);
  a3 = logistic(Theta2(:, 1)' + a2 * Theta2(:, 2:end)');
  cost = -(targets(:)' * log(a3(:)) + (1 - targets(:))' * log(1 - a3(:))) / m;
  weights = [Theta1(:, 2:end)(:); Theta2(:, 2:end)(:)];
  cost += lambda * (weights' * weights) / 2 / m;

  d3 = (a3 - targets) / m;
  d2 = d3 * Theta2(:, 2:end) .* a2 .* (1 - a2);
  Theta1_grad = [sum(d2)', d2' * X + lambda / m * Theta1(:, 2:end)];
  Theta2_grad = [sum(d3)', d3' * a2 + lambda / m * Theta2(:, 2:end)];
  slope = [Theta1_grad(:); Theta2_grad(:)];
end
