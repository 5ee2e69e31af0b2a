function g = activationGradient(name, z)
%ACTIVATIONGRADIENT  The derivative of an activation function at each element of z.
%   g = ACTIVATIONGRADIENT(name, z) for the names of activation:
%     'sigmoid'     g(z) (1 - g(z))
%     'tanh'        1 - tanh(z)^2
%     'relu'        1 for z > 0, else 0: 0 at z = 0 by convention
%     'leaky_relu'  1 for z > 0, else 0.01: 0.01 at z = 0 by convention
%     'linear'      1

  switch name
    case 'sigmoid'
      g = sigmoidGradient(z);
    case 'tanh'
      g = 1 - tanh(z) .^ 2;
    case 'relu'
      g = double(z > 0);
    case 'leaky_relu'
      g = 0.01 * ones(size(z));
      g(z > 0) = 1;
    case 'linear'
      g = ones(size(z));
    otherwise
      error('activationGradient: name must be sigmoid, tanh, relu, leaky_relu or linear, got %s', name);
  end

end

%!assert (activationGradient ('relu', [-2 0 3]), [0 0 1])
%!assert (activationGradient ('leaky_relu', [-2 0 3]), [0.01 0.01 1])
%!assert (activationGradient ('linear', [-2 0; 3 1]), ones (2))
%!assert (activationGradient ('sigmoid', 0.5), 0.235003712201594, 1e-15)
%!assert (activationGradient ('tanh', log (2)), 16/25, eps)
%!test % each the slope of its activation, off the kink
%! z = [-3 -1.2 -0.3 0.4 1 2.5];
%! for name = {'sigmoid', 'tanh', 'relu', 'leaky_relu', 'linear'}
%!   slope = (activation (name{1}, z + 1e-5) - activation (name{1}, z - 1e-5)) / 2e-5;
%!   assert (activationGradient (name{1}, z), slope, 1e-10);
%! end
%!error <name must be sigmoid, tanh, relu, leaky_relu or linear, got swish> activationGradient ('swish', 1)
