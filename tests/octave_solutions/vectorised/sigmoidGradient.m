function g = sigmoidGradient(z)
%SIGMOIDGRADIENT  The slope of the sigmoid at z, elementwise.
g = sigmoid(z) .* (1 - sigmoid(z));
end
