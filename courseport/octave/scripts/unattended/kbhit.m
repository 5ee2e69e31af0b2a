function varargout = kbhit (varargin)
  %KBHIT Fail: nobody is there to answer.
  error ("courseport:unattended", "kbhit: nobody is there to answer");
end
