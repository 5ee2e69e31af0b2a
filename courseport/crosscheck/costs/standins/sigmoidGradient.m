function g = sigmoidGradient (z)
  %SIGMOIDGRADIENT Return the slope of the sigmoid at z, elementwise.
  g = 1 ./ (1 + exp (-z)) .* (1 - 1 ./ (1 + exp (-z)));
end
