"""How many cores there are for us, and a crew of threads that works on parts of a job side by side."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import TypeVar

import numpy as np

T = TypeVar("T")

CGROUP_LIMITS = (Path("/sys/fs/cgroup/cpu.max"), Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"))


def available_cores() -> int:
    """Return the number of cores this process may use: its affinity, and the quota of its container."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _container_quota()
    return affinity if quota is None else max(1, min(affinity, ceil(quota)))


def _container_quota() -> float | None:
    """Return the cores that a Linux control group (version 2 or 1) grants, or None where nothing is limited."""
    modern, old = CGROUP_LIMITS
    try:
        if modern.exists():
            quota, period = modern.read_text().split()
            return None if quota == "max" else int(quota) / int(period)
        if old.exists():
            granted = int(old.read_text())
            period_us = int(old.with_name("cpu.cfs_period_us").read_text())
            return None if granted <= 0 else granted / period_us
    except (OSError, ValueError):  # no permission, or a format of another kernel: no limit is known
        return None
    return None


def quiet() -> None:
    """Have numpy say nothing of overflow and underflow in this context: a thread has one of its own.

    e^-z of a saturated unit may be inf, and 1/inf = 0 is right; what underflows to 0 is 0. ``np.errstate`` would take a
    microsecond at every call.
    """
    np.seterr(over="ignore", under="ignore")


class Crew:
    """Threads that work side by side; the caller is one of them, so a crew of one has no thread of its own.

    The threads start at the first use and again after a fork, whose child has none of them. `close` ends them.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._lock = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._process = 0

    def run(self, work: Callable[[int], T]) -> list[T]:
        """Return [work(0), ..., work(size - 1)], in this order; an exception of any of them is raised."""
        if self.size == 1:
            return [work(0)]
        futures = self._submit(work)
        try:
            own = [work(part) for part in (0, *range(1 + len(futures), self.size))]
        finally:
            # Nobody may still be writing into shared buffers when this call ends, not even after an error or Ctrl-C.
            errors = [future.exception() for future in futures]
        for error in errors:
            if error is not None:
                raise error
        return [own[0], *(future.result() for future in futures), *own[1:]]

    def close(self) -> None:
        """End the threads; the next `run` starts new ones."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None and self._process == os.getpid():
            executor.shutdown(wait=True)

    def _submit(self, work: Callable[[int], T]) -> list[Future[T]]:
        """Hand parts 1, 2, ... to the threads; fewer or none where the interpreter is about to end."""
        futures: list[Future[T]] = []
        with self._lock, contextlib.suppress(RuntimeError):
            for part in range(1, self.size):
                futures.append(self._threads().submit(work, part))  # noqa: PERF401 - those before an error count
        return futures

    def _threads(self) -> ThreadPoolExecutor:
        if self._executor is None or self._process != os.getpid():
            self._executor = ThreadPoolExecutor(self.size - 1, thread_name_prefix="courseport", initializer=quiet)
            self._process = os.getpid()
        return self._executor


def equal_parts(total: int, parts: int) -> Sequence[tuple[int, int]]:
    """Return `parts` ranges (start, stop) that cover 0..total and differ in length by one at most."""
    bounds = [total * part // parts for part in range(parts + 1)]
    return list(pairwise(bounds))
