function g = sigmoid (z)
  %SIGMOID Return 1 / (1 + exp (-z)), elementwise.
  g = 1 ./ (1 + exp (-z));
end
