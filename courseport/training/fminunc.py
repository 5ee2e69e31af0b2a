"""Octave's fminunc for those who come from Octave, over SciPy's quasi-Newton methods."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, approx_fprime, minimize

from courseport import _checks
from courseport._checks import FloatArray
from courseport.training import method as _method

_DEFAULTS: dict[str, Any] = {"GradObj": "off", "MaxIter": 400, "TolX": 1e-6, "TolFun": 1e-6}
_ROOT_EPSILON = float(np.sqrt(np.finfo(np.float64).eps))  # the step that balances truncation and rounding
_DENSE = 2000  # parameters up to which BFGS keeps its n x n matrix; beyond it L-BFGS-B keeps a few vectors


class Minimum(NamedTuple):
    """What Octave's ``[theta, value, info, output] = fminunc(...)`` returns.

    Attributes
    ----------
    theta : ndarray, shape (n,)
    value : float
        J at `theta`.
    info : int
        1: the relative gradient is at most TolFun. 2: the last relative step is at most TolX. 3: the last relative
        change of J is at most TolFun. 0: MaxIter was reached. -3: no further step lowers J (Octave: the trust region
        became excessively small), or J or its gradient is not finite at the start.
    output : scipy.optimize.OptimizeResult
        Octave's fields iterations, successful and funcCount, as keys and as attributes.
    """

    theta: FloatArray
    value: float
    info: int
    output: OptimizeResult


def fminunc(
    cost_function: Callable[[FloatArray], Any], initial_theta: ArrayLike, options: Mapping[str, Any] | None = None
) -> Minimum:
    """Minimise a cost function without constraints, called as in Octave.

    ``theta, J, info, output = fminunc(cost, initial_theta, {"GradObj": "on", "MaxIter": 400})``

    Parameters
    ----------
    cost_function : callable
        theta of shape (n,) -> (J, gradient). With GradObj "off" it may return J alone.
    initial_theta : array_like, shape (n,)
    options : mapping, optional
        What optimset would hold; upper and lower case are the same. GradObj: "on" to use the gradient, "off" (the
        default) for one by SciPy's forward differences, n more evaluations each time. MaxIter: 400. TolX and TolFun:
        1e-6. Other options are refused.

    Returns
    -------
    Minimum
        The named tuple (theta, value, info, output).

    Notes
    -----
    The names, the defaults and the meaning of `info` are those of Octave's documentation; the steps are SciPy's (BFGS,
    beyond 2000 parameters L-BFGS-B), so the numbers of iterations differ from Octave's. The relative gradient is
    ``max |g_i| max(|theta_i|, 1) / max(|J|, 1)``, the relative step is that of the Euclidean norm.
    """
    settings = _settings(options or {})
    theta = np.array(_checks.real_vector("initial_theta", initial_theta))
    objective = _Objective(cost_function, theta.size, settings["GradObj"] == "on")
    last = (theta, objective(theta)[0])
    info = -3 if not _method.is_finite(*objective(theta)) else _info(objective, last, None, settings)

    def look(intermediate_result: OptimizeResult) -> None:
        nonlocal last, info
        before, last = last, (intermediate_result.x.copy(), intermediate_result.fun)
        info = _info(objective, last, before, settings)
        if info is not None:
            raise StopIteration

    iterations = 0
    if info is None:
        # SciPy's own criteria are turned off: `look` ends the run.
        method: Any = "BFGS"
        how: Any = {"gtol": 0.0, "maxiter": settings["MaxIter"]}
        if theta.size > _DENSE:
            method, how = "L-BFGS-B", how | {"ftol": 0.0, "maxfun": sys.maxsize}
        result = minimize(objective, theta, jac=True, method=method, callback=look, options=how)
        last, iterations = (result.x, result.fun), result.nit
        if info is None:
            info = {0: 1, 1: 0}.get(result.status, -3)
    output = OptimizeResult()
    output.update(iterations=iterations, successful=iterations, funcCount=objective.evaluations)
    return Minimum(last[0], float(last[1]), info, output)


def _settings(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options under Octave's names, checked, with its defaults where none is given."""
    names = {name.lower(): name for name in _DEFAULTS}
    settings: dict[str, Any] = {}
    for given, value in options.items():
        name = names.get(str(given).lower())
        if name is None or name in settings:
            _checks.fail("options", f"be among {', '.join(_DEFAULTS)}, each once at most", repr(given))
        settings[name] = value
    settings = _DEFAULTS | settings
    settings["GradObj"] = _checks.choice("options['GradObj']", str(settings["GradObj"]).lower(), ("on", "off"))
    settings["MaxIter"] = _checks.whole_number("options['MaxIter']", settings["MaxIter"], 1)
    for name in ("TolX", "TolFun"):
        settings[name] = _checks.number(f"options[{name!r}]", settings[name], minimum=0.0)
    return settings


class _Objective:
    """The cost function as theta -> (J, gradient), with its evaluations counted and the last answer kept."""

    def __init__(self, cost_function: Callable[[FloatArray], Any], size: int, with_gradient: bool) -> None:
        self.evaluations = 0
        self._cost_function = cost_function
        self._evaluate = _method.evaluation("fminunc", self._counted, True, (), size)
        self._with_gradient = with_gradient
        self._last: tuple[FloatArray, float, FloatArray] | None = None

    def __call__(self, theta: FloatArray) -> tuple[float, FloatArray]:
        if self._last is None or not np.array_equal(theta, self._last[0]):
            if self._with_gradient:
                answer = self._evaluate(theta)
            else:
                steps = _ROOT_EPSILON * np.maximum(np.abs(theta), 1.0)
                answer = self._value(theta), approx_fprime(theta, self._value, steps)
            self._last = (theta.copy(), *answer)
        return self._last[1:]

    def _counted(self, theta: FloatArray) -> Any:
        self.evaluations += 1
        return self._cost_function(theta)

    def _value(self, theta: FloatArray) -> float:
        answer = self._counted(theta.copy())
        return _method.real_value(answer[0] if isinstance(answer, (tuple, list)) else answer)


def _info(
    objective: _Objective, now: tuple[FloatArray, float], before: tuple[FloatArray, float] | None, settings: Any
) -> int | None:
    """Return Octave's info where one of its criteria is met."""
    theta, J = now
    if _method.relative_gradient(theta, *objective(theta)) <= settings["TolFun"]:
        return 1
    if before is None:
        return None
    norm = np.linalg.norm(theta)
    if np.isfinite(norm) and np.linalg.norm(theta - before[0]) <= settings["TolX"] * norm:
        return 2
    return 3 if abs(J - before[1]) <= settings["TolFun"] * abs(J) else None
