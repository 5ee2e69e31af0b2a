function varargout = courseport_cost (theta, variable, expression)
  %COURSEPORT_COST Set theta in the base workspace and evaluate the call of a cost function there.
  assignin ("base", variable, theta);
  varargout = cell (1, nargout);
  [varargout{:}] = evalin ("base", expression);
end
