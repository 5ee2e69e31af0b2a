function factor = penaltyFactor(penalty, lambda, m)
%PENALTYFACTOR  c in the penalty c/2 times the sum of squared weights.
%   factor = PENALTYFACTOR(penalty, lambda, m): lambda / m for 'lambda/2m', as in
%   the course, lambda for 'lambda/2', as in the regression lecture. The penalty
%   adds factor * Theta to the gradient, bias left out.

  switch penalty
    case 'lambda/2m'
      factor = lambda / m;
    case 'lambda/2'
      factor = lambda;
    otherwise
      error('penaltyFactor: penalty must be lambda/2m or lambda/2, got %s', penalty);
  end

end

%!assert (penaltyFactor ('lambda/2m', 3, 6), 0.5)
%!assert (penaltyFactor ('lambda/2', 3, 6), 3)
%!error <penalty must be lambda/2m or lambda/2, got l1> penaltyFactor ('l1', 3, 6)
