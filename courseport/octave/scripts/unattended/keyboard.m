function varargout = keyboard (varargin)
  %KEYBOARD Fail: nobody is there to answer.
  error ("courseport:unattended", "keyboard: nobody is there to answer");
end
