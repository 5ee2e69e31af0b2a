function answer = courseport_evaluate (expression, nout, gradient, names, values, theta, numeric, again)
  %COURSEPORT_EVALUATE Evaluate a cost function, and tell what came: J and the gradient, their shapes and classes.
  %   The variables `names` get the `values`; theta is the number of the parameters among them, gradient the name that the
  %   function gives its second output. The answer holds the slope of J too if numeric is set, and whether a second
  %   evaluation gives the same if again is set. Only built-in functions are called: others may be hidden.
  mlock ();
  call.expression = expression;
  call.names = names;
  call.folder = pwd ();
  call.path = path ();
  started = tic ();
  [cost, grad] = both (call, values, nout, gradient);
  answer.seconds = toc (started);
  room = 2 * numel (values{theta}) + 10000;
  [answer.J, answer.J_shape, answer.J_class] = kept (cost, room);
  [answer.grad, answer.grad_shape, answer.grad_class] = kept (grad, room);
  answer.repeats = true;
  if again
    [cost_again, grad_again] = both (call, values, nout, gradient);
    answer.repeats = same (answer.J, kept (cost_again, room)) && same (answer.grad, kept (grad_again, room));
  end
  answer.slope = [];
  if numeric && isnumeric (cost) && isscalar (cost) && isreal (cost)
    answer.slope = slope (call, values, theta);
  end
end

function [cost, grad] = both (call, values, nout, gradient)
  %BOTH Evaluate the call; a gradient that is announced and never set is no error here.
  cost = grad = struct ();  # what kept () leaves out; J itself is Octave's imaginary unit
  if nout > 1
    try
      [cost, grad] = run (call, values, 2);
      return;
    catch err
      unset = {["'" gradient "' undefined"], "element number 2 undefined"};
      if ! any (cellfun (@(start) strncmp (err.message, start, numel (start)), unset))
        rethrow (err);
      end
    end
  end
  cost = run (call, values, 1);
end

function varargout = run (call, values, nout)
  %RUN Set the variables and evaluate the call; put back the folder, and what was taken from the path.
  for n = 1:numel (call.names)
    assignin ("base", call.names{n}, values{n});
  end
  varargout = cell (1, nout);
  unwind_protect
    [varargout{:}] = evalin ("base", call.expression);
  unwind_protect_cleanup
    if ! strcmp (pwd (), call.folder)
      cd (call.folder);
    end
    if isempty (strfind (path (), call.path))  # for what is added Octave need not read every folder anew
      path (call.path);
    end
  end_unwind_protect
end

function [numbers, shape, kind] = kept (value, room)
  %KEPT Return numbers as doubles in one column, with their shape and class; a struct without fields is nothing.
  numbers = shape = [];
  kind = "none";
  if isstruct (value) && numfields (value) == 0
    return;
  end
  shape = size (value);
  kind = class (value);
  if (isnumeric (value) || islogical (value)) && numel (value) <= room
    numbers = double (full (value(:)));
  end
end

function yes = same (a, b)
  %SAME Tell whether two answers are the same, up to rounding.
  yes = size_equal (a, b) && all (abs (a - b) <= 1e-9 * max (abs (a)) | a == b | (isnan (a) & isnan (b)));
end

function d = slope (call, values, theta)
  %SLOPE Differentiate J by central differences.
  epsilon = 1e-4;
  center = values{theta};
  d = zeros (numel (center), 1);
  for p = 1:numel (center)
    step = zeros (size (center));
    step(p) = epsilon;
    values{theta} = center + step;
    above = run (call, values, 1);
    values{theta} = center - step;
    d(p) = (above - run (call, values, 1)) / (2 * epsilon);
  end
end
