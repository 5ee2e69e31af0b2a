"""The session that cannot lie: values cross bit for bit, no answer goes to another call, nothing is left behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from courseport.octave import (
    OctaveDiedError,
    OctaveError,
    OctaveEvaluationError,
    OctaveNotFoundError,
    OctaveSession,
    OctaveTimeoutError,
    find_octave,
)

pytestmark = pytest.mark.octave


@pytest.fixture
def session() -> Iterator[OctaveSession]:
    """A session of the test's own, to be maltreated."""
    with OctaveSession(time_limit=20.0) as own:
        yield own


@settings(max_examples=25)
@given(
    bits=hnp.arrays(
        np.uint64, hnp.array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=5), elements=st.integers(0, 2**64 - 1)
    ),
    order=st.sampled_from("CF"),
)
def test_doubles_come_back_bit_for_bit(octave: OctaveSession, bits: Any, order: Any) -> None:
    values = np.array(bits.view(np.float64), order=order)
    values[0, 0] = -0.0
    back = octave.feval("double", values)
    assert back.shape == values.shape
    assert np.array_equal(np.isnan(back), np.isnan(values))
    assert np.array_equal(back.view(np.uint64), np.ascontiguousarray(values).view(np.uint64))


@pytest.mark.parametrize(
    ("value", "shape", "kind"),
    [
        (np.arange(3), (3, 1), "double"),
        (np.arange(6, dtype=np.float32).reshape(2, 3), (2, 3), "double"),
        (np.int64(5), (1, 1), "double"),
        (True, (1, 1), "double"),
        ([[1, 2], [3, 4]], (2, 2), "double"),
        (np.arange(12.0).reshape(3, 4)[:, ::2], (3, 2), "double"),
        (np.empty((0, 3)), (0, 3), "double"),
        ("some text", (1, 9), "char"),
    ],
)
def test_everything_is_sent_as_doubles_and_vectors_as_columns(
    octave: OctaveSession, value: Any, shape: tuple[int, int], kind: str
) -> None:
    assert octave.feval("class", value) == kind
    assert tuple(octave.feval("size", value).ravel()) == shape


def test_what_comes_back(octave: OctaveSession) -> None:
    J, grad = octave.feval("max", [3.0, 9.0, 2.0], nout=2)
    assert (J, grad) == (9.0, 2.0)
    assert isinstance(octave.pull("true"), float)
    assert octave.pull("int8(7)") == 7.0
    assert octave.pull("[1 2; 3 4]").tolist() == [[1, 2], [3, 4]]
    assert octave.pull("zeros(0, 3)").shape == (0, 3)
    assert octave.pull("[]").shape == (0, 0)
    assert octave.pull("sparse([1 0; 0 2])").tolist() == [[1, 0], [0, 2]]
    assert octave.pull("'text'") == "text"
    assert octave.pull("''") == ""
    assert octave.pull("['ab'; 'cd']") == "ab\ncd"
    assert octave.pull("[1 2i]").tolist() == [[1, 2j]]
    assert octave.pull("2i").tolist() == [[2j]]
    assert octave.feval("disp", 1.0, nout=0) is None


def test_push_keeps_a_variable(octave: OctaveSession) -> None:
    octave.push("kept", [[1.5, 2.5]])
    octave.eval("kept(2) = 7;")
    assert octave.pull("kept").tolist() == [[1.5, 7.0]]


@pytest.mark.parametrize(
    "value",
    [None, np.ma.masked_array([1.0, 2.0], [True, False]), "Grüße", lambda: 1.0, 1 + 2j, [[1.0], [1.0, 2.0]], object()],
    ids=["None", "mask", "not ASCII", "callable", "complex", "ragged", "object"],
)
def test_what_octave_would_misread_is_refused(value: Any) -> None:
    never_started = OctaveSession()
    with pytest.raises((TypeError, ValueError), match="argument 1 must"):
        never_started.feval("sin", value)
    assert never_started._engine is None


def test_what_is_neither_numbers_nor_text_is_refused(octave: OctaveSession) -> None:
    with pytest.raises(OctaveEvaluationError, match="output 1 is a cell, which is neither numbers nor text"):
        octave.pull("{1, 2}")
    with pytest.raises(OctaveEvaluationError, match="struct"):
        octave.feval("struct", "a", 1.0)


def test_an_error_of_the_code_leaves_the_session(session: OctaveSession) -> None:
    session.push("x", 4.0)
    with pytest.raises(OctaveEvaluationError, match="Octave: boom 3") as raised:
        session.eval("error('my:id', 'boom %d', 3)")
    assert (raised.value.message, raised.value.identifier) == ("boom 3", "my:id")
    for code in ("x = = 3", "nowhere(3)", "[1 2] * [3 4]"):
        with pytest.raises(OctaveEvaluationError):
            session.eval(code)
    assert session.pull("x") == 4.0
    assert session.generation == 0
    assert isinstance(pickle.loads(pickle.dumps(raised.value)), OctaveEvaluationError)


