function a = activation(name, z)
%ACTIVATION  An activation function by its name, at each element of z.
%   a = ACTIVATION(name, z) with name one of
%     'sigmoid'     1 / (1 + exp(-z))
%     'tanh'        (exp(z) - exp(-z)) / (exp(z) + exp(-z))
%     'relu'        max(0, z)
%     'leaky_relu'  max(0.01 z, z)
%     'linear'      z

  switch name
    case 'sigmoid'
      a = sigmoid(z);
    case 'tanh'
      a = tanh(z);
    case 'relu'
      a = max(0, z);
    case 'leaky_relu'
      a = max(0.01 * z, z);
    case 'linear'
      a = z;
    otherwise
      error('activation: name must be sigmoid, tanh, relu, leaky_relu or linear, got %s', name);
  end

end

%!assert (activation ('sigmoid', [0 log(3)]), [1/2 3/4], eps)
%!assert (activation ('tanh', [0 log(2)]), [0 3/5], eps)
%!assert (activation ('relu', [-2 0; 3 -0.5]), [0 0; 3 0])
%!assert (activation ('leaky_relu', [-200 0 3]), [-2 0 3])
%!assert (activation ('linear', [-2 0 3]), [-2 0 3])
%!test % tanh is a sigmoid stretched to (-1, 1)
%! z = linspace (-4, 4, 33);
%! assert (activation ('tanh', z), 2 * activation ('sigmoid', 2 * z) - 1, 4 * eps);
%!error <name must be sigmoid, tanh, relu, leaky_relu or linear, got swish> activation ('swish', 1)
