function courseport_calls (folder, places, called, first)
  %COURSEPORT_CALLS Make the calls that lie in folder, and write the answer to each beside it.
  %   folder/call_000001: {function, nout, place, argument, ...} in the format of values.py; place is a folder in
  %   folder/code with the functions. folder/answer_000001: {message, identifier, where, seconds, printed, output, ...}.
  %   folder/setup.m is run first. The folders of first come after the place, and before Octave's own functions.
  %   A function that has the name of a built-in one, and is not called, is removed: what follows needs Octave's.
  mlock ();
  for place = places
    for file = glob ([folder "/code/" place{1} "/*.m"])'
      [~, name] = fileparts (file{1});
      if ! any (strcmp (name, called)) && exist (name) == 5
        unlink (file{1});
      end
    end
  end
  calls = {dir([folder "/call_*"]).name};
  failed = setup (folder);
  own_path = wanted_path = path ();
  place = "";
  % From here on only functions that are built in: a .m file among those called may have any other function's name.
  for k = 1:numel (calls)
    fid = fopen ([folder "/" calls{k}], "r");
    request = courseport_read (fid);
    fclose (fid);
    if ! strcmp (place, request{3})
      place = request{3};
      path (own_path);
      addpath ([folder "/code/" place], first{:});
      wanted_path = path ();
      here = [folder "/code/" place];
    end
    if ! strcmp (pwd (), here)  # a change of folder has Octave read all folders of its path again
      cd (here);
    end
    answer = failed;
    if isempty (failed)
      [answer, err] = call (request{1}, request{2}, request(4:end));
    end
    if ! strcmp (path (), wanted_path)  # what was called has changed it
      path (wanted_path);
    end
    if isempty (failed) && ! isempty (err)
      [answer{[1, 3]}] = courseport_failure (err);
      answer{2} = err.identifier;
    end
    deliver (folder, calls{k}, answer);
    clear request answer;
  end
end

function answer = setup (folder)
  %SETUP Run the code that comes before all calls; return how it failed, or nothing.
  answer = {};
  try
    evalin ("base", fileread ([folder "/setup.m"]));
  catch err
    answer = {["the setup code failed: " err.message], err.identifier, "", 0, ""};
  end
end

function [answer, err] = call (name, nout, arguments)
  %CALL Return the answer, with as many outputs as the function sets, nout at the most; and the error, where there is one.
  for n = nout:-1:0
    err = [];
    outputs = "";
    if n > 0
      outputs = ["[" sprintf("o%d, ", 1:n) "] = "];
    end
    started = tic ();
    printed = evalc (["try; " outputs "feval (name, arguments{:}); catch err; end"]);
    if numel (printed) > 100000
      printed = printed(1:100000);
    end
    seconds = toc (started);
    set = 0;
    while set < n && exist (sprintf ("o%d", set + 1), "var")
      set += 1;
    end
    unset = ! isempty (err) && set < n && strncmp (err.message, "element number ", 15);
    if isempty (err) || unset
      answer = {"", "", "", seconds, printed};
      for k = 1:set
        answer{end+1} = eval (sprintf ("o%d", k));
      end
      err = [];
      return;
    end
    % An output that is not there or never set gives such an error; fewer are then asked for, in the end none.
    if n == 0 || ! any (strcmp (err.identifier, {"Octave:undefined-function", "Octave:invalid-fun-call"}))
      break;
    end
  end
  answer = {"", "", "", seconds, printed};
end

function deliver (folder, name, answer)
  %DELIVER Write an answer whole: under another name first.
  fid = fopen ([folder "/part"], "w");
  fwrite (fid, [13, 2, 1, numel(answer)], "double");
  for k = 1:numel (answer)
    courseport_write (fid, answer{k}, "", true);
  end
  fclose (fid);
  rename ([folder "/part"], [folder "/" strrep(name, "call", "answer")]);
end
