function pause (seconds)
  %PAUSE Wait for a number of seconds; fail where a key is waited for, because nobody is there to press it.
  if nargin == 0
    error ("courseport:unattended", "pause: nobody is there to press a key");
  end
  builtin ("pause", seconds);
end
