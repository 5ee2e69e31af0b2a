function r = courseport_quantile (name, x, varargin)
  %COURSEPORT_QUANTILE Call quantile, prctile or iqr with NumPy's linear method, which is method 7.
  d = [find(size (x) > 1, 1), 1](1);
  p = [0, 0.25, 0.5, 0.75, 1];
  if strcmp (name, "iqr")
    r = diff (quantile (x, [0.25, 0.75], [varargin{:}, d](1), 7), 1, [varargin{:}, d](1));
    return;
  end
  if numel (varargin) > 0 && ! isempty (varargin{1})
    p = varargin{1} / 100 ^ strcmp (name, "prctile");
  end
  r = quantile (x, p, [varargin{2:min (end, 2)}, d](1), 7);
end
