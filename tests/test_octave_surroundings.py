"""What a session leaves behind: nothing; and what it says where Octave or oct2py are absent or too old."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from courseport.octave import (
    OctaveNotFoundError,
    OctaveSession,
    find_octave,
)

pytestmark = pytest.mark.octave


PROLOGUE = """
import os, signal, sys, time
import numpy as np
from courseport.octave import OctaveSession
session = OctaveSession()
assert session.pull("6 * 7") == 42.0
"""


def _run(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    temporary = folder / "temporary"
    temporary.mkdir()
    work = folder / "work"
    work.mkdir()
    (work / "octave-workspace").write_text("mine")
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=work,
        env={**os.environ, "TMPDIR": str(temporary), **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def _octaves_in(folder: Path) -> list[str]:
    """Return the processes that have `folder` as their working folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if entry.readlink() == folder:
                found.append((entry.parent / "cmdline").read_text().replace("\0", " "))
        except OSError:  # it has just ended, or is not ours
            continue
    return found


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("session.close()", 0),
        ("", 0),
        ("raise ValueError", 1),
        ("os._exit(4)", 4),
        ("os.kill(os.getpid(), signal.SIGKILL)", -9),
    ],
)
def test_nothing_is_left_behind_whatever_way_it_ends(tmp_path: Path, ending: str, status: int) -> None:
    done = _run(PROLOGUE + "print(session._engine.folder, flush=True)\n" + ending, tmp_path)
    assert done.returncode == status, done.stderr
    assert done.stderr == "" or ending.startswith("raise")
    work = tmp_path / "work"
    deadline = time.monotonic() + 120.0
    while time.monotonic() < deadline and (
        _octaves_in(work) or any((tmp_path / "temporary").iterdir()) or Path(done.stdout.splitlines()[0]).exists()
    ):
        time.sleep(0.05)
    assert not _octaves_in(work)
    assert not list((tmp_path / "temporary").iterdir())
    assert (work / "octave-workspace").read_text() == "mine"
    assert len(list(work.iterdir())) == 1
    exchange = Path(done.stdout.splitlines()[0])
    assert exchange.name.startswith("courseport-octave-")
    assert not exchange.exists()


def test_a_forked_process_leaves_the_parents_octave_alone(tmp_path: Path) -> None:
    code = """
    pid = os.fork()
    if pid == 0:
        assert session.pull("10 + 1") == 11.0
        sys.exit(5)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 5
    assert session.pull("10 + 2") == 12.0
    assert session.generation == 0
    """
    done = _run(PROLOGUE + textwrap.dedent(code), tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_fork_while_another_thread_is_in_a_call_hangs_nobody(tmp_path: Path) -> None:
    code = """
    import threading
    thread = threading.Thread(target=session.eval, args=("pause (3);",))
    thread.start()
    while not session._busy:
        time.sleep(0.01)
    time.sleep(0.2)
    pid = os.fork()
    if pid == 0:
        signal.alarm(300)
        assert session.pull("10 + 1") == 11.0
        session.close()
        os._exit(5)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 5
    thread.join()
    assert session.pull("10 + 2") == 12.0
    assert session.generation == 0
    """
    done = _run(PROLOGUE + textwrap.dedent(code), tmp_path)
    assert done.returncode == 0, done.stderr


def test_importing_starts_nothing_no_package_is_needed_and_the_environment_is_left_as_it_was(tmp_path: Path) -> None:
    code = """
    import os, sys
    from pathlib import Path
    sys.modules["oct2py"] = None
    before = dict(os.environ)
    from courseport.octave import OctaveSession
    session = OctaveSession()
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    assert not children.exists() or not children.read_text()
    assert not {"pexpect", "octave_kernel"} & set(sys.modules)
    with session:
        assert session.pull("1 + 1") == 2.0
        assert dict(os.environ) == before
    """
    done = _run(code, tmp_path, TERM="xterm-kitty")
    assert (done.returncode, done.stderr) == (0, "")


def test_octave_absent_is_one_error_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OctaveNotFoundError, match=r"no octave-cli on the path.*apt install octave"):
        OctaveSession().pull("1")
    monkeypatch.setenv("OCTAVE_EXECUTABLE", "/nowhere/octave")
    with pytest.raises(OctaveNotFoundError, match="OCTAVE_EXECUTABLE=/nowhere/octave is no program"):
        find_octave()


@pytest.mark.parametrize(
    ("prints", "error"),
    [("GNU Octave, version 4.4.1", "is Octave 4.4.1, which is too old"), ("hello", "did not say which version")],
)
def test_an_octave_too_old_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, prints: str, error: str) -> None:
    fake = tmp_path / "octave-cli"
    fake.write_text(f"#!/bin/sh\necho '{prints}'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("OCTAVE_EXECUTABLE", str(fake))
    with pytest.raises(OctaveNotFoundError, match=f"{error}.*6.1 or newer"):
        find_octave()
