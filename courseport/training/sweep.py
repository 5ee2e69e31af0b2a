"""Choosing lambda and architecture on a validation set: many trainings side by side, one table, one picture.

The trials run on threads: the cost function releases the interpreter while it computes.
"""

from __future__ import annotations

import json
import os
import threading
import time
import warnings
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray
from courseport._files import atomic_path, sole_writer
from courseport._threads import available_cores
from courseport.cost import NeuralNetworkCost
from courseport.network.prediction import accuracy, predict
from courseport.network.rows import RowSource
from courseport.network.unrolling import rand_initialize_weights
from courseport.plots import Axes, new_axes
from courseport.training.checkpoint import CheckpointWarning
from courseport.training.comparison import Table
from courseport.training.train import check_method, run

Given = tuple[ArrayLike | RowSource, ArrayLike]  # X and y as the caller has them
Set = tuple[RowSource, NDArray[Any]]  # X and y, checked
Pair = tuple[tuple[int, ...], float]  # layer sizes and lambda
CHECKED_ROWS = 4096  # read at once for the checksum of the data


@dataclass(frozen=True)
class Settings:
    """What all trials have in common: `train`'s method and max_iterations, and the first weights' seed."""

    method: str = "L-BFGS-B"
    max_iterations: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.method, str):
            _checks.fail_type("method", "be a name", self.method)
        object.__setattr__(self, "method", check_method("method", self.method)[0])  # in one spelling
        _checks.whole_number("max_iterations", self.max_iterations, 1)
        _checks.whole_number("seed", self.seed, 0)


@dataclass(frozen=True)
class Trial:
    """One training and what it is worth: J at the end without the penalty, as the course has it, and percents right."""

    layer_sizes: tuple[int, ...]
    lambda_: float
    training_cost: float
    validation_cost: float
    training_accuracy: float
    validation_accuracy: float
    iterations: int
    seconds: float


def sweep(
    training: Given,
    validation: Given,
    layer_sizes: Sequence[Sequence[int]],
    lambdas: ArrayLike,
    settings: Settings | None = None,
    *,
    n_workers: int | None = None,
    results: str | os.PathLike[str] | None = None,
    progress: Callable[[Trial], object] | None = None,
) -> Table[Trial]:
    """Train a network for every pair of layer sizes and lambda, and judge it on a validation set.

    Parameters
    ----------
    training, validation : (X, y)
        As for `NeuralNetworkCost`: y holds labels 1..K or 0/1, or is a matrix of targets. The accuracy takes the
        largest target of a row as its label.
    layer_sizes : sequence of sequences of int
        The architectures.
    lambdas : array_like, shape (n,)
        Each >= 0.
    settings : Settings, optional
        Method, iterations and seed.
    n_workers : int, optional
        Trials side by side; the number of cores where not given.
    results : path-like, optional
        A JSON file to keep the trials in. It is written after each, or a `CheckpointWarning` says why not; those in it
        are not run again. Several sweeps may share it. After Ctrl-C, which is raised, it holds the trials that had
        ended. One of other data or settings is refused.
    progress : callable, optional
        Called with each `Trial` when it ends.

    Returns
    -------
    list of Trial
        Best validation cost first. A notebook shows it as a table; ``.to_frame()`` makes a pandas.DataFrame of it.
    """
    settings = settings or Settings()
    values = _checks.real_vector("lambdas", lambdas).tolist()
    pairs = [(_checks.layer_sizes(sizes), _checks.lambda_(value)) for sizes in layer_sizes for value in values]
    if not pairs:
        _checks.fail("layer_sizes and lambdas", "hold at least one each", f"{len(layer_sizes)} and {len(values)}")
    workers = available_cores() if n_workers is None else _checks.whole_number("n_workers", n_workers, 1)
    data = _checked(training, pairs), _checked(validation, pairs)
    path, facts = None if results is None else Path(results), asdict(settings)
    if path is not None:
        facts |= {"training": _checksum(data[0]), "validation": _checksum(data[1])}
    trials, told = _load(path, facts), ""
    for trial in _run_trials([pair for pair in dict.fromkeys(pairs) if pair not in trials], *data, settings, workers):
        trials[trial.layer_sizes, trial.lambda_] = trial
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)  # it may have been removed since the last time
                with sole_writer(path, wait=True), atomic_path(path) as temporary:
                    # With those that another sweep has written meanwhile.
                    records = [asdict(one) for one in (_load(path, facts) | trials).values()]
                    temporary.write_text(json.dumps({"settings": facts, "trials": records}, indent=1))
        except OSError as error:  # a full disk or a read-only folder: told once, and the next trial tries again
            message = f"the results {path} could not be written: {error.strerror or error}; the sweep goes on"
            if message != told:
                warnings.warn(told := message, CheckpointWarning, stacklevel=2)
        if progress is not None:
            progress(trial)
    # nan, of a training that diverged, comes last
    ended = [trials[pair] for pair in dict.fromkeys(pairs)]
    return Table(sorted(ended, key=lambda one: np.nan_to_num(one.validation_cost, nan=np.inf)))


