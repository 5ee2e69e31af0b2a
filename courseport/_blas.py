"""Hold every BLAS in the process to one thread, while our own threads work and shortly after.

numpy's and scipy's wheels each bring an OpenBLAS with a thread pool of its own. Their idle threads spin, and take the
cores from whoever works: an optimiser of SciPy that evaluates a threaded cost runs many times slower than it could. So
the pools are held while the cost function computes, and stay held until it has not been called for `IDLE_SECONDS`:
between two evaluations an optimiser multiplies vectors, which gains nothing from threads.

OpenBLAS is spoken to directly, through ctypes: the core needs numpy and scipy alone, and this costs a microsecond.
MKL, BLIS and what else threadpoolctl knows are held through it, where it is installed.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

IDLE_SECONDS = 0.1
_NAMES = [
    (f"{prefix}openblas_get_num_threads{suffix}", f"{prefix}openblas_set_num_threads{suffix}")
    for prefix in ("scipy_", "")
    for suffix in ("64_", "", "_64")
]


@dataclass(frozen=True)
class Pool:
    """The thread pool of one loaded BLAS."""

    path: str
    get: Callable[[], int]
    set: Callable[[int], object]


@cache
def pools() -> tuple[Pool, ...]:
    """Return the BLAS thread pools of the process; looked for once."""
    found = {str(path): _pool(str(path)) for path in _libraries()}
    return (*(pool for pool in found.values() if pool is not None), *_others())


def _others() -> list[Pool]:
    """Return the pools of other libraries than OpenBLAS."""
    try:
        controllers = import_module("threadpoolctl").ThreadpoolController().lib_controllers
    except ModuleNotFoundError:
        return []
    return [
        Pool(str(one.filepath), one.get_num_threads, one.set_num_threads)
        for one in controllers
        if one.user_api == "blas" and one.internal_api != "openblas"
    ]


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


def _pool(path: str) -> Pool | None:
    try:
        library = ctypes.CDLL(path)
    except OSError:  # a file that this process cannot load is not in use either
        return None
    for get_name, set_name in _NAMES:
        if hasattr(library, set_name):
            return Pool(path, getattr(library, get_name), getattr(library, set_name))
    return None


class _Hold:
    """One for the process: who computes now, and the numbers of threads to give back."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.users = 0
        self.last_use = 0.0
        self.before: list[int] | None = None  # None: nothing is held
        self.watcher: threading.Thread | None = None

    def enter(self) -> None:
        with self.lock:
            self.users += 1
            if self.before is None:
                self.before = [pool.get() for pool in pools()]
                for pool in pools():
                    pool.set(1)

    def leave(self) -> None:
        with self.lock:
            self.users -= 1
            self.last_use = time.monotonic()
            if self.watcher is None and self.before is not None:
                self.watcher = threading.Thread(target=self._watch, name="courseport-blas", daemon=True)
                self.watcher.start()

    def release(self) -> None:
        """Give the threads back now, if nobody computes."""
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


def enter() -> None:
    """Hold every BLAS to one thread until as many calls of `leave` have followed, and `IDLE_SECONDS` after."""
    _hold.enter()


def leave() -> None:
    """End one `enter`."""
    _hold.leave()


@contextmanager
def held() -> Iterator[None]:
    """`enter` and `leave` around a block."""
    enter()
    try:
        yield
    finally:
        leave()


def release() -> None:
    """Give the BLAS its threads back at once, unless some thread is between `enter` and `leave`."""
    _hold.release()


def _after_fork() -> None:
    # The child has neither the watcher nor the users of its parent.
    global _hold
    before, _hold = _hold.before, _Hold()
    _hold.before = before
    _hold.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
