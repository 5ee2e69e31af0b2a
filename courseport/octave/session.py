"""A session that cannot lie: every answer is proven to belong to its call, and no call outlasts its limit."""

from __future__ import annotations

import os
import secrets
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

from courseport import _checks
from courseport.octave.errors import OctaveDiedError, OctaveError, OctaveEvaluationError, OctaveTimeoutError
from courseport.octave.finding import find_octave
from courseport.octave.guards import interruptible, limited
from courseport.octave.values import Received, Sendable, all_to_octave, from_octave

if TYPE_CHECKING:  # importing it imports oct2py, which starts an Octave
    from courseport.octave.engine import Engine

KEPT_LINES = 1000  # of what one call printed


class OctaveSession:
    """A running GNU Octave, started at the first call.

    Parameters
    ----------
    time_limit : float or None
        Seconds of wall-clock time one call may take; None for no limit.
    output : callable, optional
        Called with each line that Octave prints, such as ``print``. In any case `printed` holds the lines of the last
        call (the last 1000 of them).

    Notes
    -----
    Numbers are sent as doubles, a ``(n,)`` array as a column. What comes back is a float for 1x1, a str for text,
    otherwise an array of two dimensions or more.

    After a timeout, Ctrl-C, a signal or a crash, Octave is killed and the next call starts another one. That one has
    the folders of `addpath` on its path again, but no variables: `generation` tells that it is another one.

    Several threads may use one session, and then take turns. Sessions of different threads run at the same time.
    A session that is not closed ends with the Python process, or when it is no longer referred to.
    """

    def __init__(self, *, time_limit: float | None = 60.0, output: Callable[[str], None] | None = None) -> None:
        self.time_limit = None if time_limit is None else _checks.number("time_limit", time_limit, above=0.0)
        self.output = output
        self.printed: list[str] = []
        self._generation = 0
        self._folders: list[str] = []
        self._engine: Engine | None = None
        self._owner = 0
        self._finalizer: weakref.finalize[[], Any] | None = None
        self._lock = threading.RLock()
        self._busy = False
        _SESSIONS.add(self)

    @property
    def generation(self) -> int:
        """The number of Octaves that this session has lost or closed."""
        self._leave_the_parent()
        return self._generation

    def feval(self, function: str, *args: Sendable, nout: int = 1) -> Any:
        """Call an Octave function with `args` and return its first `nout` outputs.

        Returns
        -------
        None for ``nout=0``, one value for ``nout=1``, otherwise a tuple.

        Raises
        ------
        OctaveEvaluationError
            The function failed; the session stays as it is.
        OctaveTimeoutError, OctaveDiedError
            The call did not end in time, or its Octave ended; the next call starts another one.
        OctaveNotFoundError, ModuleNotFoundError
            Octave or oct2py is not installed.
        """
        nout = _checks.whole_number("nout", nout, 0)
        if not isinstance(function, str):
            _checks.fail_type("function", "be the name of an Octave function", function)
        values = all_to_octave(args)
        with self._lock:
            outputs = self._exchange([function, float(nout), *values])
        return None if nout == 0 else outputs[0] if nout == 1 else tuple(outputs)

    def eval(self, code: str) -> None:
        """Run Octave code in the base workspace."""
        self.feval("evalin", "base", code, nout=0)

    def push(self, name: str, value: Sendable) -> None:
        """Set the variable `name` of the base workspace."""
        self.feval("assignin", "base", name, value, nout=0)

    def pull(self, name: str) -> Received:
        """Return the value of the variable, or of the expression, `name` in the base workspace."""
        value: Received = self.feval("evalin", "base", name)
        return value

    def addpath(self, folder: str | os.PathLike[str]) -> None:
        """Put `folder` at the front of Octave's path, now and after every restart."""
        path = Path(folder).resolve()
        if not path.is_dir():
            _checks.fail("folder", "be a folder", path)
        self.feval("addpath", path.as_posix(), nout=0)
        self._folders = [*(kept for kept in self._folders if kept != path.as_posix()), path.as_posix()]

    def close(self) -> None:
        """End Octave and remove its temporary files. A later call starts another one."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Callable[..., OctaveSession], tuple[Any, ...]]:
        return _rebuild, (self.time_limit, self.output, self._folders)

    def _exchange(self, request: list[Any]) -> list[Any]:
        if self._busy:
            raise OctaveError("the session is in the middle of a call: `output` must not call it")
        self._busy = True
        try:
            answer = self._guarded(self._running(), request)
        finally:
            self._busy = False
        message, identifier, where = answer[1:4]
        if message:
            raise OctaveEvaluationError(message, identifier, tuple(where.splitlines()))
        return [from_octave(value) for value in answer[4:]]

    def _running(self) -> Engine:
        """Return the engine, started where there is none."""
        self._leave_the_parent()
        if self._engine is None:
            find_octave()
            from courseport.octave.engine import Engine  # noqa: PLC0415 - imports oct2py, which starts an Octave

            self._engine = Engine()
            self._owner = os.getpid()
            self._finalizer = weakref.finalize(self, self._engine.end)
            if self._folders:
                self._guarded(self._engine, ["addpath", 0.0, *reversed(self._folders)])
        return self._engine

    def _guarded(self, engine: Engine, request: list[Any]) -> list[Any]:
        """Exchange one request for its answer; whatever else happens ends the engine."""
        nonce = secrets.token_hex(8)
        stopped: list[str] = []

        def stop(reason: str) -> None:
            stopped.append(reason)
            engine.kill()

        try:
            with limited(self.time_limit, stop), interruptible(stop):
                answer = engine.call([nonce, *request], self._collector())
        except EOFError as error:
            self._end()
            self._explain(stopped, str(error))
        except BaseException:  # of a signal handler, or of `output`: nothing to trust is left
            self._end()
            raise
        if stopped or not _belongs(answer, nonce):
            self._end()
            self._explain(stopped, "the answer was to another call")
        return list(answer.ravel())

    def _explain(self, stopped: list[str], reason: str) -> NoReturn:
        if "interrupt" in stopped:
            raise KeyboardInterrupt from None
        if "limit" in stopped:
            raise OctaveTimeoutError(f"Octave took longer than {self.time_limit:g} s and was ended") from None
        raise OctaveDiedError(f"the Octave session was lost: {reason}") from None

    def _collector(self) -> Callable[[str], None]:
        printed: list[str] = []
        self.printed = printed

        def collect(line: str) -> None:
            if len(printed) >= KEPT_LINES:
                del printed[0]
            printed.append(line)
            if self.output is not None:
                self.output(line)

        return collect

    def _leave_the_parent(self) -> None:
        """After a fork, leave the Octave to the process that started it."""
        if self._engine is not None and self._owner != os.getpid():
            self._engine = self._finalizer = None
            self._generation += 1

    def _begin_in_child(self) -> None:
        """After a fork, forget the calls of the parent's other threads: they do not end here."""
        self._lock = threading.RLock()
        self._busy = False
        self._leave_the_parent()

    def _end(self) -> None:
        self._leave_the_parent()
        if self._finalizer is not None:
            self._finalizer()
            self._engine = self._finalizer = None
            self._generation += 1


_SESSIONS: weakref.WeakSet[OctaveSession] = weakref.WeakSet()


def _begin_sessions_in_child() -> None:
    for session in list(_SESSIONS):
        session._begin_in_child()


os.register_at_fork(after_in_child=_begin_sessions_in_child)


def _belongs(answer: Any, nonce: str) -> bool:
    """Tell whether this is the answer to the call that carried `nonce`."""
    first = answer.ravel()[0] if getattr(answer, "size", 0) >= 4 else None
    return isinstance(first, str) and first == nonce


def _rebuild(time_limit: float | None, output: Callable[[str], None] | None, folders: list[str]) -> OctaveSession:
    """Unpickle: the same settings, and an Octave of its own at the first call."""
    session = OctaveSession(time_limit=time_limit, output=output)
    session._folders = list(folders)
    return session
