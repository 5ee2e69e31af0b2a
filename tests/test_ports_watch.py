"""Calls recorded from a function's own tests and from scripts that use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from courseport.crosscheck import Limits, compare_port, compare_recording, record_port
from courseport.crosscheck.ports.recording import Recording
from courseport.crosscheck.ports.watch import watch

# A function with a private one, one beside it, a package and a subfunction, which calls itself.
FILES = {
    "total.m": """function [s, n] = total (x, varargin)
  % TOTAL Sum of x:-1:1, and the number of arguments.
  n = nargin;
  if isempty (x), error ("Total:empty", "x is empty"); end
  s = helper (x) + hidden (x) + tools.shift (x);
  if x > 1
    s = s + total (x - 1);
  end
end
function y = helper (x), y = x - 2; end
""",
    "private/hidden.m": "function y = hidden (x), y = beside (x) - x; end\n",
    "beside.m": "function y = beside (x), y = x + 1; end\n",
    "+tools/shift.m": "function y = shift (x), y = tools.one (x); end\n",
    "+tools/one.m": "function y = one (x), y = 1; end\n",
}
TESTS = """
%!assert (total (3), 6)
%!assert <*123> (total (4, "more"), 10)
%!test
%! [s, n] = total (2, 3, {4});
%! assert ([s, n], [3, 3]);
%!error <empty> total ([])
%!error id=Total:empty total (zeros (0, 2))
%!shared a, b
%! a = 5; b = struct ("c", 1);
%!test <*45> assert (total (a, b), 15)
%!function y = twice (x)
%! y = 2 * total (x);
%!endfunction
%!assert (twice (6), 42)
%!testif HAVE_NO_SUCH_THING
%! total (100);
%!testif ; true
%! total (7);
%!xtest assert (total (8), 0)
%!assert (total (9), 0)
%!test
%! total (10);
%!demo
%! total (1000);
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # One level down: scripts go to the folder above and take all that is there on their path.
    folder = tmp_path_factory.mktemp("watch") / "code"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / "tested.m").write_text(FILES["total.m"].replace("total", "tested") + TESTS.replace("total", "tested"))
    return folder


def first_arguments(recording: Recording) -> list[Any]:
    return [case.python[0] if case.python and np.size(case.python[0]) else None for case in recording.cases]


def test_every_kind_of_block_is_run_but_a_demo(home: Path) -> None:
    recording = watch(home / "tested.m")
    assert first_arguments(recording) == [3, 4, 2, None, None, 5, 6, 7, 8, 9, 10]
    assert [case.nout for case in recording.cases[:4]] == [1, 1, 2, 0]
    assert [value.item() for value in recording.answers[2].outputs] == [3.0, 3.0]
    assert [answer.identifier for answer in recording.answers[3:5]] == ["Total:empty"] * 2
    assert recording.cases[1].python == (4.0, "more")
    assert recording.cases[5].python == (5.0, {"c": 1.0})
    assert recording.outputs == ("s", "n")
    assert len(recording.source_hash) == 64
    assert any("1 test fails" in note for note in recording.notes)


# Scripts, each with the first arguments of the calls that are to be recorded, and what is to be told.
SCRIPTS: dict[str, tuple[str, list[int], str]] = {
    "clears and moves": (
        "clear all; close all; clc; clear functions\ntotal (1);\nclear total\naddpath (pwd); total (2);\n"
        "cd ('..'); addpath (genpath (pwd)); total (3);\nf = fopen ('log.txt', 'w'); fclose (f);\n",
        [1, 2, 3],
        "",
    ),
    "plots and asks": (
        "figure; h = plot (1:3); set (h, 'linewidth', 2); hold on; subplot (2, 1, 1); title ('x'); legend ('a');\n"
        "print -dpng picture.png; p = get (gca, 'position'); q = p(4); [n, c] = hist ([1, 2, 2]); total (n(1));\n"
        "x = input ('x? '); pause; pause (1000); keyboard; if isempty (x), total (4); end\n",
        [1, 4],
        "",
    ),
    "by handle, repeated": (
        "f = @total; f (1); cellfun (@total, {2, 3}); arrayfun (@(k) total (k), 4); feval ('total', 5); total (1);\n"
        "cellfun ('total', {6}); y = quad (@(t) total (7), 0, 1);",
        [1, 2, 3, 4, 5, 6, 7],
        "calls left out: the arguments of an earlier one",
    ),
    "functions last": (
        "% Test\r\nclear all\r\nx = twice (1);\r\n\r\nfor k = 1:2\r\n  total (k);\r\nend\r\n"
        "function y = twice (x)\r\n"
        "  if x\r\n    y = once (2 * x);\r\n  end\r\nend\r\n% more\r\n"
        "function y = once (x)\r\n  y = total (x + 1);\r\nend\r\n",
        [3, 1, 2],
        "",
    ),
    "functions first, an end": (
        "1;\nfunction run (k)\n  total (k);\nend\nrun (1); run (2); exit (3); run (3);\n",
        [1, 2],
        "",
    ),
    "a function": (
        "function demo ()\n  total (1);\n  rest (2);\nend\nfunction rest (k)\n  total (k);\nend\n",
        [1, 2],
        "",
    ),
    "blocks": ("%!test\n%! total (1);\n%!assert (total (2), 3)\n", [1, 2], ""),
    "nothing": ("disp ('hello')\n", [], "nothing.m did not call the function"),
}


