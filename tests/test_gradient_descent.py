"""Gradient descent: closed forms, Octave, the course's figures, and divergence noticed and said."""

from __future__ import annotations

import numpy as np
import pytest
from course_data import FOLDER, needs_course_data
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize
from tolerances import ALGEBRA, FIGURE, assert_close

import courseport as cp

Vector = NDArray[np.float64]


def bowl(x: Vector) -> tuple[float, Vector]:
    with np.errstate(over="ignore"):
        return float(x @ x) / 2, x


@given(st.floats(0.01, 0.99) | st.floats(1.01, 1.99), st.integers(0, 60))
def test_on_a_bowl_each_step_shrinks_x_by_one_factor(alpha: float, steps: int) -> None:
    start = np.array([3.0, -1.0])
    result = cp.gradient_descent(bowl, start, jac=True, alpha=alpha, maxiter=steps)
    factors = (1 - alpha) ** np.arange(steps + 1)
    assert result.x == pytest.approx(factors[-1] * start, rel=1e-9, abs=1e-9)
    assert result.history == pytest.approx(5 * factors**2, rel=1e-9, abs=1e-9)
    assert (result.nit, result.nfev) == (steps, steps + 1)


@needs_course_data
def test_the_course_run_on_food_trucks() -> None:
    data = np.loadtxt(FOLDER / "ex1data1.txt", delimiter=",")
    X, y = data[:, :1], data[:, 1]
    options = {"alpha": 0.01, "maxiter": 1500}
    result = minimize(cp.linear_cost, np.zeros(2), args=(X, y), jac=True, method=cp.gradient_descent, options=options)
    assert_close(result.history[0], 32.0727338774557, FIGURE)
    assert_close(result.x, [-3.63029143940436, 1.16636235033558], FIGURE)
    assert_close(result.fun, 4.48338825658773, FIGURE)
    assert (result.nit, result.status) == (1500, 1)


@needs_course_data
def test_the_course_run_on_houses() -> None:
    data = np.loadtxt(FOLDER / "ex1data2.txt", delimiter=",")
    X, y = data[:, :2], data[:, 2]
    scaled = (X - X.mean(axis=0)) / X.std(axis=0, ddof=1)
    result = cp.gradient_descent(cp.linear_cost, np.zeros(3), (scaled, y), True, alpha=0.01, maxiter=400)
    assert_close(result.x, [334302.063993277, 100087.116005846, 3673.54845092825], FIGURE)


@pytest.mark.parametrize("alpha", [2.01, 2.5, 10.0, 1e6, 1e300])
def test_divergence_is_noticed_and_alpha_is_named(alpha: float) -> None:
    start = np.array([3.0, -1.0])
    result = cp.gradient_descent(bowl, start, jac=True, alpha=alpha, maxiter=10_000)
    assert (result.status, result.success) == (2, False)
    assert f"the learning rate alpha = {alpha:g} is too large" in result.message
    assert result.nit < 200, "it does not go on to the end of maxiter"
    assert np.isfinite(result.fun)
    assert np.isfinite(result.x).all()


def test_divergence_in_one_step_to_what_is_not_finite() -> None:
    def steep(x: Vector) -> tuple[float, Vector]:
        with np.errstate(over="ignore"):
            return float(np.exp(x[0] ** 2)), 2 * x * np.exp(x**2)

    result = cp.gradient_descent(steep, [3.0], jac=True, alpha=1.0)
    assert (
        result.message == "J or its gradient is not finite after 1 iterations: "
        "the learning rate alpha = 1 is too large, or the gradient is wrong."
    )
    assert (result.x[0], result.nit, result.nfev) == (3.0, 1, 2), "the last point where J was finite"


def test_rising_slowly_to_the_end_is_divergence_too() -> None:
    result = cp.gradient_descent(bowl, [3.0], jac=True, alpha=2.0001, maxiter=50)
    assert (result.status, result.nit) == (2, 50)
    assert (
        result.message == "J rose from 4.5 to 4.54522 in 50 iterations: "
        "the learning rate alpha = 2.0001 is too large, or the gradient is wrong."
    )


def test_a_cost_that_begins_at_zero_or_below_diverges_alike() -> None:
    for start in (0.0, -100.0):
        result = cp.gradient_descent(lambda x, J=start: (J + bowl(x)[0] - 0.5, x), [1.0], jac=True, alpha=3.0)
        assert (result.status, result.nit < 20) == (2, True)


def test_a_rise_that_passes_is_no_divergence() -> None:
    # J = x^2/2 - cos(9x): waves on a bowl, over which the steps go up and down.
    def waves(x: Vector) -> tuple[float, Vector]:
        return float(x[0] ** 2 / 2 - np.cos(9 * x[0])), x + 9 * np.sin(9 * x)

    result = cp.gradient_descent(waves, [4.0], jac=True, alpha=0.03, maxiter=500)
    assert np.any(np.diff(result.history) > 0)
    assert (result.status, result.nit) == (1, 500)
    assert result.fun < result.history[0]


def test_one_rise_after_many_falls_is_no_divergence() -> None:
    costs = iter([0.0, *range(-1, -15, -1), 5.0, *range(-15, -30, -1)])
    result = cp.gradient_descent(lambda x: (next(costs), np.ones_like(x)), [1.0], jac=True, alpha=0.1, maxiter=28)
    assert (result.status, result.nit) == (1, 28)


@pytest.mark.parametrize("alpha", [0, -0.1, np.nan, "fast"])
def test_the_learning_rate_is_a_positive_number(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha must be a finite real number > 0, got"):
        cp.gradient_descent(bowl, [1.0], jac=True, alpha=alpha)


def test_the_end_at_the_first_small_gradient() -> None:
    result = cp.gradient_descent(bowl, [1.0], jac=True, alpha=0.5, gtol=0.1)
    assert (result.status, result.nit, result.jac[0]) == (0, 4, 0.0625)
    assert_close(result.fun, 0.0625**2 / 2, ALGEBRA)
