function Hp = nnHessianProduct(theta_vec, p, layer_sizes, X, y, lambda)
%NNHESSIANPRODUCT  The Hessian of nnCostFunction times a vector, without the Hessian.
%   Hp = NNHESSIANPRODUCT(theta_vec, p, layer_sizes, X, y, lambda)
%
%   p            the direction, unrolled like theta_vec
%   the others   as in nnCostFunction
%
%   Pearlmutter's R-operator: R{f} is the derivative of f(theta_vec + r p) at
%   r = 0. Each line of nnCostFunction is followed by its own derivative, with V
%   the matrices of p. R{X} = 0, R{Theta} = V, and g''(z) = g'(z) (1 - 2 g(z)).

  if nargin != 6
    print_usage();
  end
  Theta = reshapeThetas(theta_vec, layer_sizes);
  V = reshapeThetas(p, layer_sizes);
  L = numel(layer_sizes);
  m = rows(X);
  y = targetMatrix(y, layer_sizes(L));

  % Forward propagation.
  a = R_a = cell(1, L);
  a{1} = X;
  R_a{1} = zeros(size(X));
  for l = 1:L-1
    z = a{l} * Theta{l}(:, 2:end)' + Theta{l}(:, 1)';
    R_z = R_a{l} * Theta{l}(:, 2:end)' + a{l} * V{l}(:, 2:end)' + V{l}(:, 1)';
    a{l+1} = sigmoid(z);
    R_a{l+1} = a{l+1} .* (1 - a{l+1}) .* R_z;
  end

  % Backpropagation.
  R_D = cell(1, L-1);
  delta = a{L} - y;
  R_delta = R_a{L};
  for l = L-1:-1:1
    R_D{l} = [sum(R_delta, 1)', R_delta' * a{l} + delta' * R_a{l} + lambda * V{l}(:, 2:end)] / m;
    if l > 1
      slope = a{l} .* (1 - a{l});
      before = delta * Theta{l}(:, 2:end);
      R_before = R_delta * Theta{l}(:, 2:end) + delta * V{l}(:, 2:end);
      R_delta = R_before .* slope + before .* (1 - 2 * a{l}) .* R_a{l};
      delta = before .* slope;
    end
  end
  Hp = unroll(R_D);

end

%!test % worked by hand: x = 2, z = -1 + 2, H = h (1 - h) [1 x; x x^2] + lambda [0 0; 0 1]
%! h = sigmoid (1); H = h * (1 - h) * [1 2; 2 4] + 0.5 * [0 0; 0 1];
%! assert (nnHessianProduct ([-1; 1], [3; -2], [1 1], 2, 1, 0.5), H * [3; -2], 1e-15);
%!test % the slope of the gradient along p, one to four layers of weights, one output and K
%! for layer_sizes = {[3 1], [3 4], [3 5 1], [3 5 3], [3 4 2 3], [3 2 4 3 1]}
%!   s = layer_sizes{1};
%!   n = sum (s(2:end) .* (s(1:end-1) + 1));
%!   theta_vec = sin (1:n)'; p = cos (1:n)';
%!   X = cos (reshape (1:21, 7, 3));
%!   y = mod ((1:7)', 2) + (s(end) > 1);
%!   [J, above] = nnCostFunction (theta_vec + 1e-4 * p, s, X, y, 2);
%!   [J, below] = nnCostFunction (theta_vec - 1e-4 * p, s, X, y, 2);
%!   slope = (above - below) / 2e-4;
%!   Hp = nnHessianProduct (theta_vec, p, s, X, y, 2);
%!   assert (norm (Hp - slope) / norm (Hp + slope) < 1e-8);
%! end
%!test % symmetric: q' H p = p' H q
%! theta_vec = sin (1:18)'; p = cos (1:18)'; q = sin (2 * (1:18))';
%! more = {[2 2 4], cos([1 2; 3 4; 5 6]), [4; 2; 3], 0.7};
%! assert (q' * nnHessianProduct (theta_vec, p, more{:}), p' * nnHessianProduct (theta_vec, q, more{:}), 1e-14);
%!error <Invalid call> nnHessianProduct (1, 1, [1 1], 1, 1)
%!error <theta_vec must have 18 elements, got 17> nnHessianProduct (ones (18, 1), ones (17, 1), [2 2 4], ones (3, 2), [1; 2; 3], 0)
