"""How `DistributedCost` grows from 1 worker to 2, and what a part costs: `python -m benchmarks.dask_growth`."""

from __future__ import annotations

import os
import pickle
import time
from statistics import median
from typing import Any

import dask.array as da
import numpy as np
from distributed import Client, LocalCluster

import courseport as cp
from courseport.integrations.dask import DistributedCost

SIZES = (400, 25, 10)
ROWS, PARTS, TURNS = 160_000, 8, 12


def cpu() -> float:
    return sum(os.times()[:2])


def rows(count: int, parts: int) -> tuple[Any, Any]:
    X = da.random.default_rng(1).random((count, SIZES[0]), chunks=(count // parts, SIZES[0]))
    return X, da.random.default_rng(2).integers(1, 11, count, chunks=count // parts)


def measure(client: Any, count: int, parts: int, theta_vec: Any) -> str:
    with DistributedCost(SIZES, *rows(count, parts), 1.0, client=client) as cost:
        cost(theta_vec)
        workers, here, seconds = client.run(cpu), cpu(), []
        for _ in range(TURNS):
            began = time.perf_counter()
            cost(theta_vec)
            seconds.append(time.perf_counter() - began)
        used = [
            (after - before) / TURNS for before, after in zip(workers.values(), client.run(cpu).values(), strict=True)
        ]
        mine = (cpu() - here) / TURNS
    spent = ", ".join(f"{one:.3f}" for one in used)
    return (
        f"{count:7d} rows in {parts:3d} parts: {min(seconds):.3f} s at best, {median(seconds):.3f} s in the median; "
        f"CPU seconds of each worker {spent}; of client and scheduler {mine:.3f}"
    )


def main() -> None:
    theta_vec = cp.rand_initialize_weights(SIZES, seed=0)
    print(f"a message of theta or of a partial sum: {len(pickle.dumps((1.0, np.array(theta_vec)), 5))} bytes")
    for workers in (1, 2):
        options = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
        with LocalCluster(**options) as cluster, Client(cluster) as client:
            print(f"{workers} worker(s)")
            print("  ", measure(client, ROWS, PARTS, theta_vec))
            for parts in (8, 32, 128):
                print("  ", measure(client, 4 * parts, parts, theta_vec), flush=True)


if __name__ == "__main__":
    main()
