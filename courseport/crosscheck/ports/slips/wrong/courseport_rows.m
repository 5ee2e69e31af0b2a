function x = courseport_rows (x)
  %COURSEPORT_ROWS Return x so that x(:) goes through it row by row, as NumPy's ravel does.
  if ! isvector (x) && ! isa (x, "function_handle") && ! isobject (x)
    x = permute (x, ndims (x):-1:1);
  end
end
