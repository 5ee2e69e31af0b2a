function r = courseport_middle (upper, x, d)
  %COURSEPORT_MIDDLE Return the lower or the upper one of the two in the middle where median takes their mean.
  if nargin < 3 || ischar (d)
    d = [find(size (x) > 1, 1), 1](1);
  end
  n = size (x, d);
  s = sort (x, d);
  place = ceil (n / 2);
  if upper
    place = floor (n / 2) + 1;
  end
  at = repmat ({':'}, 1, ndims (x));
  at{d} = place;
  r = s(at{:});
end
