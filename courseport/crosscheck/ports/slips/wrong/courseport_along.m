function varargout = courseport_along (how, name, varargin)
  %COURSEPORT_ALONG Call a function that goes along a dimension so that it goes along another one.
  %   how: "other", along rows for columns, a vector as ever; "across", the same of a vector too; "first", along columns
  %   even where there is one row; "all", over everything, row by row.
  in = varargin;
  data = 1;
  at = 2;
  if any (strcmp (name, {"std", "var", "max", "min", "diff", "fft", "ifft", "quantile", "prctile", "circshift"}))
    at = 3;
  elseif any (strcmp (name, {"trapz", "cumtrapz"})) && numel (in) > 1
    data = 2;
    at = 3;
  end
  x = in{data};
  if any (strcmp (name, {"max", "min"})) && numel (in) > 1 && ! isempty (in{2})
    error ("courseport: of two arrays no dimension is taken");
  end
  given = numel (in) >= at && isnumeric (in{at}) && ! isempty (in{at});
  usual = [find(size (x) > 1, 1), 1](1);
  if given && any (strcmp (how, {"first", "all"}))
    error ("courseport: the dimension is given");
  elseif given
    along = 3 - in{at};
  elseif strcmp (how, "across")
    along = 3 - usual;
  elseif strcmp (how, "other")
    along = usual;
    if ! isvector (x)
      along = ndims (x);
    end
  else
    along = 1;
  end
  if strcmp (how, "all")
    x = courseport_rows (x)(:);
  end
  text = {};
  if numel (in) > 1 && ischar (in{end})
    text = in(end);
    in(end) = [];
  end
  in(numel (in) + 1:at) = {[]};
  if any (strcmp (name, {"std", "var"})) && isempty (in{2})
    in{2} = 0;
  elseif strcmp (name, "diff") && isempty (in{2})
    in{2} = 1;
  end
  in{data} = x;
  in{at} = along;
  [varargout{1:max(1, nargout)}] = feval (name, in{:}, text{:});
end
