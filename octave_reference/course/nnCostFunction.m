function [J, grad] = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, ...
                                    num_labels, X, y, lambda)
%NNCOSTFUNCTION  Cost and gradient with the arguments of the course's exercise.
%   [J, grad] = NNCOSTFUNCTION(nn_params, input_layer_size, hidden_layer_size,
%   num_labels, X, y, lambda) for one hidden layer and labels y in 1..num_labels;
%   nn_params is [Theta1(:); Theta2(:)]. Written out layer by layer as a student
%   does, with log(h) and log(1 - h) as they stand: NaN where a unit is saturated.
%   nnCostFunction in the folder above takes any layers and stays finite.

  if nargin != 7
    print_usage();
  end
  Theta1 = reshape(nn_params(1:hidden_layer_size * (input_layer_size + 1)), ...
                   hidden_layer_size, input_layer_size + 1);
  Theta2 = reshape(nn_params(1 + hidden_layer_size * (input_layer_size + 1):end), ...
                   num_labels, hidden_layer_size + 1);
  m = rows(X);

  a1 = [ones(m, 1) X];
  z2 = a1 * Theta1';
  a2 = [ones(m, 1) 1 ./ (1 + exp(-z2))];
  z3 = a2 * Theta2';
  h = 1 ./ (1 + exp(-z3));

  Y = zeros(m, num_labels);
  for k = 1:num_labels
    Y(:, k) = y == k;
  end
  J = -1 / m * sum(sum(Y .* log(h) + (1 - Y) .* log(1 - h))) ...
      + lambda / (2 * m) * (sum(sum(Theta1(:, 2:end) .^ 2)) + sum(sum(Theta2(:, 2:end) .^ 2)));

  delta3 = h - Y;
  delta2 = (delta3 * Theta2) .* a2 .* (1 - a2);
  delta2 = delta2(:, 2:end);

  Theta1_grad = delta2' * a1 / m + lambda / m * [zeros(hidden_layer_size, 1) Theta1(:, 2:end)];
  Theta2_grad = delta3' * a2 / m + lambda / m * [zeros(num_labels, 1) Theta2(:, 2:end)];
  grad = [Theta1_grad(:); Theta2_grad(:)];

end

%!test % the small case
%! [J, grad] = nnCostFunction ((1:18)' / 10, 2, 2, 4, cos ([1 2; 3 4; 5 6]), [4; 2; 3], 4);
%! assert (J, 19.4736365227324, -1e-14);
%! assert (grad(1:3), [0.766138369630136; 0.979896866040661; 0.372460384114365], -1e-13);
%! assert (grad(7:9), [0.883417207679397; 0.568762344914511; 0.584667662135129], -1e-13);
%! assert (grad(18), 2.72233088910992, -1e-13);
%!assert (nnCostFunction ((1:18)' / 10, 2, 2, 4, cos ([1 2; 3 4; 5 6]), [4; 2; 3], 0), 7.40696985606575, -1e-14)
%!test % equal to the lecture's loop over the examples, which shares no line with it
%! nn_params = sin (1:38)'; X = cos (reshape (1:21, 7, 3)); y = 1 + mod (1:7, 3)';
%! [J1, grad1] = nnCostFunction (nn_params, 3, 5, 3, X, y, 1.5);
%! [J2, grad2] = nnCostFunctionLoop (nn_params, [3 5 3], X, y, 1.5);
%! assert (J1, J2, -1e-13);
%! assert (grad1, grad2, 1e-14);
%!test % as it says, the plain logarithms do not survive saturation
%! assert (isnan (nnCostFunction (1e4 * ones (6, 1), 1, 1, 2, 1, 2, 0)));
%!error <Invalid call> nnCostFunction ((1:18)' / 10, 2, 2, 4)
