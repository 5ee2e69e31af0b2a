function varargout = courseport_by_rows (name, x, varargin)
  %COURSEPORT_BY_ROWS Call reshape, find, vec, ind2sub or sub2ind so that it goes row by row.
  switch name
    case "reshape"
      sizes = size (reshape (x, varargin{:}));
      y = reshape (courseport_rows (x), flip (sizes));
      varargout{1} = permute (y, numel (sizes):-1:1);
    case "vec"
      varargout{1} = courseport_rows (x)(:);
    case "find"
      [c, r] = find (courseport_rows (x), varargin{:});
      if isvector (x)
        [r, c] = find (x, varargin{:});
      end
      if nargout < 2
        varargout{1} = (r - 1) * columns (x) + c;
      else
        varargout = {r, c};
      end
    case "ind2sub"
      [subs{1:numel(x)}] = ind2sub (flip (x), varargin{:});
      varargout = flip (subs);
    case "sub2ind"
      varargout{1} = sub2ind (flip (x), flip (varargin){:});
  end
end