def test_the_place_of_an_error_is_told(session: OctaveSession, tmp_path: Path) -> None:
    (tmp_path / "outer.m").write_text("function outer()\n  inner();\nend\n\nfunction inner()\n  error('here');\nend\n")
    session.addpath(tmp_path)
    with pytest.raises(OctaveEvaluationError) as raised:
        session.feval("outer", nout=0)
    assert raised.value.where[:2] == ("outer>inner, line 6", "outer, line 2")


def _lose(code: str) -> Callable[[OctaveSession], None]:
    return lambda session: session.eval(code)


def _kill_between_calls(session: OctaveSession) -> None:
    assert session._engine is not None
    os.kill(session._engine.pid, signal.SIGKILL)
    time.sleep(0.05)
    session.pull("1")


@pytest.mark.parametrize(
    ("lose", "error"),
    [
        (_lose("while true; end"), OctaveTimeoutError),
        (_lose("A = rand(5000); A = A * A * A;"), OctaveTimeoutError),
        (_lose("while true; disp('again'); end"), OctaveTimeoutError),
        (_lose("system('sleep 600');"), OctaveTimeoutError),
        (_lose("exit"), OctaveDiedError),
        (_lose("kill(getpid(), 9)"), OctaveDiedError),
        (_kill_between_calls, OctaveDiedError),
    ],
    ids=["loop", "BLAS", "printing", "child", "exit", "killed", "killed between calls"],
)
def test_the_answer_after_a_loss_is_right(
    tmp_path: Path, lose: Callable[[OctaveSession], None], error: type[OctaveError]
) -> None:
    (tmp_path / "twice.m").write_text("function y = twice(x)\n  y = 2 * x;\nend\n")
    with OctaveSession(time_limit=20.0) as session:
        session.addpath(tmp_path)
        session.push("kept", 1.0)
        assert session.feval("twice", 21.0) == 42.0
        session.time_limit = 0.7
        started = time.monotonic()
        with pytest.raises(error):
            lose(session)
        assert time.monotonic() - started < 5.0
        session.time_limit = 20.0
        assert session.generation == 1
        assert session.feval("twice", [1.0, 2.0]).tolist() == [[2.0], [4.0]]  # the path is there again
        with pytest.raises(OctaveEvaluationError, match="kept"):
            session.pull("kept")  # the variables are not


class Alarm(Exception):  # noqa: N818 - a signal, not an error
    pass


def test_an_exception_from_a_signal_handler_ends_the_session(session: OctaveSession) -> None:
    def ring(_number: int, _frame: object) -> None:
        raise Alarm

    assert session.pull("1") == 1.0
    old = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(Alarm):
            session.eval("pause(5); x = 17;")
    finally:
        signal.signal(signal.SIGALRM, old)
    assert [session.pull(str(n)) for n in (2, 3, 4)] == [2.0, 3.0, 4.0]
    assert session.generation == 1


@pytest.mark.parametrize("code", ["pause(20);", "A = rand(5000); A = A * A * A;"])
def test_ctrl_c_is_not_swallowed(session: OctaveSession, code: str) -> None:
    assert session.pull("1") == 1.0
    timer = threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        session.eval(code)
    timer.join()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert [session.pull(str(n)) for n in (2, 3)] == [2.0, 3.0]


def test_an_answer_without_its_nonce_is_not_believed(session: OctaveSession, monkeypatch: pytest.MonkeyPatch) -> None:
    session.pull("17")
    engine = session._engine
    assert engine is not None
    right_call = engine.call
    stale = right_call(["nonce of another call", "evalin", 1.0, "base", "17"], lambda _line: None)
    monkeypatch.setattr(engine, "call", lambda *_arguments: stale)
    with pytest.raises(OctaveDiedError, match="another call"):
        session.pull("18")
    assert session.pull("19") == 19.0


