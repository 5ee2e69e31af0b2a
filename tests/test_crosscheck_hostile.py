"""Right, broken and hostile files get their verdicts: never a hang, a traceback, or something left running."""

from __future__ import annotations

import resource
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from crosscheck_in_session import check_in_session
from planted_mistakes import RIGHT_TEXT, SOLUTIONS

from courseport.crosscheck import Limits, Report, crosscheck, crosscheck_many
from courseport.crosscheck.costs.cases import make_cases
from courseport.crosscheck.costs.report import AGREES, DISAGREES, FAILED, NO_COST_FUNCTION, NOT_DONE
from courseport.octave import OctaveSession
from courseport.octave.signature import COURSE

pytestmark = pytest.mark.octave
LIMITS = {False: Limits(megabytes=1024.0), True: Limits(seconds=2.5, megabytes=1024.0)}  # right, and hostile
FIRST = "m = size(X, 1);\n"  # a line of the right solution; odd code goes before it
LAST = "grad = [Theta1_grad(:); Theta2_grad(:)];"
HEAD = RIGHT_TEXT.partition("\n")[0]
ANSWERS = "f = @(n) sprintf('../../answer_%06d', n); "  # where the answers lie, seen from where the file runs


class Hostile(NamedTuple):
    text: str
    status: str
    says: str


def _before(code: str) -> str:
    assert FIRST in RIGHT_TEXT
    return RIGHT_TEXT.replace(FIRST, f"{code}\n{FIRST}")


def _after(code: str) -> str:
    assert LAST in RIGHT_TEXT
    return RIGHT_TEXT.replace(LAST, f"{LAST}\n{code}")


def _with(old: str, new: str) -> str:
    assert old in RIGHT_TEXT
    return RIGHT_TEXT.replace(old, new)


RIGHT = {
    **{path.parent.name: path.read_text() for path in sorted(SOLUTIONS.glob("*/*[cC]ost*.m"))},
    "empty error": _before("error(struct('message', '', 'identifier', 'a:b'))"),
    "much printing": _before("for k = 1:50; disp(k); end"),
    "prints J": _after("J"),
    "clear all": _before("evalin('base', 'clear all');"),
    "clear functions": _after("clear functions; clear -global;"),
    "rand reseeded": _before("rand('twister', 1); randn('seed', 2);"),
    "another folder afterwards": _after("cd('/');"),
    "a path grown": _after("persistent grown; if isempty(grown) addpath('/usr'); grown = 1; end"),
    "a path emptied": _after("path('');"),
    "child left behind": _before("system('sleep 1234 &');"),
    "warnings": _before("warning('mind this');"),
    "changes its arguments": _after("X(:) = 0; y(:) = 1; nn_params(:) = 0; lambda = 9;"),
    "leaves its session": _before("system('setsid sleep 1235 & (setsid sh -c \"sleep 1236 &\" &)');"),
    "lines of Windows": RIGHT_TEXT.replace("\n", "\r\n"),
    "bytes of Latin-1": _before("% pas \udce0 pas"),
    "no end": RIGHT_TEXT.rstrip().removesuffix("end"),
    "a function of its own": _with("size(X, 1)", "how_many(X)") + "\nfunction n = how_many(X)\nn = size(X, 1);\nend\n",
    "a global variable": _before("global n; n = 3;"),
    "a variable that lives on": _before("persistent n; if isempty(n) n = 0; end; n = n + 1;"),
    "an error that is caught": _before("try; error('never mind'); catch; end"),
    "code in a text": _before("eval('q = 1;'); q = evalc('disp(1)');"),
    "a clock": _before("tic; t = toc; pause(0.001);"),
    "a block comment": _before("%{\n  error(1)\n%}"),
}
HOSTILE = {
    "endless loop": Hostile(_before("while true; end"), FAILED, "did not end within 2.5 s"),
    "long BLAS call": Hostile(_before("A = rand(5000); A = A * A * A * A;"), FAILED, "did not end within 2.5 s"),
    "exit": Hostile(_before("exit"), FAILED, "ended Octave (exit or quit)"),
    "exit with a status": Hostile(_before("disp('bye'); exit(7)"), FAILED, "ended Octave with status 7"),
    "killed": Hostile(_before("kill(getpid(), 9)"), FAILED, "signal 9"),
    "endless printing": Hostile(_before("while true; disp(rand(3)); end"), FAILED, "did not end within 2.5 s"),
    "4 GB": Hostile(_before("A = ones(23200);"), FAILED, "more memory than the limit of 1024 MB"),
    "memory in a loop": Hostile(_before("A = {}; while true; A{end + 1} = ones(2000); end"), FAILED, "it "),
    "recursion": Hostile(
        _before(
            "[J, grad] = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);"
        ),
        FAILED,
        "calls itself without end",
    ),
    "answers of its own": Hostile(
        _before(
            ANSWERS + "system(['mkfifo ' f(2)]); system(['ln -s /dev/zero ' f(3)]); fclose(fopen(f(5), 'w'));"
            "system(['head -c 400000000 /dev/zero > ' f(4)]); exit"
        ),
        FAILED,
        "left no answer that can be read",
    ),
}
BROKEN = {
    "keyboard": Hostile(_before("keyboard"), FAILED, "waits for a user: keyboard"),
    "input": Hostile(_before("x = input('lambda? ');"), FAILED, "waits for a user: input"),
    "pause": Hostile(_before("pause"), FAILED, "waits for a user: pause"),
    "error": Hostile(_before("error('my:id', 'I give up %d', 3)"), FAILED, "I give up 3"),
    "syntax error": Hostile(RIGHT_TEXT.replace("m = size(X, 1);", "m = size(X, 1;"), FAILED, "syntax error"),
    "unfinished function": Hostile(HEAD + "\nif true\n", FAILED, "syntax error"),
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
    "clear everything": Hostile(_after("clear all"), DISAGREES, "imaginary unit"),
    "a huge gradient": Hostile(_after("grad = zeros(2000, 2000);"), DISAGREES, "has shape 2000x2000"),
    "single": Hostile(_after("J = single(J);"), DISAGREES, "small"),
}


