function [r, k] = courseport_extreme (how, name, x, y, varargin)
  %COURSEPORT_EXTREME Call max or min as NumPy does.
  %   how: "nan", NaN where there is one; "last", the last index of equal ones; "complex", by real parts first.
  if nargin > 3 && ! isempty (y)
    r = feval (name, x, y);
    if strcmp (how, "nan")
      r(isnan (x + y)) = NaN;
    end
    return;
  end
  if nargin < 5
    varargin = {[find(size (x) > 1, 1), 1](1)};
  end
  d = varargin{1};
  [r, k] = feval (name, x, [], d);
  switch how
    case "nan"
      bad = isnan (x);
      [any_bad, first] = max (bad, [], d);
      r(any_bad) = NaN;
      k(any_bad) = first(any_bad);
    case "last"
      [~, k] = feval (name, flip (x, d), [], d);
      k = size (x, d) + 1 - k;
    case "complex"
      if ! iscomplex (x)
        error ("courseport: no complex numbers");
      end
      x = x(:);
      [~, order] = sortrows ([real(x), imag(x)]);
      if strcmp (name, "max")
        order = flip (order);
      end
      k = order(1);
      r = x(k);
  end
end
