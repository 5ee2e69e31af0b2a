"""What can stop a call: its time limit, and Ctrl-C."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def limited(seconds: float | None, stop: Callable[[str], None]) -> Iterator[None]:
    """Call ``stop("limit")`` from another thread if the body takes longer than `seconds`."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, stop, ["limit"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # past this line nothing will be killed


@contextlib.contextmanager
def interruptible(stop: Callable[[str], None]) -> Iterator[None]:
    """Let Ctrl-C call ``stop("interrupt")``: oct2py would swallow the exception that it raises otherwise."""
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        stop("interrupt")

    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