def _write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True)
    for helper in ("sigmoid.m", "sigmoidGradient.m"):
        (folder / helper).write_text((SOLUTIONS / "vectorised" / helper).read_text())
    (folder / name).write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
    return folder / name


def test_30_right_files_and_10_hostile_ones_in_one_batch(tmp_path: Path) -> None:
    texts = {**RIGHT, **{name: file.text for name, file in HOSTILE.items()}}
    assert (len(RIGHT), len(HOSTILE), len(texts)) == (30, 10, 40)
    files = [_write(tmp_path / str(n), f"my solution ({n}).m", text) for n, text in enumerate(texts.values())]
    checks = [
        partial(crosscheck, file, limits=LIMITS[name in HOSTILE], digits=False, random=3)
        for name, file in zip(texts, files, strict=True)
    ]
    reports = dict(zip(texts, crosscheck_many(checks, jobs=2), strict=True))
    expected = {name: HOSTILE.get(name, Hostile("", AGREES, "J and the gradient are right")) for name in texts}
    wrong = {name: report for name, report in reports.items() if not _as_expected(expected[name], report)}
    assert not wrong, "\n\n".join(f"{name}: {report.lines()}" for name, report in wrong.items())
    assert not _processes_with(str(tmp_path).encode())
    for seconds in (b"1234", b"1235", b"1236"):
        assert not _processes_with(b"sleep\000" + seconds)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_000_000  # kB


def test_broken_files_are_told_what_is_wrong(octave: OctaveSession, tmp_path: Path) -> None:
    cases = make_cases("network", COURSE["nnCostFunction"], digits=False, random=4)[:4]
    wrong = {}
    for number, (name, broken) in enumerate(BROKEN.items()):
        file = _write(tmp_path / str(number), "nnCostFunction.m", broken.text)
        report = crosscheck(file) if broken.status == NO_COST_FUNCTION else check_in_session(octave, file, cases)
        if not _as_expected(broken, report):
            wrong[name] = report.lines()
    assert not wrong


def _as_expected(file: Hostile, report: Report) -> bool:
    words = " ".join((report.finding, *report.facts))
    return report.status == file.status and file.says in words and "\n" not in words


def _processes_with(text: bytes) -> list[bytes]:
    """Return the command lines that hold `text`."""
    commands = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(entry.read_bytes())
        except OSError:  # it has just ended
            continue
    return [command for command in commands if text in command]
