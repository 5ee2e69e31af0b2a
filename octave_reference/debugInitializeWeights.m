function W = debugInitializeWeights(fan_out, fan_in)
%DEBUGINITIALIZEWEIGHTS  Weights that are the same each time, for debugging.
%   W = DEBUGINITIALIZEWEIGHTS(fan_out, fan_in) is fan_out x (1 + fan_in) and
%   holds sin(1), sin(2), ... divided by 10, column by column.

  if nargin != 2
    print_usage();
  end
  W = zeros(fan_out, 1 + fan_in);
  W = reshape(sin(1:numel(W)), size(W)) / 10;

end

%!assert (debugInitializeWeights (2, 1), sin ([1 3; 2 4]) / 10)
%!assert (size (debugInitializeWeights (25, 400)), [25 401])
%!error <Invalid call> debugInitializeWeights (2)
