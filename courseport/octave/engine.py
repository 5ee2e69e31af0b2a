"""One running Octave, as oct2py drives it: started with safe settings, ended for good, never restarted in place.

Importing this module imports oct2py. That starts a session of oct2py's own (``oct2py.octave``), which is ended at once
if it was this import that brought it about; ``oct2py.octave.restart()`` brings it back.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from courseport import _checks
from courseport.octave.finding import SCRIPTS, find_octave
from courseport.octave.reaper import start_reaper

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, with a random name
ROOM = 1 << 29  # bytes that must be free in shared memory for it to be used
NO_DUMPS = (
    '--eval "crash_dumps_octave_core (false); sighup_dumps_octave_core (false); sigterm_dumps_octave_core (false);" '
    "--persist"
)
LOG = logging.getLogger("courseport.octave")


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """Let no Octave write a history or a dump, from its first moment on; then put our environment back as it was."""
    kept = {name: os.environ.get(name) for name in ("TERM", "OCTAVE_HISTFILE", "OCTAVE_CLI_OPTIONS")}
    os.environ["OCTAVE_HISTFILE"] = os.devnull
    os.environ["OCTAVE_CLI_OPTIONS"] = f"{kept['OCTAVE_CLI_OPTIONS'] or ''} {NO_DUMPS}"
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


_FIRST = "oct2py" not in sys.modules
os.environ.setdefault("OCTAVE_EXECUTABLE", find_octave())  # oct2py looks for it while it is imported
with _environment():
    _checks.require("oct2py", "octave", "driving Octave")
    import oct2py
    from pexpect.exceptions import ExceptionPexpect
    from scipy.io.matlab import MatReadError


class Engine(oct2py.Oct2Py):  # type: ignore[misc] # oct2py has no types
    """An Octave process that lives once: what ends it, ends it for good."""

    def __init__(self) -> None:
        self._alive = False
        self._engine: Any = None
        self._reaper: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self.folder = _exchange_folder()
        try:
            self._begin()
        except BaseException:
            self.end()
            raise

    def _begin(self) -> None:
        with _environment():
            super().__init__(
                logger=LOG, temp_dir=str(self.folder), backend="disable", auto_show=False, load_octaverc=False
            )
        self._alive = True
        self.pid: int = self._engine.repl.child.pid
        _restore_at_exit(self)
        atexit.register(self.end)  # the last to be registered is the first to run
        self._reaper = start_reaper(self.folder.as_posix(), self._engine.tmp_dir)
        self._engine.eval(f"addpath('{SCRIPTS.as_posix()}'); courseport_start();", silent=True)

    def restart(self) -> None:
        """Start Octave once; oct2py calls this again when Octave has died, and gets an error instead."""
        if self._alive:
            raise EOFError("Octave has ended")
        super().restart()

    def call(self, arguments: list[object], output: Callable[[str], None]) -> Any:
        """Call ``courseport_call``, in one exchange (oct2py's feval sets up plotting in another one first).

        Raises
        ------
        EOFError
            Octave has ended, or did not do what ``courseport_call`` does.
        """
        try:
            return self._feval("courseport_call", arguments, nout=1, stream_handler=output)
        except (oct2py.Oct2PyError, ExceptionPexpect, MatReadError) as error:
            raise EOFError(str(error).strip().rpartition("\n")[2]) from error

    def kill(self) -> None:
        """Kill Octave and every process it started; safe to call from another thread or a signal handler."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill Octave and remove what it and oct2py left; in a forked process, leave all that to the parent."""
        if os.getpid() != self._owner:
            return
        if self._engine is not None:
            atexit.unregister(self.end)
            self.kill()
            _discard(self)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._reaper is not None:
            self._reaper.communicate()
            self._reaper = None

    def _handle_stdin(self, line: str) -> str:
        """Refuse to answer for a user who is not there."""
        raise EOFError(f"Octave asked for input: {line}")


def _exchange_folder() -> Path:
    """Make the folder for the MAT files, in memory where there is room."""
    usable = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK)
    inside = SHARED_MEMORY if usable and shutil.disk_usage(SHARED_MEMORY).free >= ROOM else None
    return Path(tempfile.mkdtemp(prefix="courseport-octave-", dir=inside))


def _discard(session: Any) -> None:
    """Close an oct2py session whose Octave has been killed, at once and with nothing left behind."""
    engine = session._engine
    child = engine.repl.child
    child.ptyproc.delayafterclose = 0.0  # there is nothing to wait for
    with contextlib.suppress(Exception):  # pexpect's way to say that the process is already gone
        child.wait()
    atexit.unregister(engine.repl.terminate)
    session.exit()
    shutil.rmtree(engine.tmp_dir, ignore_errors=True)


def _restore_at_exit(session: Any) -> None:
    """Have octave_kernel's empty folder there again when octave_kernel removes it at exit: it complains otherwise."""
    atexit.register(Path(session._engine.tmp_dir).mkdir, exist_ok=True)


if _FIRST:
    _restore_at_exit(oct2py.octave)
    oct2py.octave._engine.repl.child.kill(signal.SIGKILL)
    _discard(oct2py.octave)
