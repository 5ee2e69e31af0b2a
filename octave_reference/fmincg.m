function [X, fX, i, evaluations] = fmincg(f, X, options, varargin)
%FMINCG  Minimise a function by conjugate gradients (Polak-Ribiere).
%   [X, fX, i, evaluations] = FMINCG(f, X, options, ...) starts at the column X. f
%   is a function or its name, called as [J, grad] = f(X, ...) with what follows
%   options. options.MaxIter is the number of line searches, 100 when omitted; the
%   number alone may stand for options.
%   fX holds the cost after each successful search, i the number of searches and
%   evaluations the number of calls of f.
%
%   A line search goes on by quadratic and cubic interpolation and extrapolation
%   until the Wolfe-Powell conditions hold, for the start f1 with slope d1 < 0:
%     f2 <= f1 + z1 RHO d1 and |d2| <= -SIG d1, RHO = 0.01, SIG = 0.5.
%   The next direction is s := (g2'g2 - g1'g2) / (g1'g1) s - g2, or -g2 where that
%   does not go down. After a search that failed the direction starts anew; two
%   failures in a row end the minimisation.

  if nargin < 2
    print_usage();
  end
  RHO = 0.01;
  SIG = 0.5;
  MAX = 20;      % evaluations in one line search, after its first
  RATIO = 100;   % largest growth of the first step from one search to the next
  MaxIter = 100;
  if nargin >= 3 && isnumeric(options) && isscalar(options)
    MaxIter = options;
  elseif nargin >= 3 && isfield(options, 'MaxIter') && ! isempty(options.MaxIter)
    MaxIter = options.MaxIter;
  end

  fX = [];
  i = 0;
  failed_before = false;
  [f1, g1] = feval(f, X, varargin{:});
  evaluations = 1;
  s = -g1;
  d1 = -s' * s;
  z1 = 1 / (1 - d1);

  while i < MaxIter
    i = i + 1;
    X0 = X;
    f0 = f1;
    g0 = g1;

    X = X + z1 * s;
    [f2, g2] = feval(f, X, varargin{:});
    evaluations = evaluations + 1;
    d2 = g2' * s;
    f3 = f1;
    d3 = d1;
    z3 = -z1;
    M = MAX;
    limit = [];

    while true
      while (f2 > f1 + z1 * RHO * d1 || d2 > -SIG * d1) && M > 0
        limit = z1;
        z2 = fmincgInterpolate(f1, f2, d2, f3, d3, z3);
        z1 = z1 + z2;
        X = X + z2 * s;
        [f2, g2] = feval(f, X, varargin{:});
        evaluations = evaluations + 1;
        M = M - 1;
        d2 = g2' * s;
        z3 = z3 - z2;
      end

      if f2 > f1 + z1 * RHO * d1 || d2 > -SIG * d1
        success = false;
        break;
      elseif d2 > SIG * d1
        success = true;
        break;
      elseif M == 0
        success = false;
        break;
      end

      z2 = fmincgExtrapolate(z1, f2, d2, f3, d3, z3, limit);
      f3 = f2;
      d3 = d2;
      z3 = -z2;
      z1 = z1 + z2;
      X = X + z2 * s;
      [f2, g2] = feval(f, X, varargin{:});
      evaluations = evaluations + 1;
      M = M - 1;
      d2 = g2' * s;
    end

    if success
      f1 = f2;
      fX = [fX; f1];
      s = (g2' * g2 - g1' * g2) / (g1' * g1) * s - g2;
      [g1, g2] = deal(g2, g1);
      d2 = g1' * s;
      if d2 > 0
        s = -g1;
        d2 = -s' * s;
      end
      z1 = z1 * min(RATIO, d1 / (d2 - realmin()));
      d1 = d2;
      failed_before = false;
    else
      X = X0;
      f1 = f0;
      g1 = g0;
      if failed_before
        break;
      end
      % The direction starts at the gradient that was evaluated last.
      [g1, g2] = deal(g2, g1);
      s = -g1;
      d1 = -s' * s;
      z1 = 1 / (1 - d1);
      failed_before = true;
    end
  end

end

%!function [J, grad] = bowl (x)
%!  H = [3 1; 1 2];
%!  J = x' * H * x / 2 - sum (x);
%!  grad = H * x - 1;
%!endfunction
%!function [J, grad] = banana (x)
%!  J = 100 * (x(2) - x(1)^2)^2 + (1 - x(1))^2;
%!  grad = [-400 * x(1) * (x(2) - x(1)^2) - 2 * (1 - x(1)); 200 * (x(2) - x(1)^2)];
%!endfunction
%!test % a bowl with its minimum at [0.2; 0.4]
%! [x, fX, i, evaluations] = fmincg (@bowl, [5; -3], optimset ('MaxIter', 40));
%! assert (x, [0.2; 0.4], 1e-7);
%! assert (all (diff (fX) <= 0));
%! assert (numel (fX) <= i && i <= 40 && evaluations > i);
%!test % Rosenbrock's valley
%! [x, fX] = fmincg (@banana, [-1.2; 1], optimset ('MaxIter', 200));
%! assert (x, [1; 1], 1e-6);
%! assert (all (diff (fX) <= 0));
%!test % MaxIter counts the line searches
%! [x, fX, i] = fmincg (@banana, [-1.2; 1], struct ('MaxIter', 5));
%! assert (i, 5);
%! [x, fX, i] = fmincg (@banana, [-1.2; 1], 7);
%! assert (i, 7);
%! [x, fX, i] = fmincg (@banana, [-1.2; 1]);
%! assert (i <= 100 && i > 7);
%! [x, fX, i] = fmincg (@banana, [-1.2; 1], struct ('MaxIter', 0));
%! assert (i, 0);
%! assert (x, [-1.2; 1]);
%! assert (isempty (fX));
%!test % by name, with further arguments; logistic regression against fminunc
%! X = cos (reshape (1:18, 6, 3)); y = [1; 0; 0; 1; 1; 0];
%! theta = fmincg ('logisticCost', zeros (4, 1), optimset ('MaxIter', 100), X, y, 0.5);
%! options = optimset ('GradObj', 'on', 'TolX', 1e-12, 'TolFun', 1e-12);
%! assert (theta, fminunc (@(t) logisticCost (t, X, y, 0.5), zeros (4, 1), options), 1e-6);
%!test % at the minimum two searches fail and that is the end
%! [x, fX, i] = fmincg (@bowl, [0.2; 0.4], optimset ('MaxIter', 40));
%! assert (x, [0.2; 0.4], 1e-15);
%! assert (i < 40);
%!test % a gradient of the wrong sign: nothing is lowered, X stays
%! [x, fX, i] = fmincg (@(t) deal (t' * t, -2 * t), [1; 2], optimset ('MaxIter', 40));
%! assert (x, [1; 2]);
%! assert (isempty (fX));
%! assert (i, 2);
%!test % by hand, x^2 from 1: z1 = 1/5 leads to 0.6, the cubic from there to 0
%! [x, fX, i, evaluations] = fmincg (@(t) deal (t ^ 2, 2 * t), 1, struct ('MaxIter', 1));
%! assert (x, 0, 1e-13);
%! assert (fX, 0, 1e-26);
%! assert ([i evaluations], [1 3]);
%!function [J, grad] = table (x, at, values, slopes)
%!  k = find (x(1) <= at, 1);
%!  J = values(k);
%!  grad = slopes(:, k);
%!endfunction
%!test % from slope -1 at 0 the first step is 1/2; what is accepted there without a second look
%! one = struct ('MaxIter', 1);
%! look = @(f, d) nthargout (2:4, @fmincg, @table, 0, one, [0 Inf], [0 f], [-1 d]);
%! for accepted = [-0.0051 -0.0075 -0.0075 -3; 0.49 0.49 -0.49 0]
%!   assert (look (accepted(1), accepted(2)), {accepted(1), 1, 2});
%! end
%! for refused = [-0.0049 -0.0075 -0.0075 0.1; 0 0.51 -0.51 0]
%!   seen = look (refused(1), refused(2));
%!   assert (seen{3} > 2);
%! end
%!test % a search that finds nothing: its first evaluation and 20 more
%! more = {[0 0.3 0.45 Inf], [0 0 -5 0], [-1 -0.5 0 -0.5]};
%! [x, fX, i, evaluations] = fmincg (@table, 0, struct ('MaxIter', 1), more{:});
%! assert (x, 0);
%! assert ([numel(fX) i evaluations], [0 1 22]);
%! % the next direction is minus the last gradient: s = 0.5, d1 = -0.25, z1 = 1 / 1.25
%! [x, fX, i, evaluations] = fmincg (@table, 0, struct ('MaxIter', 2), more{:});
%! assert (x, 0.4, 1e-15);
%! assert ({fX, i, evaluations}, {-5, 2, 23});
%!test % the first step grows at most hundredfold: s = 0.01, d1 = -0.001, z1 = 50, not 500
%! [x, fX, i, evaluations] = fmincg (@table, 0, struct ('MaxIter', 2), [0 0.5 Inf], [0 -1 -2], [-1 -0.1 0]);
%! assert (x, 1, 1e-14);
%! assert ({fX, i, evaluations}, {[-1; -2], 2, 3});
%!test % and by the ratio of the slopes: g2 = -0.4, s = 0.16, d2 = -0.064, z1 = 0.5 / 0.064
%! x = fmincg (@table, 0, struct ('MaxIter', 2), [0 0.5 Inf], [0 -1 -2], [-1 -0.4 0]);
%! assert (x, 0.5 + 0.16 * 0.5 / 0.064, 1e-14);
%!test % a direction that goes up is replaced: g2 = 0.4, s = -0.4, d2 = -0.16, z1 = 0.5 / 0.16
%! x = fmincg (@table, 0, struct ('MaxIter', 2), [-0.1 0 Inf], [-9 0 -1], [0 -1 0.4]);
%! assert (x, -0.75, 1e-14);
%!test % Polak-Ribiere: s = (0.25 - 0.4) [1; 0] + [0.4; 0.3] = [0.25; 0.3], d2 = -0.19
%! x = fmincg (@table, [0; 0], struct ('MaxIter', 2), [0 0.5 Inf], [0 -1 -2], [-1 -0.4 0; 0 -0.3 0]);
%! assert (x, [0.5; 0] + 0.5 / 0.19 * [0.25; 0.3], 1e-14);
%!error <Invalid call> fmincg (@sin)
