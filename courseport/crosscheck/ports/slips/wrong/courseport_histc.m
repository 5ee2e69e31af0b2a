function [n, k] = courseport_histc (x, edges, varargin)
  %COURSEPORT_HISTC Count as np.histogram does: the last of the edges belongs to the last bin, which ends there.
  [n, k] = histc (x, edges, varargin{:});
  d = [find(size (n) > 1, 1), 1](1);
  at = repmat ({':'}, 1, ndims (n));
  last = at;
  at{d} = size (n, d) - 1;
  last{d} = size (n, d);
  n(at{:}) += n(last{:});
  n(last{:}) = [];
end
