"""Broken and hostile files give a verdict within the limit, never a hang or a traceback; a right one is still right."""

from __future__ import annotations

import resource
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from planted_mistakes import RIGHT_TEXT, SOLUTIONS

from courseport.crosscheck import Limits, Report, crosscheck, crosscheck_many
from courseport.crosscheck.costs.report import AGREES, DISAGREES, FAILED, NO_COST_FUNCTION, NOT_DONE

pytestmark = pytest.mark.octave
ANY = "any verdict"  # how far it comes depends on the machine's speed
LIMITS = Limits(seconds=4.0, megabytes=1024.0)
FIRST = "m = size(X, 1);\n"  # a line of the right solution; hostile code goes before it
LAST = "grad = [Theta1_grad(:); Theta2_grad(:)];"
HEAD = RIGHT_TEXT.partition("\n")[0]


class Hostile(NamedTuple):
    text: str
    status: str
    says: str
    name: str = "nnCostFunction.m"


def _before(code: str) -> str:
    assert FIRST in RIGHT_TEXT
    return RIGHT_TEXT.replace(FIRST, f"{code}\n{FIRST}")


def _after(code: str) -> str:
    assert LAST in RIGHT_TEXT
    return RIGHT_TEXT.replace(LAST, f"{LAST}\n{code}")


FILES = {
    "endless loop": Hostile(_before("while true; end"), FAILED, "did not end within 4 s"),
    "long BLAS call": Hostile(_before("A = rand(5000); A = A * A * A * A;"), FAILED, "did not end within 4 s"),
    "keyboard": Hostile(_before("keyboard"), FAILED, "waits for a user: keyboard"),
    "input": Hostile(_before("x = input('lambda? ');"), FAILED, "waits for a user: input"),
    "pause": Hostile(_before("pause"), FAILED, "waits for a user: pause"),
    "exit": Hostile(_before("exit"), FAILED, "ended Octave (exit or quit)"),
    "exit with a status": Hostile(_before("disp('bye'); exit(7)"), FAILED, "ended Octave with status 7"),
    "killed": Hostile(_before("kill(getpid(), 9)"), FAILED, "signal 9"),
    "error": Hostile(_before("error('my:id', 'I give up %d', 3)"), FAILED, "I give up 3"),
    "empty error": Hostile(_before("error(struct('message', '', 'identifier', 'a:b'))"), AGREES, "right"),
    "syntax error": Hostile(RIGHT_TEXT.replace("m = size(X, 1);", "m = size(X, 1;"), FAILED, "syntax error"),
    "unfinished function": Hostile(HEAD + "\nif true\n", FAILED, "syntax error"),
    "another name": Hostile(RIGHT_TEXT, AGREES, "right", name="my solution (2).m"),
    "script": Hostile(RIGHT_TEXT.replace(HEAD, "nn_params = 1;"), NO_COST_FUNCTION, "is a script"),
    "empty file": Hostile("", NO_COST_FUNCTION, "is empty"),
    "class": Hostile("classdef nnCostFunction\nend\n", NO_COST_FUNCTION, "defines a class"),
    "binary": Hostile("\0\1\2MATLAB 5.0 MAT-file\0" * 50, NO_COST_FUNCTION, "is a script"),
    "missing helper": Hostile(RIGHT_TEXT.replace("sigmoid(z2)", "mySigmoid(z2)"), FAILED, "needs mySigmoid.m"),
    "undefined variable": Hostile(RIGHT_TEXT.replace("h - Y", "hh - Y"), FAILED, "uses hh before setting it"),
    "does not fit": Hostile(RIGHT_TEXT.replace("Theta2(:, 2:end)) .* sig", "Theta2) .* sig"), FAILED, "do not fit"),
    "wrong size": Hostile(_after("grad = grad(1:end-1);"), DISAGREES, "the gradient has shape"),
    "a row": Hostile(_after("grad = grad';"), DISAGREES, "the gradient has shape 1x88, not 88x1"),
    "a matrix": Hostile(_after("grad = Theta1_grad;"), DISAGREES, "the gradient has shape"),
    "a cell": Hostile(_after("grad = {Theta1_grad, Theta2_grad};"), DISAGREES, "the gradient is a cell"),
    "text": Hostile(_after("J = 'small';"), DISAGREES, "J is a char"),
    "empty J": Hostile(_after("J = [];"), DISAGREES, "J is empty"),
    "vector J": Hostile(RIGHT_TEXT.replace("sum(sum(-Y", "(sum(-Y"), DISAGREES, "J has shape 1x"),
    "NaN": Hostile(_after("J = NaN;"), DISAGREES, "J is nan"),
    "NaN in the gradient": Hostile(_after("grad(3) = NaN;"), DISAGREES, "1 entries that are not finite"),
    "complex": Hostile(_after("J = sqrt(-J);"), DISAGREES, "J is complex"),
    "no gradient": Hostile(_after("clear grad"), NOT_DONE, "J is right; grad is announced and never set"),
    "no J": Hostile(_after("clear J"), DISAGREES, "imaginary unit"),
    "J not begun": Hostile(RIGHT_TEXT.replace("J = (1 / m)", "J = J + (1 / m)"), DISAGREES, "imaginary unit"),
    "endless printing": Hostile(_before("while true; disp(rand(3)); end"), FAILED, "did not end within 4 s"),
    "much printing": Hostile(_before("for k = 1:50; disp(k); end"), AGREES, "right"),
    "prints J": Hostile(_after("J"), AGREES, "right"),
    "clear all": Hostile(_before("evalin('base', 'clear all');"), AGREES, "right"),
    "clear functions": Hostile(_after("clear functions; clear -global;"), AGREES, "right"),
    "clear everything": Hostile(_after("clear all"), DISAGREES, "imaginary unit"),
    "rand reseeded": Hostile(_before("rand('twister', 1); randn('seed', 2);"), AGREES, "right"),
    "another folder": Hostile(
        _before("cd('/'); addpath('/usr'); rmpath(fileparts(which('sigmoid')));"), FAILED, "needs sigmoid.m"
    ),
    "another folder afterwards": Hostile(_after("cd('/');"), AGREES, "right"),
    "a path grown": Hostile(_after("addpath('/usr');"), ANY, ""),
    "a path emptied": Hostile(_after("path('');"), ANY, ""),
    "4 GB": Hostile(_before("A = ones(23200);"), FAILED, "more memory than the limit of 1024 MB"),
    "memory in a loop": Hostile(_before("A = {}; while true; A{end + 1} = ones(2000); end"), FAILED, "it "),
    "recursion": Hostile(
        _before(
            "[J, grad] = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);"
        ),
        FAILED,
        "calls itself without end",
    ),
    "child left behind": Hostile(_before("system('sleep 1234 &');"), AGREES, "right"),
    "warnings": Hostile(_before("warning('mind this');"), AGREES, "right"),
    "changes its arguments": Hostile(_after("X(:) = 0; y(:) = 1; nn_params(:) = 0; lambda = 9;"), AGREES, "right"),
    "leaves its session": Hostile(
        _before("system('setsid sleep 1235 & (setsid sh -c \"sleep 1236 &\" &)');"), AGREES, "right"
    ),
    "a FIFO for an answer": Hostile(
        _before("system('rm -f ../../answer_000003; mkfifo ../../answer_000003'); exit"), FAILED, "ended"
    ),
    "an endless answer": Hostile(
        _before("system('ln -sf /dev/zero ../../answer_000002'); exit"), FAILED, "ended Octave"
    ),
    "a huge answer": Hostile(
        _before("system('head -c 100000000 /dev/zero > ../../answer_000002'); exit"), FAILED, "ended Octave"
    ),
    "a huge gradient": Hostile(_after("grad = zeros(2000, 2000);"), DISAGREES, "has shape 2000x2000"),
    "a fake answer": Hostile(
        _before("fid = fopen('../../answer_000002', 'w'); fputs(fid, 'x'); fclose(fid); exit"), FAILED, "ended"
    ),
    "single": Hostile(_after("J = single(J);"), DISAGREES, "small"),
}


