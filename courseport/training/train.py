"""Training: a cost function handed to `scipy.optimize.minimize`, with progress, history and an end that loses nothing.

What it adds to a plain call: `max_iterations` means iterations for every method (TNC counts evaluations by itself, and
L-BFGS-B stops at 15,000 of them), the history of J is kept, Ctrl-C returns the best parameters so far, and an end
without convergence is a warning.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, minimize

from courseport import _blas, _checks
from courseport._checks import FloatArray
from courseport.network.unrolling import ThetaLayout
from courseport.training.checkpoint import Checkpoint, Keeper, Saved, check_same, describe, load_checkpoint
from courseport.training.fmincg import fmincg
from courseport.training.gradient_descent import gradient_descent
from courseport.training.history import INTERRUPTED, CostFunction, Progress, Record

SCIPY_METHODS = ("L-BFGS-B", "CG", "BFGS", "TNC", "SLSQP", "Newton-CG", "trust-constr")
# SciPy custom methods, by the name that `train` takes
CUSTOM_METHODS: dict[str, Callable[..., Any]] = {"fmincg": fmincg, "gradient_descent": gradient_descent}
METHODS = (*SCIPY_METHODS, *CUSTOM_METHODS)
LARGEST_INT = 2**31 - 1  # no limit, for options that become a C int
EXHAUSTED = "Maximum number of iterations has been exceeded."


class TrainingWarning(UserWarning):
    """Training ended without convergence."""


def train(
    cost: CostFunction,
    theta0: ArrayLike,
    *,
    method: str = "L-BFGS-B",
    max_iterations: int = 100,
    options: Mapping[str, Any] | None = None,
    callback: Callable[[Progress], object] | None = None,
    checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
    resume: bool = False,
) -> OptimizeResult:
    """Minimise `cost` from `theta0`.

    Parameters
    ----------
    cost : callable
        ``cost(theta_vec)`` returns (J, grad_vec).
    theta0 : array_like, shape (n,)
        Where to start; not changed.
    method : str, default "L-BFGS-B"
        A gradient method of SciPy ("L-BFGS-B", "CG", "BFGS", "TNC", "SLSQP", "Newton-CG", "trust-constr"), "fmincg" or
        "gradient_descent".
    max_iterations : int, default 100
        Largest number of iterations, whatever the method.
    options : mapping, optional
        The method's own further options.
    callback : callable, optional
        Called with a `Progress` at the start and after every iteration; StopIteration ends training.
    checkpoint : path-like or Checkpoint, optional
        The file to save to, in one step, at the start, every ten seconds and at the end; a `Checkpoint` says how often
        else. What is there is replaced, unless `resume` is given.
    resume : bool, default False
        Go on from the checkpoint, if the file is there, else from `theta0`. `max_iterations`, history and counts go
        on, too. "fmincg" and "gradient_descent" come to the numbers of a run without interruption; SciPy's own methods
        start anew from the saved parameters.

    Returns
    -------
    OptimizeResult
        The method's own, with ``history`` (J at the start and after every iteration) and ``interrupted`` added. After
        Ctrl-C, and where TNC was stopped, x is the best of all evaluated parameters.

    Warns
    -----
    TrainingWarning
        If the method did not converge; with its status and message.
    CheckpointWarning
        If a checkpoint cannot be written; training goes on.
    """
    settings = _check_options(method, max_iterations, options)
    theta = _check_start(cost, theta0)
    facts = describe(cost, method, options)
    where, saved = _open(checkpoint, facts, theta.size, resume=resume)
    record = Record(cost, max_iterations, callback, None if where is None else Keeper(where), facts)
    _blas.enter()  # for the optimiser's own work too
    try:
        if saved is None:
            result = _minimize(record, theta, method, settings)
        else:
            result = _go_on(record, saved, method, settings)
    finally:
        record.save(at_the_end=True)
        _blas.leave()
        _blas.release()  # what comes after training may measure or limit the threads itself
    result["history"] = np.array(record.history)
    if not result.success:
        message = f"{method} stopped after {result.nit} iterations without convergence: {result.message}"
        warnings.warn(f"{message} (status {result.status})", TrainingWarning, stacklevel=2)
    return result


def _check_options(method: str, max_iterations: int, options: Mapping[str, Any] | None) -> dict[str, Any]:
    _checks.choice("method", method, METHODS)
    limit = min(_checks.whole_number("max_iterations", max_iterations, 1), LARGEST_INT)
    settings = dict(options or {})
    if "maxiter" in settings:
        _checks.fail("options", "leave the number of iterations to max_iterations", "an option 'maxiter'")
    if method == "TNC":
        return {"maxfun": LARGEST_INT, **settings}  # the record counts its iterations
    if method == "L-BFGS-B":
        return {"maxiter": limit, "maxfun": LARGEST_INT, **settings}
    return {"maxiter": limit, **settings}


def _check_start(cost: CostFunction, theta0: ArrayLike) -> FloatArray:
    layout = getattr(cost, "layout", None)
    if isinstance(layout, ThetaLayout):
        return np.array(layout.check(theta0, "theta0"))
    return np.array(_checks.real_vector("theta0", theta0))


def _open(
    checkpoint: str | os.PathLike[str] | Checkpoint | None, facts: Mapping[str, Any], size: int, *, resume: bool
) -> tuple[Checkpoint | None, Saved | None]:
    """Return the checkpoint, and what it holds where training is to go on from it."""
    if checkpoint is None:
        if resume:
            _checks.fail("checkpoint", "name the file to resume from", None)
        return None, None
    where = checkpoint if isinstance(checkpoint, Checkpoint) else Checkpoint(checkpoint)
    if not resume or not Path(where.path).exists():
        return where, None
    saved = load_checkpoint(where.path)
    check_same(saved, facts, size)
    return where, saved


def _go_on(record: Record, saved: Saved, method: str, settings: dict[str, Any]) -> OptimizeResult:
    """Run the method from a checkpoint, with the iterations that are left."""
    record.go_on(saved)
    if method in CUSTOM_METHODS:
        state = {"resume": saved.state} if saved.state else {}
        return _minimize(record, saved.theta_vec, method, settings | state)
    left = record.limit - saved.iterations
    if left <= 0:
        return record.result(1, EXHAUSTED)
    if "maxiter" in settings:
        settings["maxiter"] = min(left, LARGEST_INT)
    result = _minimize(record, saved.theta_vec, method, settings)
    result["nit"], result["nfev"] = len(record.history) - 1, record.evaluations
    return result


def _minimize(record: Record, theta: FloatArray, method: str, settings: dict[str, Any]) -> OptimizeResult:
    """Run the method; end it by hand where it was interrupted, or cannot be stopped by its callback."""
    solve: Any = minimize  # its stubs list SciPy's own methods, and know no custom one chosen by name
    try:
        result: OptimizeResult = solve(
            record,
            theta,
            jac=True,
            method=CUSTOM_METHODS.get(method, method),
            callback=record.iterate_and_count if method == "TNC" else record.iterate,
            options=settings,
        )
    except StopIteration as stop:
        return record.result(1, str(stop) or "The callback ended training.")
    except KeyboardInterrupt:
        if record.best is None:
            raise  # before the first evaluation there is nothing to save
        return record.result(INTERRUPTED, "Interrupted; x holds the best parameters so far.")
    result["interrupted"] = False
    return result
