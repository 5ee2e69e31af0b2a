"""The limit: the matrix products of one evaluation and nothing else, at the blocking that suits this machine best."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.peers import Peer
from benchmarks.shapes import Problem
from courseport import ThetaLayout, _threads
from courseport._checks import FloatArray
from courseport._threads import Crew, available_cores, equal_parts

BLOCKS = (320, 448, 512, 1024, 1536, 2048, 3072, 4096, 6144, 8192)
DOT_BELOW = 100_000  # elements of X below which ndarray.dot, which has less overhead, is quicker than matmul
Product = tuple[FloatArray, FloatArray, FloatArray]


def build(problem: Problem) -> Peer:
    """Try block sizes, on one thread and on all cores, and keep the fastest."""
    _threads.enter()  # for good: this process does nothing else
    plans = [
        _plan(problem, rows, threads)
        for threads in sorted({1, available_cores()})
        for rows in BLOCKS
        if rows < 2 * problem.shape.m // threads or rows == BLOCKS[0]
    ]
    best = min(plans, key=_seconds)
    return Peer(best)


def _seconds(plan: Callable[[Any], None]) -> float:
    times = []
    deadline = time.perf_counter() + 0.15
    while len(times) < 4 or time.perf_counter() < deadline:
        start = time.perf_counter()
        plan(None)
        times.append(time.perf_counter() - start)
    return float(np.median(times[1:]))


def _plan(problem: Problem, rows: int, threads: int) -> Callable[[Any], None]:
    T = ThetaLayout(problem.shape.layer_sizes).transposed_views(problem.theta_vec)
    parts = [_part_products(problem, T, start, stop, rows) for start, stop in equal_parts(problem.shape.m, threads)]
    multiply = np.matmul if problem.X.size > DOT_BELOW else np.ndarray.dot
    crew = Crew(threads)

    def work(part: int) -> None:
        for left, right, out in parts[part]:
            multiply(left, right, out)

    def run(_: Any) -> None:
        if threads == 1:
            work(0)
        else:
            crew.run(work)

    return run


def _part_products(problem: Problem, T: list[FloatArray], start: int, stop: int, rows: int) -> list[Product]:
    """Return every product of rows start..stop in order, as (left, right, out); all blocks share their buffers."""
    sizes = problem.shape.layer_sizes
    rows = min(rows, stop - start)
    inputs = [np.ones((size + 1, rows)) for size in sizes[1:-1]]
    deltas = [np.ones((size, rows)) for size in sizes[1:]]
    sums = [np.empty((sizes[1], sizes[0])), *(np.empty((n + 1, k)) for n, k in pairwise(sizes[1:]))]
    products: list[Product] = []
    for first in range(start, stop, rows):
        block = problem.X[first : min(first + rows, stop)]
        A, D = [a[:, : len(block)] for a in inputs], [d[:, : len(block)] for d in deltas]
        products.append((T[0][1:].T, block.T, D[0]))
        products.extend((T[i].T, A[i - 1], D[i]) for i in range(1, len(T)))
        for i in range(len(T) - 1, 0, -1):
            products.extend([(A[i - 1], D[i].T, sums[i]), (T[i][1:], D[i], D[i - 1])])
        products.append((D[0], block, sums[0]))
    return products
