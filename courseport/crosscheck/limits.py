"""Running a program that is not trusted: in a process group of its own, with limits on time, memory and output.

Limits, not a sandbox: what runs has the rights of who starts it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from courseport.crosscheck.scratch import Scratch

KEPT_OUTPUT = 4096  # bytes of what the program prints
FILE_BLOCKS = 1 << 18  # of 512 bytes: no file may grow over 128 MiB
# The shell sets the limits (a shell that knows one of them not goes on without it) and becomes the program.
_SHELL = 'ulimit -c 0; ulimit -f "$1"; ulimit -t "$2"; ulimit -v "$3"; shift 3; exec "$@"'
_ENVIRONMENT = {  # one thread a program, because several run at once; and no history file
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OCTAVE_HISTFILE": os.devnull,
    "TERM": "dumb",
}


@dataclass(frozen=True)
class Limits:
    """What one program may take: seconds of wall-clock time, and megabytes of address space."""

    seconds: float = 30.0
    megabytes: float = 2048.0


@dataclass(frozen=True)
class Outcome:
    """How a program ended: its exit status (negative: the signal that ended it), and what it printed first."""

    returncode: int
    timed_out: bool
    output: str


def run_limited(
    command: Sequence[str], scratch: Scratch, limits: Limits, cancelled: threading.Event | None = None
) -> Outcome:
    """Run `command` in a scratch folder; it and its children are killed when it or its time ends, or on `cancelled`."""
    numbers = [FILE_BLOCKS, int(limits.seconds) + 5, int(limits.megabytes * 1024)]
    deadline = time.monotonic() + limits.seconds
    process = subprocess.Popen(  # noqa: S603 - the program found by the caller, given without a shell's reading of it
        ["/bin/sh", "-c", _SHELL, "sh", *map(str, numbers), *command],
        cwd=scratch.folder,
        env={**os.environ, **_ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with scratch.guarding(process.pid):
        try:
            output, timed_out = _listen(process, deadline, cancelled or threading.Event())
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            returncode = process.wait()
            if process.stdout is not None:
                process.stdout.close()
    return Outcome(returncode, timed_out, output.decode("utf-8", "replace"))


def _listen(process: subprocess.Popen[bytes], deadline: float, cancelled: threading.Event) -> tuple[bytes, bool]:
    """Read what the process prints until it ends; keep the beginning. Returns it, and whether time ran out."""
    kept = bytearray()
    assert process.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline and not cancelled.is_set():
            if selector.select(0.05):
                chunk = os.read(process.stdout.fileno(), 1 << 16)
                kept += chunk[: KEPT_OUTPUT - len(kept)]
                if not chunk:
                    return bytes(kept), not _ends(process, deadline)
            elif process.poll() is not None:
                return bytes(kept), False
    return bytes(kept), True


def _ends(process: subprocess.Popen[bytes], deadline: float) -> bool:
    """Wait for a process that has closed its output."""
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True
