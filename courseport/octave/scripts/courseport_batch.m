function courseport_batch (folder)
  %COURSEPORT_BATCH Evaluate a cost function on many cases; each answer is a file of its own, written as it comes.
  %   folder/request.mat: names and expression of the call, theta (the index of its name), nout, count, gradient (the
  %   name the function gives its second output), here (where the function is), and helpers to evaluate on their own.
  %   folder/case_001.mat: values, and numeric: whether to differentiate J. folder/answer_001.txt: what came of it, a
  %   line for each field.
  mlock ();
  request = load (fullfile (folder, "request.mat"));
  request.folder = pwd ();
  request.path = path ();
  for k = 1:request.count
    case_file = load (fullfile (folder, sprintf ("case_%03d.mat", k)));
    answer = evaluate (request, case_file);
    if k == 1 && isempty (answer.message)
      again = evaluate (request, setfield (case_file, "numeric", 0));
      answer.repeats = sprintf ("%d", same (answer.J, again.J) && same (answer.grad, again.grad));
    end
    restore (request, strcmp (path (), request.path));
    deliver (folder, k, answer);
  end
  for k = 1:numel (request.helpers)
    request.expression = [request.helpers{k} " (z)"];
    request.names = {"z"};
    request.nout = 1;
    z = [-8, -1, 0; 0.5, 2, 30];
    deliver (folder, request.count + k, evaluate (request, struct ("values", {{z}}, "numeric", 0)));
  end
end

function deliver (folder, k, answer)
  %DELIVER Write an answer whole: under another name first.
  part = fullfile (folder, "part.txt");
  file = fopen (part, "w");
  names = fieldnames (answer);
  for n = 1:numel (names)
    value = answer.(names{n});
    if isempty (value)
      continue;
    end
    if ischar (value)
      value(value < 32) = " ";
      fprintf (file, "%s\t%s\n", names{n}, value);
    else
      fprintf (file, "%s\t", names{n});
      fprintf (file, "%.17g ", real (value));
      if iscomplex (value)
        fprintf (file, "\n%s_imaginary\t", names{n});
        fprintf (file, "%.17g ", imag (value));
      end
      fprintf (file, "\n");
    end
  end
  fprintf (file, "end\t\n");
  fclose (file);
  rename (part, fullfile (folder, sprintf ("answer_%03d.txt", k)));
end

function yes = same (a, b)
  %SAME Tell whether two answers are the same, up to rounding.
  yes = isequal (size (a), size (b)) && all (abs (a - b) <= 1e-9 * max (abs (a)) | a == b | (isnan (a) & isnan (b)));
end

function answer = evaluate (request, case_file)
  %EVALUATE Return J and the gradient, or the message of the error; and the slope of J where it is asked for.
  answer = struct ("J", [], "J_shape", [], "J_class", "none", "grad", [], "grad_shape", [], "grad_class", "none", ...
                   "message", "", "where", "", "slope", [], "seconds", 0);
  started = tic ();
  try
    [cost, grad] = call (request, case_file.values);
    answer.seconds = toc (started);
    room = 2 * numel (case_file.values{min (request.theta, end)}) + 10000;
    answer = store (answer, "J", cost, room);
    answer = store (answer, "grad", grad, room);
    if case_file.numeric && isnumeric (cost) && isscalar (cost) && isreal (cost)
      answer.slope = slope (request, case_file.values);
    end
  catch err
    answer.message = err.message;
    if isempty (err.message)
      answer.message = "an error without a message";
    end
    answer.where = place (err.stack, request.here);
  end
end

function [cost, grad] = call (request, values)
  %CALL Evaluate the call; a gradient that is announced and never set is no error here.
  cost = grad = struct ();  # what store () leaves out; J itself is Octave's imaginary unit
  if request.nout > 1
    try
      [cost, grad] = run (request, values, 2);
      return;
    catch err
      unset = {["'" request.gradient "' undefined"], "element number 2 undefined"};
      if ! any (cellfun (@(start) strncmp (err.message, start, numel (start)), unset))
        rethrow (err);
      end
    end
  end
  cost = run (request, values, 1);
end

function varargout = run (request, values, nout)
  %RUN Set the variables and evaluate the call; put back what it takes from the path.
  for n = 1:numel (request.names)
    assignin ("base", request.names{n}, values{n});
  end
  varargout = cell (1, nout);
  unwind_protect
    [varargout{:}] = evalin ("base", request.expression);
  unwind_protect_cleanup
    restore (request, ! isempty (strfind (path (), request.path)));
  end_unwind_protect
end

function restore (request, path_is_there)
  %RESTORE Go back to the folder; set the path again where need be, for then Octave reads every folder anew.
  if ! strcmp (pwd (), request.folder)
    cd (request.folder);
  end
  if ! path_is_there
    path (request.path);
  end
end

function answer = store (answer, field, value, room)
  %STORE Keep numbers as doubles in one column, with their shape and class; a struct without fields is nothing.
  if isstruct (value) && isempty (fieldnames (value))
    return;
  end
  answer.([field "_shape"]) = size (value);
  answer.([field "_class"]) = class (value);
  if (isnumeric (value) || islogical (value)) && numel (value) <= room
    answer.(field) = double (full (value(:)));
  end
end

function d = slope (request, values)
  %SLOPE Differentiate J by central differences.
  epsilon = 1e-4;
  theta = values{request.theta};
  d = zeros (numel (theta), 1);
  for p = 1:numel (theta)
    step = zeros (size (theta));
    step(p) = epsilon;
    values{request.theta} = theta + step;
    above = run (request, values, 1);
    values{request.theta} = theta - step;
    d(p) = (above - run (request, values, 1)) / (2 * epsilon);
  end
end

function text = place (stack, here)
  %PLACE Return the innermost function of the user's the error was in, and its line.
  text = "";
  for k = 1:numel (stack)
    if strncmp (stack(k).file, here, numel (here)) && stack(k).line > 0
      text = sprintf ("%s:%d", stack(k).name, stack(k).line);
      return;
    end
  end
end
