"""Train with checkpoints in child processes, kill them at random moments, and tell what was found; run as a program."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import warnings
from pathlib import Path

import numpy as np

import courseport as cp
from courseport.training.checkpoint import load_checkpoint

SIZES, ITERATIONS, KILLS = (20, 8, 3), 600, 25


def make_cost() -> cp.NeuralNetworkCost:
    source = np.random.default_rng(1)
    X, y = source.normal(size=(300, 20)), source.integers(1, 4, 300)
    return cp.NeuralNetworkCost(SIZES, X, y, 0.01, n_threads=1)


def train(path: Path, method: str, iterations: int = ITERATIONS) -> object:
    options = {"alpha": 0.5} if method == "gradient_descent" else None
    theta0 = cp.rand_initialize_weights(SIZES, seed=0)
    warnings.simplefilter("ignore", cp.TrainingWarning)
    return cp.train(
        make_cost(),
        theta0,
        method=method,
        max_iterations=iterations,
        options=options,
        checkpoint=cp.Checkpoint(path, every_iterations=1),
        resume=True,
    )


def kill_once(path: Path, method: str, delay: float) -> bool:
    """Train in a child, kill it after the delay; return whether it was still at work."""
    child = os.fork()
    if child == 0:
        train(path, method)
        os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def main(folder: Path, method: str) -> None:
    whole = train(folder / "whole.npz", method)
    path, chance = folder / "killed.npz", random.Random(7)
    kills, complete, longest, regressions, different = 0, 0, 0, 0, 0
    while kills < KILLS:
        if not kill_once(path, method, chance.uniform(0.002, 0.06)):
            complete += 1
            path.unlink()  # it came to its end: begin again
            longest = 0
            continue
        kills += 1
        if not path.exists():
            regressions += longest > 0
            continue
        saved = load_checkpoint(path)  # raises where the file is not whole
        regressions += saved.iterations < longest
        longest = saved.iterations
        different += not np.array_equal(saved.history, whole.history[: longest + 1])
    result = train(path, method)
    facts = {
        "kills": kills,
        "complete": complete,
        "regressions": regressions,
        "different": different,
        "iterations": int(result.nit),
        "same_theta": bool(np.array_equal(result.x, whole.x)),
        "same_history": bool(np.array_equal(result.history, whole.history)),
        "same_evaluations": bool(result.nfev == whole.nfev),
        "leftovers": sorted(one.name for one in folder.iterdir()),
    }
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
