function W = randInitializeWeights(L_in, L_out, epsilon_init)
%RANDINITIALIZEWEIGHTS  Random weights of a layer, to break the symmetry.
%   W = RANDINITIALIZEWEIGHTS(L_in, L_out, epsilon_init) is L_out x (1 + L_in)
%   with entries uniform in (-epsilon_init, epsilon_init); 0.12 when omitted. The
%   text 'per_layer' stands for sqrt(6) / sqrt(L_in + L_out).
%
%   Draws from rand as it stands: rand('twister', seed) before it gives the same
%   weights each time. rand fills a matrix column by column.

  if nargin < 2
    print_usage();
  end
  if nargin < 3
    epsilon_init = 0.12;
  elseif strcmp(epsilon_init, 'per_layer')
    epsilon_init = sqrt(6) / sqrt(L_in + L_out);
  elseif ! (isnumeric(epsilon_init) && isscalar(epsilon_init) && epsilon_init > 0)
    error('randInitializeWeights: epsilon_init must be a positive number or ''per_layer''');
  end

  W = rand(L_out, 1 + L_in) * 2 * epsilon_init - epsilon_init;

end

%!assert (size (randInitializeWeights (400, 25)), [25 401])
%!test % inside the range, filling it, around 0
%! rand ('twister', 1);
%! W = randInitializeWeights (99, 1000, 0.12);
%! assert (all (abs (W(:)) < 0.12));
%! assert (max (W(:)) > 0.1199 && min (W(:)) < -0.1199);
%! assert (mean (W(:)), 0, 1e-3);
%!test
%! rand ('twister', 1);
%! W = randInitializeWeights (20, 30, 'per_layer');
%! assert (max (abs (W(:))), sqrt (6 / 50), 1e-2);
%! assert (max (abs (W(:))) < sqrt (6 / 50));
%!test % 0.12 is the default; the same seed, the same weights
%! rand ('twister', 7); W1 = randInitializeWeights (3, 5);
%! rand ('twister', 7); W2 = randInitializeWeights (3, 5, 0.12);
%! rand ('twister', 8); W3 = randInitializeWeights (3, 5, 0.12);
%! assert (W1, W2);
%! assert (! any (W1(:) == W3(:)));
%!error <Invalid call> randInitializeWeights (3)
%!error <epsilon_init must be a positive number> randInitializeWeights (3, 5, 0)
%!error <epsilon_init must be a positive number> randInitializeWeights (3, 5, 'small')
