"""What lies beside a file that is checked, and what a cross-check that is killed leaves behind: nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from planted_mistakes import RIGHT_TEXT, SOLUTIONS

from courseport.crosscheck import crosscheck
from courseport.crosscheck.costs.report import AGREES, DISAGREES

HELPERS = ("sigmoid.m", "sigmoidGradient.m")


def _copy_helpers(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for helper in HELPERS:
        (folder / helper).write_text((SOLUTIONS / "vectorised" / helper).read_text())


@pytest.mark.octave
def test_another_students_file_hides_no_function_of_octave(tmp_path: Path) -> None:
    _copy_helpers(tmp_path)
    (tmp_path / "alice.m").write_text(RIGHT_TEXT.replace("m = size(X, 1);", "m = max(size(X, 1), 1);"))
    (tmp_path / "max.m").write_text(RIGHT_TEXT)
    (tmp_path / "nnCostFunction.m").write_text("this is no Octave\n")
    report = crosscheck(tmp_path / "alice.m", digits=False, random=2)
    assert report.status == AGREES, report


@pytest.mark.octave
def test_helpers_are_found_in_private_and_where_a_folder_has_a_colon(tmp_path: Path) -> None:
    private, beside, elsewhere = (tmp_path / name for name in ("one", "ex4: mine", "it's: more"))
    private.mkdir()
    for folder, helpers in ((private, private / "private"), (beside, beside), (elsewhere, elsewhere)):
        _copy_helpers(helpers)
        (folder / "nnCostFunction.m").write_text(RIGHT_TEXT)
        report = crosscheck(folder / "nnCostFunction.m", digits=False, random=2)
        assert report.status == AGREES, report
    (tmp_path / "nnCostFunction.m").write_text(RIGHT_TEXT)
    given = crosscheck(tmp_path / "nnCostFunction.m", folders=[elsewhere], digits=False, random=2)
    assert given.status == AGREES, given


@pytest.mark.octave
def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "nnCostFunction.m")
    for path in (tmp_path / "nnCostFunction.m", tmp_path, Path("/dev/zero")):
        report = crosscheck(path)
        assert (report.exit_status, "expected a regular file" in report.finding) == (2, True)


@pytest.mark.octave
def test_a_wrong_helper_beside_a_right_file_is_found_as_such(tmp_path: Path) -> None:
    _copy_helpers(tmp_path)
    (tmp_path / "sigmoidGradient.m").write_text("function g = sigmoidGradient(z)\ng = zeros(size(z));\nend\n")
    (tmp_path / "nnCostFunction.m").write_text(RIGHT_TEXT)
    report = crosscheck(tmp_path / "nnCostFunction.m", digits=False, random=2)
    assert report.status == DISAGREES
    assert report.finding.startswith("sigmoidGradient.m beside it is wrong; with ours in its place, J and the gradient")


@pytest.mark.octave
def test_a_file_finds_its_neighbours_and_is_not_disturbed_by_others(tmp_path: Path) -> None:
    """A folder above, a folder with letters of another alphabet, and files there that are named as Octave's own."""
    here, beside = tmp_path / "josé ex4", tmp_path / "ex2"
    here.mkdir()
    _copy_helpers(beside)
    (here / "nnCostFunction.m").write_text(RIGHT_TEXT.replace("m = size", "addpath('../ex2');\nm = size"))
    for name in ("full", "isnumeric", "load", "save", "sprintf", "rename", "cell", "numel", "fprintf"):
        (here / f"{name}.m").write_text(f"function x = {name}(varargin)\nerror('not this one');\nend\n")
    report = crosscheck(here / "nnCostFunction.m", digits=False, random=2)
    assert report.status == AGREES, report.lines()
    assert not any("sigmoid.m is not beside it" in note for note in report.notes[2:])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_kill_leaves_neither_programs_nor_folders(tmp_path: Path, number: signal.Signals) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    slow = tmp_path / "slow.py"
    slow.write_text("import subprocess\n\ndef cost(theta, X, y):\n    subprocess.run(['sleep', '4321'])\n")
    command = [sys.executable, "-m", "courseport", "crosscheck", "--python", f"{slow}:cost", "--kind", "linear"]
    process = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "TMPDIR": str(temporary)})
    assert _comes_true(lambda: _sleeps_in(temporary))
    process.send_signal(number)
    assert process.wait(300.0) == -number
    assert _comes_true(lambda: not _sleeps_in(temporary) and not list(temporary.iterdir()))


def _comes_true(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 300.0
    while not (true := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return true


def _sleeps_in(folder: Path) -> bool:
    """Tell whether the program runs: it is a sleep whose working folder is below `folder`."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended, or is not ours
            if b"4321" in (entry / "cmdline").read_bytes() and str(folder) in str((entry / "cwd").readlink()):
                return True
    return False
