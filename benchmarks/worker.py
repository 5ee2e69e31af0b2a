"""The process that measures one peer: ``python -m benchmarks.worker <peer> <shape> [--hold-scipy]``.

It answers lines on its standard input, one JSON object a line, so that a parent can let peers take turns:

    evaluate PATH   write J and grad_vec to PATH, as float64
    time SECONDS    median seconds of one call, over about so long
    train N         seconds of N iterations from the same start, final J, number of evaluations
    memory          bytes by which one evaluation raised the peak of the process
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks import peers
from benchmarks.peers import Peer
from benchmarks.shapes import Problem, make_problem, parse
from courseport import _threads

WARM_UP = 0.1  # seconds before a thread pool is at its speed
BATCH = 0.002  # seconds in one reading of the clock


def main(arguments: list[str]) -> None:
    name, key = arguments[:2]
    problem = make_problem(parse(key))
    try:
        peer = peers.build(name, problem)
    except ModuleNotFoundError as error:
        _answer({"missing": str(error)})
        return
    if "--hold-scipy" in arguments:
        hold_scipy()
    _answer({"ready": name})
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command:
            _answer(ACTIONS[command](peer, problem, argument))


def _answer(reply: dict[str, Any]) -> None:
    print(json.dumps(reply), flush=True)


def hold_scipy() -> None:
    """Hold the BLAS that scipy brings to one thread, and leave numpy's as it is."""
    for pool in _threads.pools():
        if "scipy" in pool.path:
            pool.set(1)


def evaluate(peer: Peer, problem: Problem, path: str) -> dict[str, Any]:
    J, grad_vec = peer.read(peer.call(peer.native(problem.theta_vec)))
    Path(path).write_bytes(np.concatenate([[J], grad_vec]).tobytes())
    return {}


def time_calls(peer: Peer, problem: Problem, seconds: str) -> dict[str, Any]:
    parameters, call = peer.native(problem.theta_vec), peer.call
    start, calls = time.perf_counter(), 0
    while calls == 0 or time.perf_counter() - start < WARM_UP:
        call(parameters)
        calls += 1
    batch = max(1, int(BATCH * calls / (time.perf_counter() - start)))
    readings: list[float] = []
    end = time.perf_counter() + float(seconds)
    while len(readings) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(batch):
            call(parameters)
        readings.append((time.perf_counter() - start) / batch)
    return {"seconds": median(readings)}


def train(peer: Peer, problem: Problem, iterations: str) -> dict[str, Any]:
    start = time.perf_counter()
    if peer.train is not None:
        J, evaluations = peer.train(int(iterations))
    else:
        options = {"maxiter": int(iterations), "maxfun": 10**6, "ftol": 0.0, "gtol": 1e-12}
        result = minimize(peer.call, problem.theta_vec, jac=True, method="L-BFGS-B", options=options)
        J, evaluations = float(result.fun), int(result.nfev)
    return {"seconds": time.perf_counter() - start, "cost": J, "evaluations": evaluations}


def memory(peer: Peer, problem: Problem, _: str) -> dict[str, Any]:
    """Measure the first evaluation: a peer may keep its buffers afterwards."""
    parameters = peer.native(problem.theta_vec)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew from here
    before = _status("VmRSS")
    peer.call(parameters)
    return {"bytes": max(0, _status("VmHWM") - before)}


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(field)).split()[1])


ACTIONS = {"evaluate": evaluate, "time": time_calls, "train": train, "memory": memory}

if __name__ == "__main__":
    main(sys.argv[1:])
