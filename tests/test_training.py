"""Training: every method reaches the minimum, iterations mean the same, and no end loses the best theta."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.optimize
from networks import random_case
from scipy.optimize import OptimizeResult
from tolerances import MINIMUM, assert_close

import courseport as cp
from courseport.training.train import (
    METHODS,
    NEEDS_HESSIAN,
    NEEDS_PRODUCTS,
    TAKES_BOUNDS,
    TAKES_PRODUCTS,
)

CASE = random_case((3, 4, 3), 30, 1.0, seed=2)
PAGE = (Path(__file__).parents[1] / "docs" / "optimisers.md").read_text()
START = cp.rand_initialize_weights(CASE.layer_sizes, seed=0)
# dogleg needs a positive definite Hessian on its way, which a network does not have
ON_NETWORKS = tuple(method for method in METHODS if method != "dogleg")
# the least that each method takes as its tolerance, to come as near to the minimum as rounding lets it
TIGHT: dict[str, dict[str, Any]] = {
    "L-BFGS-B": {"gtol": 1e-10, "ftol": 0.0},
    "TNC": {"gtol": 1e-12, "ftol": 0.0, "xtol": 0.0},
    "SLSQP": {"ftol": 1e-18},
    "Newton-CG": {"xtol": 1e-14},
    "trust-constr": {"gtol": 1e-9, "xtol": 1e-15},
}
WITH_PRODUCTS = (*NEEDS_PRODUCTS, *NEEDS_HESSIAN, *TAKES_PRODUCTS)


def small_problem() -> cp.NeuralNetworkCost:
    """Logistic regression on iris, one kind against the others.

    The scale is such that the curvature is about 10: Newton-CG ends where that along its direction is below 7e-16.
    """
    X, y = cp.load_iris()
    return cp.NeuralNetworkCost((4, 1), 30 * cp.feature_normalize(X)[0], y == 1, 100.0)


@pytest.mark.parametrize(
    ("method", "with_products"),
    [*((one, True) for one in METHODS if one != "gradient_descent"), *((one, False) for one in WITH_PRODUCTS)],
)
@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")  # tolerances this tight may end in rounding
@pytest.mark.filterwarnings("ignore:delta_grad == 0.0")  # trust-constr, at the minimum
@pytest.mark.filterwarnings("ignore:invalid value encountered in multiply")  # trust-krylov, now and then
def test_every_method_reaches_the_same_minimum(method: str, with_products: bool) -> None:
    cost = small_problem()
    fun = cost if with_products else cost.__call__
    options = TIGHT.get(method, {"gtol": 1e-9})
    result = cp.train(fun, np.zeros(5), method=method, max_iterations=20_000, options=options)
    assert np.linalg.norm(cost(result.x)[1]) < 1e-8
    assert np.linalg.norm(result.jac) < 1e-8
    least = cp.train(cost, np.zeros(5), method="trust-exact", options={"gtol": 1e-9})
    assert_close(float(result.fun), float(least.fun), MINIMUM)
    used = with_products and method in WITH_PRODUCTS
    row = re.search(rf"^\| {method} \| {'yes' if used else 'no'} \| (.*) \|$", PAGE, re.MULTILINE)
    assert row is not None
    evaluations, products, norm = row[1].split(" | ")
    assert 0.25 < result.nfev / int(evaluations) < 4  # rounding decides when the last digits are reached
    assert float(norm) < 1e-8
    assert (int(products) > 0) == (result.nhev > 0) == used


@pytest.mark.parametrize("spelling", ["l-bfgs-b", "L-bfgs-B", "newton-cg", "TRUST-KRYLOV", cp.fmincg, "FMINCG", None])
def test_a_method_may_be_spelt_as_scipy_takes_it(spelling: Any) -> None:
    result = cp.train(small_problem(), np.zeros(5), method=spelling, max_iterations=1000, tol=1e-6)
    assert np.linalg.norm(small_problem()(result.x)[1]) < 1e-2


def test_a_callable_of_the_user_s_is_a_method() -> None:
    def one_step(fun: Any, x0: Any, **options: Any) -> OptimizeResult:
        x = x0 - 0.001 * options["jac"](x0)
        return OptimizeResult(x=x, fun=fun(x), nit=1, success=True, status=0, message=str(options["maxiter"]))

    result = cp.train(small_problem(), np.zeros(5), method=one_step, max_iterations=7)
    assert (result.nfev, result.message) == (2, "7")
    assert result.fun < result.history[0]


@pytest.mark.parametrize("method", TAKES_BOUNDS)
def test_bounds_and_tol_are_handed_through(method: str) -> None:
    free = cp.train(small_problem(), np.zeros(5), method="trust-exact", tol=1e-9)
    bounds = [(-0.1, 0.1)] * 5
    held = cp.train(small_problem(), np.zeros(5), method=method, bounds=bounds, tol=1e-9, max_iterations=3000)
    assert np.abs(held.x).max() <= 0.1 + 1e-12 < np.abs(free.x).max()
    other = scipy.optimize.minimize(small_problem(), np.zeros(5), jac=True, method="L-BFGS-B", bounds=bounds, tol=1e-9)
    assert held.fun == pytest.approx(other.fun, rel=1e-3)  # trust-constr stays a little inside
    with pytest.raises(ValueError, match=r"bounds must be for one of .*, got bounds for CG"):
        cp.train(small_problem(), np.zeros(5), method="CG", bounds=bounds)
    with pytest.raises(ValueError, match="fmincg cannot use bounds"):
        cp.train(small_problem(), np.zeros(5), method=cp.fmincg, bounds=bounds)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad", [(np.inf, 1.0), (np.nan, 1.0), (1.0, np.nan), (1.0, np.inf)])
def test_a_start_that_is_not_finite_is_a_status(method: str, bad: tuple[float, float]) -> None:
    with pytest.warns(cp.TrainingWarning, match="not finite at the start"):
        result = cp.train(lambda theta: (bad[0], bad[1] * theta), np.ones(3), method=method)
    assert (result.status, result.success, result.nit) == (2, False, 0)
    assert np.array_equal(result.x, np.ones(3))


@pytest.mark.parametrize("method", ON_NETWORKS)
@pytest.mark.parametrize("when", [2, 3, 7])
@pytest.mark.filterwarnings("ignore")  # of SciPy, about what is not finite
def test_no_cost_makes_a_method_raise(method: str, when: int) -> None:
    cost, calls = CASE.cost(), []

    def sometimes(theta: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(1)
        J, gradient = cost(theta)
        return (np.nan, np.nan * gradient) if len(calls) % when == 0 else (J, gradient)

    result = cp.train(sometimes, START, method=method, max_iterations=8)
    assert np.isfinite(result.x).all()


@pytest.mark.filterwarnings("ignore")  # of NumPy and SciPy, about what is not finite
def test_hostile_costs_end_with_a_status() -> None:
    rng = np.random.default_rng(0)
    values = [np.nan, np.inf, -np.inf, 1e308, -1e308, 0.0]

    def hostile(theta: np.ndarray) -> tuple[float, np.ndarray]:
        J, gradient = scale * float(theta @ theta) + np.cos(theta.sum()), 2 * scale * theta - np.sin(theta.sum())
        which, value = rng.integers(6), values[rng.integers(6)]
        return (value if which == 0 else J), (gradient * 0 + value if which == 1 else gradient)

    for number in range(40 * len(METHODS)):
        scale = 1.0 if number % 3 else 10.0 ** rng.integers(-200, 200)
        start = rng.normal(size=rng.integers(1, 5)) * 10.0 ** rng.integers(-5, 160)
        result = cp.train(hostile, start, method=METHODS[number % len(METHODS)], max_iterations=8)
        assert np.isfinite(result.x).all()


@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
def test_errors_of_the_user_s_are_not_hidden_by_an_overflow() -> None:
    def cost(theta: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(1)
        if len(calls) == 4:
            raise ValueError("mine")
        return (np.inf if len(calls) == 2 else float(theta @ theta)), 2 * theta

    for method in ("BFGS", "trust-exact"):
        calls: list[int] = []
        with pytest.raises(ValueError, match="mine"):
            cp.train(cost, np.ones(2), method=method)
    with pytest.raises(ValueError, match="maxls must be positive"):
        cp.train(small_problem(), np.zeros(5), options={"maxls": 0})


def test_a_direction_that_is_not_finite_ends_a_run_with_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    def minimize(fun: Any, x0: np.ndarray, *, hessp: Any, **_: Any) -> None:  # SciPy's trust-krylov, now and then
        fun(x0)
        fun(x0 / 2)
        hessp(x0, np.full(x0.size, np.nan))

    monkeypatch.setattr(sys.modules["courseport.training.train"], "minimize", minimize)
    cost = small_problem()
    with pytest.warns(cp.TrainingWarning, match="a direction that is not finite"):
        result = cp.train(cost, np.ones(5), method="trust-krylov")
    assert (result.status, result.success) == (2, False)
    assert result.fun == min(cost(np.ones(5))[0], cost(np.ones(5) / 2)[0])


def test_progress_shows_a_bar_and_calls_the_callback(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[cp.training.Progress] = []
    result = cp.train(small_problem(), np.zeros(5), method="trust-exact", progress=True, callback=seen.append)
    told = capsys.readouterr().err
    assert len(seen) == result.nit + 1
    assert f"{result.nit}/100" in told
    assert f"J {result.fun:.6g}" in told
    assert "|grad| " in told


def test_the_warning_is_scikit_learns_once_that_is_loaded() -> None:
    lines = """