def test_broken_and_hostile_files_get_their_verdicts(tmp_path: Path) -> None:
    """One test for all of them, because they are checked side by side."""
    checks = []
    for number, file in enumerate(FILES.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / file.name).write_text(file.text)
        for helper in ("sigmoid.m", "sigmoidGradient.m"):
            (folder / helper).write_text((SOLUTIONS / "vectorised" / helper).read_text())
        checks.append(partial(crosscheck, folder / file.name, limits=LIMITS, digits=False, random=3))
    reports = dict(zip(FILES, crosscheck_many(checks, jobs=2), strict=True))
    wrong = {name: report for name, report in reports.items() if not _as_expected(FILES[name], report)}
    assert not wrong, "\n\n".join(f"{name}: {report.lines()}" for name, report in wrong.items())
    assert not _processes_with(str(tmp_path).encode())
    for seconds in (b"1234", b"1235", b"1236"):
        assert not _processes_with(b"sleep\000" + seconds)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000  # kB


def _as_expected(file: Hostile, report: Report) -> bool:
    words = " ".join((report.finding, *report.facts))
    return file.status in {report.status, ANY} and file.says in words and "\n" not in words


def _processes_with(text: bytes) -> list[bytes]:
    """Return the command lines that hold `text`."""
    commands = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(entry.read_bytes())
        except OSError:  # it has just ended
            continue
    return [command for command in commands if text in command]
