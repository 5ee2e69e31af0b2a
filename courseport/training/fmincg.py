"""fmincg, the course's conjugate gradient minimiser, as a method of SciPy's minimize.

Polak-Ribiere directions, and a line search by interpolation and extrapolation under the Wolfe-Powell conditions: the
algorithm of C. E. Rasmussen's `minimize` (1999-2002), which the course hands out as fmincg.

Along the direction s from point 1, the start, where the slope of J is negative, the search looks at two more points.
Point 2, the last one evaluated, is at the step z1. Point 3 is at the distance z3 < 0 from point 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult

from courseport import _checks
from courseport._checks import FloatArray
from courseport.training import method as _method
from courseport.training.method import Evaluate, State, Verdict, is_finite

_RATIO = 100.0  # largest growth of the first step from one line search to the next
_TINY = np.finfo(np.float64).tiny  # Octave's realmin
_REACH = 3.0**20  # how many times its first step a line search goes at most
_FLAT = 1e-5  # relative gradient at which two failed searches mean a minimum
_RHO, _SIGMA = 0.01, 0.5  # Wolfe-Powell: the least fall of J per slope, and the largest slope left
_INT = 0.1  # no interpolation into the outer tenth of the bracket
_EXT = 3.0  # no extrapolation beyond three times the step
_MAX = 20  # evaluations after the first


@dataclass(frozen=True, slots=True, kw_only=True)
class FmincgState(State):
    """The state after a line search."""

    gradient: FloatArray  # what the next direction is made with: `jac`, or the last one evaluated if the search failed
    direction: FloatArray
    slope: float  # of J along `direction`, < 0
    step: float  # the first one of the next line search
    failures: int = 0  # line searches that failed in a row, up to this one


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
    new, old = point.gradient, state.gradient
    with np.errstate(all="ignore"):  # a direction that is not finite is replaced
        direction = float((new @ new - old @ new) / (old @ old)) * state.direction - new  # Polak-Ribiere
    slope = float(new @ direction)
    if not slope <= 0:  # not downhill, or not a number
        direction, slope = -new, -float(new @ new)
    with np.errstate(over="ignore"):
        step = found.step * min(_RATIO, float(np.float64(state.slope) / (slope - _TINY)))
    return replace(moved, gradient=new, direction=direction, slope=slope, step=step)


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


class Point(NamedTuple):
    """A point on the line: J, its gradient, and its slope along the line."""

    x: FloatArray
    value: float
    gradient: FloatArray
    slope: float


class Found(NamedTuple):
    """The end of a search: the last point, its step, whether it meets the conditions, and the evaluations done."""

    point: Point
    step: float
    success: bool
    evaluations: int


def search(evaluate: Evaluate, start: Point, s: FloatArray, z1: float) -> Found:
    """Search from `start` along `s`, beginning with the step `z1`."""

    def at(x: FloatArray) -> Point:
        if not np.isfinite(x).all():
            return Point(x, np.inf, np.full_like(x, np.nan), np.nan)
        value, gradient = evaluate(x)
        if not is_finite(value, gradient):
            return Point(x, np.inf, gradient, np.nan)  # an infinite J turns the search back
        return Point(x, value, gradient, float(gradient @ s))

    def too_far(point: Point, step: float) -> bool:
        return point.value > start.value + step * _RHO * start.slope or point.slope > -_SIGMA * start.slope

    two, three = at(start.x + z1 * s), start
    z3, limit, left = -z1, None, _MAX
    while True:
        while too_far(two, z1) and left > 0:
            limit = z1
            z2 = interpolate(start.value, two, three, z3)
            z1, z3, left = z1 + z2, z3 - z2, left - 1
            two = at(two.x + z2 * s)
        success = not too_far(two, z1) and two.slope > _SIGMA * start.slope
        if success or too_far(two, z1) or left == 0:
            return Found(two, z1, success, _MAX - left + 1)
        z2 = extrapolate(z1, two, three, z3, limit)
        three, z1, z3, left = two, z1 + z2, -z2, left - 1
        two = at(two.x + z2 * s)


def interpolate(f1: float, two: Point, three: Point, z3: float) -> float:
    """Return the step from point 2 back into the bracket that ends at point 3; `f1` is J at the start."""
    f2, d2, f3, d3 = two.value, two.slope, three.value, three.slope
    with np.errstate(all="ignore"):  # what is not finite is replaced
        if f2 > f1:
            z2 = z3 - (d3 * z3 * z3 / 2) / np.float64(d3 * z3 + f2 - f3)
        else:
            a, b = _cubic(two, three, z3)
            z2 = (np.sqrt(b * b - a * d2 * z3 * z3) - b) / a
    step = float(z2) if np.isfinite(z2) else z3 / 2
    return max(min(step, _INT * z3), (1 - _INT) * z3)


def extrapolate(z1: float, two: Point, three: Point, z3: float, limit: float | None) -> float:
    """Return the step from point 2 onwards; `limit` is the nearest step that was too far, if any was."""
    with np.errstate(all="ignore"):  # what is not a positive number is replaced
        a, b = _cubic(two, three, z3)
        z2 = float(-two.slope * z3 * z3 / (b + np.sqrt(b * b - a * two.slope * z3 * z3)))
    if not np.isfinite(z2) or z2 < 0 or z1 + z2 > (_EXT * z1 if limit is None else limit):
        return (_EXT - 1) * z1 if limit is None else (limit - z1) / 2
    if z2 < -z3 * _INT:
        return -z3 * _INT
    return z2 if limit is None else max(z2, (limit - z1) * (1 - _INT))


def _cubic(two: Point, three: Point, z3: float) -> tuple[np.float64, np.float64]:
    """Return the two coefficients from which the minimum of the cubic through both values and slopes comes."""
    f2, d2, f3, d3 = two.value, two.slope, three.value, three.slope
    return np.float64(6 * (f2 - f3)) / z3 + 3 * (d2 + d3), np.float64(3 * (f3 - f2) - z3 * (d3 + 2 * d2))
