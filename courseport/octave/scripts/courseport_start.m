function courseport_start ()
  %COURSEPORT_START Settings of a driven session: no pager, no questions, no file left by a crash.
  page_screen_output (false);
  crash_dumps_octave_core (false);
  sighup_dumps_octave_core (false);
  sigterm_dumps_octave_core (false);
  courseport_unattended ();
  version = strtok (OCTAVE_VERSION (), "-+");  # 8.0.1-rc2 has a tail
  printf ("\n%s%s\n%sstart%s", char (2), version, char (30), char (30));
  fflush (stdout);
end
