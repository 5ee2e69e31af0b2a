function losses = lossFunction(loss, z, a, Y)
%LOSSFUNCTION  The loss of each output unit for each example.
%   losses = LOSSFUNCTION(loss, z, a, Y), all of one size, with loss one of
%     'cross_entropy'  -y log a - (1 - y) log(1 - a) for a = g(z); taken from z,
%                      so that it is right where a rounds to 0 or 1
%     'squared_error'  (a - y)^2 / 2

  switch loss
    case 'cross_entropy'
      losses = -Y .* logSigmoid(z) - (1 - Y) .* logSigmoid(-z);
    case 'squared_error'
      losses = (a - Y) .^ 2 / 2;
    otherwise
      error('lossFunction: loss must be cross_entropy or squared_error, got %s', loss);
  end

end

%!assert (lossFunction ('squared_error', [], [1 2; 3 4], [1 0; 5 1]), [0 2; 2 4.5])
%!assert (lossFunction ('cross_entropy', [0 0], [0.5 0.5], [0 1]), log (2) * [1 1], eps)
%!test
%! z = [-2 0.3 1.5]; a = sigmoid (z); Y = [1 0 0.4];
%! assert (lossFunction ('cross_entropy', z, a, Y), -Y .* log (a) - (1 - Y) .* log (1 - a), 1e-15);
%!assert (lossFunction ('cross_entropy', [1e3 -1e3], [1 0], [0 0]), [1e3 0])
%!error <loss must be cross_entropy or squared_error, got hinge> lossFunction ('hinge', 1, 1, 1)
