function r = courseport_integers (how, name, varargin)
  %COURSEPORT_INTEGERS Compute with integers as NumPy does, or convert numbers to them.
  %   how: "wrap", beyond the largest comes the smallest; "cut", as "wrap", and a conversion leaves the fraction out;
  %   "free", without a class's limits; "floor", "fix" and "true": a quotient rounded down, towards 0 or not at all.
  in = varargin;
  whole = cellfun (@isinteger, in);
  if any (strcmp (name, {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}))
    kind = name;
    r = double (in{1});
    if strcmp (how, "cut")
      r = fix (r);
    else
      r = round (r);
    end
  elseif any (whole)
    kind = class (in{find (whole, 1)});
    in = cellfun (@double, in, "UniformOutput", false);
    r = feval (name, in{:});
    if any (strcmp (how, {"floor", "fix"}))
      r = feval (how, r);
    end
  else
    r = feval (name, in{:});
    return;
  end
  if any (strcmp (how, {"wrap", "cut"}))
    low = double (intmin (kind));
    r = cast (mod (r - low, 2 ^ (8 * sizeof (cast (0, kind)))) + low, kind);
  end
end
