function r = courseport_half_even (x)
  %COURSEPORT_HALF_EVEN Round halves to the even neighbour.
  if iscomplex (x)
    r = complex (courseport_half_even (real (x)), courseport_half_even (imag (x)));
  else
    r = round (x);
    half = abs (x - fix (x)) == 0.5;
    r(half) = 2 * round (x(half) / 2);
  end
end
