function [X_norm, mu, sigma] = featureNormalize(X)
%FEATURENORMALIZE  Each feature with mean 0 and standard deviation 1.
%   [X_norm, mu, sigma] = FEATURENORMALIZE(X): mu and sigma are rows, the mean and
%   the standard deviation (divisor m - 1) of each column, and
%   X_norm = (X - mu) ./ sigma. New examples are scaled by the same mu and sigma.

  if nargin != 1
    print_usage();
  end
  m = rows(X);
  mu = sum(X, 1) / m;
  difference = X - mu;
  sigma = sqrt(sum(difference .^ 2, 1) / (m - 1));
  X_norm = difference ./ sigma;

end

%!test
%! [X_norm, mu, sigma] = featureNormalize ([1 10; 2 20; 3 60]);
%! assert (mu, [2 30]);
%! assert (sigma, [1 sqrt(700)], -eps);
%! assert (X_norm, [-1 -20/sqrt(700); 0 -10/sqrt(700); 1 30/sqrt(700)], 4 * eps);
%!test % against std
%! X = cos (reshape (1:30, 10, 3));
%! [X_norm, mu, sigma] = featureNormalize (X);
%! assert (sigma, std (X), 1e-15);
%! assert (mean (X_norm), zeros (1, 3), 1e-15);
%! assert (std (X_norm), ones (1, 3), 1e-15);
%!error <Invalid call> featureNormalize ()
