"""What fmincg and gradient descent promise alike: SciPy's protocol, nothing aliased, resuming to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import random_case
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize, rosen, rosen_der
from tolerances import ALGEBRA, MINIMUM, SOLUTION, assert_close

import courseport as cp

Vector = NDArray[np.float64]
METHODS: list[tuple[Callable[..., OptimizeResult], dict[str, Any]]] = [
    (cp.fmincg, {"maxiter": 12}),
    (cp.gradient_descent, {"alpha": 1e-3, "maxiter": 12}),
]
both = pytest.mark.parametrize(("method", "options"), METHODS, ids=["fmincg", "gradient_descent"])
START = np.array([-1.2, 1.0, 0.7])


def rosenbrock(x: Vector) -> tuple[float, Vector]:
    return float(rosen(x)), rosen_der(x)


@dataclass
class Problem:
    """A smooth function with one minimum that is known, or certified by a zero gradient of a convex function."""

    name: str
    fun: Callable[[Vector], tuple[float, Vector]]
    start: Vector
    minimum: Vector | None = None
    alpha: float = 0.1
    steps: int = 20_000


def quadratic(eigenvalues: Vector, seed: int) -> Callable[[Vector], tuple[float, Vector]]:
    basis = np.linalg.qr(np.random.default_rng(seed).standard_normal((eigenvalues.size, eigenvalues.size)))[0]
    H = basis * eigenvalues @ basis.T
    return lambda x: (float((x - 1) @ H @ (x - 1)) / 2, H @ (x - 1))


def logistic() -> Callable[[Vector], tuple[float, Vector]]:
    case = random_case((4, 1), 40, 1.0, seed=1)
    return lambda theta: cp.logistic_cost(theta, case.X, case.y, 1.0)


PROBLEMS = [
    Problem("round bowl", quadratic(np.ones(5), 0), np.zeros(5), np.ones(5)),
    Problem("long bowl", quadratic(np.geomspace(1, 100, 8), 1), np.zeros(8), np.ones(8), alpha=0.015),
    Problem("logistic cost", logistic(), np.zeros(5)),
    Problem("Rosenbrock's valley", rosenbrock, START[:2], np.ones(2), alpha=1e-3, steps=60_000),
    Problem(
        "network",
        random_case((3, 4, 3), 30, 1.0, seed=2).cost(),
        cp.rand_initialize_weights((3, 4, 3), seed=0),
        alpha=2.0,
    ),
]


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.name)
@pytest.mark.parametrize("solver", ["fmincg", "gradient_descent", "fminunc", "SciPy"])
def test_every_solver_reaches_the_minimum(problem: Problem, solver: str) -> None:
    if solver == "fmincg":
        result = minimize(problem.fun, problem.start, jac=True, method=cp.fmincg, options={"maxiter": 500})
        assert result.success, result.message
    elif solver == "gradient_descent":
        options = {"alpha": problem.alpha, "maxiter": problem.steps, "gtol": 5e-6}
        result = minimize(problem.fun, problem.start, jac=True, method=cp.gradient_descent, options=options)
        assert result.success, result.message
    elif solver == "fminunc":
        tight = {"GradObj": "on", "TolX": 1e-13, "TolFun": 1e-13}
        theta, value, _, _ = cp.fminunc(problem.fun, problem.start, tight)
        result = OptimizeResult(x=theta, fun=value)
    else:
        result = minimize(problem.fun, problem.start, jac=True, method="BFGS", options={"gtol": 1e-7})
    J, gradient = problem.fun(result.x)
    assert result.fun == J
    assert np.max(np.abs(gradient)) < 1e-5
    if problem.minimum is not None:
        assert_close(result.x, problem.minimum, SOLUTION)
    else:
        best = cp.fminunc(problem.fun, problem.start, {"GradObj": "on", "TolX": 1e-12, "TolFun": 1e-12}).value
        assert_close(J, best, MINIMUM)


@both
def test_the_result_is_scipys(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    calls = []

    def counted(x: Vector) -> tuple[float, Vector]:
        calls.append(x)
        return rosenbrock(x)

    result = minimize(counted, START, jac=True, method=method, options=options)
    assert (result.nit, result.status, result.success) == (12, 1, False)
    assert "maximum of 12" in result.message
    assert result.nfev == result.njev == len(calls), "J and gradient come from one pass"
    J, gradient = rosenbrock(result.x)
    assert result.fun == J
    assert np.array_equal(result.jac, gradient)
    assert result.history.shape == (13,)
    assert (result.history[0], result.history[-1]) == (rosen(START), J)
    assert np.all(np.diff(result.history) <= 0)


@both
def test_called_by_itself_it_gives_the_same(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    by_scipy = minimize(rosenbrock, START, jac=True, method=method, options=options)
    apart = minimize(rosen, START, jac=rosen_der, method=method, options=options)
    alone = method(rosenbrock, START, jac=True, **options)
    assert by_scipy.x.tobytes() == apart.x.tobytes() == alone.x.tobytes()


@both
def test_disp_prints_the_end(
    method: Callable[..., OptimizeResult], options: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    minimize(rosenbrock, START, jac=True, method=method, options=options)
    assert capsys.readouterr().out == ""
    result = minimize(rosenbrock, START, jac=True, method=method, options=options | {"disp": True})
    told = capsys.readouterr().out
    assert told.startswith(f"{result.message}\n")
    assert f"Current function value: {result.fun:f}\n" in told
    assert "Iterations: 12\n" in told


@both
def test_args_reach_the_function(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    def bowl(x: Vector, centre: float, scale: float) -> tuple[float, Vector]:
        return scale * float((x - centre) @ (x - centre)), 2 * scale * (x - centre)

    result = minimize(bowl, START, args=(2.0, 0.5), jac=True, method=method, options=options | {"maxiter": 12_000})
    assert_close(result.x, np.full(3, 2.0), SOLUTION)


@both
def test_nothing_is_aliased_or_changed(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    start = START.copy()
    buffer = np.empty(3)
    seen: list[OptimizeResult] = []

    def careless(x: Vector) -> tuple[float, Vector]:
        J = float(rosen(x))
        buffer[:] = rosen_der(x)
        x[:] = np.nan
        return J, buffer

    def meddling(intermediate_result: OptimizeResult) -> None:
        seen.append(intermediate_result)
        intermediate_result.x[:] = np.nan
        intermediate_result.state["x"][:] = np.nan

    expected = method(rosenbrock, START, jac=True, **options)
    result = method(careless, start, jac=True, callback=meddling, **options)
    assert np.array_equal(start, START)
    assert np.array_equal(result.x, expected.x)
    assert np.array_equal(result.jac, expected.jac)
    arrays = [start, buffer, result.x, result.jac, *(value for value in result.state.values() if np.ndim(value))]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i])
    none_done = method(rosenbrock, start, jac=True, **options | {"maxiter": 0})
    assert not np.shares_memory(none_done.x, start)
    assert (none_done.nit, none_done.nfev, len(none_done.history)) == (0, 1, 1)


@both
def test_both_forms_of_callback(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    points: list[Vector] = []
    results: list[OptimizeResult] = []

    def by_keyword(*, intermediate_result: OptimizeResult) -> None:
        results.append(intermediate_result)

    result = minimize(rosenbrock, START, jac=True, method=method, callback=points.append, options=options)
    minimize(rosenbrock, START, jac=True, method=method, callback=by_keyword, options=options)
    assert [tuple(one.x) for one in results] == [tuple(x) for x in points]
    assert [one.nit for one in results] == list(range(1, 13))
    assert [one.fun for one in results] == list(result.history[1:])
    assert results[-1].nfev == result.nfev
    assert np.array_equal(points[-1], result.x)


@both
def test_stop_iteration_ends_the_run(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    def stop(intermediate_result: OptimizeResult) -> None:
        if intermediate_result.nit == 3:
            raise StopIteration

    result = minimize(rosenbrock, START, jac=True, method=method, callback=stop, options=options)
    assert (result.nit, result.status, result.success) == (3, 99, False)
    assert result.message == "`callback` raised `StopIteration`."
    assert np.array_equal(result.x, method(rosenbrock, START, jac=True, **options | {"maxiter": 3}).x)


@both
def test_an_error_in_the_callback_is_the_users(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    def fails(_: Vector) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        minimize(rosenbrock, START, jac=True, method=method, callback=fails, options=options)


@both
@pytest.mark.parametrize("through_a_file", [False, True])
def test_resuming_gives_the_very_same_numbers(
    method: Callable[..., OptimizeResult], options: dict[str, Any], through_a_file: bool
) -> None:
    states: list[dict[str, Any]] = []

    def keep(intermediate_result: OptimizeResult) -> None:
        states.append(intermediate_result.state)

    whole = minimize(rosenbrock, START, jac=True, method=method, callback=keep, options=options)
    for done, state in enumerate(states, start=1):
        resume: Any = state
        if through_a_file:
            file = BytesIO()
            np.savez(file, **state)
            file.seek(0)
            resume = np.load(file)
        rest = minimize(rosenbrock, START, jac=True, method=method, options=options | {"resume": resume})
        assert rest.x.tobytes() == whole.x.tobytes()
        assert rest.jac.tobytes() == whole.jac.tobytes()
        assert rest.history.tobytes() == whole.history[done:].tobytes()
        assert (rest.nit, rest.nfev, rest.status, rest.message) == (whole.nit, whole.nfev, whole.status, whole.message)
        for name, value in whole.state.items():
            assert np.array_equal(rest.state[name], value)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(0, 15), st.integers(0, 15))
def test_a_result_can_be_gone_on_from(seed: int, first: int, more: int) -> None:
    case = random_case((2, 3, 2), 6, 0.5, seed)
    cost = case.cost()
    for method, alpha in ((cp.fmincg, {}), (cp.gradient_descent, {"alpha": 0.3})):
        whole = method(cost, case.theta_vec, jac=True, maxiter=first + more, **alpha)
        part = method(cost, case.theta_vec, jac=True, maxiter=first, **alpha)
        rest = method(cost, part.x, jac=True, maxiter=first + more, resume=part.state, **alpha)
        assert rest.x.tobytes() == whole.x.tobytes()
        assert (rest.nfev, rest.nit) == (whole.nfev, whole.nit)


@both
def test_a_state_that_does_not_fit_is_refused(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    state = method(rosenbrock, START, jac=True, **options).state
    other = next(one for one, _ in METHODS if one is not method)
    name = method.__name__
    with pytest.raises(ValueError, match=rf"resume must be a state of {other.__name__}, with x, fun, .*, got x, fun, "):
        other(rosenbrock, START, jac=True, resume=state)
    with pytest.raises(ValueError, match=r"resume\['x'\] must have shape \(2,\), got \(3,\)"):
        method(rosenbrock, START[:2], jac=True, resume=state)
    with pytest.raises(TypeError, match=f"resume must be a state of {name}, got int"):
        method(rosenbrock, START, jac=True, resume=1)


@both
def test_tol_is_the_largest_entry_of_the_gradient(
    method: Callable[..., OptimizeResult], options: dict[str, Any]
) -> None:
    limit = options | {"maxiter": 100_000}
    result = minimize(rosenbrock, START, jac=True, method=method, tol=1e-3, options=limit)
    assert (result.status, result.success) == (0, True)
    assert np.max(np.abs(result.jac)) <= 1e-3
    assert "No entry of the gradient is larger than gtol = 0.001" in result.message
    at_the_minimum = minimize(rosenbrock, np.ones(3), jac=True, method=method, options=limit)
    assert (at_the_minimum.nit, at_the_minimum.nfev, at_the_minimum.success) == (0, 1, True)


@both
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"jac": None}, ValueError, "{} needs the gradient: pass jac=True and a function that returns"),
        ({"jac": "2-point"}, ValueError, "{} needs the gradient"),
        ({"bounds": [(0, 1)] * 3}, ValueError, "{} cannot use bounds"),
        ({"constraints": {"type": "eq", "fun": rosen}}, ValueError, "{} cannot use constraints"),
        ({"hess": rosen}, ValueError, "{} cannot use hess"),
        (
            {"options": {"maxfun": 1}},
            ValueError,
            "options of {} must be among .*maxiter, gtol, resume, disp, got 'maxfun'",
        ),
        ({"options": {"maxiter": 2.5}}, ValueError, "maxiter must be a whole number >= 0, got 2.5"),
        ({"options": {"maxiter": -1}}, ValueError, "maxiter must be a whole number >= 0, got -1"),
        ({"options": {"gtol": -1.0}}, ValueError, "gtol must be a finite real number >= 0, got -1.0"),
        ({"tol": np.nan}, ValueError, "gtol must be a finite real number >= 0, got nan"),
        ({"x0": [1.0, np.nan, 0.0]}, ValueError, r"x0 must have finite values only, got nan at \[1\]"),
        (
            {"fun": lambda x: (np.ones(2), x)},
            ValueError,
            r"the value of fun must be one real number, got float64 of shape",
        ),
        ({"fun": lambda x: (1j, x)}, ValueError, "the value of fun must be one real number, got complex128"),
        ({"fun": lambda x: (1.0, x[:2])}, ValueError, r"the gradient must have shape \(3,\), got \(2,\)"),
        ({"fun": lambda x: (1.0, x[:, None])}, ValueError, r"the gradient must have shape \(3,\), got \(3, 1\)"),
    ],
)
def test_bad_arguments_are_named(
    method: Callable[..., OptimizeResult],
    options: dict[str, Any],
    arguments: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    call = {"fun": rosenbrock, "x0": START, "jac": True, "method": method} | arguments
    call["options"] = options | arguments.get("options", {})
    with pytest.raises(error, match=message.format(method.__name__)):
        minimize(**call)


@both
def test_a_function_without_a_gradient_is_told_so(
    method: Callable[..., OptimizeResult], options: dict[str, Any]
) -> None:
    with pytest.raises(TypeError, match=r"fun must return \(J, gradient\), got float"):
        method(lambda x: float(rosen(x)), START, jac=True, **options)


@both
def test_a_start_that_is_not_finite_is_said(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    for J, slope in ((np.nan, 1.0), (np.inf, 1.0), (1.0, np.nan)):
        result = method(lambda x, J=J, slope=slope: (J, slope * x), START, jac=True, **options)
        assert (result.status, result.success, result.nit, result.nfev) == (2, False, 0, 1)
        assert result.message == "J or its gradient is not finite at the start."


@both
def test_no_parameters_are_a_minimum(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    result = method(lambda x: (1.0, x), np.empty(0), jac=True, **options)
    assert (result.success, result.x.shape) == (True, (0,))


@both
def test_it_is_a_method_of_train(method: Callable[..., OptimizeResult], options: dict[str, Any]) -> None:
    case = random_case((3, 4, 3), 30, 1.0, seed=2)
    more = {name: value for name, value in options.items() if name != "maxiter"}
    with pytest.warns(cp.TrainingWarning, match="stopped after 12 iterations"):
        trained = cp.train(case.cost(), case.theta_vec, method=method.__name__, max_iterations=12, options=more)
    alone = method(case.cost(), case.theta_vec, jac=True, **options)
    assert_close(trained.x, alone.x, ALGEBRA)
    assert_close(trained.history, alone.history, ALGEBRA)


@pytest.mark.parametrize("method", [cp.fmincg, cp.gradient_descent])
def test_a_cost_function_may_spoil_its_argument(method: Any) -> None:
    calls = []

    def student(theta: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(1)
        J, gradient = (theta - 1) @ (theta - 1) + 0.5 * theta[1:] @ theta[1:], 2 * (theta - 1)
        temp = theta  # the course's idiom, where Octave copies
        temp[0] = 0
        return float(J), gradient + temp

    options = {"maxiter": 200} | ({"alpha": 0.2} if method is cp.gradient_descent else {})
    result = minimize(student, [3.0, 4.0, 5.0], jac=True, method=method, options=options)
    assert_close(result.x, [1.0, 2 / 3, 2 / 3], MINIMUM)
    assert len(calls) <= result.nfev  # the answer at the same point is not asked for again
