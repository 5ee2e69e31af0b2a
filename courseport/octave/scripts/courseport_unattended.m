function courseport_unattended ()
  %COURSEPORT_UNATTENDED Make what waits for a user an error: nobody is there.
  warning ("off", "Octave:shadowed-function");
  here = fileparts (mfilename ("fullpath"));
  others = strsplit (path (), pathsep ());
  for k = 1:numel (others)
    if isfolder (fullfile (others{k}, "@input"))  % of octave_kernel: it asks the process that drives Octave
      rmpath (others{k});
    end
  end
  addpath (fullfile (here, "unattended"));
end
