"""A session that is lost, by a time limit, a signal, a crash or Ctrl-C: the next answer is right."""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from courseport.octave import (
    OctaveDiedError,
    OctaveError,
    OctaveEvaluationError,
    OctaveSession,
    OctaveTimeoutError,
)
from courseport.octave.values import encode_call

pytestmark = pytest.mark.octave


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
    with OctaveSession(time_limit=300.0) as session:
        session.addpath(tmp_path)
        session.push("kept", 1.0)
        assert session.feval("twice", 21.0) == 42.0
        session.time_limit = 0.7
        with pytest.raises(error):
            lose(session)
        session.time_limit = 300.0
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
    request = encode_call("evalin", 1, ("base", "17"), exact=False)
    stale = engine.call("0123456789abcdef", request, math.inf, lambda _line: None)
    monkeypatch.setattr(engine, "call", lambda *_arguments, **_named: stale)
    with pytest.raises(OctaveDiedError, match="another call"):
        session.pull("18")
    assert session.pull("19") == 19.0
