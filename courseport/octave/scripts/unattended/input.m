function varargout = input (varargin)
  %INPUT Fail: nobody is there to answer.
  error ("courseport:unattended", "input: nobody is there to answer");
end
