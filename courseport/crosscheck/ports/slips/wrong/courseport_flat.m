function r = courseport_flat (how, name, x, y)
  %COURSEPORT_FLAT Apply an operator as NumPy does where a column is an (n,) array.
  %   how: "right" or "left", the flat one, which meets an array as a row; "both", entry by entry, none of them repeated.
  if isscalar (x) || isscalar (y)
    r = feval (name, x, y);
    return;
  end
  switch how
    case "right"
      r = feval (name, x, row (y));
    case "left"
      r = feval (name, row (x), y);
    case "both"
      r = feval (name, row (x), row (y));
  end
end

function x = row (x)
  if iscolumn (x)
    x = x.';
  end
end
