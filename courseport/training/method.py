"""What the course's methods for SciPy's minimize share, and the simplest of them: theta := theta - alpha dJ/dtheta.

A method is a state and a function that advances it by one iteration. The state is all that the next iteration depends
on, so a state that was saved goes on to the very same numbers. To the user it is a dict of arrays and numbers, which
``numpy.savez`` stores: ``intermediate_result.state`` in a callback, ``result.state`` at the end, and
``options={"resume": state}`` to go on. What `maxiter`, `nit` and `nfev` count goes on, too; `history` begins anew.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult

from courseport import _checks
from courseport._checks import FloatArray

CONVERGED, MAXIMUM_REACHED, FAILED, STOPPED = 0, 1, 2, 99  # statuses; 99 is SciPy's own for StopIteration
STOPPED_BY_CALLBACK = "`callback` raised `StopIteration`."  # its message for it
_RISES, _GROWTH = 10, 10.0  # J risen so often in a row, and to so many times its start, has no bound

Evaluate = Callable[[FloatArray], tuple[float, FloatArray]]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What every method's state has, under SciPy's names; the arrays are never written to."""

    x: FloatArray
    fun: float  # J at x
    jac: FloatArray  # its gradient there
    nit: int = 0  # iterations done
    nfev: int = 1  # evaluations of J and gradient


AnyState = TypeVar("AnyState", bound=State)


class Verdict(NamedTuple):
    """Why a run ends."""

    status: int
    message: str


def refuse(method: str, unused: Mapping[str, object], options: str) -> None:
    """Refuse what `minimize` hands over and the method cannot use, and options it does not have."""
    for name in ("hess", "hessp", "bounds", "constraints"):
        value: Any = unused.get(name)
        if value is not None and not (name == "constraints" and np.size(value) == 0):
            raise _checks.InputError(f"{method} cannot use {name}")
    unknown = unused.keys() - {"hess", "hessp", "bounds", "constraints"}
    if unknown:
        _checks.fail(f"options of {method}", f"be among {options}", ", ".join(map(repr, sorted(unknown))))


def evaluation(method: str, fun: Callable[..., Any], jac: Any, args: tuple[Any, ...], size: int) -> Evaluate:
    """Return the function x -> (J, gradient), both checked, from `minimize`'s arguments."""
    if jac is not True and not callable(jac):
        needed = "pass jac=True and a function that returns (J, gradient)"
        raise _checks.InputError(f"{method} needs the gradient: {needed}")

    def evaluate(x: FloatArray) -> tuple[float, FloatArray]:
        # Each gets a copy of its own: nothing that one does to its argument reaches the other, or the state.
        both = fun(x.copy(), *args) if jac is True else (fun(x.copy(), *args), jac(x.copy(), *args))
        J, gradient = _checks.pair("fun", both)
        array = _checks.real_array("the gradient", gradient, f"an array of shape ({size},)")
        if array.shape != (size,):
            _checks.fail("the gradient", f"have shape ({size},)", array.shape)
        return real_value(J), np.array(array, dtype=np.float64)  # a copy: fun may use its own array again

    return evaluate


def real_value(J: object) -> float:
    """Return the value of a cost function as a float."""
    array = np.asarray(J)
    if array.size != 1 or array.dtype.kind not in "iuf":
        _checks.fail("the value of fun", "be one real number", f"{array.dtype} of shape {array.shape}")
    return float(array.item())


def is_finite(fun: float, jac: FloatArray) -> bool:
    """Say whether J and every entry of its gradient are finite."""
    return bool(np.isfinite(fun) and np.isfinite(jac).all())


def relative_gradient(x: FloatArray, fun: float, jac: FloatArray) -> float:
    """Return max |g_i| max(|x_i|, 1) / max(|J|, 1): the relative change of J by a relative change of one entry of x.

    This measure of J. E. Dennis and R. B. Schnabel (1983) does not depend on the scale of J or x where they are large.
    """
    return float(np.max(np.abs(jac) * np.maximum(np.abs(x), 1.0), initial=0.0)) / max(abs(fun), 1.0)


