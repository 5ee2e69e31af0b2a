"""Peers in processes of their own that take turns: never two compute at the same time, no two share a thread pool."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.peers import LIMIT, OURS
from benchmarks.shapes import LAMBDA, Shape, make_problem
from courseport._checks import FloatArray

ROOT = Path(__file__).resolve().parent.parent
AGREEMENT = 1e-9  # largest relative difference of J, and of the gradient in its norm, between peers
SINGLE_AGREEMENT = 1e-4  # the same where a peer computes in float32
PAUSE = 0.2  # seconds between turns, in which the idle threads of the last peer go to sleep
ONE_CORE, ALL_CORES, SCIPY_HELD = "one core", "all cores", "all cores, scipy's BLAS held to one thread"


class DisagreementError(RuntimeError):
    """A peer computes something else: its time would mean nothing."""


class Worker:
    """One peer in one process, asked line by line."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name, self.process = name, process
        self.greeting = self._read()

    def ask(self, command: str) -> dict[str, Any]:
        """Send a command, and return the answer."""
        assert self.process.stdin is not None
        # Octave's fgetl looks at the character after a line before it returns the line: hence the empty one.
        self.process.stdin.write(f"{command}\n\n")
        self.process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End the process and wait for it."""
        self.process.communicate()

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process of {self.name} ended with status {self.process.wait()}")
        reply: dict[str, Any] = json.loads(line)
        return reply


def start(name: str, shape: Shape, mode: str, folder: Path) -> Worker:
    """Start a peer; its greeting holds "missing" where its package is not installed."""
    affinity = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    environment = dict(os.environ)
    if mode == ONE_CORE:
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

    def pin() -> None:
        # Every library takes the cores it may use for the number of its threads.
        if mode == ONE_CORE and affinity:
            os.sched_setaffinity(0, {max(affinity)})

    process = subprocess.Popen(
        _octave(shape, folder) if name == "octave" else _python(name, shape, mode),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
        preexec_fn=pin,  # noqa: PLW1509 - the parent has no other threads
    )
    return Worker(name, process)


def _python(name: str, shape: Shape, mode: str) -> list[str]:
    held = ["--hold-scipy"] if mode == SCIPY_HELD else []
    return [sys.executable, "-m", "benchmarks.worker", name, shape.key, *held]


def _octave(shape: Shape, folder: Path) -> list[str]:
    program = shutil.which("octave-cli")
    if program is None:
        return [sys.executable, "-c", 'print(\'{"missing": "octave-cli is not on the PATH"}\')']
    problem = make_problem(shape)
    for name, numbers in (("X", problem.X), ("y", problem.y), ("theta_vec", problem.theta_vec)):
        np.asarray(numbers, dtype=np.float64).tofile(folder / name)
    sizes = " ".join(map(str, shape.layer_sizes))
    code = f"octaveWorker('{folder}', [{sizes}], {shape.m}, {LAMBDA})"
    paths = [option for path in ("benchmarks", "octave_reference") for option in ("--path", str(ROOT / path))]
    return [program, "--norc", "--no-history", "--quiet", *paths, "--eval", code]


@contextmanager
def ready(names: Sequence[str], shape: Shape, mode: str) -> Iterator[tuple[list[Worker], dict[str, str]]]:
    """Start the peers one after the other; give those that are there, checked to agree, and why others are not."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workers: list[Worker] = []
        missing: dict[str, str] = {}
        for name in names:
            worker = start(name, shape, mode, folder)
            stack.callback(worker.close)
            if "missing" in worker.greeting:
                missing[name] = worker.greeting["missing"]
            else:
                workers.append(worker)
        check_agreement(workers, folder)
        yield workers, missing


def check_agreement(workers: Sequence[Worker], folder: Path) -> None:
    """Raise DisagreementError unless peers return the J and gradient, or the product, of the first of their kind."""
    answers: dict[str, FloatArray] = {}
    for worker in workers:
        if worker.name != LIMIT:
            worker.ask(f"evaluate {folder / 'answer'}")
            answers[worker.name] = np.fromfile(folder / "answer")
    for name in answers:
        # The name tells the kind: "product-jax" returns what "product" does.
        reference_name = next(other for other in answers if ("product" in other) == ("product" in name))
        reference, most = answers[reference_name], SINGLE_AGREEMENT if "float32" in name else AGREEMENT
        J = abs(answers[name][0] / reference[0] - 1)
        gradient = np.linalg.norm(answers[name][1:] - reference[1:]) / np.linalg.norm(reference[1:])
        if not (most >= J and gradient <= most):  # a NaN is a disagreement too
            raise DisagreementError(
                f"{name} and {reference_name} differ: J by {J:.1e} relative, the gradient by {gradient:.1e} in norm"
            )


def take_turns(workers: Sequence[Worker], command: str, rounds: int) -> dict[str, dict[str, Any]]:
    """Ask every worker in turn, `rounds` times; return each one's last answer, with the median of its seconds."""
    answers: dict[str, list[dict[str, Any]]] = {worker.name: [] for worker in workers}
    for turn in range(rounds):
        # Each round in the other direction: a machine that slows down favours nobody.
        for worker in workers if turn % 2 == 0 else reversed(workers):
            time.sleep(PAUSE)
            answers[worker.name].append(worker.ask(command))
    return {
        name: given[-1] | {"seconds": median(a["seconds"] for a in given), "all": [a["seconds"] for a in given]}
        for name, given in answers.items()
    }


def ratios(measured: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Return how many times as long as ours each peer takes."""
    return {name: one["seconds"] / measured[OURS]["seconds"] for name, one in measured.items()}
