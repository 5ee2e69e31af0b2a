function [Ynorm, Ymean] = normalizeRatings(Y, R)
%NORMALIZERATINGS  Ratings less the mean rating of each movie.
%   [Ynorm, Ymean] = NORMALIZERATINGS(Y, R): Ymean(i) is the mean of Y(i, j) over
%   the users with R(i, j) = 1, 0 where there are none;
%   Ynorm(i, j) = Y(i, j) - Ymean(i) where R(i, j) = 1, else 0.

  if nargin != 2
    print_usage();
  end
  Ymean = zeros(rows(Y), 1);
  Ynorm = zeros(size(Y));
  for i = 1:rows(Y)
    rated = find(R(i, :) == 1);
    if ! isempty(rated)
      Ymean(i) = mean(Y(i, rated));
      Ynorm(i, rated) = Y(i, rated) - Ymean(i);
    end
  end

end

%!test
%! % means by hand: (5 + 1)/2 = 3, 4, and no rating
%! [Ynorm, Ymean] = normalizeRatings([5 1 7; 4 0 9; 2 2 2], [1 1 0; 1 0 0; 0 0 0]);
%! assert(Ymean, [3; 4; 0]);
%! assert(Ynorm, [2 -2 0; 0 0 0; 0 0 0]);
%!test
%! % an unrated entry is never read
%! [Ynorm, Ymean] = normalizeRatings([NaN 2], [0 1]);
%! assert(Ymean, 2);
%! assert(Ynorm, [0 0]);
%!error <Invalid call> normalizeRatings(1)
