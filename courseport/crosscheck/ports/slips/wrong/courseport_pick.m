function y = courseport_pick (x, k)
  %COURSEPORT_PICK Return x(k), its entries counted row by row.
  if isvector (x) || isa (x, "function_handle") || isobject (x)
    y = x(k);
  elseif islogical (k)
    y = courseport_rows (x)(courseport_rows (k));
  else
    y = courseport_rows (x)(k);
  end
end
