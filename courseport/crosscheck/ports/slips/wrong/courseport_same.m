function r = courseport_same (a, b, varargin)
  %COURSEPORT_SAME Call conv with "same" as np.convolve does: as long as the longer one, its middle one place earlier.
  r = conv (a, b, varargin{:});
  if numel (varargin) > 0 && strcmpi (varargin{1}, "same")
    whole = conv (a, b);
    n = max (numel (a), numel (b));
    start = floor ((numel (whole) - n) / 2);
    r = whole(start + (1:n));
  end
end
