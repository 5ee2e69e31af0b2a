"""Training: every method reaches the minimum, iterations mean the same, and no end loses the best theta."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import numpy as np
import pytest
from networks import random_case
from tolerances import MINIMUM, assert_close

import courseport as cp
from courseport.training.train import METHODS, SCIPY_METHODS

CASE = random_case((3, 4, 3), 30, 1.0, seed=2)
START = cp.rand_initialize_weights(CASE.layer_sizes, seed=0)
TIGHT = {
    "L-BFGS-B": {"gtol": 1e-9, "ftol": 1e-15},
    "CG": {"gtol": 1e-8},
    "BFGS": {"gtol": 1e-8},
    "TNC": {"gtol": 1e-9, "ftol": 1e-15, "xtol": 1e-12},
    "SLSQP": {"ftol": 1e-15},
    "Newton-CG": {"xtol": 1e-12},
    "trust-constr": {"gtol": 1e-8},
}


@pytest.fixture(scope="module")
def minimum() -> float:
    return float(cp.train(CASE.cost(), START, method="BFGS", max_iterations=2000, options={"gtol": 1e-8}).fun)


@pytest.mark.parametrize("method", SCIPY_METHODS)
@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")  # tolerances this tight may end in rounding
def test_every_method_reaches_the_same_minimum(method: str, minimum: float) -> None:
    result = cp.train(CASE.cost(), START, method=method, max_iterations=2000, options=TIGHT[method])
    assert_close(float(result.fun), minimum, MINIMUM)
    assert np.linalg.norm(CASE.cost()(result.x)[1]) < 1e-4


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("iterations", [1, 4])
def test_max_iterations_means_iterations(method: str, iterations: int) -> None:
    options = {"alpha": 0.1} if method == "gradient_descent" else None
    with pytest.warns(cp.TrainingWarning, match=f"{method} stopped after {iterations} iterations without"):
        result = cp.train(CASE.cost(), START, method=method, max_iterations=iterations, options=options)
    assert result.nit == iterations
    assert len(result.history) == iterations + 1
    assert not result.success


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
def test_the_history_and_the_counts_are_true(method: str) -> None:
    cost, calls = CASE.cost(), []

    def counted(theta_vec: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(1)
        return cost(theta_vec)

    seen: list[cp.training.Progress] = []
    options = {"alpha": 0.1} if method == "gradient_descent" else None
    result = cp.train(counted, START, method=method, max_iterations=6, options=options, callback=seen.append)
    # One call gives J and gradient. Newton-CG needs gradients beside J for its Hessian, and counts them as njev.
    assert len(calls) == (result.njev if method == "Newton-CG" else result.nfev)
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


@pytest.mark.parametrize("method", SCIPY_METHODS)
def test_the_callback_may_end_training(method: str) -> None:
    def callback(progress: cp.training.Progress) -> None:
        if progress.iteration == 2:
            raise StopIteration

    with pytest.warns(cp.TrainingWarning, match="without convergence"):
        result = cp.train(CASE.cost(), START, method=method, callback=callback)
    assert result.nit == 2
    assert not result.interrupted


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
