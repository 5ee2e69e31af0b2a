function value = courseport_read (fid)
  %COURSEPORT_READ Read a value that Python has written, in the format of values.py.
  classes = {"double", "single", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", ...
             "uint8", "uint8", "cell", "struct"};
  head = fread (fid, 2, "double");
  dims = fread (fid, head(2), "double")';
  count = prod (dims);
  switch head(1)
    case 13
      value = cell (dims);
      for k = 1:count
        value{k} = courseport_read (fid);
      end
    case 14
      names = courseport_read (fid);
      values = courseport_read (fid);
      if isempty (names)
        value = struct ()(ones (dims));
      else
        value = reshape (cell2struct (values, names, 1), dims);
      end
    case 15
      row = courseport_read (fid);
      column = courseport_read (fid);
      value = sparse (row, column, courseport_read (fid), dims(1), dims(2));
    otherwise
      kind = classes{mod (head(1), 100)};
      value = reshape (fread (fid, count, ["*" kind]), dims);
      if head(1) > 100
        value = complex (value, reshape (fread (fid, count, ["*" kind]), dims));
      elseif head(1) == 11
        value = logical (value);
      elseif head(1) == 12
        value = char (value);
      end
  end
end
