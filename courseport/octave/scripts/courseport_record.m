function outputs = courseport_record (what, arguments)
  %COURSEPORT_RECORD Call the watched function, and record the call where it is none that the function itself makes.
  %   outputs = courseport_record (nargout, {argument, ...}) is what its place holder calls. The others are
  %   courseport_record (state), "ready", "calls", ("failed", err) and, to write folder/end, courseport_record ().
  %   folder/call_000001, by the number of the call: {nargout, argument, ...}, {message, identifier, output, ...} and
  %   {where, seconds, printed}, in the format of values.py. folder/end: {message, where, numbers, reasons}, with the
  %   numbers of calls in all, of those whose arguments had come before and gave the same or another answer, of those
  %   beyond the most, and of those without output; and why others were left out.
  % Only functions that are built in are used here: a .m file beside the watched one may have any other function's name.
  persistent s = struct ();
  persistent depth = 0;
  mlock ();
  outputs = {};
  if nargin == 2 && isnumeric (what)
    if ! s.ready
      return;
    elseif depth > 0
      outputs = call (s.own, what, arguments);
    else
      depth = 1;
      unwind_protect
        err = [];
        started = tic ();
        printed = evalc ("try; outputs = call (s.own, what, arguments); catch err; end");
        seconds = toc (started);
        printf ("%s", printed);
        s.calls += 1;
        if s.kept < s.most && s.calls <= 20 * s.most
          s = keep (s, what, arguments, err, outputs, seconds, printed);
        else
          s.over += 1;
        end
      unwind_protect_cleanup
        depth = 0;
      end_unwind_protect
      if ! isempty (err)
        rethrow (err);
      end
    end
  elseif nargin == 2
    [s.message, s.where] = courseport_failure (arguments);
  elseif nargin == 0 && isfield (s, "calls")
    depth = 1;
    fid = fopen ([s.folder "/part"], "w");
    courseport_write (fid, {s.message, s.where, [s.calls, s.same, s.changed, s.over, s.silent], s.reasons}, "the end");
    fclose (fid);
    rename ([s.folder "/part"], [s.folder "/end"]);
    depth = 0;
  elseif nargin == 1 && isstruct (what)
    s = what;
    s.ready = false;
    s.calls = s.kept = s.same = s.changed = s.over = s.silent = 0;
    s.inputs = s.outputs = s.reasons = {};
    s.room = 8 * s.largest;
  elseif strcmp (what, "ready")
    s.ready = true;
  else
    outputs = s.calls;
  end
end

function outputs = call (own, nout, arguments)
  %CALL Call the function as it was called; without nargout it may still give the value that goes to ans.
  if nout > 0
    outputs = cell (1, nout);
    [outputs{:}] = own (arguments{:});
  else
    outputs = {};
    own (arguments{:});
    if exist ("ans", "var")
      outputs = {ans};
    end
  end
end

function s = keep (s, nout, arguments, err, outputs, seconds, printed)
  %KEEP Write a call to a file, where it says anything new and can cross.
  message = identifier = place = "";
  if ! isempty (err)
    [message, place] = courseport_failure (err);
    identifier = err.identifier;
  elseif isempty (outputs)
    s.silent += 1;
    return;
  end
  fid = -1;
  try
    bytes = sizeof (arguments) + sizeof (outputs);
    if bytes > s.largest
      error ("its values are larger than %d MB", s.largest / 2 ^ 20);
    elseif bytes > s.room
      error ("those before it fill all that is kept");
    end
    part = [s.folder "/part"];
    fid = fopen (part, "w+");
    asked = put (fid, {nout, arguments{:}}, "argument", 1);
    gave = put (fid, {message, identifier, outputs{:}}, "output", 2);
    if numel (printed) > 100000
      printed = printed(1:100000);
    end
    put (fid, {place, seconds, printed}, "", 0);
    fclose (fid);
    before = find (strcmp (s.inputs, asked));
    if isempty (before)
      s.inputs{end+1} = asked;
      s.outputs{end+1} = gave;
      s.kept += 1;
      s.room -= bytes;
      rename (part, sprintf ("%s/call_%06d", s.folder, s.calls));
    elseif strcmp (s.outputs{before}, gave)
      s.same += 1;
    else
      s.changed += 1;
    end
  catch err
    if fid >= 0  # what its buffer holds must not come into a later file
      fclose (fid);
    end
    s.reasons{end+1} = err.message;
  end
end

function sum_of_bytes = put (fid, values, name, first)
  %PUT Write a cell, and return a hash of its bytes; name and number of a value are told where it cannot cross.
  began = ftell (fid);
  fwrite (fid, [13, 2, 1, numel(values)], "double");
  for k = 1:numel (values)
    courseport_write (fid, values{k}, sprintf ("%s %d", name, k - first));
  end
  fseek (fid, began, "bof");
  sum_of_bytes = hash ("md5", fread (fid, Inf, "*char")');
  fseek (fid, 0, "eof");
end
