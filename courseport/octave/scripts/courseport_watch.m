function courseport_watch (folder)
  %COURSEPORT_WATCH Run Octave code with one function's calls recorded, in the base workspace.
  %   folder/request: {name, its folder, the folder of its place holder, folder to run in, setup code, code, code for
  %   where that makes no call, most calls to keep, most bytes of a call}. What is recorded: see courseport_record.m.
  mlock ();
  fid = fopen ([folder "/request"], "r");
  request = courseport_read (fid);
  fclose (fid);
  [name, home, holder, place, setup, code, fallback, most, largest] = request{:};
  state = struct ("folder", folder, "own", [], "most", most, "largest", largest, "message", "", "where", "");
  try
    evalin ("base", setup);
    cd (home);
    if exist (name) == 5
      state.own = @(varargin) builtin (name, varargin{:});
    else
      state.own = str2func (name);
    end
  catch err
    state.message = ["the setup code failed: " err.message];
  end
  cd (place);
  addpath (holder);
  atexit ("courseport_record");  # the code may end Octave
  courseport_record (state);
  if isempty (state.message)
    % Handles and cellfun find the place holder on the path; other calls this one first, wherever the code has gone.
    eval (["function varargout = " name " (varargin)\n mlock ();  # scripts begin with clear all\n" ...
           " varargout = courseport_record (nargout, varargin);\n endfunction"]);
    feval (name);
    courseport_record ("ready");
    try
      evalin ("base", code);
      if courseport_record ("calls") == 0
        evalin ("base", fallback);
      end
    catch err
      courseport_record ("failed", err);
    end
  end
end
