function k = courseport_shift (k, step)
  %COURSEPORT_SHIFT Return an index that is off by step; a mask stays as it is.
  if isnumeric (k)
    k += step;
  end
end
