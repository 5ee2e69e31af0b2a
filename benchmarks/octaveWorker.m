function octaveWorker(folder, layer_sizes, m, lambda)
%OCTAVEWORKER  Measure nnCostFunction in this process; answers the lines of worker.py.
%   The numbers are read from files of float64 in `folder`: X (row by row), y, theta_vec.

  theta_vec = readNumbers(fullfile(folder, 'theta_vec'), Inf);
  X = readNumbers(fullfile(folder, 'X'), [layer_sizes(1) m])';
  y = readNumbers(fullfile(folder, 'y'), Inf);
  cost = @(t) nnCostFunction(t, layer_sizes, X, y, lambda);
  answer(struct('ready', 'octave'));
  while ischar(line = fgetl(stdin))
    [command, argument] = strtok(line);
    switch command
      case 'evaluate'
        [J, grad] = cost(theta_vec);
        file = fopen(strtrim(argument), 'w');
        fwrite(file, [J; grad], 'double');
        fclose(file);
        answer(struct());
      case 'time'
        answer(struct('seconds', timeCalls(cost, theta_vec, str2double(argument))));
      case 'train'
        start = tic;
        [t, fX, i, evaluations] = fmincg(cost, theta_vec, str2double(argument));
        answer(struct('seconds', toc(start), 'cost', fX(end), 'evaluations', evaluations));
    end
  end
end

function seconds = timeCalls(cost, theta_vec, duration)
  start = tic;
  calls = 0;
  while calls == 0 || toc(start) < 0.1
    [J, grad] = cost(theta_vec);
    calls = calls + 1;
  end
  readings = [];
  start = tic;
  while numel(readings) < 3 || toc(start) < duration
    one = tic;
    [J, grad] = cost(theta_vec);
    readings(end+1) = toc(one);
  end
  seconds = median(readings);
end

function numbers = readNumbers(path, shape)
  file = fopen(path, 'r');
  numbers = fread(file, shape, 'double');
  fclose(file);
end

function answer(reply)
  printf('%s\n', jsonencode(reply));
  fflush(stdout);
end
