"""fmincg, the course's conjugate gradient minimiser, as a method of SciPy's minimize.

Polak-Ribiere directions, and a line search by interpolation and extrapolation under the Wolfe-Powell conditions: the
algorithm of C. E. Rasmussen's `minimize` (1999-2002), which the course hands out as fmincg.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult

from courseport import _checks
from courseport._checks import FloatArray
from courseport.training import method as _method
from courseport.training.line_search import Point, search
from courseport.training.method import Evaluate, State, Verdict

_RATIO = 100.0  # largest growth of the first step from one line search to the next
_TINY = np.finfo(np.float64).tiny  # Octave's realmin
_REACH = 3.0**20  # how many times its first step a line search goes at most
_FLAT = 1e-5  # relative gradient at which two failed searches mean a minimum


@dataclass(frozen=True, slots=True, kw_only=True)
class FmincgState(State):
    """The state after a line search.

    Attributes
    ----------
    gradient : ndarray, shape (n,)
        The gradient that the next direction is made with: `jac`, or the last one evaluated if the search failed.
    direction : ndarray, shape (n,)
    slope : float
        Of J along `direction`, < 0.
    step : float
        The first step of the next line search.
    failures : int
        Line searches that failed in a row, up to this one.
    """

    gradient: FloatArray
    direction: FloatArray
    slope: float
    step: float
    failures: int = 0


def fmincg(
    fun: Callable[..., Any],
    x0: ArrayLike,
    args: tuple[Any, ...] = (),
    jac: Any = None,
    callback: Callable[..., object] | None = None,
    *,
    maxiter: int = 100,
    gtol: float = 0.0,
    tol: float | None = None,
    resume: Mapping[str, Any] | None = None,
    disp: bool = False,
    **unused: Any,
) -> OptimizeResult:
    """Minimise a function by the course's conjugate gradients.

    Use it as ``minimize(cost, theta0, jac=True, method=fmincg, options={"maxiter": 50})``.

    Parameters
    ----------
    fun, x0, args, jac, callback
        As in `scipy.optimize.minimize`; the gradient is needed. The callback may have either of SciPy's forms;
        ``intermediate_result`` has x, fun, jac, nit, nfev, njev and state.
    maxiter : int
        The largest number of line searches, Octave's MaxIter; each evaluates J up to 21 times.
    gtol : float
        End when no entry of the gradient is larger. SciPy's `tol` means the same. With 0 the run ends as the original
        does, at `maxiter` or after two failed line searches in a row, or where the gradient is exactly 0.
    resume : mapping, optional
        A state to go on from instead of `x0`, to the same numbers as without interruption.
    disp : bool, default False
        Print how the run ended.

    Returns
    -------
    scipy.optimize.OptimizeResult
        x, fun, jac, nit (line searches), nfev, njev, history (J at the start of this run and after each line search),
        state, status, success and message. status is 0 at a minimum: the gradient is at most `gtol`, or two searches
        failed where the relative gradient, ``max |g_i| max(|x_i|, 1) / max(|J|, 1)``, is at most 1e-5. It is 1 at
        `maxiter`, 2 if two searches failed elsewhere or J is not finite at the start, 99 if the callback raised
        StopIteration.

    Raises
    ------
    TypeError, ValueError
        For an option it does not have or cannot use, no gradient, bounds or constraints.

    Notes
    -----
    Where J or its gradient is not finite the line search takes J for infinite, and turns back.
    """
    _method.refuse("fmincg", unused, "maxiter, gtol, resume, disp")
    maxiter = _checks.whole_number("maxiter", maxiter, 0)
    gtol = _checks.number("gtol", tol if tol is not None and gtol == 0.0 else gtol, minimum=0.0)
    x = _checks.real_vector("x0", x0)
    evaluate = _method.evaluation("fmincg", fun, jac, args, x.size)
    if resume is not None:
        state = _method.restore("fmincg", FmincgState, resume, x.size)
    else:
        J, gradient = evaluate(x)
        state = FmincgState(x=x, fun=J, jac=gradient, **_steepest(gradient))
    return _method.minimise(
        state, lambda now: _advance(now, evaluate), lambda now: _verdict(now, maxiter, gtol), callback, disp=disp
    )


def _steepest(gradient: FloatArray) -> dict[str, Any]:
    """Return the direction against a gradient, its slope, and the first step along it."""
    slope = -float(gradient @ gradient)
    return {"gradient": gradient, "direction": -gradient, "slope": slope, "step": 1 / (1 - slope)}


def _advance(state: FmincgState, evaluate: Evaluate) -> FmincgState:
    """Do one line search and choose the next direction."""
    start = Point(state.x, state.fun, state.jac, state.slope)
    found = search(evaluate, start, state.direction, state.step)
    point = found.point
    counted = replace(state, nit=state.nit + 1, nfev=state.nfev + found.evaluations)
    if not found.success:
        # The original starts anew from the gradient that it evaluated last, not from the one at x.
        last = point.gradient if np.isfinite(point.gradient).all() else state.jac
        return replace(counted, failures=state.failures + 1, **_steepest(last))
    moved = replace(counted, x=point.x, fun=point.value, jac=point.gradient, failures=0)
    direction = _polak_ribiere(point.gradient, state.gradient) * state.direction - point.gradient
    slope = float(point.gradient @ direction)
    if not slope <= 0:  # not downhill, or not a number
        direction, slope = -point.gradient, -float(point.gradient @ point.gradient)
    with np.errstate(over="ignore"):
        step = found.step * min(_RATIO, float(np.float64(state.slope) / (slope - _TINY)))
    return replace(moved, gradient=point.gradient, direction=direction, slope=slope, step=step)


def _polak_ribiere(new: FloatArray, old: FloatArray) -> float:
    with np.errstate(all="ignore"):  # a direction that is not finite is replaced
        return float((new @ new - old @ new) / (old @ old))


def _verdict(state: FmincgState, maxiter: int, gtol: float) -> Verdict | None:
    if not _method.is_finite(state.fun, state.jac):
        return Verdict(_method.FAILED, "J or its gradient is not finite at the start.")
    if np.max(np.abs(state.jac), initial=0.0) <= gtol:
        return Verdict(_method.CONVERGED, f"No entry of the gradient is larger than gtol = {gtol:g}.")
    if state.failures >= 2:
        relative = _method.relative_gradient(state.x, state.fun, state.jac)
        failed = f"Two line searches in a row failed; the relative gradient is {relative:.2g}"
        if relative <= _FLAT:
            return Verdict(_method.CONVERGED, f"{failed}: a minimum.")
        norm, why = float(np.linalg.norm(state.jac)), "the gradient is wrong, or J has no lower bound or is not smooth"
        if _REACH / norm < max(float(np.linalg.norm(state.x)), 1.0):
            why = f"J's scale is at fault: a first step of about 1 / |gradient| is too short. Divide J by {norm:.0e}"
        return Verdict(_method.FAILED, f"{failed}: {why}.")
    if state.nit >= maxiter:
        return Verdict(_method.MAXIMUM_REACHED, f"The maximum of {maxiter} line searches was reached.")
    return None
