function r = courseport_real (name, varargin)
  %COURSEPORT_REAL Call a function of real numbers, with NaN where it leaves them.
  r = feval (name, varargin{:});
  if ! any (cellfun (@iscomplex, varargin)) && iscomplex (r)
    r(imag (r) != 0) = NaN;
    r = real (r);
  end
end
