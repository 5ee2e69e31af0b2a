function [theta, J, info, iterations, evaluations, grad] = courseport_fminunc (theta, variable, expression, ...
    max_iterations, tol_x, tol_fun)
  %COURSEPORT_FMINUNC Octave's fminunc on a cost function whose data is in the base workspace.
  options = optimset ("GradObj", "on", "MaxIter", max_iterations, "MaxFunEvals", Inf, "TolX", tol_x, "TolFun", tol_fun);
  cost_function = @(t) courseport_cost (t, variable, expression);
  [theta, ~, info, output] = fminunc (cost_function, theta, options);
  [J, grad] = cost_function (theta);  # fminunc's own are empty or those of another step where it stops early
  iterations = output.iterations;
  evaluations = output.funcCount;
end
