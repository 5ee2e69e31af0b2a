"""Several checks at once, each with processes of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Found = TypeVar("Found")


def crosscheck_many(checks: Sequence[Callable[..., Found]], jobs: int) -> Iterator[Found]:
    """Run checks side by side, each called with ``cancelled=``, and yield their reports in order.

    Where the caller stops early, those that run are ended.
    """
    cancelled = threading.Event()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            yield from pool.map(lambda check: check(cancelled=cancelled), checks)
        finally:
            cancelled.set()
            pool.shutdown(cancel_futures=True)
