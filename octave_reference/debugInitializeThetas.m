function theta_vec = debugInitializeThetas(layer_sizes)
%DEBUGINITIALIZETHETAS  The debug weights of a whole network, unrolled.
%   theta_vec = DEBUGINITIALIZETHETAS(layer_sizes) puts the
%   debugInitializeWeights of each layer one after the other; the sequence of
%   sines starts at 1 again for each Theta.

  if nargin != 1
    print_usage();
  end
  theta_vec = [];
  for l = 1:numel(layer_sizes)-1
    W = debugInitializeWeights(layer_sizes(l+1), layer_sizes(l));
    theta_vec = [theta_vec; W(:)];
  end

end

%!assert (debugInitializeThetas ([3 5 3]), sin ([1:20 1:18]') / 10)
%!assert (numel (debugInitializeThetas ([10 10 10 1])), 231)
%!error <Invalid call> debugInitializeThetas ()
