"""One running Octave and its files: started with safe settings, asked through a pipe, ended for good.

A request and its answer are files in a folder of this process. A line on Octave's standard input says that the request
is there; a line on its standard output, with the nonce of the call, says that the answer is.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from courseport.octave import values
from courseport.octave.errors import OctaveDiedError, OctaveTimeoutError
from courseport.octave.finding import SCRIPTS, check_version, locate_octave, quoted
from courseport.octave.reaper import start_reaper

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it, with a random name
ROOM = 1 << 29  # bytes that must be free in shared memory for it to be used
LONGEST_LINE = 1 << 20  # bytes after which a line that does not end is handed on in parts
# Not --interactive: a prompt has Octave look through every folder of its path, which takes 6 ms a call.
OPTIONS = ("--norc", "--no-history", "--no-window-system", "--no-line-editing", "--quiet")


class Engine:
    """An Octave process that lives once: what ends it, ends it for good.

    Parameters
    ----------
    deadline : float
        When it must have started, as `time.monotonic` counts.
    """

    def __init__(self, deadline: float) -> None:
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        usable = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK)
        inside = SHARED_MEMORY if usable and shutil.disk_usage(SHARED_MEMORY).free >= ROOM else None
        self.folder = Path(tempfile.mkdtemp(prefix="courseport-octave-", dir=inside))
        # The reaper is there before Octave: nothing is left, however early this process is killed.
        self._reaper = start_reaper(str(self.folder))
        try:
            self._start(deadline)
        except BaseException:
            self.end()
            raise

    def _start(self, deadline: float) -> None:
        program = locate_octave()
        self._process = subprocess.Popen(  # noqa: S603 - the program found on the path
            [program, *OPTIONS],
            env={**os.environ, "OCTAVE_HISTFILE": os.devnull, "TERM": "dumb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            bufsize=0,
        )
        self.pid = self._process.pid
        self._tell_reaper(str(self.pid))
        said: list[str] = []
        self._send(f"addpath ({quoted(SCRIPTS)}); courseport_start ();")
        try:
            self._listen(b"\x1estart\x1e", deadline, said.append)
        except OctaveDiedError as error:
            words = " ".join("\n".join(said[-3:]).split())[:200]
            raise OctaveDiedError(f"{program} ended while it started{f': {words}' if words else ''}") from error
        version = re.search(r"\x02([\d.]+)", "\n".join(said[-3:]))
        check_version(program, version[1] if version else "")

    def call(
        self,
        nonce: str,
        request: Sequence[Any],
        deadline: float,
        output: Callable[[str], None],
        *,
        files_changed: bool = False,
    ) -> Any:
        """Hand over what `values.encode_call` made, and return the answer: anything, if Octave has lied.

        Without a prompt, Octave does not look whether a .m file has changed; `files_changed` has it read them anew.

        Raises
        ------
        OctaveTimeoutError, OctaveDiedError
            There was no answer at the deadline; Octave has ended, or wrote none.
        """
        answer = self.folder / "answer"
        answer.unlink(missing_ok=True)
        with (self.folder / "request").open("wb") as stream:
            for chunk in request:
                stream.write(chunk.data)
        fresh = "clear functions; rehash (); " if files_changed else ""
        self._send(f"{fresh}courseport_call ({quoted(self.folder)}, '{nonce}');")
        self._listen(f"\x1e{nonce}\x1e".encode(), deadline, output)
        try:
            # What runs may have put something else there: a pipe would never end.
            with os.fdopen(os.open(answer, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as stream:
                if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    raise OctaveDiedError("Octave's answer is no file")
                return values.read(stream)
        except (OSError, *values.UNREADABLE) as error:
            raise OctaveDiedError(f"Octave's answer could not be read: {error}") from error

    def kill(self) -> None:
        """Kill Octave and every process it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill Octave and remove its folder; in a forked process, leave all that to the parent."""
        if os.getpid() != self._owner:
            return
        if self._process is not None:
            self.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        self._tell_reaper("")
        self._reaper.communicate()

    def abandon(self) -> None:
        """In a forked process, let the parent's processes be: they are not waited for here."""
        for process in (self._process, self._reaper):
            if process is not None:
                process.returncode = 0

    def _tell_reaper(self, line: str) -> None:
        if self._reaper.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # somebody has killed the shell: there is nothing to be done
                self._reaper.stdin.write(f"{line}\n".encode())

    def _send(self, line: str) -> None:
        assert self._process is not None and self._process.stdin is not None  # noqa: S101, PT018 - for the type checker
        try:
            self._process.stdin.write(f"{line}\n".encode())
        except BrokenPipeError:
            raise OctaveDiedError("the Octave session was lost: Octave has ended") from None

    def _listen(self, mark: bytes, deadline: float, output: Callable[[str], None]) -> None:
        """Hand on, line by line, what Octave prints until it prints `mark`."""
        assert self._process is not None and self._process.stdout is not None  # noqa: S101, PT018 - for the type checker
        descriptor = self._process.stdout.fileno()
        kept = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while True:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise OctaveTimeoutError
                if not selector.select(min(left, 0.5)):
                    # A process that Octave started may hold the pipe open after Octave's end.
                    if self._process.poll() is not None:
                        raise OctaveDiedError("the Octave session was lost: Octave has ended")
                    continue
                chunk = os.read(descriptor, 1 << 16)
                kept += chunk
                found = kept.find(mark)
                end = (
                    found if found >= 0 else kept.rfind(b"\n") + 1 if chunk and len(kept) < LONGEST_LINE else len(kept)
                )
                text = kept[:end].decode("utf-8", "replace")
                for line in text.removesuffix("\n").split("\n") if text else ():
                    output(line)
                if found >= 0:
                    return
                if not chunk:
                    raise OctaveDiedError("the Octave session was lost: Octave has ended")
                del kept[:end]
