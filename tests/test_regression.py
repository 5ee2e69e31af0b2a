"""Logistic and linear regression: networks without hidden layer, the loop in Octave, saturation, bad input."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from tolerances import (
    ALGEBRA,
    FIGURE,
    ROUNDING,
    TWO_SIDED,
    assert_close,
    relative_difference,
)

import courseport as cp
from courseport._checks import FloatArray
from courseport.network import lecture

Regression = tuple[FloatArray, FloatArray, FloatArray, float]
NETWORKS: dict[Any, dict[str, str]] = {
    cp.logistic_cost: {},
    cp.linear_cost: {"output_activation": "linear", "loss": "squared_error"},
}
REFERENCES: dict[Any, tuple[str, str]] = {
    cp.logistic_cost: ("logisticCost", "logisticCostLoop"),
    cp.linear_cost: ("linearCost", "linearCostLoop"),
}
HESSP: dict[Any, Any] = {
    cp.logistic_cost: cp.regression.logistic_cost_hessp,
    cp.linear_cost: cp.regression.linear_cost_hessp,
}
both = pytest.mark.parametrize("cost", NETWORKS)


def regression(m: int, n: int, lambda_: float, seed: int, *, labels: bool, spread: float = 1.0) -> Regression:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, m).astype(np.float64) if labels else rng.standard_normal(m)
    return spread * rng.standard_normal(n + 1), rng.standard_normal((m, n)), y, lambda_


@st.composite
def regressions(draw: st.DrawFn, cost: Any) -> Regression:
    return regression(
        draw(st.integers(1, 40)),
        draw(st.integers(1, 8)),
        draw(st.sampled_from([0.0, 0.3, 10.0])),
        draw(st.integers(0, 2**32 - 1)),
        labels=cost is cp.logistic_cost,
        spread=draw(st.sampled_from([0.01, 1.0, 50.0])),
    )


@both
@given(data=st.data())
@settings(max_examples=40)
def test_it_is_a_network_without_hidden_layer(cost: Any, data: st.DataObject) -> None:
    theta, X, y, lambda_ = data.draw(regressions(cost))
    J, grad = cost(theta, X, y, lambda_)
    other_J, other_grad = cp.nn_cost_function(theta, (X.shape[1], 1), X, y, lambda_, **NETWORKS[cost])
    assert_close(J, other_J, ALGEBRA)
    assert relative_difference(grad, other_grad) < ALGEBRA.rtol


@both
def test_the_gradient_is_the_slope_of_j(cost: Any) -> None:
    theta, X, y, lambda_ = regression(12, 4, 2.0, 3, labels=cost is cp.logistic_cost)
    check = cp.check_gradient(lambda vector: cost(vector, X, y, lambda_), theta)
    assert check.relative_difference < TWO_SIDED.rtol


@both
@given(data=st.data())
@settings(max_examples=40)
def test_the_hessian_s_product_is_the_complex_step_of_the_gradient_and_symmetric(
    cost: Any, data: st.DataObject
) -> None:
    theta, X, y, lambda_ = data.draw(regressions(cost))
    p, q = np.random.default_rng(data.draw(st.integers(0, 9))).standard_normal((2, theta.size))
    network = cp.NeuralNetworkCost((X.shape[1], 1), X, y, lambda_, **NETWORKS[cost])
    step = lecture.gradient(theta + 1e-200j * p, network.model, network.examples, lambda_).imag / 1e-200
    Hp, Hq = (HESSP[cost](theta, vector, X, y, lambda_) for vector in (p, q))
    assert np.linalg.norm(Hp - step) <= ALGEBRA.rtol * np.linalg.norm(step)
    # The terms of q'Hp may cancel; what is left is right to rounding of them.
    assert abs(q @ Hp - p @ Hq) <= ALGEBRA.rtol * (np.abs(q) @ np.abs(Hp))


@both
@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg", "trust-constr"])
def test_scipy_s_methods_of_second_order_take_it(cost: Any, method: str) -> None:
    _, X, y, lambda_ = regression(40, 4, 2.0, 5, labels=cost is cp.logistic_cost)
    options = {"xtol": 1e-10} if method == "Newton-CG" else {"gtol": 1e-9}
    data = (X, y, lambda_)
    result = minimize(cost, np.zeros(5), args=data, jac=True, hessp=HESSP[cost], method=method, options=options)
    # Newton-CG ends where J no longer falls: at the square root of its last digit.
    assert np.linalg.norm(cost(result.x, *data)[1]) < (1e-7 if method == "Newton-CG" else 1e-8)


def test_without_a_penalty_any_finite_theta_has_a_cost() -> None:
    X, y = np.array([[1.0, -1.0], [0.5, 0.25]]), [0, 1]
    for size in (1e150, 1e154, 1e160, 1e300):
        J, grad = cp.logistic_cost(np.full(3, size), X, y, 0.0)
        assert np.isfinite(J)
        assert np.isfinite(grad).all()
    assert_close(cp.logistic_cost([0.0, 1e154, 0.0], X, y, 1e-300)[0], 1e154 / 2 + 1e8 / 4, ROUNDING)
    assert_close(cp.linear_cost([1.5e154, 0.0], [[0.0], [0.0]], y)[0], 1.125e308, ROUNDING)
    assert cp.linear_cost([1e200, 0.0], [[0.0], [0.0]], y)[0] == np.inf
    assert cp.logistic_cost(np.full(3, 1e300), X, y, 1.0)[0] == np.inf


def test_logistic_regression_worked_by_hand() -> None:
    # theta = (-1, 1), x = 2 and 0, y = 1 and 0: z = 1 and -1, so both losses are log(1 + e^-1) = 0.313261687518223,
    # both |h - y| are g(-1) = 0.268941421369995. J = 0.313261687518223 + 0.5/4 = 0.438261687518223;
    # dJ/dtheta0 = (-0.2689 + 0.2689)/2 = 0; dJ/dtheta1 = (2 (-0.2689...) + 0 + 0.5)/2 = -0.018941421369995.
    J, grad = cp.logistic_cost([-1.0, 1.0], [[2.0], [0.0]], [1, 0], 0.5)
    assert_close(J, 0.438261687518223, FIGURE)
    np.testing.assert_allclose(grad, [0.0, -0.018941421369995], rtol=1e-12, atol=1e-16)


def test_linear_regression_worked_by_hand() -> None:
    # theta = (1, 2), x = 1 and 3, y = 2 and 9: h - y = 1 and -2. J = (1 + 4)/4 + 3/4 * 4 = 4.25;
    # dJ/dtheta0 = (1 - 2)/2 = -0.5; dJ/dtheta1 = (1 - 6 + 3 * 2)/2 = 0.5.
    J, grad = cp.linear_cost([1.0, 2.0], [[1.0], [3.0]], [2.0, 9.0], 3.0)
    assert J == 4.25
    assert grad.tolist() == [-0.5, 0.5]


@pytest.mark.parametrize("z", [-1000.0, -800.0, -40.0, -1e-9, 30.0, 745.0, 1000.0])
@pytest.mark.parametrize("y", [0, 1])
def test_saturated_examples_keep_their_exact_cost_and_slope(z: float, y: int) -> None:
    J, grad = cp.logistic_cost([z, 0.0], [[1.0]], [y])
    with mpmath.workdps(500):
        h = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        exact_J = -mpmath.log(h) if y else -mpmath.log(1 - h)
        exact_slope = h - y
        assert_close(J, float(exact_J), ROUNDING)
        assert_close(grad, [float(exact_slope)] * 2, ROUNDING)


@pytest.mark.parametrize("method", ["BFGS", "L-BFGS-B", "CG"])
def test_scipy_finds_the_least_squares_solution(method: str) -> None:
    theta, X, y, _ = regression(30, 3, 0.0, 5, labels=False)
    exact = np.linalg.lstsq(np.column_stack([np.ones(30), X]), y, rcond=None)[0]
    result = cp.train(lambda vector: cp.linear_cost(vector, X, y), theta, method=method)
    np.testing.assert_allclose(result.x, exact, rtol=0, atol=1e-4)
    np.testing.assert_allclose(cp.regression.predict_linear(exact, X), exact[0] + X @ exact[1:], rtol=1e-13)


def test_predictions_are_those_of_the_network() -> None:
    theta, X, _, _ = regression(50, 3, 0.0, 7, labels=True)
    theta[0] = 0.0
    X[0] = 0.0  # h = 0.5 counts as 1
    labels = cp.regression.predict_logistic(theta, X)
    assert labels[0] == 1
    assert 0 < labels.mean() < 1
    assert np.array_equal(labels, cp.predict(theta, (3, 1), X))
    outputs = cp.hypothesis(theta, (3, 1), X, output_activation="linear")[:, 0]
    np.testing.assert_allclose(cp.regression.predict_linear(theta, X), outputs, rtol=1e-13)


@both
def test_the_gradient_is_fresh_and_nothing_given_is_changed(cost: Any) -> None:
    theta, X, y, lambda_ = regression(6, 2, 1.0, 9, labels=cost is cp.logistic_cost)
    given_arrays = (theta, X, y)
    copies = [array.copy() for array in given_arrays]
    for array in given_arrays:
        array.flags.writeable = False
    first, second = cost(theta, X, y, lambda_)[1], cost(theta, X, y, lambda_)[1]
    assert first is not second
    assert not any(np.shares_memory(first, other) for other in (second, *given_arrays))
    assert all(np.array_equal(array, copy) for array, copy in zip(given_arrays, copies, strict=True))


BAD = {
    "theta too short": (
        {"theta": [1.0, 2.0]},
        r"theta must have shape \(3,\), the intercept and a weight .*got \(2,\)",
    ),
    "theta a column": ({"theta": np.zeros((3, 1))}, r"theta must have shape \(3,\).*, got \(3, 1\)"),
    "theta NaN": ({"theta": [0.0, np.nan, 0.0]}, r"theta must have finite values only, got nan at \[1\]"),
    "X a vector": ({"X": [1.0, 2.0]}, r"X must have shape \(m, n\), got \(2,\)"),
    "X empty": ({"X": np.zeros((0, 2))}, r"X must have at least one row and one column, got shape \(0, 2\)"),
    "X inf": ({"X": [[1.0, 2.0], [np.inf, 0.0]]}, r"X must have finite values only, got inf at \[1, 0\]"),
    "y too short": ({"y": [1.0]}, r"y must have 2 entries, one for each row of X, got 1"),
    "y a matrix": ({"y": np.zeros((2, 2))}, r"y must have shape \(2,\) for one output unit, got \(2, 2\)"),
    "y of words": ({"y": ["a", "b"]}, r"y must be an array of shape \(2,\) of real numbers, got dtype <U1"),
    "lambda below 0": ({"lambda_": -1.0}, r"lambda_ must be a finite real number >= 0, got -1.0"),
}


@both
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(cost: Any, name: str) -> None:
    bad, message = BAD[name]
    arguments: dict[str, Any] = {"theta": np.zeros(3), "X": np.eye(2), "y": [0, 1], "lambda_": 1.0}
    with pytest.raises((ValueError, TypeError), match=message):
        cost(**(arguments | bad))


def test_labels_are_0_or_1_and_values_finite() -> None:
    with pytest.raises(ValueError, match=r"y must hold labels 0 or 1 for one output unit, got 2 in row 1"):
        cp.logistic_cost(np.zeros(3), np.eye(2), [1, 2])
    with pytest.raises(ValueError, match=r"y must have finite values only, got nan at \[0\]"):
        cp.linear_cost(np.zeros(3), np.eye(2), [np.nan, 2])
    with pytest.raises(ValueError, match=r"theta must have shape \(3,\).*, got \(4,\)"):
        cp.regression.predict_logistic(np.zeros(4), np.eye(2))
    for hessp in HESSP.values():
        with pytest.raises(ValueError, match=r"p must have shape \(3,\).*, got \(4,\)"):
            hessp(np.zeros(3), np.zeros(4), np.eye(2), [0, 1])
    with pytest.raises(ValueError, match=r"theta must have shape \(3,\).*, got \(4,\)"):
        cp.regression.predict_linear(np.zeros(4), np.eye(2))