def test_sessions_of_several_threads_and_one_session_in_several(octave: OctaveSession) -> None:
    wrong: list[float] = []

    def ask(session: OctaveSession, first: int) -> None:
        for n in range(first, first + 15):
            value = session.pull(f"{n} + 0.5")
            if value != n + 0.5:
                wrong.append(n)

    with OctaveSession() as other:
        threads = [threading.Thread(target=ask, args=(s, n)) for s, n in ((octave, 0), (octave, 100), (other, 200))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def test_what_octave_prints_is_kept_and_handed_on() -> None:
    lines: list[str] = []
    with OctaveSession(output=lines.append) as session:
        session.eval("disp('one'); printf('two\\n'); x = 3")
        assert lines == ["one", "two", "x = 3"]
        assert session.printed == lines
        session.eval("for k = 1:1500; disp(k); end")
        assert session.printed[-1] == "1500"
        assert len(session.printed) == 1000
        session.eval("1;")
        assert session.printed == []


def test_output_must_not_call_the_session() -> None:
    with OctaveSession(output=lambda _line: session.eval("1;")) as session:
        with pytest.raises(OctaveError, match="in the middle of a call"):
            session.eval("disp(1)")
        assert session.pull("5") == 5.0


@pytest.mark.parametrize("code", ["x = input('? ');", "keyboard", "pause", "kbhit", "yes_or_no('really? ')"])
def test_nobody_is_there_to_answer(octave: OctaveSession, code: str) -> None:
    with pytest.raises(OctaveEvaluationError, match="nobody is there"):
        octave.eval(code)
    assert octave.feval("pause", 0.0, nout=0) is None


def test_closing_is_idempotent_and_a_closed_session_starts_again() -> None:
    session = OctaveSession()
    session.close()
    assert session.pull("1") == 1.0
    session.close()
    session.close()
    assert session.pull("2") == 2.0
    session.close()


def test_a_pickled_session_has_an_octave_of_its_own(session: OctaveSession, tmp_path: Path) -> None:
    (tmp_path / "twice.m").write_text("function y = twice(x)\n  y = 2 * x;\nend\n")
    session.addpath(tmp_path)
    with pickle.loads(pickle.dumps(session)) as copy:
        assert copy.feval("twice", 4.0) == 8.0
        assert copy._engine.pid != session._engine.pid  # type: ignore[union-attr] # both have been called


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"time_limit": 0.0}, "time_limit must be a finite real number > 0, got 0.0"),
        ({"time_limit": "3"}, "time_limit must be a finite real number > 0, got '3'"),
    ],
)
def test_bad_settings_are_refused(arguments: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        OctaveSession(**arguments)


def test_bad_calls_are_refused(octave: OctaveSession, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nout must be a whole number >= 0, got -1"):
        octave.feval("sin", 1.0, nout=-1)
    with pytest.raises(TypeError, match="function must be the name of an Octave function, got function"):
        octave.feval(lambda: 1.0)  # type: ignore[arg-type] # what is tested
    with pytest.raises(ValueError, match=r"folder must be a folder, got .*nowhere"):
        octave.addpath(tmp_path / "nowhere")


def _memory(pid: int) -> int:
    """Return the resident memory of a process, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_calls_leak_neither_memory_nor_descriptors(session: OctaveSession) -> None:
    """Four hundred calls; benchmarks/bridge_overhead.py makes ten thousand."""
    theta = np.ones(1000)

    def calls(number: int) -> None:
        for _ in range(number):
            session.feval("plus", theta, 1.0)

    calls(100)
    assert session._engine is not None
    pids = (os.getpid(), session._engine.pid)
    before = [(len(list(Path(f"/proc/{pid}/fd").iterdir())), _memory(pid)) for pid in pids]
    calls(400)
    after = [(len(list(Path(f"/proc/{pid}/fd").iterdir())), _memory(pid)) for pid in pids]
    for (descriptors, memory), (more_descriptors, more_memory) in zip(before, after, strict=True):
        assert more_descriptors == descriptors
        assert more_memory - memory < 1000  # kB; a theta of 8 kB kept at each call would be 3,200


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
        timeout=60,
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
    deadline = time.monotonic() + 10.0
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


def test_importing_the_bridge_starts_nothing(tmp_path: Path) -> None:
    code = """
    import sys
    from courseport.octave import OctaveSession
    session = OctaveSession()
    assert not {"oct2py", "pexpect", "octave_kernel"} & set(sys.modules)
    """
    done = _run(code, tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_environment_is_left_as_it_was(tmp_path: Path) -> None:
    done = _run(PROLOGUE + 'print(os.environ["TERM"], "OCTAVE_HISTFILE" in os.environ)', tmp_path, TERM="xterm-kitty")
    assert done.stdout.split() == ["xterm-kitty", "False"]
    assert done.stderr == ""


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


def test_oct2py_absent_is_one_error_that_names_the_extra(tmp_path: Path) -> None:
    code = """
    import sys
    sys.modules["oct2py"] = None
    from courseport.octave import OctaveSession
    try:
        OctaveSession().pull("1")
    except ModuleNotFoundError as error:
        print(error)
    """
    done = _run(code, tmp_path)
    assert done.stdout.strip() == "driving Octave needs oct2py: pip install 'courseport[octave]'", done.stderr
