function [J, grad] = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda)
% Examples in columns; penalties by a copy of Theta whose bias column is zero.
n1 = hidden_layer_size * (input_layer_size + 1);
T1 = reshape(nn_params(1:n1), [hidden_layer_size, input_layer_size + 1]);
T2 = reshape(nn_params(n1 + 1:end), [num_labels, hidden_layer_size + 1]);
m = columns(X');

A1 = [ones(1, m); X'];
Z2 = T1 * A1;
A2 = [ones(1, m); 1 ./ (1 + exp(-Z2))];
H = 1 ./ (1 + exp(-T2 * A2));
Y = bsxfun(@eq, (1:num_labels)', y');

P1 = T1; P1(:, 1) = 0;
P2 = T2; P2(:, 1) = 0;
J = -trace(Y * log(H)' + (1 - Y) * log(1 - H)') / m + lambda * (norm(P1, 'fro')^2 + norm(P2, 'fro')^2) / (2 * m);

D3 = H - Y;
D2 = T2' * D3;
D2(1, :) = [];
D2 = D2 .* A2(2:end, :) .* (1 - A2(2:end, :));
G1 = (D2 * A1' + lambda * P1) / m;
G2 = (D3 * A2' + lambda * P2) / m;
grad = vertcat(G1(:), G2(:));
