function varargout = yes_or_no (varargin)
  %YES_OR_NO Fail: nobody is there to answer.
  error ("courseport:unattended", "yes_or_no: nobody is there to answer");
end