def minimise(
    state: AnyState,
    advance: Callable[[AnyState], AnyState],
    verdict: Callable[[AnyState], Verdict | None],
    callback: Callable[..., object] | None,
    *,
    disp: bool,
) -> OptimizeResult:
    """Advance the state until there is a verdict on it, or the callback stops; `disp` prints the end, as SciPy does."""
    by_keyword = False  # which of SciPy's two forms the callback has
    if callback is not None:
        with suppress(ValueError):  # a built-in function without a signature takes x
            by_keyword = set(inspect.signature(callback).parameters) == {"intermediate_result"}
    history = [state.fun]
    while (end := verdict(state)) is None:
        state = advance(state)
        history.append(state.fun)
        try:
            if by_keyword and callback is not None:
                callback(intermediate_result=_public(state))
            elif callback is not None:
                callback(state.x.copy())
        except StopIteration:
            end = Verdict(STOPPED, STOPPED_BY_CALLBACK)
            break
    status, message = end
    result = _public(state)
    result.update(history=np.array(history), status=status, success=status == CONVERGED, message=message)
    if disp:
        counts = f"Iterations: {state.nit}\n         Function and gradient evaluations: {state.nfev}"
        print(f"{message}\n         Current function value: {state.fun:f}\n         {counts}")  # noqa: T201 - asked for
    return result


def _public(state: State) -> OptimizeResult:
    """Return what callbacks and results tell of a state; the arrays are copies, the user's to keep and change."""
    values = {field.name: getattr(state, field.name) for field in fields(state)}
    record = {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in values.items()}
    result = OptimizeResult()
    result.update(x=state.x.copy(), fun=state.fun, jac=state.jac.copy(), state=record)
    result.update(nit=state.nit, nfev=state.nfev, njev=state.nfev)
    return result


def restore(method: str, kind: type[AnyState], record: Mapping[str, Any], size: int) -> AnyState:
    """Return the state of a callback or a result, also after its way through a file."""
    names = [field.name for field in fields(kind)]
    if not isinstance(record, Mapping):
        _checks.fail_type("resume", f"be a state of {method}", record)
    if set(record) != set(names):
        _checks.fail("resume", f"be a state of {method}, with {', '.join(names)}", ", ".join(map(str, record)))
    values: dict[str, Any] = {}
    for field in fields(kind):
        name, value = f"resume[{field.name!r}]", record[field.name]
        if field.type == "FloatArray":
            values[field.name] = np.array(_checks.real_vector(name, value, size))
        else:
            is_count = field.type == "int"  # of a file it is an array without axes
            values[field.name] = _checks.whole_number(name, value, 0) if is_count else _checks.number(name, value)
    return kind(**values)


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
    It has diverged when J or its gradient is not finite, when J has risen in ten iterations in a row by more than ten
    times its value at the start, or when it is above its start after `maxiter` iterations.

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
    """
    refuse("gradient_descent", unused, "alpha, maxiter, gtol, resume, disp")
    alpha, maxiter = _checks.number("alpha", alpha, above=0.0), _checks.whole_number("maxiter", maxiter, 0)
    gtol = _checks.number("gtol", tol if tol is not None and gtol == 0.0 else gtol, minimum=0.0)
    x = _checks.real_vector("x0", x0)
    evaluate = evaluation("gradient_descent", fun, jac, args, x.size)
    if resume is not None:
        state = restore("gradient_descent", DescentState, resume, x.size)
    else:
        J, gradient = evaluate(x)
        state = DescentState(x=x, fun=J, jac=gradient, start=J, lost=int(not is_finite(J, gradient)))

    def step(now: DescentState) -> DescentState:
        with np.errstate(over="ignore"):
            x = now.x - alpha * now.jac
        if not np.isfinite(x).all():
            return replace(now, nit=now.nit + 1, lost=1)
        J, gradient = evaluate(x)
        counted = replace(now, nit=now.nit + 1, nfev=now.nfev + 1)
        if not is_finite(J, gradient):
            return replace(counted, lost=1)
        return replace(counted, x=x, fun=J, jac=gradient, rises=now.rises + 1 if now.fun < J else 0)

    return minimise(state, step, lambda now: _verdict(now, alpha, maxiter, gtol), callback, disp=disp)


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
        return Verdict(FAILED, f"{diverged}{blame}.")
    if np.max(np.abs(state.jac), initial=0.0) <= gtol:
        return Verdict(CONVERGED, f"No entry of the gradient is larger than gtol = {gtol:g}.")
    return Verdict(MAXIMUM_REACHED, f"The maximum of {maxiter} iterations was reached.") if ended else None
