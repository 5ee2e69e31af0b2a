function grad = forwardDifference(f, x, h)
%FORWARDDIFFERENCE  Partial derivatives by a step forward.
%   grad = FORWARDDIFFERENCE(f, x, h) moves one element of x at a time by h:
%     grad(i) = (f(x + h e_i) - f(x)) / h.
%   f is a function of the vector x, or its name. h is 1e-6 when omitted. For a
%   scalar x this is the derivative.

  if nargin < 2
    print_usage();
  end
  if nargin < 3
    h = 1e-6;
  end
  grad = zeros(size(x));
  for i = 1:numel(x)
    moved = x;
    moved(i) = moved(i) + h;
    grad(i) = (feval(f, moved) - feval(f, x)) / h;
  end

end

%!test % 2x^2 + 3xy + 5y^2 at (2, 3): 4x + 3y = 17 and 3x + 10y = 36
%! grad = forwardDifference (@(p) 2 * p(1)^2 + 3 * p(1) * p(2) + 5 * p(2)^2, [2 3]);
%! assert (grad, [17.000002003442205 36.000004996594726], 1e-14);
%!assert (forwardDifference (@sin, 0.5), cos (0.5), 1e-6)
%!test % the error is h/2 times the second derivative
%! assert (forwardDifference (@(x) x ^ 2, 3, 1/1024), 6 + 1/1024);
%!error <Invalid call> forwardDifference (@sin)
