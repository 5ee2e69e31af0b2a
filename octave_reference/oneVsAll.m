function all_theta = oneVsAll(X, y, num_labels, lambda, options)
%ONEVSALL  One logistic regression for each label.
%   all_theta = ONEVSALL(X, y, num_labels, lambda, options): X is m x n without a
%   column of ones, y holds labels 1..num_labels. Row c of all_theta is the theta
%   (n + 1 elements, the intercept first) that fmincg finds from zeros for the
%   targets y == c. options go to fmincg; optimset('MaxIter', 50) when omitted.

  if nargin < 4
    print_usage();
  end
  if nargin < 5
    options = optimset('MaxIter', 50);
  end
  [m, n] = size(X);
  X = [ones(m, 1) X];

  all_theta = zeros(num_labels, n + 1);
  for c = 1:num_labels
    initial_theta = zeros(n + 1, 1);
    theta = fmincg(@lrCostFunction, initial_theta, options, X, double(y == c), lambda);
    all_theta(c, :) = theta';
  end

end

%!test % each row at the minimum of its own cost
%! X = [1 1; 2 1; 1 2; 8 1; 9 2; 8 2; 4 9; 5 8; 5 9]; y = [1; 1; 1; 2; 2; 2; 3; 3; 3];
%! all_theta = oneVsAll (X, y, 3, 0.1, optimset ('MaxIter', 400));
%! assert (size (all_theta), [3 3]);
%! for c = 1:3
%!   [J, grad] = logisticCost (all_theta(c, :)', X, double (y == c), 0.1);
%!   assert (norm (grad) < 1e-6);
%! end
%! assert (predictOneVsAll (all_theta, X), y);
%!test % 50 searches when nothing is said
%! X = cos (reshape (1:40, 20, 2)); y = 1 + mod ((1:20)', 2);
%! assert (oneVsAll (X, y, 2, 0.1), oneVsAll (X, y, 2, 0.1, struct ('MaxIter', 50)));
%! assert (! isequal (oneVsAll (X, y, 2, 0.1), oneVsAll (X, y, 2, 0.1, struct ('MaxIter', 1))));
%!error <Invalid call> oneVsAll (1, 2, 3)
