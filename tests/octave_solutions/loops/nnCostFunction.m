function [J, grad] = nnCostFunction (params, n_in, n_hidden, n_out, X, y, reg)
  % One example at a time, Delta accumulated, as in the lecture's algorithm. Arguments have names of their own.
  split = n_hidden * (n_in + 1);
  W1 = reshape (params(1:split), n_hidden, n_in + 1);
  W2 = reshape (params(split+1:end), n_out, n_hidden + 1);
  m = rows (X);
  J = 0;
  Delta1 = zeros (size (W1));
  Delta2 = zeros (size (W2));
  for t = 1:m
    a1 = [1; X(t, :)'];
    z2 = W1 * a1;
    a2 = [1; g(z2)];
    a3 = g (W2 * a2);
    target = zeros (n_out, 1);
    target(y(t)) = 1;
    for k = 1:n_out
      J = J - target(k) * log (a3(k)) - (1 - target(k)) * log (1 - a3(k));
    endfor
    d3 = a3 - target;
    d2 = W2' * d3 .* a2 .* (1 - a2);
    d2 = d2(2:end);            # the bias unit has no delta
    Delta2 += d3 * a1_of(a2);
    Delta1 += d2 * a1_of(a1);
  endfor
  J /= m;
  for W = {W1, W2}
    J += reg / (2 * m) * sumsq (W{1}(:, 2:end)(:));
  endfor
  D1 = Delta1 / m;
  D2 = Delta2 / m;
  D1(:, 2:end) += reg / m * W1(:, 2:end);
  D2(:, 2:end) += reg / m * W2(:, 2:end);
  grad = [D1(:); D2(:)];
endfunction

function r = a1_of (a)
  r = a';
endfunction

function s = g (z)
  s = 1.0 ./ (1.0 + e .^ (-z));
endfunction
