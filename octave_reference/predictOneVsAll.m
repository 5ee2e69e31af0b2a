function p = predictOneVsAll(all_theta, X)
%PREDICTONEVSALL  The label whose logistic regression gives the largest probability.
%   p = PREDICTONEVSALL(all_theta, X) for the rows of X, without a column of ones.
%   g rises with its argument, so the largest [1 x] theta' is taken, which differs
%   still where several probabilities round to 1.

  if nargin != 2
    print_usage();
  end
  [largest, p] = max([ones(rows(X), 1) X] * all_theta', [], 2);

end

%!assert (predictOneVsAll ([0 1 0; 0 0 1; 1 0 0], [3 2; 2 3; 0.5 0.2; 1 1]), [1; 2; 3; 1])
%!assert (predictOneVsAll ([0 100; 0 200; 0 150], 1), 2)
%!error <Invalid call> predictOneVsAll (1)
