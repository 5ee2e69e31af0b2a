"""Trials side by side, in processes that end with the sweep: at its end, on an error or Ctrl-C, and where it dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

from courseport.training.sweep.trials import Pair, Set, Settings, Trial, run_trial


def run_trials(
    pairs: Sequence[Pair], training: Set, validation: Set, settings: Settings, workers: int
) -> Generator[Trial, None, None]:
    """Run the trials and give each as it ends; on an error or Ctrl-C the others are dropped, those that run, too."""
    if workers == 1:
        for pair in pairs:
            yield run_trial(pair, training, validation, settings, None)
        return
    with _pool(workers, (training, validation, settings)) as pool:
        with _interrupt_held():
            futures = [pool.submit(_trial_of_worker, pair) for pair in pairs]
        for future in as_completed(futures):
            yield future.result()


@contextmanager
def _pool(workers: int, data: tuple[Set, Set, Settings]) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
    watched, ours = context.Pipe(duplex=False)
    with watched, ours:
        pool = ProcessPoolExecutor(workers, context, initializer=_keep, initargs=(watched, *data))
        try:
            yield pool
        except BaseException:
            ours.close()  # the workers leave at once, in the middle of their trials
            raise
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupt_held() -> Iterator[None]:
    """Hold SIGINT back: processes that start meanwhile inherit that, and leave Ctrl-C to the one that started them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_kept: list[Any] = []  # in a worker: the data, sent once and not with every trial


def _keep(watched: Connection, *data: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # train would take it as its own, and the next trial would begin
    threading.Thread(target=_leave_with, args=(watched,), daemon=True).start()
    _kept[:] = data


def _leave_with(watched: Connection) -> None:
    """Wait until the other end of the pipe is closed, by the parent or by its death; then end this process."""
    with suppress(EOFError, OSError):
        watched.recv()
    os._exit(1)


def _trial_of_worker(pair: Pair) -> Trial:
    training, validation, settings = _kept
    return run_trial(pair, training, validation, settings, n_threads=1)
