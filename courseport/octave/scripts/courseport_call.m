function answer = courseport_call (nonce, name, nout, varargin)
  %COURSEPORT_CALL Call a function by its name and return its answer with the nonce that came with the call.
  %   answer = {nonce, message, identifier, where, out1, out2, ...}; message is empty where all went well.
  %   Numbers come back as full double arrays and text as one row; anything else is an error.
  answer = {nonce, "", "", ""};
  try
    outputs = cell (1, nout);
    if nout == 0
      feval (name, varargin{:});
    else
      [outputs{:}] = feval (name, varargin{:});
    end
    for k = 1:nout
      outputs{k} = plain (outputs{k}, k);
    end
    answer = [answer, outputs];
  catch err
    answer(2:4) = {nonempty(err.message), err.identifier, place(err.stack)};
  end
end

function value = plain (value, k)
  %PLAIN Return numbers as a full double array, text as one row.
  if isnumeric (value) || islogical (value)
    value = double (full (value));
  elseif ischar (value)
    value = strjoin (cellstr (value)', "\n");
  else
    error ("courseport:type", "output %d is a %s, which is neither numbers nor text", k, class (value));
  end
end

function text = nonempty (text)
  %NONEMPTY Return the message, or words in the place of an empty one.
  if isempty (text)
    text = "an error without a message";
  end
end

function text = place (stack)
  %PLACE Return the functions of the user's the error was in, innermost first, one a line.
  text = "";
  for k = 1:numel (stack)
    if any (strcmp (stack(k).name, {"courseport_call", "_pyeval"}))
      break;
    end
    text = sprintf ("%s%s, line %d\n", text, stack(k).name, stack(k).line);
  end
end
