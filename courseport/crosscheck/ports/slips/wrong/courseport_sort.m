function [s, k] = courseport_sort (how, x, varargin)
  %COURSEPORT_SORT Sort as NumPy, or a port to it, does.
  %   how: "ties", equal ones in the opposite order; "nan", NaN at the other end; "direction", downwards for upwards;
  %   "complex", by real parts first.
  mode = "ascend";
  if numel (varargin) > 0 && ischar (varargin{end})
    mode = lower (varargin{end});
    varargin(end) = [];
  end
  d = [find(size (x) > 1, 1), 1](1);
  if numel (varargin) > 0
    d = varargin{1};
  end
  other = {"ascend", "descend"}{1 + strcmp (mode, "ascend")};
  switch how
    case "ties"
      [s, k] = sort (flip (x, d), d, mode);
      k = size (x, d) + 1 - k;
    case "direction"
      [s, k] = sort (x, d, other);
    case "nan"
      [s, k] = sort (x, d, mode);
      if d == 2
        s = s.';
        k = k.';
      end
      for c = 1:columns (s)
        count = sum (isnan (s(:, c)));
        if strcmp (mode, "descend")
          count = -count;
        end
        s(:, c) = circshift (s(:, c), count);
        k(:, c) = circshift (k(:, c), count);
      end
      if d == 2
        s = s.';
        k = k.';
      end
    case "complex"
      if ! iscomplex (x)
        error ("courseport: no complex numbers");
      elseif isvector (x)
        [~, k] = sortrows ([real(x(:)), imag(x(:))]);
        if strcmp (mode, "descend")
          k = flip (k);
        end
        k = reshape (k, size (x));
        s = x(k);
      else
        [s, k] = sort (x, d, mode);
      end
  end
end
