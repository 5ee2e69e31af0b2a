"""What a J and gradient over the Octave bridge costs more than inside Octave, at the course's size; and leaks.

    python benchmarks/bridge_overhead.py [--calls 200] [--leak 10000]

Both run octave_reference/course/nnCostFunction.m on the 5000 digits with the 400-25-10 network: Octave alone times its
own calls, Python those of `OctaveCostFunction`. The calls alternate, because the machine's speed drifts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

import courseport as cp
from courseport.octave import OctaveCostFunction

REFERENCE = Path(__file__).parents[1] / "octave_reference" / "course" / "nnCostFunction.m"
LIMIT_MS = 10.0
INSIDE = "function s = timed_call(expression)\n  t = tic(); [J, grad] = evalin('base', expression); s = toc(t);\nend\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Overhead of the Octave bridge, and its leaks.")
    parser.add_argument("--calls", type=int, default=200, help="calls timed on each side")
    parser.add_argument("--leak", type=int, default=0, help="calls made to look for leaks")
    arguments = parser.parse_args()
    X, y = cp.load_digits()
    theta = cp.rand_initialize_weights((400, 25, 10), seed=0)
    with OctaveCostFunction(REFERENCE, layer_sizes=(400, 25, 10), X=X, y=y, lambda_=1.0) as cost:
        extra = overhead(cost, theta, arguments.calls)
        leaks = leak(cost, arguments.leak) if arguments.leak else 0.0
    return int(extra > LIMIT_MS or leaks > 1.0)


def overhead(cost: OctaveCostFunction, theta: np.ndarray, calls: int) -> float:
    """Return the overhead in ms, of the fastest calls."""
    inside, outside = [], []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "timed_call.m").write_text(INSIDE)
        cost.session.addpath(folder)
        cost(theta)
        for _ in range(calls):
            inside.append(1e3 * cost.session.feval("timed_call", cost.call))
            started = time.perf_counter()
            cost(theta)
            outside.append(1e3 * (time.perf_counter() - started))
    print(f"J and gradient, 10285 parameters, 5000 digits, {calls} calls each:")
    extra = 0.0
    for name, best in (("median", statistics.median), ("fastest", min)):  # the fastest is the one nobody disturbed
        a, b = best(inside), best(outside)
        extra = b - a
        print(f"  {name}: inside Octave {a:.1f} ms, over the bridge {b:.1f} ms, overhead {extra:.1f} ms")
    return extra


def leak(cost: OctaveCostFunction, calls: int) -> float:
    """Return the growth of both processes' memory, in MB, over so many calls."""
    vector = np.ones(10285)
    for _ in range(200):
        cost.session.feval("plus", vector, 1.0)
    pids = (os.getpid(), cost.session._engine.pid)
    before = [(descriptors(pid), memory(pid)) for pid in pids]
    for _ in range(calls):
        cost.session.feval("plus", vector, 1.0)
    after = [(descriptors(pid), memory(pid)) for pid in pids]
    print(f"{calls} calls with 10285 numbers each way (a leak of one vector a call: {calls * 0.08:.0f} MB):")
    for name, (fd0, mb0), (fd1, mb1) in zip(("Python", "Octave"), before, after, strict=True):
        print(f"  {name}: {fd0} -> {fd1} file descriptors, {mb0:.1f} -> {mb1:.1f} MB")
    return max(m1 - m0 + 1e3 * (f1 > f0) for (f0, m0), (f1, m1) in zip(before, after, strict=True))


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    raise SystemExit(main())
