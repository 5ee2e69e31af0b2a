function [relative_difference, numgrad, grad] = checkNNGradients(lambda, layer_sizes, m)
%CHECKNNGRADIENTS  Backpropagation beside the numerical gradient, on a small network.
%   [relative_difference, numgrad, grad] = CHECKNNGRADIENTS(lambda) takes the
%   course's network 3-5-3 with 5 examples, all values from
%   debugInitializeWeights, and y = 1 + mod(1:5, 3)'. The first result is
%   norm(numgrad - grad) / norm(numgrad + grad), below 1e-9 for a right gradient.
%   lambda is 0 when omitted.
%
%   CHECKNNGRADIENTS(lambda, layer_sizes, m) takes other layers and examples.

  if nargin < 1
    lambda = 0;
  end
  if nargin < 3
    layer_sizes = [3 5 3];
    m = 5;
  end

  theta_vec = debugInitializeThetas(layer_sizes);
  X = debugInitializeWeights(m, layer_sizes(1) - 1);
  if layer_sizes(end) == 1
    y = mod(1:m, 2)';
  else
    y = 1 + mod(1:m, layer_sizes(end))';
  end

  [J, grad] = nnCostFunction(theta_vec, layer_sizes, X, y, lambda);
  numgrad = computeNumericalGradient(@nnCostFunction, theta_vec, layer_sizes, X, y, lambda);
  relative_difference = norm(numgrad - grad) / norm(numgrad + grad);

end

%!test % the course's network: all 38 entries, and the cost for three lambdas
%! [relative_difference, numgrad, grad] = checkNNGradients ();
%! expected = [-0.00927825235798855 0.00889911959566955 -0.00836010761746488 ...
%!   0.0076281355108297 -0.00674798370031873 -3.04978913519708e-06 ...
%!   1.42869442534125e-05 -2.59383100023537e-05 3.69883234431411e-05 ...
%!   -4.68759768851705e-05 -0.000175060082340578 0.000233146356524616 ...
%!   -0.00028746872934512 0.000335320347216194 -0.000376215586743409 ...
%!   -9.62660619530045e-05 0.00011798266579571 -0.000137149706034393 ...
%!   0.000153247081600126 -0.00016656029419676 0.314544970053852 ...
%!   0.111056588217144 0.0974006969644392 0.164090818795005 0.0575736493494124 ...
%!   0.0504575854862287 0.16456793228789 0.0577867378497112 0.0507530172908855 ...
%!   0.158339333883892 0.0559235296009807 0.0491620841150116 0.151127527466251 ...
%!   0.0536967009102824 0.0471456248525281 0.149568334716819 0.053154205242622 ...
%!   0.0465597186259366]';
%! assert (grad, expected, 1e-15);
%! assert (numgrad, expected, 1e-10);
%! assert (relative_difference < 1e-10);
%! assert (relative_difference, norm (numgrad - grad) / norm (numgrad + grad), -1e-14);
%!test
%! theta_vec = debugInitializeThetas ([3 5 3]);
%! X = debugInitializeWeights (5, 2); y = 1 + mod (1:5, 3)';
%! assert (nnCostFunction (theta_vec, [3 5 3], X, y, 0), 2.10095056990246, -1e-14);
%! assert (nnCostFunction (theta_vec, [3 5 3], X, y, 1), 2.1160869849431, -1e-14);
%! assert (nnCostFunction (theta_vec, [3 5 3], X, y, 3), 2.14635981502436, -1e-14);
%!assert (checkNNGradients (3) < 1e-10)
%!assert (checkNNGradients (1, [4 3 2 1], 6) < 1e-9)
%!assert (checkNNGradients (0, [2 3], 4) < 1e-9)
