"""The trials of a sweep: one training for every pair of layer sizes and lambda, in processes of their own."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import FloatArray
from courseport._files import atomic_path
from courseport.cost import NeuralNetworkCost
from courseport.initialize import rand_initialize_weights
from courseport.parallel import available_cores
from courseport.prediction import accuracy, predict
from courseport.rows import RowSource
from courseport.training import METHODS, TrainingWarning, train

Set = tuple[RowSource, NDArray[Any]]  # X and y
Pair = tuple[tuple[int, ...], float]  # layer sizes and lambda
CHECKED_ROWS = 4096  # read at once for the checksum of the data


@dataclass(frozen=True)
class Settings:
    """What all trials of a sweep have in common.

    Attributes
    ----------
    method : str
        As for `train`.
    max_iterations : int
        As for `train`.
    seed : int
        For the first weights, as for `rand_initialize_weights`.
    """

    method: str = "L-BFGS-B"
    max_iterations: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        _checks.choice("method", self.method, METHODS)
        _checks.whole_number("max_iterations", self.max_iterations, 1)
        _checks.whole_number("seed", self.seed, 0)


@dataclass(frozen=True)
class Trial:
    """One training and what it is worth.

    Attributes
    ----------
    layer_sizes : tuple of int
    lambda_ : float
    training_cost, validation_cost : float
        J at the end without the penalty, as the course compares them.
    training_accuracy, validation_accuracy : float
        In percent.
    iterations : int
    seconds : float
    """

    layer_sizes: tuple[int, ...]
    lambda_: float
    training_cost: float
    validation_cost: float
    training_accuracy: float
    validation_accuracy: float
    iterations: int
    seconds: float


def sweep(
    training: Set,
    validation: Set,
    layer_sizes: Sequence[Sequence[int]],
    lambdas: Sequence[float],
    settings: Settings | None = None,
    *,
    n_workers: int | None = None,
    results: str | os.PathLike[str] | None = None,
    progress: Callable[[Trial], object] | None = None,
) -> list[Trial]:
    """Train a network for every pair of layer sizes and lambda, and judge it on a validation set.

    The trainings run in processes that are started anew: a script that calls this needs its
    ``if __name__ == "__main__":``.

    Parameters
    ----------
    training, validation : (X, y)
        As for `NeuralNetworkCost`, labels 1..K or 0/1.
    layer_sizes : sequence of sequences of int
        The architectures.
    lambdas : sequence of float
        Each >= 0.
    settings : Settings, optional
        Method, iterations and seed.
    n_workers : int, optional
        Processes; the number of cores where not given.
    results : path-like, optional
        A JSON file to keep the trials in. It is written after each; those in it are not run again.
    progress : callable, optional
        Called with each `Trial` when it ends.

    Returns
    -------
    list of Trial
        Best validation cost first.

    Raises
    ------
    ValueError, TypeError, OSError
        Naming the argument, what was expected and what came; also where `results` holds those of other data.
    """
    settings = settings or Settings()
    pairs = _pairs(layer_sizes, lambdas)
    workers = available_cores() if n_workers is None else _checks.whole_number("n_workers", n_workers, 1)
    for X, y in (training, validation):
        for sizes in {sizes for sizes, _ in pairs}:
            NeuralNetworkCost(sizes, X, y, n_threads=1)  # checks all before any work
    facts = asdict(settings) | {"training": _checksum(training), "validation": _checksum(validation)}
    done = {} if results is None else _load(Path(results), facts)
    missing = [pair for pair in pairs if pair not in done]
    for trial in _run(missing, training, validation, settings, min(workers, max(1, len(missing)))):
        done[trial.layer_sizes, trial.lambda_] = trial
        if results is not None:
            _save(Path(results), facts, list(done.values()))
        if progress is not None:
            progress(trial)
    return sorted((done[pair] for pair in pairs), key=lambda trial: trial.validation_cost)


def _pairs(layer_sizes: Sequence[Sequence[int]], lambdas: Sequence[float]) -> list[Pair]:
    pairs = [(_checks.layer_sizes(sizes), _checks.lambda_(value)) for sizes in layer_sizes for value in lambdas]
    if not pairs:
        _checks.fail("layer_sizes and lambdas", "hold at least one each", f"{len(layer_sizes)} and {len(lambdas)}")
    return list(dict.fromkeys(pairs))


def _run(pairs: Sequence[Pair], training: Set, validation: Set, settings: Settings, workers: int) -> Iterator[Trial]:
    """Run the trials and give each as it ends; what has not begun is dropped on an error or Ctrl-C."""
    if workers == 1:
        for pair in pairs:
            yield _trial(pair, training, validation, settings, None)
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
    with _pool(workers, context, (training, validation, settings)) as pool:
        for future in as_completed([pool.submit(_trial_of_worker, pair) for pair in pairs]):
            yield future.result()


@contextmanager
def _pool(workers: int, context: Any, data: tuple[Set, Set, Settings]) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(workers, context, initializer=_keep, initargs=data)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_kept: list[Any] = []  # in a worker: the data, sent once and not with every trial


def _keep(*data: Any) -> None:
    _kept[:] = data


def _trial_of_worker(pair: Pair) -> Trial:
    training, validation, settings = _kept
    return _trial(pair, training, validation, settings, n_threads=1)


def _trial(pair: Pair, training: Set, validation: Set, settings: Settings, n_threads: int | None) -> Trial:
    sizes, lambda_ = pair
    began = time.monotonic()
    theta0 = rand_initialize_weights(sizes, "glorot", settings.seed)
    with NeuralNetworkCost(sizes, *training, lambda_, n_threads=n_threads) as cost, warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)  # the table shows the iterations
        result = train(cost, theta0, method=settings.method, max_iterations=settings.max_iterations)
    judged = [_judge(result.x, sizes, data, n_threads) for data in (training, validation)]
    (J, J_validation), (right, right_validation) = zip(*judged, strict=True)
    seconds = time.monotonic() - began
    return Trial(sizes, lambda_, J, J_validation, right, right_validation, int(result.nit), seconds)


def _judge(theta_vec: FloatArray, sizes: tuple[int, ...], data: Set, n_threads: int | None) -> tuple[float, float]:
    """Return J without the penalty, and the accuracy."""
    with NeuralNetworkCost(sizes, *data, n_threads=n_threads) as cost:
        J = cost.cost(theta_vec)
    return J, accuracy(predict(theta_vec, sizes, data[0]), data[1])


def _checksum(data: Set) -> int:
    X, y = data
    value = zlib.crc32(repr(tuple(X.shape)).encode() + np.ascontiguousarray(y).tobytes())
    for start in range(0, X.shape[0], CHECKED_ROWS):
        value = zlib.crc32(np.ascontiguousarray(X[start : start + CHECKED_ROWS]).tobytes(), value)
    return value


def _load(path: Path, facts: dict[str, Any]) -> dict[Pair, Trial]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text())
        trials = [Trial(**one | {"layer_sizes": tuple(one["layer_sizes"])}) for one in content["trials"]]
        before = content["settings"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"results must be a file that a sweep has written, got {path}") from None
    for name, value in facts.items():
        if before.get(name) != value:
            what = f"other {name} data" if name in ("training", "validation") else f"{name} {before.get(name)!r}"
            _checks.fail("results", "hold trials of these data and settings (or not be there)", f"{path} of {what}")
    return {(trial.layer_sizes, trial.lambda_): trial for trial in trials}


def _save(path: Path, facts: dict[str, Any], trials: list[Trial]) -> None:
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps({"settings": facts, "trials": [asdict(one) for one in trials]}, indent=1))
