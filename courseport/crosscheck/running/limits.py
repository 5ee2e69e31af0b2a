"""Running a program that is not trusted: with limits on time, memory and output, and nothing of it left afterwards.

Limits, not a sandbox: what runs has the rights of who starts it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from courseport.octave.reaper import start_reaper

KEPT_OUTPUT = 2048  # bytes of what the program prints: so many of the beginning, and of the end
LARGEST_FILE = 1 << 28  # bytes: no file may grow over 256 MiB
GRACE = 5.0  # seconds for the leader to end what is left
_LEADER = (sys.executable, "-I", "-S", str(Path(__file__).with_name("leader.py")))
_ENVIRONMENT = {  # one thread a program, because several run at once; and no history file
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OCTAVE_HISTFILE": os.devnull,
    "TERM": "dumb",
}


@dataclass(frozen=True)
class Limits:
    """What one program may take: seconds of processor time, and megabytes of address space.

    By the clock it may take twice the seconds and ten more: others may use the machine too. On `cancelled` it is ended.
    """

    seconds: float = 30.0
    megabytes: float = 2048.0
    cancelled: threading.Event | None = field(default=None, compare=False, repr=False)

    def ended_by(self, cancelled: threading.Event | None) -> Limits:
        """Return the same limits, with an event that ends what runs; without one, these."""
        return self if cancelled is None else replace(self, cancelled=cancelled)

    @property
    def by_the_clock(self) -> float:
        """Seconds after which a program that sleeps, or gets no processor, is ended."""
        return 2.0 * self.seconds + 10.0


@dataclass(frozen=True)
class Outcome:
    """How a program ended: its exit status (negative: the signal that ended it), and what it printed first and last."""

    returncode: int
    timed_out: bool
    output: str


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Make a temporary folder that does not outlive this process, even where it is killed; remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="courseport-", ignore_cleanup_errors=True) as name:
        reaper = start_reaper(name)
        try:
            yield Path(name)
        finally:
            reaper.communicate()


def run_limited(
    command: Sequence[str], folder: Path, limits: Limits, cancelled: threading.Event | None = None
) -> Outcome:
    """Run `command` in `folder`; it and all it has started are killed at its end, in time, or on a `cancelled`."""
    events = [event for event in (cancelled, limits.cancelled) if event is not None]
    numbers = [LARGEST_FILE, max(1, round(min(limits.seconds, 1e9))), round(min(limits.megabytes, 1e12) * 1024)]
    deadline = time.monotonic() + limits.by_the_clock
    process = subprocess.Popen(  # noqa: S603 - the program found by the caller, given without a shell's reading of it
        [*_LEADER, *map(str, numbers), *command],
        cwd=folder,
        env={**os.environ, **_ENVIRONMENT},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
    assert process.stdout is not None  # noqa: S101 - likewise
    try:
        output, timed_out = _listen(process.stdout.fileno(), deadline, events)
    finally:
        process.stdin.close()  # the leader ends all that is left
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        returncode = process.wait()
        process.stdout.close()
    return Outcome(returncode, timed_out or returncode == -signal.SIGXCPU, output)


def _listen(stream: int, deadline: float, events: Sequence[threading.Event]) -> tuple[str, bool]:
    """Read what the program prints until it ends, keep the beginning and the end; and tell whether time ran out."""
    first, last, left_out = b"", b"", 0
    timed_out = True
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while time.monotonic() < deadline and not any(event.is_set() for event in events):
            if not selector.select(0.05):
                continue
            chunk = os.read(stream, 1 << 16)
            if not chunk:
                timed_out = False
                break
            room = KEPT_OUTPUT - len(first)
            first, last = first + chunk[:room], last + chunk[room:]
            left_out += max(0, len(last) - KEPT_OUTPUT)
            last = last[-KEPT_OUTPUT:]
    gap = f"\n... {left_out} bytes ...\n" if left_out else ""
    return first.decode("utf-8", "replace") + gap + last.decode("utf-8", "replace"), timed_out
