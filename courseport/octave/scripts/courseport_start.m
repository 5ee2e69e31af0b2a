function courseport_start ()
  %COURSEPORT_START Settings of a driven session: no pager, no questions.
  page_screen_output (false);
  courseport_unattended ();
end
