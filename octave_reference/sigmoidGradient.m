function g = sigmoidGradient(z)
%SIGMOIDGRADIENT  The derivative of the logistic function at each element of z.
%   g = SIGMOIDGRADIENT(z) computes g'(z) = g(z) (1 - g(z)).

  g = sigmoid(z) .* (1 - sigmoid(z));

end

%!assert (sigmoidGradient ([1 0.5 0]), [0.196611933241482 0.235003712201594 0.25], 1e-15)
%!assert (sigmoidGradient ([-1e4 1e4]), [0 0])
%!test % the slope of sigmoid by a two-sided difference
%! z = magic (4) - 8;
%! slope = (sigmoid (z + 1e-5) - sigmoid (z - 1e-5)) / 2e-5;
%! assert (sigmoidGradient (z), slope, 1e-10);
%!error <'z' undefined> sigmoidGradient ()
