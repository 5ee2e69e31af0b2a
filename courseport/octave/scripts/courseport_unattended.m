function courseport_unattended ()
  %COURSEPORT_UNATTENDED Make what waits for a user an error: nobody is there.
  warning ("off", "Octave:shadowed-function");
  addpath (fullfile (fileparts (mfilename ("fullpath")), "unattended"));
end
