"""Threads: how many cores there are for us, a crew that shares a job, and every BLAS held to one thread meanwhile.

numpy's and scipy's wheels each bring an OpenBLAS with a thread pool of its own. Their idle threads spin, and take the
cores from whoever works: an optimiser of SciPy that evaluates a threaded cost runs many times slower than it could. So
the pools are held while the cost function computes, and stay held until it has not been called for `IDLE_SECONDS`:
between two evaluations an optimiser multiplies vectors, which gains nothing from threads.

OpenBLAS is spoken to directly, through ctypes: the core needs numpy and scipy alone, and this costs a microsecond.
MKL, BLIS and what else threadpoolctl knows are held through it, where it is installed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib import import_module
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

T = TypeVar("T")

CGROUP_LIMITS = (Path("/sys/fs/cgroup/cpu.max"), Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"))
IDLE_SECONDS = 0.1
_NAMES = [
    (f"{prefix}openblas_get_num_threads{suffix}", f"{prefix}openblas_set_num_threads{suffix}")
    for prefix in ("scipy_", "")
    for suffix in ("64_", "", "_64")
]


def available_cores() -> int:
    """Return the number of cores this process may use: its affinity, and the quota of its container."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = container_quota()
    return affinity if quota is None else max(1, min(affinity, ceil(quota)))


def container_quota() -> float | None:
    """Return the cores that a Linux control group (version 2 or 1) grants, or None where nothing is limited."""
    modern, old = CGROUP_LIMITS
    with contextlib.suppress(OSError, ValueError):  # no permission, or a format of another kernel: no limit is known
        if modern.exists():
            quota, period = modern.read_text().split()
            return None if quota == "max" else int(quota) / int(period)
        if old.exists():
            granted = int(old.read_text())
            return granted / int(old.with_name("cpu.cfs_period_us").read_text()) if granted > 0 else None
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
            if self._executor is None or self._process != os.getpid():
                self._executor = ThreadPoolExecutor(self.size - 1, thread_name_prefix="courseport", initializer=quiet)
                self._process = os.getpid()
            for part in range(1, self.size):
                futures.append(self._executor.submit(work, part))  # noqa: PERF401 - those before an error count
        return futures


def equal_parts(total: int, parts: int) -> Sequence[tuple[int, int]]:
    """Return `parts` ranges (start, stop) that cover 0..total and differ in length by one at most."""
    bounds = [total * part // parts for part in range(parts + 1)]
    return list(pairwise(bounds))


class Pool(NamedTuple):
    """The thread pool of one loaded BLAS."""

    path: str
    get: Callable[[], int]
    set: Callable[[int], object]


@cache
def pools() -> tuple[Pool, ...]:
    """Return the BLAS thread pools of the process; looked for once."""
    found: list[Pool] = []
    for path in map(str, _libraries()):
        with contextlib.suppress(OSError):  # a file that this process cannot load is not in use either
            library: Any = ctypes.CDLL(path)
            names = next((names for names in _NAMES if hasattr(library, names[1])), None)
            if names is not None:
                found.append(Pool(path, *(getattr(library, name) for name in names)))
    with contextlib.suppress(ModuleNotFoundError):
        others = import_module("threadpoolctl").ThreadpoolController().lib_controllers
        blas = [one for one in others if one.user_api == "blas" and one.internal_api != "openblas"]
        found += [Pool(str(one.filepath), one.get_num_threads, one.set_num_threads) for one in blas]
    return tuple(found)


def _libraries() -> set[Path]:
    """Return the files of the OpenBLAS libraries that numpy and scipy brought or the process has loaded."""
    files: set[Path] = set()
    for package in ("numpy", "scipy"):
        folder = Path(str(import_module(package).__file__)).parent
        for libs in (folder.parent / f"{package}.libs", folder / ".dylibs"):
            files |= {path.resolve() for path in libs.glob("*openblas*")}
    maps = Path("/proc/self/maps")
    if sys.platform == "linux" and maps.exists():
        files |= {Path(name).resolve() for name in re.findall(r"/\S*openblas\S*\.so\S*", maps.read_text())}
    return files


class _Hold:
    """One for the process: who computes now, and the numbers of threads to give back."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin anew, as after a fork: the child has neither the watcher nor the users of its parent."""
        self.lock = threading.Lock()
        self.users = 0
        self.last_use = 0.0
        self.before: list[int] | None = getattr(self, "before", None)  # None: nothing is held
        self.watcher: threading.Thread | None = None

    def enter(self) -> None:
        """Hold every BLAS to one thread until as many calls of `leave` have followed, and `IDLE_SECONDS` after."""
        with self.lock:
            self.users += 1
            if self.before is None:
                self.before = [pool.get() for pool in pools()]
                for pool in pools():
                    pool.set(1)

    def leave(self) -> None:
        """End one `enter`."""
        with self.lock:
            self.users -= 1
            self.last_use = time.monotonic()
            if self.watcher is None and self.before is not None:
                self.watcher = threading.Thread(target=self._watch, name="courseport-blas", daemon=True)
                self.watcher.start()

    def release(self) -> None:
        """Give the BLAS its threads back at once, unless some thread is between `enter` and `leave`."""
        with self.lock:
            self._give_back()

    def _give_back(self) -> bool:
        if self.users == 0 and self.before is not None:
            for pool, threads in zip(pools(), self.before, strict=True):
                if pool.get() == 1:  # or somebody else has set it meanwhile
                    pool.set(threads)
            self.before = None
        return self.before is None

    def _watch(self) -> None:
        while True:
            time.sleep(IDLE_SECONDS)
            with self.lock:
                idle = time.monotonic() - self.last_use >= IDLE_SECONDS
                if (idle and self._give_back()) or self.before is None:
                    self.watcher = None
                    return


_hold = _Hold()
enter, leave, release = _hold.enter, _hold.leave, _hold.release


@contextlib.contextmanager
def held() -> Iterator[None]:
    """`enter` and `leave` around a block."""
    enter()
    try:
        yield
    finally:
        leave()


def _after_fork() -> None:
    _hold.reset()
    _hold.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
