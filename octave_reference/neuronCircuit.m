function [f, dw, dx, values, gradients] = neuronCircuit(w, x)
%NEURONCIRCUIT  The neuron 1 / (1 + exp(-(w0 x0 + w1 x1 + w2))), gate by gate.
%   [f, dw, dx, values, gradients] = NEURONCIRCUIT(w, x) with w = [w0 w1 w2] and
%   x = [x0 x1]: the output f, its gradients, and value and gradient at each gate
%   after the inputs, in the order w0 x0, w1 x1, their sum, that + w2, times -1,
%   exp, + 1, 1/.

  % Forward.
  p0 = w(1) * x(1);
  p1 = w(2) * x(2);
  s = p0 + p1;
  z = s + w(3);
  negative = -z;
  e = exp(negative);
  d = 1 + e;
  f = 1 / d;
  values = [p0 p1 s z negative e d f];

  % Backward: the local derivative of each gate times the gradient behind it.
  df = 1;
  dd = -1 / d ^ 2 * df;
  de = 1 * dd;
  dnegative = exp(negative) * de;
  dz = -1 * dnegative;
  ds = 1 * dz;
  dp0 = 1 * ds;
  dp1 = 1 * ds;
  dw = [x(1) * dp0, x(2) * dp1, dz];
  dx = [w(1) * dp0, w(2) * dp1];
  gradients = [dp0 dp1 ds dz dnegative de dd df];

end

%!test % at w = 2, -3, -3 and x = -1, -2
%! [f, dw, dx, values, gradients] = neuronCircuit ([2 -3 -3], [-1 -2]);
%! assert (values(1:5), [-2 6 4 1 -1]);
%! assert (round (100 * values(6:8)), [37 137 73]);
%! assert (round (100 * gradients), [20 20 20 20 -20 -53 -53 100]);
%! assert (f, sigmoid (1), eps);
%! assert (dw, sigmoidGradient (1) * [-1 -2 1], eps);
%! assert (dx, sigmoidGradient (1) * [2 -3], eps);
%!test % the gates multiply to g(z) (1 - g(z)), and to the slope
%! w = [0.4 -1.1 0.2]; x = [1.5 0.7];
%! [f, dw, dx] = neuronCircuit (w, x);
%! slope = computeNumericalGradient (@(p) neuronCircuit (p(1:3), p(4:5)), [w x]');
%! assert ([dw dx]', slope, 1e-8);
%!error <undefined> neuronCircuit (1)
