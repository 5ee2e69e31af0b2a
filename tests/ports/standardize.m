function [z, mu, sigma] = standardize(x)
% STANDARDIZE  Center and scale the columns of a data matrix.
if nargin < 1
    error('standardize:nargin', 'need data');
end
mu = mean(x);
sigma = std(x);
sigma(sigma == 0) = 1;
z = bsxfun(@rdivide, bsxfun(@minus, x, mu), sigma);
