function courseport_calls (folder, code, called)
  %COURSEPORT_CALLS Make the calls that lie in folder, and write the answer to each beside it.
  %   folder/call_0001: {function, nout, place, argument, ...} in the format of values.py; place is a folder in code with
  %   the functions. folder/answer_0001: {message, where, seconds, output, ...}. A call that has an answer is left out.
  %   A function in code that has the name of one of Octave's, and is not called, is removed: what follows needs Octave's.
  mlock ();
  for file = glob (fullfile (code, "*", "*.m"))'
    [~, name] = fileparts (file{1});
    if ! any (strcmp (name, called)) && any (exist (name) == [2, 5])
      unlink (file{1});
    end
  end
  calls = {dir(fullfile (folder, "call_*")).name};
  work = pwd ();
  own_path = wanted_path = path ();
  place = "";
  for k = 1:numel (calls)
    answer_file = fullfile (folder, strrep (calls{k}, "call", "answer"));
    if exist (answer_file, "file")
      continue;
    end
    fid = fopen (fullfile (folder, calls{k}), "r");
    request = courseport_read (fid);
    fclose (fid);
    if ! strcmp (place, request{3}) || ! strcmp (path (), wanted_path)  # what was called may have changed it
      place = request{3};
      path (own_path);
      addpath (fullfile (code, place));
      wanted_path = path ();
    end
    cd (work);
    answer = call (request{1}, request{2}, request(4:end));
    fid = fopen (fullfile (folder, "part"), "w");
    courseport_write (fid, answer, "an output");
    fclose (fid);
    rename (fullfile (folder, "part"), answer_file);
  end
end

function answer = call (name, nout, arguments)
  %CALL Return the answer, with as many outputs as the function sets, nout at the most.
  started = tic ();
  for n = nout:-1:0
    try
      outputs = cell (1, n);
      if n == 0
        feval (name, arguments{:});
      else
        [outputs{:}] = feval (name, arguments{:});
      end
      answer = [{"", "", toc(started)}, outputs];
      return;
    catch err
      % An output that is not there or never set gives such an error; fewer are then asked for, in the end none.
      if n == 0 || ! any (strcmp (err.identifier, {"Octave:undefined-function", "Octave:invalid-fun-call"}))
        answer = {nonempty(err.message), where(err.stack), toc(started)};
        return;
      end
    end
  end
end

function text = nonempty (text)
  %NONEMPTY Return the message, or words in the place of an empty one.
  if isempty (text)
    text = "an error without a message";
  end
end

function text = where (stack)
  %WHERE Return the innermost function that the error was in, and its line.
  text = "";
  if ! isempty (stack) && stack(1).line > 0 && ! any (strcmp (stack(1).name, {"call", "courseport_calls"}))
    text = sprintf ("%s, line %d", stack(1).name, stack(1).line);
  end
end