@pytest.mark.parametrize("kind", SCRIPTS)
def test_scripts(kind: str, home: Path) -> None:
    text, expected, told = SCRIPTS[kind]
    script = home / f"{kind.replace(' ', '_').replace(',', '')}.m"
    script.write_bytes(text.encode())
    recording = watch(home / "total.m", script)
    assert first_arguments(recording) == expected
    assert [answer.outputs[0].item() for answer in recording.answers] == [n * (n + 1) / 2 for n in expected]
    assert all(case.name.startswith(script.name) for case in recording.cases)
    assert not (home / "picture.png").exists()
    assert not (home.parent / "log.txt").exists()
    assert [told in note for note in recording.notes] == [True] * bool(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("total (1); total (2); nothere (3); total (4);", "failing.m failed in failing, line 3: 'nothere' undefined"),
        ("total (1); total (2); total ({});", "failing.m failed in total, line 4: x is empty"),
        ("total (1); total (2); while true, end", "did not end within 1 s"),
        ("total (1); total (2); kill (getpid (), 9);", "signal 9"),
        ("total (1); total (2); x = (", "parse error"),
        ("total (1); total (2); x = zeros (1e6);", "memory"),
    ],
)
def test_a_script_that_fails_half_way_gives_the_calls_until_then(text: str, told: str, home: Path) -> None:
    (home / "failing.m").write_text(text.replace("; ", ";\n"))
    recording = watch(home / "total.m", home / "failing.m", limits=Limits(1.0))
    if told != "parse error":
        assert first_arguments(recording)[:2] == [1, 2]
    assert any(told in note for note in recording.notes), recording.notes


def test_what_cannot_cross_and_what_is_too_many_is_left_out_and_told(home: Path) -> None:
    (home / "crossing.m").write_text(
        "for k = 1:30, total (k); end\n"
        "total (1, @sin); total (1, {2, struct('f', @cos)}); total (1, containers.Map ());\n"
    )
    recording = watch(home / "total.m", home / "crossing.m", most=50)
    assert first_arguments(recording) == list(range(1, 31))
    assert sum("function_handle" in note for note in recording.notes) == 2
    assert any("containers.Map" in note for note in recording.notes)
    few = watch(home / "total.m", home / "crossing.m", most=4)
    assert first_arguments(few) == [1, 2, 3, 4]
    assert any("29 of 33" in note for note in few.notes)


def test_random_answers_are_told(tmp_path: Path) -> None:
    (tmp_path / "draw.m").write_text("function y = draw (n)\n  y = rand (1, n);\nend\n")
    (tmp_path / "demo.m").write_text("a = draw (2); b = draw (2); c = draw (3);\n")
    recording = watch(tmp_path / "draw.m", tmp_path / "demo.m")
    assert len(recording.cases) == 2
    assert any("another answer" in note for note in recording.notes)


def test_octave_s_own_functions_and_those_in_packages(home: Path, tmp_path: Path) -> None:
    (tmp_path / "sums.m").write_text("x = cumsum ([1, 2]); y = cumsum ([1; 2], 1); [s, k] = sort ([3, 1]);\n")
    assert [len(case.octave) for case in watch("cumsum", tmp_path / "sums.m").cases] == [1, 2]
    assert [case.nout for case in watch("sort", tmp_path / "sums.m").cases] == [2]
    assert len(watch("fliplr").cases) > 4
    tested = home / "+tools" / "tested.m"
    tested.write_text("function y = tested (x), y = tools.one (x); end\n%!assert (tools.tested (4), 1)\n")
    assert first_arguments(watch(tested)) == [4]


def test_setup_folders_and_the_script_s_own_folder(home: Path, tmp_path: Path) -> None:
    (tmp_path / "use.m").write_text("total (start ()); total (further ()); total (from_setup);\n")
    (tmp_path / "start.m").write_text("function y = start (), y = 1; end\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "further.m").write_text("function y = further (), y = 2; end\n")
    recording = watch(home / "total.m", tmp_path / "use.m", folders=[tmp_path / "more"], setup="from_setup = 3;")
    assert first_arguments(recording) == [1, 2, 3]
    failed = watch(home / "total.m", tmp_path / "use.m", setup="nothere (1);")
    assert not failed.cases
    assert any("setup" in note for note in failed.notes)


@pytest.mark.parametrize(
    ("path", "script", "error"),
    [
        ("total.m", None, ValueError),  # it has no blocks
        ("nothere.m", None, OSError),
        ("total.m", "nothere.m", OSError),
        ("total.m", "empty.m", ValueError),
        ("a-b.m", "total.m", ValueError),
        (3, None, TypeError),
    ],
)
def test_bad_input(path: Any, script: str | None, error: type[Exception], home: Path) -> None:
    (home / "empty.m").write_text("\n")
    (home / "a-b.m").write_text("x = 1;\n")
    with pytest.raises(error):
        watch(home / path if isinstance(path, str) else path, script and home / script)


def test_ports_are_compared_on_recorded_calls(home: Path) -> None:
    def port(x: Any, *rest: Any) -> Any:
        if np.size(x) == 0:
            raise ValueError
        return (x * (x + 1) / 2, 1 + len(rest))

    (home / "demo.m").write_text("for k = 1:5, [s, n] = total (k, k); end; total (3);\n")
    assert compare_port(home / "total.m", port, record=home / "demo.m").agrees
    assert compare_port(home / "total.m", lambda *args: port(*args)[0], record=home / "demo.m").agrees
    wrong = compare_port(home / "total.m", lambda *args: port(*args)[0] + 1, record=home / "demo.m")
    assert wrong.exit_status == 1
    (home / "idle.m").write_text("x = 1;\n")
    assert compare_port(home / "total.m", port, record=home / "idle.m").exit_status == 2
    assert compare_recording(record_port(home / "tested.m"), port).agrees  # %!error asks for the error
    silent = compare_port(home / "tested.m", lambda x, *rest: (np.sum(x) * (np.sum(x) + 1) / 2, 1 + len(rest)))
    assert [case.agrees for case in silent.cases] == [True] * 3 + [False] * 2 + [True] * 6
