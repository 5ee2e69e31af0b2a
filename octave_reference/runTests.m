function [passed, failed, files] = runTests(folder)
%RUNTESTS  Run the test blocks of every .m file in this folder and its subfolders.
%   RUNTESTS() prints what fails and a closing line
%     octave: N passed, M failed in F files
%   and raises an error when a block fails or a file has none. A file without a
%   test block counts as one failure.
%
%   [passed, failed, files] = RUNTESTS(folder) does so for another folder and
%   returns the counts instead of raising an error.

  here = fileparts(mfilename('fullpath'));
  if nargin < 1
    folder = here;
  end
  counts = [0 0 0];
  log_file = tempname();
  started_in = cd(folder);
  old_path = addpath(here);

  unwind_protect
    folders = {pwd()};
    while ! isempty(folders)
      % Functions of the current folder come first: a file is tested among its own.
      cd(folders{1});
      entries = dir(folders{1});
      for k = 1:numel(entries)
        name = entries(k).name;
        if entries(k).isdir
          if name(1) != '.'
            folders{end+1} = fullfile(folders{1}, name);
          end
        elseif ! isempty(regexp(name, '\.m$'))
          fid = fopen(log_file, 'w');
          [n, nmax] = test(fullfile(folders{1}, name), 'quiet', fid);
          fclose(fid);
          counts = counts + [n, nmax - n + (nmax == 0), 1];
          if n < nmax || nmax == 0
            fputs(stdout, fileread(log_file));
          end
        end
      end
      folders(1) = [];
    end
  unwind_protect_cleanup
    path(old_path);
    cd(started_in);
    if exist(log_file, 'file')
      delete(log_file);
    end
  end_unwind_protect

  printf('octave: %d passed, %d failed in %d files\n', counts);
  if nargout > 0
    passed = counts(1);
    failed = counts(2);
    files = counts(3);
  elseif counts(2) > 0
    error('runTests: %d failed', counts(2));
  end

end

%!test % a folder with a good file, a failing one, one without tests, and a subfolder
%! folder = tempname ();
%! mkdir (folder); mkdir (fullfile (folder, 'sub'));
%! good = "function goodOne()\nend\n%!assert (1, 1)\n%!error <no> error ('no')\n";
%! bad = "function badOne()\nend\n%!assert (1, 2)\n%!assert (true)\n";
%! none = "function noTest()\nend\n";
%! files = {{'goodOne.m', good}, {'badOne.m', bad}, {'noTest.m', none}, {fullfile('sub', 'goodOne.m'), good}};
%! for k = 1:4
%!   fid = fopen (fullfile (folder, files{k}{1}), 'w'); fputs (fid, files{k}{2}); fclose (fid);
%! end
%! before = pwd ();
%! printed = evalc ('[passed, failed, n] = runTests (folder);');
%! assert ([passed, failed, n], [5, 2, 4]);
%! assert (pwd (), before);
%! assert (! isempty (strfind (printed, 'octave: 5 passed, 2 failed in 4 files')));
%! assert (! isempty (regexp (printed, 'badOne\.m')));
%! assert (! isempty (regexp (printed, 'noTest\.m has no tests')));
%! assert (isempty (regexp (printed, 'goodOne')));
%! raised = '';
%! try
%!   evalc ('runTests (folder)');
%! catch err
%!   raised = err.message;
%! end
%! assert (raised, 'runTests: 2 failed');
%! confirm_recursive_rmdir (false, 'local');
%! rmdir (folder, 's');
