function [message, where] = courseport_failure (err)
  %COURSEPORT_FAILURE Return an error's message, and the innermost function of the user's that it was in, with its line.
  message = err.message;
  if isempty (message)
    message = "an error without a message";
  end
  where = "";
  for k = 1:numel (err.stack)
    frame = err.stack(k);
    if strfind (frame.file, "/courseport_")
      break;
    end
    if frame.line > 0 && ! strncmp (frame.file, OCTAVE_HOME (), numel (OCTAVE_HOME ()))
      where = sprintf ("%s, line %d", frame.name, frame.line);
      break;
    end
  end
end
