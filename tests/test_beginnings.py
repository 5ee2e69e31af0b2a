"""The notes' own printed numbers, and each definition against an independent route."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tolerances import ALGEBRA, FORWARD_DIFFERENCE, assert_close

from courseport import load_iris
from courseport.lectures.beginnings import (
    derivative,
    descend,
    gradient,
    mean_squared_error,
    partial_derivative,
    regress_iris,
)

TRAINING = [42.1148, 2.715, 0.2498, 0.0764, 0.0593, 0.0565, 0.0557, 0.0554, 0.0553, 0.0551]
VALIDATION = [39.4721, 2.4563, 0.1886, 0.0403, 0.027, 0.0244, 0.0234, 0.0229, 0.0227, 0.0225]
Vector = NDArray[np.float64]


def quadratic(v: Vector) -> float:
    return float(2.0 * v[0] ** 2 + 3.0 * v[0] * v[1] + 5.0 * v[1] ** 2)


def test_partial_derivatives_to_the_last_printed_digit() -> None:
    # 4x + 3y = 17 and 3x + 10y = 36 at (2, 3); the digits behind are the forward difference's own error
    assert partial_derivative(quadratic, [2, 3], 0) == 17.000002003442205
    assert partial_derivative(quadratic, [2, 3], 1) == 36.000004996594726
    assert gradient(quadratic, [2, 3]).tolist() == [17.000002003442205, 36.000004996594726]


@given(st.floats(-3, 3))
def test_derivative_of_the_exponential_is_itself(x: float) -> None:
    assert_close(derivative(math.exp, x), math.exp(x), FORWARD_DIFFERENCE)


@given(st.floats(-5, 5), st.sampled_from([1e-3, 1e-5]))
def test_the_error_of_a_forward_difference_is_the_step_times_half_the_second_derivative(x: float, step: float) -> None:
    error = derivative(lambda t: 3.0 * t * t, x, step) - 6.0 * x
    assert error == pytest.approx(3.0 * step, abs=1e-14 * 75.0 / step)


def test_the_function_gets_a_vector_of_its_own() -> None:
    def spoil(v: Vector) -> float:
        value = quadratic(v)
        v[:] = np.nan
        return value

    point = np.array([2.0, 3.0])
    assert gradient(spoil, point).tolist() == gradient(quadratic, point).tolist()
    assert point.tolist() == [2.0, 3.0]


def test_mean_squared_error_by_hand() -> None:
    assert mean_squared_error([1, 2, 4], [1, 4, 1]) == (0 + 4 + 9) / 3


def test_iris_run_prints_what_the_notes_print() -> None:
    run = regress_iris(*load_iris())
    assert np.round(run.training_loss[::10], 4).tolist() == TRAINING
    assert np.round(run.validation_loss[::10], 4).tolist() == VALIDATION
    assert run.rounded_error == 0.0
    assert run.species.tolist() == [0.0] * 5 + [1.0] * 5 + [2.0] * 5
    assert len(run.training_loss) == 100


def test_uci_copy_of_iris_gives_other_losses() -> None:
    X, y = load_iris()
    X[34], X[37] = [4.9, 3.1, 1.5, 0.1], [4.9, 3.1, 1.5, 0.1]
    assert round(regress_iris(X, y).training_loss[0], 4) == 42.051


def test_iris_run_leaves_the_global_generator_alone() -> None:
    state = np.random.get_state  # the legacy generator is what is looked at
    before = str(state())
    regress_iris(*load_iris())
    assert str(state()) == before


def test_a_step_follows_the_forward_difference_of_half_the_loss() -> None:
    rng = np.random.default_rng(1)
    X, y, w = rng.normal(size=(7, 3)), rng.normal(size=7), rng.normal(size=3)
    slope = gradient(lambda v: 0.5 * mean_squared_error(X @ v, y), w, step=1e-7)
    stepped = descend(w, (X, y), (X, y), alpha=0.1, n_steps=1)[0]
    assert_close(stepped, w - 0.1 * slope, FORWARD_DIFFERENCE)


def test_descent_reaches_the_normal_equation() -> None:
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    weights, training_loss, validation_loss = descend(np.zeros(3), (X, y), (X[:5], y[:5]), alpha=0.5, n_steps=400)
    assert_close(weights, np.linalg.solve(X.T @ X, X.T @ y), ALGEBRA)
    assert np.all(np.diff(training_loss) <= 1e-15)
    assert validation_loss[-1] == mean_squared_error(X[:5] @ weights, y[:5])


def test_divergence_is_said() -> None:
    with pytest.raises(RuntimeError, match=r"diverged at step \d+: alpha = 0\.5 is too large"):
        regress_iris(*load_iris(), alpha=0.5, n_steps=1000)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: derivative(math.exp, math.nan), "x must be a finite real number"),
        (lambda: derivative(math.exp, 0.0, 0.0), "step must be a finite real number > 0"),
        (lambda: partial_derivative(quadratic, [2, 3], 2), "index must be below 2"),
        (lambda: partial_derivative(quadratic, [2, 3], -1), "index must be a whole number >= 0"),
        (lambda: gradient(quadratic, [[2, 3]]), "point must have shape"),
        (lambda: mean_squared_error([], []), "y must have at least one value"),
        (lambda: mean_squared_error([1.0], [1.0, 2.0]), r"prediction must have shape \(2,\) like y, got \(1,\)"),
        (lambda: regress_iris(np.ones((149, 4)), np.ones(149)), "X must have the 150 rows"),
        (lambda: regress_iris(np.ones((150, 4)), np.ones(149)), r"y must have shape \(150,\)"),
        (
            lambda: descend([0.0], ([[1.0]], [1.0]), ([[1.0]], [1.0]), alpha=0.0, n_steps=1),
            "alpha must be a finite real number > 0",
        ),
        (
            lambda: descend([0.0], ([[1.0]], [1.0]), ([[1.0]], [1.0]), alpha=1.0, n_steps=0),
            "n_steps must be a whole number >= 1",
        ),
        (
            lambda: descend([0.0], ([[1.0, 2.0]], [1.0]), ([[1.0]], [1.0]), alpha=1.0, n_steps=1),
            r"X of training must have shape \(m, 1\)",
        ),
        (
            lambda: descend([0.0], ([[1.0]], [1.0]), ([[1.0]], [1.0, 2.0]), alpha=1.0, n_steps=1),
            r"y of validation must have shape \(1,\)",
        ),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]  # a lambda in a list of cases
