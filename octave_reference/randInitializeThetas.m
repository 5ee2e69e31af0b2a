function theta_vec = randInitializeThetas(layer_sizes, epsilon_init, seed)
%RANDINITIALIZETHETAS  Random weights of a whole network, unrolled, from a seed.
%   theta_vec = RANDINITIALIZETHETAS(layer_sizes, epsilon_init, seed) seeds the
%   Mersenne twister with rand('twister', seed) and draws Theta1, Theta2, ... one
%   after the other, each column by column, by randInitializeWeights.
%   epsilon_init is a number, or 'per_layer' for sqrt(6) / sqrt(L_in + L_out).

  if nargin != 3
    print_usage();
  end

  rand('twister', seed);
  Thetas = cell(1, numel(layer_sizes) - 1);
  for l = 1:numel(Thetas)
    Thetas{l} = randInitializeWeights(layer_sizes(l), layer_sizes(l+1), epsilon_init);
  end
  theta_vec = unroll(Thetas);

end

%!assert (size (randInitializeThetas ([400 25 10], 0.12, 0)), [10285 1])
%!test % one stream of numbers through all layers
%! theta_vec = randInitializeThetas ([3 4 2], 0.5, 42);
%! rand ('twister', 42);
%! assert (theta_vec, rand (26, 1) - 0.5);
%!test
%! theta_vec = randInitializeThetas ([3 4 2], 'per_layer', 42);
%! rand ('twister', 42);
%! u = 2 * rand (26, 1) - 1;
%! assert (theta_vec, [u(1:16) * sqrt(6/7); u(17:26)], eps);
%!test % the first numbers of the generator: MT19937 keyed by the array [42], 53 bits
%! theta_vec = randInitializeThetas ([1 1], 0.5, 42);
%! assert (theta_vec + 0.5, [0.6394267984578837; 0.025010755222666936], eps);
%!error <Invalid call> randInitializeThetas ([3 4 2])
