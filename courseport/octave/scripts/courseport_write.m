function courseport_write (fid, value, place, lenient = false)
  %COURSEPORT_WRITE Write a value for Python, in the format of values.py; place names it in an error.
  %   What cannot cross, such as a function handle, is an error; or, if lenient, a struct that names its class. A
  %   containers.Map then is a struct of its keys and values.
  classes = {"double", "single", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", ...
             "logical", "char", "cell", "struct"};
  kind = class (value);
  code = find (strcmp (kind, classes));
  if lenient && isa (value, "containers.Map")
    courseport_write (fid, struct ("courseport_keys", {keys(value)}, "courseport_values", {values(value)}), place, true);
    return;
  elseif lenient && (isempty (code) || isobject (value))
    courseport_write (fid, struct ("courseport_cannot_cross", kind), place);
    return;
  elseif isempty (code) || isobject (value)
    error ("courseport:type", "%s is a %s, which cannot cross to Python", place, kind);
  end
  head = [code, ndims(value), size(value)];
  if issparse (value)
    head(1) = 15;
    fwrite (fid, head, "double");
    [row, column, numbers] = find (value);
    courseport_write (fid, row(:), place);
    courseport_write (fid, column(:), place);
    courseport_write (fid, numbers(:), place);
  elseif iscell (value)
    fwrite (fid, head, "double");
    for k = 1:numel (value)
      courseport_write (fid, value{k}, sprintf ("%s{%d}", place, k), lenient);
    end
  elseif isstruct (value)
    fwrite (fid, head, "double");
    names = __fieldnames__ (value);  # fieldnames is a .m file, which another one may hide
    courseport_write (fid, names, place);
    fwrite (fid, [13, 2, numel(names), numel(value)], "double");
    for k = 1:numel (value)
      for f = 1:numel (names)
        courseport_write (fid, value(k).(names{f}), sprintf ("%s.%s", place, names{f}), lenient);
      end
    end
  else
    value = full (value);
    if ischar (value) || islogical (value)
      fwrite (fid, head, "double");
      fwrite (fid, uint8 (value), "uint8");
    elseif iscomplex (value)
      fwrite (fid, head + [100, zeros(1, numel (head) - 1)], "double");
      fwrite (fid, real (value), kind);
      fwrite (fid, imag (value), kind);
    else
      fwrite (fid, head, "double");
      fwrite (fid, value, kind);
    end
  end
end
