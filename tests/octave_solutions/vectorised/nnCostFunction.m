function [J grad] = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda)
%NNCOSTFUNCTION  The network's cost and gradient, vectorised over the examples.

Theta1 = reshape(nn_params(1:hidden_layer_size * (input_layer_size + 1)), hidden_layer_size, (input_layer_size + 1));
Theta2 = reshape(nn_params((1 + (hidden_layer_size * (input_layer_size + 1))):end), num_labels, (hidden_layer_size + 1));
m = size(X, 1);

Y = zeros(m, num_labels);
for i = 1:m
  Y(i, y(i)) = 1;
end

a1 = [ones(m, 1) X];
z2 = a1 * Theta1';
a2 = [ones(m, 1) sigmoid(z2)];
z3 = a2 * Theta2';
h = sigmoid(z3);

J = (1 / m) * sum(sum(-Y .* log(h) - (1 - Y) .* log(1 - h)));
J = J + lambda / (2 * m) * (sum(sum(Theta1(:, 2:end) .^ 2)) + sum(sum(Theta2(:, 2:end) .^ 2)));

delta3 = h - Y;
delta2 = (delta3 * Theta2(:, 2:end)) .* sigmoidGradient(z2);
Theta1_grad = (delta2' * a1) / m;
Theta2_grad = (delta3' * a2) / m;
Theta1_grad(:, 2:end) = Theta1_grad(:, 2:end) + (lambda / m) * Theta1(:, 2:end);
Theta2_grad(:, 2:end) = Theta2_grad(:, 2:end) + (lambda / m) * Theta2(:, 2:end);

grad = [Theta1_grad(:); Theta2_grad(:)];
end
