function z2 = fmincgInterpolate(f1, f2, d2, f3, d3, z3)
%FMINCGINTERPOLATE  The step of fmincg back into a bracket.
%   z2 = FMINCGINTERPOLATE(f1, f2, d2, f3, d3, z3): along the search direction
%   point 2 is at 0 with value f2 and slope d2, point 3 at z3 < 0 with f3 and d3;
%   f1 is the value at the start of the search. z2 is the minimum of
%     the parabola through f2, f3 and d3 if f2 > f1,
%     the cubic through f2, d2, f3 and d3 otherwise,
%   half of z3 if that is not a real finite number, and never in the outer tenth
%   of the bracket.

  if f2 > f1
    z2 = z3 - (d3 * z3 ^ 2 / 2) / (d3 * z3 + f2 - f3);
  else
    A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3);
    B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2);
    z2 = (sqrt(B ^ 2 - A * d2 * z3 ^ 2) - B) / A;
  end
  if ! isreal(z2) || ! isfinite(z2)
    z2 = z3 / 2;
  end
  z2 = max(min(z2, 0.1 * z3), 0.9 * z3);

end

%!test % the parabola (s - 1)^2 from s = 3 and s = 0
%! assert (fmincgInterpolate (1, 4, NaN, 1, -2, -3), -2, eps);
%!test % the cubic s^3 - 3s from s = 2 and s = 0, minimum at s = 1
%! assert (fmincgInterpolate (5, 2, 9, 0, -3, -2), -1, eps);
%! assert (fmincgInterpolate (12, 9, 9, 7, -3, -2), -1, 4 * eps);
%! assert (fmincgInterpolate (20, 18, 24, 0, -3, -3), -2, 4 * eps); % from s = 3
%!test % a cubic without a minimum, -s^3 - s from s = 1 and s = 0: half
%! assert (fmincgInterpolate (9, -2, -4, 0, -1, -1), -0.5);
%!test % a straight line: 0/0, half
%! assert (fmincgInterpolate (9, 0, 1, -2, 1, -2), -1);
%!test % kept away from both ends: parabolas with their minimum at s = 0.01 and s = 2.99
%! assert (fmincgInterpolate (-1, 2.99 ^ 2, NaN, 0.01 ^ 2, -0.02, -3), -2.7, 4 * eps);
%! assert (fmincgInterpolate (-1, 0.01 ^ 2, NaN, 2.99 ^ 2, -5.98, -3), -0.3, 4 * eps);
%!error <undefined> fmincgInterpolate (1, 2)
