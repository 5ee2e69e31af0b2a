function delta = outputDelta(loss, output_activation, z, a, Y)
%OUTPUTDELTA  dloss/dz of each output unit for each example.
%   delta = OUTPUTDELTA(loss, output_activation, z, a, Y):
%     'cross_entropy' with 'sigmoid': the derivatives of loss and sigmoid,
%        (a - y) / (a (1 - a)) and a (1 - a), multiply to a - y
%     'squared_error' with any activation: (a - y) g'(z).

  switch loss
    case 'cross_entropy'
      if ! strcmp(output_activation, 'sigmoid')
        error('outputDelta: cross_entropy needs a sigmoid output, got %s', output_activation);
      end
      delta = a - Y;
    case 'squared_error'
      delta = (a - Y) .* activationGradient(output_activation, z);
    otherwise
      error('outputDelta: loss must be cross_entropy or squared_error, got %s', loss);
  end

end

%!test % the slope of the loss as a function of z
%! z = [-2 0.3 1.5]; Y = [1 0 0.4];
%! cases = {'cross_entropy', 'sigmoid'; 'squared_error', 'sigmoid'; 'squared_error', 'relu';
%!          'squared_error', 'linear'; 'squared_error', 'tanh'; 'squared_error', 'leaky_relu'};
%! for k = 1:rows (cases)
%!   g = @(z) activation (cases{k, 2}, z);
%!   slope = (lossFunction (cases{k, 1}, z + 1e-5, g (z + 1e-5), Y) ...
%!            - lossFunction (cases{k, 1}, z - 1e-5, g (z - 1e-5), Y)) / 2e-5;
%!   assert (outputDelta (cases{k, :}, z, g (z), Y), slope, 1e-9);
%! end
%!error <cross_entropy needs a sigmoid output, got tanh> outputDelta ('cross_entropy', 'tanh', 1, 1, 1)
%!error <loss must be cross_entropy or squared_error, got hinge> outputDelta ('hinge', 'tanh', 1, 1, 1)
