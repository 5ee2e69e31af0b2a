"""Batch gradient descent, theta := theta - alpha dJ/dtheta, as a method of SciPy's minimize."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult

from courseport import _checks
from courseport.training import method as _method
from courseport.training.method import State, Verdict

_RISES, _GROWTH = 10, 10.0  # J risen so often in a row, and to so many times its start, has no bound


@dataclass(frozen=True, slots=True, kw_only=True)
class DescentState(State):
    """The state after an iteration."""

    start: float  # J where the run began
    rises: int = 0  # iterations in a row, up to this one, in which J rose
    lost: int = 0  # 1 if J or its gradient at the next point was not finite; the state then stays where it was


def gradient_descent(
    fun: Callable[..., Any],
    x0: ArrayLike,
    args: tuple[Any, ...] = (),
    jac: Any = None,
    callback: Callable[..., object] | None = None,
    *,
    alpha: float = 0.01,
    maxiter: int = 1500,
    gtol: float = 0.0,
    tol: float | None = None,
    resume: Mapping[str, Any] | None = None,
    disp: bool = False,
    **unused: Any,
) -> OptimizeResult:
    """Minimise a function by steps of alpha against its gradient.

    Use it as ``minimize(cost, theta0, jac=True, method=gradient_descent, options={"alpha": 0.01, "maxiter": 1500})``.

    Parameters
    ----------
    fun, x0, args, jac, callback, resume, disp
        As for `fmincg`.
    alpha : float
        The learning rate, > 0.
    maxiter : int
        The largest number of iterations; each evaluates J and its gradient once.
    gtol : float
        End when no entry of the gradient is larger; 0 leaves the end to `maxiter`. SciPy's `tol` means the same.

    Returns
    -------
    scipy.optimize.OptimizeResult
        With the fields of `fmincg`'s. status is 0 where the gradient is at most `gtol`, 1 at `maxiter`, 2 if the run
        diverged (x is then the last point at which J was finite), 99 if the callback raised StopIteration.

    Notes
    -----
    The run has diverged when J or its gradient is not finite, when J has risen in ten iterations in a row by more than
    ten times its value at the start, or when it is above its start after `maxiter` iterations.
    """
    _method.refuse("gradient_descent", unused, "alpha, maxiter, gtol, resume, disp")
    alpha, maxiter = _checks.number("alpha", alpha, above=0.0), _checks.whole_number("maxiter", maxiter, 0)
    gtol = _checks.number("gtol", tol if tol is not None and gtol == 0.0 else gtol, minimum=0.0)
    x = _checks.real_vector("x0", x0)
    evaluate = _method.evaluation("gradient_descent", fun, jac, args, x.size)
    if resume is not None:
        state = _method.restore("gradient_descent", DescentState, resume, x.size)
    else:
        J, gradient = evaluate(x)
        state = DescentState(x=x, fun=J, jac=gradient, start=J, lost=int(not _method.is_finite(J, gradient)))

    def step(now: DescentState) -> DescentState:
        with np.errstate(over="ignore"):
            x = now.x - alpha * now.jac
        if not np.isfinite(x).all():
            return replace(now, nit=now.nit + 1, lost=1)
        J, gradient = evaluate(x)
        counted = replace(now, nit=now.nit + 1, nfev=now.nfev + 1)
        if not _method.is_finite(J, gradient):
            return replace(counted, lost=1)
        return replace(counted, x=x, fun=J, jac=gradient, rises=now.rises + 1 if now.fun < J else 0)

    return _method.minimise(state, step, lambda now: _verdict(now, alpha, maxiter, gtol), callback, disp=disp)


def _verdict(state: DescentState, alpha: float, maxiter: int, gtol: float) -> Verdict | None:
    ended, diverged = state.nit >= maxiter, ""
    unbounded = state.rises >= _RISES and state.fun - state.start > _GROWTH * abs(state.start)
    if state.lost:
        when = f"after {state.nit} iterations" if state.nit else "at the start"
        diverged = f"J or its gradient is not finite {when}"
    elif unbounded or (ended and state.fun > state.start):
        diverged = f"J rose from {state.start:.6g} to {state.fun:.6g} in {state.nit} iterations"
    if diverged:
        blame = f": the learning rate alpha = {alpha:g} is too large, or the gradient is wrong" if state.nit else ""
        return Verdict(_method.FAILED, f"{diverged}{blame}.")
    if np.max(np.abs(state.jac), initial=0.0) <= gtol:
        return Verdict(_method.CONVERGED, f"No entry of the gradient is larger than gtol = {gtol:g}.")
    return Verdict(_method.MAXIMUM_REACHED, f"The maximum of {maxiter} iterations was reached.") if ended else None