def _checked(data: Given, pairs: Sequence[Pair]) -> Set:
    """Check the data against all architectures before any work, and return them as what has shape and bytes."""
    X, y = data
    for sizes in {sizes for sizes, _ in pairs}:
        NeuralNetworkCost(sizes, X, y, n_threads=1)
    dtype = getattr(X, "dtype", None)
    if not isinstance(dtype, np.dtype) or dtype.kind == "O":
        X = _checks.real_array("X", cast(ArrayLike, X), "a matrix")
    return cast(RowSource, X), _checks.real_array("y", y, "labels or targets")


class _Stoppable(NeuralNetworkCost):
    """A cost function that ends its training at the next evaluation once `stop` is set."""

    stop: threading.Event

    def __call__(self, theta_vec: ArrayLike) -> tuple[float, FloatArray]:
        if self.stop.is_set():
            raise CancelledError
        return super().__call__(theta_vec)


def _run_trials(
    pairs: Sequence[Pair], training: Set, validation: Set, settings: Settings, workers: int
) -> Iterator[Trial]:
    """Run the trials and give each as it ends; an error or Ctrl-C ends all of them within one evaluation."""
    stop, workers = threading.Event(), min(workers, max(1, len(pairs)))
    n_threads = None if workers == 1 else 1

    def trial(pair: Pair) -> Trial:
        sizes, lambda_ = pair
        began = time.monotonic()
        theta0 = rand_initialize_weights(sizes, "glorot", settings.seed)
        with _Stoppable(sizes, *training, lambda_, n_threads=n_threads) as cost:
            cost.stop = stop
            result = run(cost, theta0, method=settings.method, max_iterations=settings.max_iterations)
        costs, shares = [], []  # without the penalty, and accuracies
        for X, y in (training, validation):
            with NeuralNetworkCost(sizes, X, y, n_threads=n_threads) as cost:
                costs.append(cost.cost(result.x))
            labels = y.argmax(axis=1) + 1 if y.ndim == 2 and y.shape[1] > 1 else y  # of targets the largest
            shares.append(accuracy(predict(result.x, sizes, X), labels))
        measured: Any = (*costs, *shares, int(result.nit), time.monotonic() - began)
        return Trial(sizes, lambda_, *measured)

    with ThreadPoolExecutor(workers, thread_name_prefix="courseport-sweep") as pool:
        try:
            for future in as_completed([pool.submit(trial, pair) for pair in pairs]):
                yield future.result()
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


def _checksum(data: Set) -> int:
    X, y = data
    value = zlib.crc32(repr(tuple(X.shape)).encode() + np.ascontiguousarray(y).tobytes())
    for start in range(0, X.shape[0], CHECKED_ROWS):
        value = zlib.crc32(np.ascontiguousarray(X[start : start + CHECKED_ROWS]).tobytes(), value)
    return value


def _load(path: Path | None, facts: dict[str, Any]) -> dict[Pair, Trial]:
    """Return the trials in a file of results; none where it is not there."""
    if path is None or not path.exists():
        return {}
    try:
        content = json.loads(path.read_text())
        trials = []
        for record in content["trials"]:
            for field in fields(Trial)[2:]:
                kinds = (int,) if field.type == "int" else (int, float)
                if isinstance(record[field.name], bool) or not isinstance(record[field.name], kinds):
                    _checks.fail_type(field.name, "be a number", record[field.name])
            ends = _checks.layer_sizes(record.pop("layer_sizes")), _checks.lambda_(record.pop("lambda_"))
            trials.append(Trial(*ends, **record))
        before = {**content["settings"]}  # TypeError for a list
    except OSError:
        raise
    except Exception:  # noqa: BLE001 - any JSON may be there, and each other type fails in another way
        raise _checks.InputError(f"results must be a file that a sweep has written, got {path}") from None
    for name, value in facts.items():
        if before.get(name) != value:
            what = f"other {name} data" if name in ("training", "validation") else f"{name} {before.get(name)!r}"
            _checks.fail("results", "hold trials of these data and settings (or not be there)", f"{path} of {what}")
    return {(trial.layer_sizes, trial.lambda_): trial for trial in trials}


def plot_sweep(trials: Sequence[Trial], axes: Axes | None = None) -> Axes:
    """Draw J without penalty against lambda: validation set solid, training set dashed, the best trial ringed."""
    axes = axes or new_axes(7.2, 4.8)
    positive = [trial.lambda_ for trial in trials if trial.lambda_ > 0]
    if positive:
        axes.set_xscale("symlog", linthresh=min(positive))  # shows lambda = 0, too
    for number, sizes in enumerate(sorted({trial.layer_sizes for trial in trials})):
        line = sorted((trial for trial in trials if trial.layer_sizes == sizes), key=lambda trial: trial.lambda_)
        lambdas, colour = [trial.lambda_ for trial in line], f"C{number}"
        name = "-".join(map(str, sizes))
        axes.plot(lambdas, [trial.validation_cost for trial in line], "o-", color=colour, label=name)
        axes.plot(lambdas, [trial.training_cost for trial in line], ".--", color=colour, alpha=0.6)
    best = min(trials, key=lambda one: np.nan_to_num(one.validation_cost, nan=np.inf))
    axes.plot([best.lambda_], [best.validation_cost], "o", ms=14, mfc="none", mec="black", label="best")
    ticks = np.unique([trial.lambda_ for trial in trials])
    if ticks.size <= 12:
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    axes.set(xlabel="lambda", ylabel="J without penalty", title="Validation set (solid) and training set (dashed)")
    axes.grid(alpha=0.3)
    axes.legend()
    return axes
