"""A session that cannot lie: every answer is proven to belong to its call, and no call outlasts its limit."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from courseport import _checks
from courseport.octave.engine import Engine
from courseport.octave.errors import OctaveDiedError, OctaveError, OctaveEvaluationError, OctaveTimeoutError
from courseport.octave.values import Received, Sendable, encode_call, plain

KEPT_LINES = 1000  # of what one call printed


class OctaveSession:
    """A running GNU Octave, started at the first call.

    Parameters
    ----------
    time_limit : float or None
        Seconds of wall-clock time one call may take, the start of Octave included; None for no limit.
    output : callable, optional
        Called with each line that Octave prints, such as ``print``. In any case `printed` holds the lines of the last
        call (the last 1000 of them).

    Notes
    -----
    Numbers are sent as doubles and come back as doubles, a ``(n,)`` array is a column there, a 1x1 a float here. Cells,
    structs, sparse and complex arrays and text cross too. With ``exact=True`` every class crosses as it is: the table
    of `courseport.octave.values`. What cannot cross, such as a function handle, is an error that names it.

    After a timeout, Ctrl-C, a signal or a crash, Octave is killed and the next call starts another one. That one has
    the folders of `addpath` on its path again, but no variables: `generation` tells that it is another one.

    Several threads may use one session, and then take turns. Sessions of different threads run at the same time.
    A session that is not closed ends with the Python process, or when it is no longer referred to.
    """

    def __init__(self, *, time_limit: float | None = 60.0, output: Callable[[str], None] | None = None) -> None:
        self.time_limit = None if time_limit is None else _checks.number("time_limit", time_limit, above=0.0)
        self.output = output
        self.printed: list[str] = []
        self.seconds = 0.0
        self._generation = 0
        self._folders: list[str] = []
        self._seen: dict[str, tuple[int, int]] = {}
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

    def feval(self, function: str, *args: Sendable, nout: int = 1, exact: bool = False) -> Any:
        """Call an Octave function with `args` and return its first `nout` outputs.

        `seconds` then holds the time that the function took.

        Returns
        -------
        None for ``nout=0``, one value for ``nout=1``, otherwise a tuple.

        Raises
        ------
        OctaveEvaluationError
            The function failed; the session stays as it is.
        OctaveTimeoutError, OctaveDiedError
            The call did not end in time, or its Octave ended; the next call starts another one.
        OctaveNotFoundError
            Octave is not installed.
        """
        nout = _checks.whole_number("nout", nout, 0)
        if not isinstance(function, str):
            _checks.fail_type("function", "be the name of an Octave function", function)
        # Before Octave is asked: an argument that cannot cross must not cost the session.
        request = encode_call(function, nout, args, exact=exact)
        with self._lock:
            if self._busy:
                raise OctaveError("the session is in the middle of a call: `output` must not call it")
            self._busy = True
            try:
                deadline = time.monotonic() + (math.inf if self.time_limit is None else self.time_limit)
                answer = self._exchange(self._running(deadline), request, deadline)
            finally:
                self._busy = False
        message, identifier, where, seconds = answer[:4]
        if message:
            raise OctaveEvaluationError(message, identifier, tuple(where.splitlines()))
        self.seconds = float(seconds.item())
        outputs = answer[4:] if exact else list(map(plain, answer[4:]))
        return None if nout == 0 else outputs[0] if nout == 1 else tuple(outputs)

    def eval(self, code: str) -> None:
        """Run Octave code in the base workspace."""
        self.feval("evalin", "base", code, nout=0)

    def push(self, name: str, value: Sendable, *, exact: bool = False) -> None:
        """Set the variable `name` of the base workspace."""
        self.feval("assignin", "base", name, value, nout=0, exact=exact)

    def pull(self, name: str, *, exact: bool = False) -> Received:
        """Return the value of the variable, or of the expression, `name` in the base workspace."""
        value: Received = self.feval("evalin", "base", name, exact=exact)
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

    def _running(self, deadline: float) -> Engine:
        """Return the engine, started where there is none."""
        self._leave_the_parent()
        if self._engine is None:
            try:
                self._engine = Engine(deadline)
            except OctaveTimeoutError:
                raise OctaveTimeoutError(f"Octave did not start within {self.time_limit:g} s and was ended") from None
            self._owner = os.getpid()
            self._finalizer = weakref.finalize(self, self._engine.end)
            if self._folders:
                self._exchange(self._engine, encode_call("addpath", 0, self._folders[::-1], exact=False), deadline)
        return self._engine

    def _files(self) -> dict[str, tuple[int, int]]:
        """Return the .m files that the next call may find, each with its time and size."""
        found = {}
        for folder in (*self._folders, "."):
            with contextlib.suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.endswith(".m"):
                        stat = entry.stat()
                        found[entry.path] = (stat.st_mtime_ns, stat.st_size)
        return found

    def _exchange(self, engine: Engine, request: list[Any], deadline: float) -> list[Any]:
        """Exchange one request for its answer; whatever else happens ends the engine."""
        nonce = secrets.token_hex(8)
        printed: list[str] = []
        self.printed = printed

        def collect(line: str) -> None:
            if len(printed) >= KEPT_LINES:
                del printed[0]
            printed.append(line)
            if self.output is not None:
                self.output(line)

        try:
            files = self._files()
            answer = engine.call(nonce, request, deadline, collect, files_changed=files != self._seen)
            self._seen = files
        except OctaveTimeoutError:
            self._end()
            raise OctaveTimeoutError(f"Octave took longer than {self.time_limit:g} s and was ended") from None
        except BaseException:  # Ctrl-C, a signal handler's, `output`'s, Octave's end: nothing to trust is left
            self._end()
            raise
        # The proof that this is the answer to this call: nobody else knows the nonce.
        if not isinstance(answer, np.ndarray) or answer.size < 5 or not np.array_equal(answer.flat[0], nonce):
            self._end()
            raise OctaveDiedError("the Octave session was lost: the answer was to another call")
        return list(answer.flat[1:])

    def _leave_the_parent(self) -> None:
        """After a fork, leave the Octave to the process that started it."""
        if self._engine is not None and self._owner != os.getpid():
            self._engine.abandon()
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


def _rebuild(time_limit: float | None, output: Callable[[str], None] | None, folders: list[str]) -> OctaveSession:
    """Unpickle: the same settings, and an Octave of its own at the first call."""
    session = OctaveSession(time_limit=time_limit, output=output)
    session._folders = list(folders)
    return session
