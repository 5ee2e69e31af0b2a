function courseport_call (folder, nonce)
  %COURSEPORT_CALL Do what the file request in folder asks, and write the file answer there.
  %   request: {function, nout, argument, ...}. answer: {nonce, message, identifier, where, seconds, output, ...}, where
  %   message is empty if all went well. The nonce printed at the end tells that the answer is there.
  answer = {nonce, "", "", "", 0};
  try
    fid = fopen (fullfile (folder, "request"), "r");
    request = courseport_read (fid);
    fclose (fid);
    outputs = cell (1, request{2});
    started = tic ();
    if request{2} == 0
      feval (request{1}, request{3:end});
    else
      [outputs{:}] = feval (request{1}, request{3:end});
    end
    answer{5} = toc (started);
    clear request;
    write (folder, answer, outputs);
  catch err
    answer(2:4) = {courseport_failure(err), err.identifier, place(err.stack)};
    write (folder, answer, {});
  end
  printf ("%s%s%s", char (30), nonce, char (30));
  fflush (stdout);
end

function write (folder, answer, outputs)
  %WRITE Write the answer; nothing of it is left where an output cannot cross.
  fid = fopen (fullfile (folder, "answer"), "w");
  unwind_protect
    fwrite (fid, [13, 2, 1, numel(answer) + numel(outputs)], "double");
    for k = 1:numel (answer)
      courseport_write (fid, answer{k}, "");
    end
    for k = 1:numel (outputs)
      courseport_write (fid, outputs{k}, sprintf ("output %d", k));
    end
  unwind_protect_cleanup
    fclose (fid);
  end_unwind_protect
end

function text = place (stack)
  %PLACE Return the functions of the user's the error was in, innermost first, one a line.
  text = "";
  for k = 1:numel (stack)
    if strncmp (stack(k).name, "courseport_", 11)
      break;
    end
    text = sprintf ("%s%s, line %d\n", text, stack(k).name, stack(k).line);
  end
end
