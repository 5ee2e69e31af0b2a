function [f, df, q] = productCircuit(x, y, z)
%PRODUCTCIRCUIT  The circuit (x + y) z, forward and backward, gate by gate.
%   [f, df, q] = PRODUCTCIRCUIT(x, y, z): q = x + y, f = q z, and the gradient
%   df = [df/dx, df/dy, df/dz, df/dq] by the chain rule from the output back.

  % Forward.
  q = x + y;
  f = q * z;

  % Backward. The product gate exchanges its inputs, the sum gate passes on.
  df_df = 1;
  df_dz = q * df_df;
  df_dq = z * df_df;
  df_dx = 1 * df_dq;
  df_dy = 1 * df_dq;
  df = [df_dx, df_dy, df_dz, df_dq];

end

%!test
%! [f, df, q] = productCircuit (-2, 5, -4);
%! assert (f, -12);
%! assert (q, 3);
%! assert (df, [-4 -4 3 -4]);
%!test
%! [f, df] = productCircuit (0.3, -1.2, 2.5);
%! slope = computeNumericalGradient (@(p) productCircuit (p(1), p(2), p(3)), [0.3; -1.2; 2.5]);
%! assert (df(1:3)', slope, 1e-8);
%!error <undefined> productCircuit (1)
