function z2 = fmincgExtrapolate(z1, f2, d2, f3, d3, z3, limit)
%FMINCGEXTRAPOLATE  The step of fmincg beyond the last point.
%   z2 = FMINCGEXTRAPOLATE(z1, f2, d2, f3, d3, z3, limit): the search has come to
%   z1 (point 2, value f2, slope d2); point 3 lies at z3 < 0 from there with f3 and
%   d3. z2 is the minimum of the cubic through both, but
%     no less than a tenth of -z3, and at most to three times z1 while no
%     limit is known (limit = []),
%     else half the way to the limit if the cubic leads past it, and at least
%     nine tenths of the way to it otherwise.
%   Where the cubic has no minimum ahead: to three times z1, or half the way.

  INT = 0.1;
  EXT = 3;
  A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3);
  B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2);
  z2 = -d2 * z3 ^ 2 / (B + sqrt(B ^ 2 - A * d2 * z3 ^ 2));

  limited = ! isempty(limit);
  if ! isreal(z2) || ! isfinite(z2) || z2 < 0
    if limited
      z2 = (limit - z1) / 2;
    else
      z2 = (EXT - 1) * z1;
    end
  elseif limited && z1 + z2 > limit
    z2 = (limit - z1) / 2;
  elseif ! limited && z1 + z2 > EXT * z1
    z2 = (EXT - 1) * z1;
  elseif z2 < -z3 * INT
    z2 = -z3 * INT;
  elseif limited && z2 < (limit - z1) * (1 - INT)
    z2 = (limit - z1) * (1 - INT);
  end

end

%!test % the cubic s^3 - 3s from s = 1/2 and s = 0, minimum at s = 1
%! assert (fmincgExtrapolate (0.5, -1.375, -2.25, 0, -3, -0.5, []), 0.5, eps);
%! assert (fmincgExtrapolate (0.5, -1.375, -2.25, 0, -3, -0.5, 1.05), 0.5, eps);
%! assert (fmincgExtrapolate (0.5, 5.625, -2.25, 7, -3, -0.5, []), 0.5, 4 * eps);
%!test % the same with the limit before the minimum, and far behind it
%! assert (fmincgExtrapolate (0.5, -1.375, -2.25, 0, -3, -0.5, 0.9), 0.2, eps);
%! assert (fmincgExtrapolate (0.5, -1.375, -2.25, 0, -3, -0.5, 2.5), 1.8, eps);
%!test % the same from s = 1/4: the minimum is more than three times as far
%! assert (fmincgExtrapolate (0.25, 1/64 - 0.75, 3/16 - 3, 0, -3, -0.25, []), 0.5);
%!test % a minimum just ahead: a tenth of the last step at least
%! s = 0.99;
%! assert (fmincgExtrapolate (s, s^3 - 3*s, 3*s^2 - 3, 0, -3, -s, []), 0.099, eps);
%!test % no minimum ahead: -s^3 - s from s = 1 and s = 0, and from s = 1/2
%! assert (fmincgExtrapolate (0.5, -0.625, -1.75, 0, -1, -0.5, []), 1);
%! assert (fmincgExtrapolate (1, -2, -4, 0, -1, -1, []), 2);
%! assert (fmincgExtrapolate (1, -2, -4, 0, -1, -1, 6), 2.5);
%!error <undefined> fmincgExtrapolate (1, 2)
