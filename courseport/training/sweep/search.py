"""The sweep itself: every pair of layer sizes and lambda, less those whose results are there."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._parallel import available_cores
from courseport.cost import NeuralNetworkCost
from courseport.network.rows import RowSource
from courseport.training.sweep.processes import run_trials
from courseport.training.sweep.results import Results
from courseport.training.sweep.trials import Pair, Set, Settings, Trial

Given = tuple[ArrayLike | RowSource, ArrayLike]  # X and y as the caller has them


def sweep(
    training: Given,
    validation: Given,
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
        As for `NeuralNetworkCost`: y holds labels 1..K or 0/1, or is a matrix of targets. The accuracy takes the
        largest target of a row as its label.
    layer_sizes : sequence of sequences of int
        The architectures.
    lambdas : sequence of float
        Each >= 0.
    settings : Settings, optional
        Method, iterations and seed.
    n_workers : int, optional
        Processes; the number of cores where not given.
    results : path-like, optional
        A JSON file to keep the trials in. It is written after each; those in it are not run again. After Ctrl-C,
        which is raised, it holds the trials that had ended.
    progress : callable, optional
        Called with each `Trial` when it ends.

    Returns
    -------
    list of Trial
        Best validation cost first.

    Warns
    -----
    CheckpointWarning
        If `results` cannot be written; the sweep goes on.

    Raises
    ------
    ValueError, TypeError, OSError
        Naming the argument, what was expected and what came; also where `results` holds those of other data.
    """
    settings = settings or Settings()
    pairs = _pairs(layer_sizes, lambdas)
    workers = available_cores() if n_workers is None else _checks.whole_number("n_workers", n_workers, 1)
    data = _checked(training, pairs), _checked(validation, pairs)
    kept = Results(results, *data, settings)
    missing = [pair for pair in pairs if pair not in kept.trials]
    # Closed by hand: a traceback that somebody keeps would keep the processes of what it interrupted, too.
    with closing(run_trials(missing, *data, settings, min(workers, max(1, len(missing))))) as trials:
        for trial in trials:
            kept.add(trial)
            if progress is not None:
                progress(trial)
    return sorted((kept.trials[pair] for pair in pairs), key=lambda trial: trial.validation_cost)


def _pairs(layer_sizes: Sequence[Sequence[int]], lambdas: Sequence[float]) -> list[Pair]:
    pairs = [(_checks.layer_sizes(sizes), _checks.lambda_(value)) for sizes in layer_sizes for value in lambdas]
    if not pairs:
        _checks.fail("layer_sizes and lambdas", "hold at least one each", f"{len(layer_sizes)} and {len(lambdas)}")
    return list(dict.fromkeys(pairs))


def _checked(data: Given, pairs: Sequence[Pair]) -> Set:
    """Check the data against all architectures before any work, and return them as what has shape and bytes."""
    X, y = data
    for sizes in {sizes for sizes, _ in pairs}:
        NeuralNetworkCost(sizes, X, y, n_threads=1)
    dtype = getattr(X, "dtype", None)
    if not isinstance(dtype, np.dtype) or dtype.kind == "O":
        X = _checks.real_array("X", cast(ArrayLike, X), "a matrix")
    return cast(RowSource, X), _checks.real_array("y", y, "labels or targets")
