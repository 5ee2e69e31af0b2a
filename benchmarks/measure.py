"""What is measured: evaluations at the shapes, training, and growth with the number of examples."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from benchmarks.peers import LIMIT, OURS, PEERS, VARIANTS
from benchmarks.shapes import SHAPES, Shape
from benchmarks.turns import ALL_CORES, ONE_CORE, SCIPY_HELD, ready, start, take_turns

Results = dict[str, Any]
GROWTH = tuple(Shape(f"m = {m:,}", m, (400, 25, 10), "") for m in (5_000, 50_000, 500_000))
GROWTH_PEERS = (OURS, "naive", "sklearn", "autograd", "torch", "jax")  # Octave does not tell its peak
ITERATIONS = (50, 200)


def machine() -> dict[str, Any]:
    """Return what the figures were measured on; the processor by its instruction set, which decides most."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    simd = np.show_config(mode="dicts")["SIMD Extensions"]  # type: ignore[index, call-overload, unused-ignore]
    return {
        "cores": cores,
        "system": f"{platform.system()} {platform.machine()}",
        "simd": simd.get("found", [])[-1:],
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }


def evaluations(
    shapes: Sequence[Shape], names: Sequence[str], modes: Sequence[str], rounds: int, turn: float
) -> Results:
    """Time J and gradient, and `names`; a list of measurements, each with its shape, mode, missing peers and times."""
    found = []
    for shape in shapes:
        for mode in modes:
            with ready((OURS, *names), shape, mode) as (workers, missing):
                times = take_turns(workers, f"time {turn}", rounds)
            found.append({"shape": shape.name, "mode": mode, "missing": missing, "times": times})
            print(f"{shape.name}, {mode}: ours {times[OURS]['seconds'] * 1e3:.3g} ms", flush=True)
    return {"evaluations": found}


def training(names: Sequence[str], rounds: int) -> Results:
    """Time 50 and 200 iterations at A, in every mode; the bare products cannot be trained with."""
    found = []
    for mode in (ONE_CORE, ALL_CORES, SCIPY_HELD):
        peers = [name for name in names if (name, mode) != ("octave", SCIPY_HELD)]  # it has no scipy
        with ready((OURS, *peers), SHAPES[0], mode) as (workers, missing):
            for iterations in ITERATIONS:
                times = take_turns(workers, f"train {iterations}", rounds)
                found.append({"iterations": iterations, "mode": mode, "missing": missing, "times": times})
                print(f"{iterations} iterations, {mode}: ours {times[OURS]['seconds']:.3g} s", flush=True)
    return {"training": found}


def growth(names: Sequence[str], shapes: Sequence[Shape], turn: float) -> Results:
    """Time one evaluation, and measure its peak memory, for more and more examples; a fresh process each."""
    found = []
    for shape in shapes:
        one: dict[str, Any] = {}
        missing: dict[str, str] = {}
        for name in names:
            measured = _grow(name, shape, turn)
            if "missing" in measured:
                missing[name] = measured["missing"]
            else:
                one[name] = measured
        found.append({"m": shape.m, "peers": one, "missing": missing})
        print(f"{shape.name}: ours {one[OURS]['bytes'] / 2**20:.1f} MiB above the data", flush=True)
    return {"growth": found}


def _grow(name: str, shape: Shape, turn: float) -> dict[str, Any]:
    """Return seconds and bytes of one peer, alone: side by side, the data would not fit into memory."""
    with tempfile.TemporaryDirectory() as folder:
        worker = start(name, shape, ALL_CORES, Path(folder))
        if "missing" in worker.greeting:
            return worker.greeting
        try:
            return worker.ask("memory") | worker.ask(f"time {turn}")
        finally:
            worker.close()


def everything(rounds: int, turn: float) -> Iterator[Results]:
    """Measure all there is; give what there is after each part, which may take long."""
    results: Results = {"machine": machine(), "evaluations": [], "variants": []}
    for shape in SHAPES:
        modes = (ONE_CORE, ALL_CORES)
        results["evaluations"] += evaluations([shape], (LIMIT, *PEERS), modes, rounds, turn)["evaluations"]
        results["variants"] += evaluations([shape], tuple(VARIANTS), modes, rounds, turn)["evaluations"]
        yield results
    results |= training(PEERS, max(3, rounds // 2))
    yield results
    results |= growth(GROWTH_PEERS, GROWTH, 5 * turn)
    yield results
