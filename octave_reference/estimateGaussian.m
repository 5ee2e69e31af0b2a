function [mu, sigma2] = estimateGaussian(X)
%ESTIMATEGAUSSIAN Estimate the mean and the variance of every feature.
%   [mu sigma2] = ESTIMATEGAUSSIAN(X) returns two columns, an entry for each column of X.
%   The variance divides by m, as the lecture's maximum likelihood does.

  if nargin != 1
    print_usage();
  end
  [m, n] = size(X);
  mu = zeros(n, 1);
  sigma2 = zeros(n, 1);
  for j = 1:n
    mu(j) = sum(X(:, j)) / m;
    sigma2(j) = sum((X(:, j) - mu(j)) .^ 2) / m;
  end
end

%!test
%! [mu, sigma2] = estimateGaussian(sin(magic(4))(:, 1:3));
%! assert(mu, [-0.397877900349; 0.389225293672; -0.008007190218], 1e-12);
%! assert(sigma2, [0.277947113181; 0.658437807686; 0.204141165269], 1e-12);
%!assert(nthargout(2, @estimateGaussian, [1; 3]), 1)
