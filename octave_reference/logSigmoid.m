function l = logSigmoid(z)
%LOGSIGMOID  log(g(z)) without overflow and without log(0).
%   l = LOGSIGMOID(z) computes log(1 / (1 + exp(-z))) for each element of z.
%   log(1 - g(z)) is LOGSIGMOID(-z), since 1 - g(z) = g(-z).
%
%   log(1 / (1 + exp(-z))) = -log(1 + exp(-z)) for z >= 0, and after taking
%   exp(z) out of the fraction, z - log(1 + exp(z)) for z < 0. In both cases exp
%   is at most 1 and log1p keeps what is small beside 1.

  l = min(z, 0) - log1p(exp(-abs(z)));

end

%!assert (logSigmoid (0), -log (2), eps)
%!assert (logSigmoid (-1000), -1000)
%!assert (logSigmoid (1000), 0)
%!assert (logSigmoid (40), -4.248354255291589e-18, -1e-15)
%!assert (logSigmoid (-40), -40)
%!test % the plain formulas where nothing is lost
%! z = linspace (-4, 4, 33);
%! assert (logSigmoid (z), log (sigmoid (z)), 1e-14);
%! assert (logSigmoid (-z), log (1 - sigmoid (z)), 1e-13);
%!error <'z' undefined> logSigmoid ()
