function r = courseport_without_nan (name, x, varargin)
  %COURSEPORT_WITHOUT_NAN Call a function of a column or row on what is no NaN in it.
  d = [find(size (x) > 1, 1), 1](1);
  at = 1 + any (strcmp (name, {"std", "var"}));
  if numel (varargin) >= at
    d = varargin{at};
    varargin(at) = [];
  end
  if d == 2
    x = x.';
  end
  r = zeros (1, columns (x));
  for k = 1:columns (x)
    r(k) = feval (name, x(! isnan (x(:, k)), k), varargin{:});
  end
  if d == 2
    r = r.';
  end
end
