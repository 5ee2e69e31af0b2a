function total = sum (x, varargin)
  %SUM MATLAB's sum (x, "all"), which Octave has not; everything else is Octave's own.
  if ! isempty (varargin) && ischar (varargin{1}) && strcmp (varargin{1}, "all")
    total = builtin ("sum", x(:));
  else
    total = builtin ("sum", x, varargin{:});
  end
end