import sys, warnings
import numpy as np
import courseport as cp
assert not issubclass(cp.TrainingWarning, type("None", (Warning,), {}))
assert "sklearn" not in sys.modules
from sklearn.exceptions import ConvergenceWarning
with warnings.catch_warnings():
    warnings.simplefilter("error", ConvergenceWarning)
    try:
        cp.train(lambda x: (float(x @ x) ** 2, 4 * float(x @ x) * x), np.ones(3), max_iterations=1)
    except cp.TrainingWarning:
        print(issubclass(cp.TrainingWarning, ConvergenceWarning))
"""
    told = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    assert told.stdout == "True\n", told.stderr


@pytest.mark.parametrize("method", ON_NETWORKS)
@pytest.mark.parametrize("iterations", [1, 4])
def test_max_iterations_means_iterations(method: str, iterations: int) -> None:
    options = {"alpha": 0.1} if method == "gradient_descent" else None
    with pytest.warns(cp.TrainingWarning, match=f"{method} stopped after {iterations} iterations without"):
        result = cp.train(CASE.cost(), START, method=method, max_iterations=iterations, options=options)
    assert result.nit == iterations
    assert len(result.history) == iterations + 1
    assert not result.success


@pytest.mark.parametrize("method", ON_NETWORKS)
@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
def test_the_history_and_the_counts_are_true(method: str) -> None:
    cost, calls = CASE.cost(), []

    def counted(theta_vec: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(1)
        return cost(theta_vec)

    seen: list[cp.training.Progress] = []
    options = {"alpha": 0.1} if method == "gradient_descent" else None
    result = cp.train(counted, START, method=method, max_iterations=6, options=options, callback=seen.append)
    assert len(calls) == result.nfev
    assert result.history[0] == cost.cost(START)
    assert [progress.iteration for progress in seen] == list(range(len(result.history)))
    for progress, J in zip(seen, result.history, strict=True):
        assert progress.cost == J == pytest.approx(cost.cost(progress.theta_vec), rel=1e-12)
        assert progress.gradient_norm == pytest.approx(np.linalg.norm(cost(progress.theta_vec)[1]), rel=1e-9)
    assert result.fun == pytest.approx(cost.cost(result.x), rel=1e-12)


def test_theta0_is_not_changed() -> None:
    theta0 = START.copy()
    theta0.flags.writeable = False
    result = cp.train(CASE.cost(), theta0, max_iterations=500)
    assert result.success
    assert np.array_equal(theta0, START)
    assert not np.shares_memory(result.x, theta0)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("when", [0, 2])
def test_the_callback_may_end_training(method: str, when: int) -> None:
    seen: list[cp.training.Progress] = []

    def callback(progress: cp.training.Progress) -> None:
        seen.append(progress)
        if progress.iteration == when:
            raise StopIteration

    with pytest.warns(cp.TrainingWarning, match="`callback` raised `StopIteration`"):
        result = cp.train(small_problem(), np.zeros(5), method=method, callback=callback)
    assert (result.nit, result.status, result.success, result.interrupted) == (when, 99, False, False)
    assert np.array_equal(result.x, seen[-1].theta_vec)
    assert np.array_equal(result.jac, small_problem()(result.x)[1])


def test_an_error_of_the_cost_is_the_caller_s() -> None:
    def failing(_: np.ndarray) -> tuple[float, np.ndarray]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cp.train(failing, START)


@pytest.mark.parametrize("method", ["L-BFGS-B", "TNC", "BFGS"])
def test_ctrl_c_keeps_the_best_so_far(method: str) -> None:
    cost = CASE.cost()

    def callback(progress: cp.training.Progress) -> None:
        if progress.iteration == 3:
            raise KeyboardInterrupt

    with pytest.warns(cp.TrainingWarning, match="Interrupted"):
        result = cp.train(cost, START, method=method, callback=callback)
    assert result.interrupted
    assert result.nit == 3
    assert result.fun == cost.cost(result.x) <= min(result.history)
    assert np.array_equal(result.jac, cost(result.x)[1])


@pytest.mark.skipif(os.name == "nt", reason="Windows delivers no SIGINT to a single process")
def test_a_real_signal_ends_training_too() -> None:
    X, y = cp.load_digits()
    cost = cp.NeuralNetworkCost((400, 25, 10), X, y, 1.0)
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.warns(cp.TrainingWarning, match="Interrupted"):
        result = cp.train(cost, cp.rand_initialize_weights((400, 25, 10), seed=0), max_iterations=100_000)
    timer.join()
    assert result.fun == cost.cost(result.x) <= result.history.min()


def test_ctrl_c_before_the_first_evaluation_is_just_that() -> None:
    def interrupted(_: np.ndarray) -> tuple[float, np.ndarray]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cp.train(interrupted, START)


def test_training_reads_the_digits() -> None:
    X, y = cp.load_digits()
    sizes = (400, 25, 10)
    with cp.NeuralNetworkCost(sizes, X, y, 1.0) as cost, pytest.warns(cp.TrainingWarning):
        result = cp.train(cost, cp.rand_initialize_weights(sizes, seed=0), max_iterations=50)
    assert cp.accuracy(cp.predict(result.x, sizes, X), y) > 95


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda J, gradient: (J, gradient[:-1]), r"the gradient must have shape \(43,\), got \(42,\)"),
        (lambda J, gradient: (J, gradient[:, None]), r"the gradient must have shape \(43,\), got \(43, 1\)"),
        (lambda J, _: J, r"cost must return \(J, gradient\), got float"),
    ],
)
def test_a_gradient_of_another_shape_is_refused(method: str, wrong: Any, error: str) -> None:
    cost = random_case((4, 5, 3), 20, 1.0, seed=1).cost()
    with pytest.raises((ValueError, TypeError), match=error):
        cp.train(lambda theta: wrong(*cost(theta)), np.zeros(43), method=method, max_iterations=3)


def test_any_number_of_iterations_may_be_asked_for() -> None:
    cost = random_case((4, 1), 20, 1.0, seed=1).cost()
    assert cp.train(cost, np.ones(5), method="SLSQP", max_iterations=2**40).nit > 1
