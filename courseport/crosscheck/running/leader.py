"""The process that stands between us and a program that is not trusted.

``python leader.py BYTES SECONDS KILOBYTES COMMAND...`` sets the program's limits and waits for it. Then, or when our
end of its standard input closes (also because we were killed), it ends every process the program has started: also
those that have left its process group or its session, which come to this process when their parents end. It imports
nothing of this package.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # of Linux's prctl


def main(arguments: Sequence[str]) -> None:
    """Run the program; end as it has ended, with its status or by its signal."""
    largest, seconds, kilobytes = map(int, arguments[:3])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    child = os.fork()
    if child == 0:
        _become(arguments[3:], largest, seconds, kilobytes)
    status = None
    while status is None and 0 not in select.select([0, waking], [], [])[0]:
        os.read(waking, 64)
        with contextlib.suppress(ChildProcessError):
            ended, value, used = os.wait4(child, os.WNOHANG)
            status = value if ended else None
            if status == signal.SIGKILL and used.ru_utime + used.ru_stime >= seconds - 0.5:
                status = signal.SIGXCPU  # Octave ignores this one, and was killed where its time ended
    _end_all()
    number = signal.SIGKILL if status is None else os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number:
        signal.set_wakeup_fd(-1)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status or 0))


def _become(command: Sequence[str], largest: int, seconds: int, kilobytes: int) -> None:
    """Become the program, within its limits."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (kilobytes * 1024, kilobytes * 1024))
    except (ValueError, OSError) as error:  # a system that knows one of them not, or has lower ones, goes on
        os.write(2, f"limit not set: {error}\n".encode())
    try:
        os.execvp(command[0], list(command))  # noqa: S606 - the very program, no shell
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def _end_all() -> None:
    """Kill this process' children until none comes after: the orphans of a killed process come here."""
    while children := _children():
        for child in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)


def _children() -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:  # no Linux
        return []


if __name__ == "__main__":
    main(sys.argv[1:])
