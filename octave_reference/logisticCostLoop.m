function [J, grad] = logisticCostLoop(theta, X, y, lambda)
%LOGISTICCOSTLOOP  Logistic regression with the lecture's loop over the examples.
%   [J, grad] = LOGISTICCOSTLOOP(theta, X, y, lambda), arguments as in
%   logisticCost. For each example: z = w' x + b, a = g(z), the loss
%   -[y log a + (1 - y) log(1 - a)] is added to J, dz = a - y, dw := dw + x dz,
%   db := db + dz; all are divided by m at the end. b is theta(1), w the rest.

  if nargin != 4
    print_usage();
  end
  [m, n] = size(X);
  b = theta(1);
  w = theta(2:end);
  J = 0;
  dw = zeros(n, 1);
  db = 0;

  for i = 1:m
    z = b;
    for j = 1:n
      z = z + w(j) * X(i, j);
    end
    J = J - y(i) * logSigmoid(z) - (1 - y(i)) * logSigmoid(-z);
    dz = sigmoid(z) - y(i);
    for j = 1:n
      dw(j) = dw(j) + X(i, j) * dz;
    end
    db = db + dz;
  end

  J = J / m;
  dw = dw / m;
  db = db / m;
  for j = 1:n
    J = J + lambda / (2 * m) * w(j) ^ 2;
    dw(j) = dw(j) + lambda / m * w(j);
  end
  grad = [db; dw];

end

%!test
%! theta = sin (1:4)'; X = cos (reshape (1:18, 6, 3)); y = [1; 0; 0; 1; 1; 0];
%! for lambda = [0 0.8 10]
%!   [J, grad] = logisticCostLoop (theta, X, y, lambda);
%!   [J1, grad1] = logisticCost (theta, X, y, lambda);
%!   assert (J, J1, -1e-14);
%!   assert (grad, grad1, 1e-14);
%! end
%!assert (logisticCostLoop ([-2; -1; 1; 2], reshape (1:15, 5, 3) / 10, [1; 0; 1; 0; 1], 3), 2.53481939610974, -1e-14)
%!error <Invalid call> logisticCostLoop (1, 2, 3)
