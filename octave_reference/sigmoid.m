function g = sigmoid(z)
%SIGMOID  The logistic function of each element of z.
%   g = SIGMOID(z) computes g(z) = 1 / (1 + exp(-z)). It is 0 or 1 where exp
%   overflows, never NaN.

  g = 1 ./ (1 + exp(-z));

end

%!assert (sigmoid (0), 0.5)
%!assert (sigmoid ([-1e4 1e4]), [0 1])
%!assert (sigmoid ([-Inf Inf]), [0 1])
%!assert (sigmoid (log (3)), 3/4, eps)
%!assert (size (sigmoid (zeros (3, 2))), [3 2])
%!test % g(-z) = 1 - g(z)
%! z = linspace (-30, 30, 101);
%! assert (sigmoid (-z), 1 - sigmoid (z), 2 * eps);
%!test % against the series of tanh: g(z) = (1 + tanh(z/2)) / 2
%! z = linspace (-5, 5, 41);
%! assert (sigmoid (z), (1 + tanh (z / 2)) / 2, 2 * eps);
%!error <'z' undefined> sigmoid ()
