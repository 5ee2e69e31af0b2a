function [bestEpsilon, bestF1] = selectThreshold(yval, pval)
%SELECTTHRESHOLD Find the threshold with the best F1 on a validation set.
%   [bestEpsilon bestF1] = SELECTTHRESHOLD(yval, pval): an example is called an anomaly where its
%   probability pval is below epsilon; yval is 1 where it is one.

  if nargin != 2
    print_usage();
  end
  bestEpsilon = 0;
  bestF1 = 0;
  stepsize = (max(pval) - min(pval)) / 1000;
  for step = 0:1000
    epsilon = min(pval) + step * stepsize;
    called = pval < epsilon;
    tp = sum(called & yval == 1);
    fp = sum(called & yval == 0);
    fn = sum(! called & yval == 1);
    if tp == 0
      continue;  % precision is 0, or 0/0
    end
    precision = tp / (tp + fp);
    recall = tp / (tp + fn);
    F1 = 2 * precision * recall / (precision + recall);
    if F1 > bestF1
      bestF1 = F1;
      bestEpsilon = epsilon;
    end
  end
end

%!test
%! [epsilon, F1] = selectThreshold([1 0 0 1 1]', [0.1 0.2 0.3 0.4 0.5]');
%! assert(epsilon, 0.4004, 1e-12);
%! assert(F1, 0.571428571429, 1e-12);
%!test
%! [epsilon, F1] = selectThreshold(zeros(4, 1), (1:4)');
%! assert([epsilon, F1], [0, 0]);
