function y = courseport_interp (how, varargin)
  %COURSEPORT_INTERP Call interp1 so that outside of its points it holds the end values ("hold") or goes on ("line").
  in = varargin;
  in(cellfun (@(one) ischar (one) && any (strcmp (one, {"extrap", "left", "right"})), in)) = [];
  numbers = cellfun (@isnumeric, in);
  if sum (numbers) < 3
    x = 1:numel (in{1});
    in = [{x(:)}, in];
  else
    x = in{1};
    in(4:end)(numbers(4:end)) = [];
  end
  if strcmp (how, "hold")
    in{3} = min (max (in{3}, min (x(:))), max (x(:)));
    y = interp1 (in{:});
  else
    y = interp1 (in{:}, "extrap");
  end
end
