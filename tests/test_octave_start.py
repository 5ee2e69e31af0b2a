"""The start of an Octave: it counts towards the time limit, and leaves nothing; names in any language."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from courseport.octave import OctaveCostFunction, OctaveDiedError, OctaveSession, OctaveTimeoutError

pytestmark = pytest.mark.octave


def fake(folder: Path, does: str) -> str:
    """Write a program that stands in Octave's place."""
    program = folder / "octave-cli"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    return str(program)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300.0
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def shared_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in shared memory's place: in the machine's own, others work meanwhile."""
    (folder := tmp_path / "shared").mkdir()
    monkeypatch.setattr("courseport.octave.engine.SHARED_MEMORY", folder)
    monkeypatch.setattr("courseport.octave.engine.ROOM", 0)
    return folder


@pytest.mark.parametrize(
    ("does", "limit", "error"),
    [
        ("exec sleep 600", 1.0, OctaveTimeoutError),
        ("while :; do echo babble; sleep 0.01; done", 1.0, OctaveTimeoutError),
        ("while :; do printf babble; sleep 0.01; done", 1.0, OctaveTimeoutError),
        ("sleep 600 & exit", 300.0, OctaveDiedError),
    ],
    ids=["hangs", "babbles", "babbles in one line", "a child holds the pipe"],
)
def test_a_start_that_does_not_end_counts_towards_the_time_limit(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    shared_memory: Path,
    does: str,
    limit: float,
    error: type[Exception],
) -> None:
    monkeypatch.setenv("OCTAVE_EXECUTABLE", fake(tmp_path, does))
    session = OctaveSession(time_limit=limit)
    with pytest.raises(error):
        session.pull("1")
    wait_until(lambda: not any(shared_memory.iterdir()))
    monkeypatch.delenv("OCTAVE_EXECUTABLE")
    session.time_limit = 300.0
    assert session.pull("6 * 7") == 42.0
    session.close()


def test_killed_in_the_start_it_leaves_nothing(tmp_path: Path, shared_memory: Path) -> None:
    program = fake(tmp_path, f"read line; echo $$ > '{tmp_path}/started'; exec sleep 600")  # Octave ends without input
    code = f"""
from pathlib import Path
from courseport.octave import OctaveSession, engine
engine.SHARED_MEMORY, engine.ROOM = Path({str(shared_memory)!r}), 0
OctaveSession().pull("1")
"""
    process = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "OCTAVE_EXECUTABLE": program})
    started = tmp_path / "started"
    wait_until(lambda: started.exists() and bool(started.read_text().strip()))
    made = list(shared_memory.glob("courseport-octave-*"))
    process.kill()
    process.wait()
    assert made
    wait_until(lambda: not any(path.exists() for path in made))
    wait_until(lambda: "sleep" not in command_of(int(started.read_text())))  # what had been started is ended, too


def command_of(pid: int) -> str:
    """Return the command line of a process; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_a_time_limit_that_no_clock_can_count() -> None:
    with OctaveSession(time_limit=1e300) as session:
        assert session.pull("1") == 1.0


def test_folders_and_texts_in_any_language(tmp_path: Path) -> None:
    folder = tmp_path / "josé's 文"
    folder.mkdir()
    (folder / "grusz.m").write_text("function s = grusz(t)\n  s = ['Grüße, ' t];\nend\n", encoding="utf-8")
    (folder / "square.m").write_text(
        "function [J, grad] = square(theta, y)\n  J = sum((theta - y) .^ 2) / 2;\n  grad = theta - y;\nend\n"
    )
    with OctaveSession(time_limit=300.0) as session:
        session.addpath(folder)
        assert session.feval("grusz", "José 文") == "Grüße, José 文"
    with OctaveCostFunction(folder / "square.m", y=[1.0, 2.0]) as cost_function:
        J, grad_vec = cost_function([0.0, 0.0])
    assert J == 2.5
    assert grad_vec.tolist() == [-1.0, -2.0]
