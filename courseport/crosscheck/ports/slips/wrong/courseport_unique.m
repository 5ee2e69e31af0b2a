function [u, i, j] = courseport_unique (how, x, varargin)
  %COURSEPORT_UNIQUE Call unique as NumPy ("nan") or pandas ("order") does.
  %   how: "nan", one NaN; "order", as they come.
  [u, i, j] = unique (x, varargin{:});
  switch how
    case "nan"
      bad = find (isnan (u));
      u(bad(2:end)) = [];
      i(bad(2:end)) = [];
      j = min (j, numel (u));
    case "order"
      [~, i] = unique (x, varargin{:}, "first");
      [i, order] = sort (i);
      if any (strcmp (varargin, "rows"))
        u = x(i, :);
      else
        u = x(i);
      end
      back(order) = 1:numel (order);
      j = reshape (back(j), size (j));
  end
end
