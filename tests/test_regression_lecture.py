"""Algorithms 1 to 3 of the regression lecture, against Octave's node by node, the other notation and SciPy's method."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from systems import HIDDEN, System, assert_same_gradient, draw_system
from tolerances import ALGEBRA

import courseport as cp
from courseport.lectures.regression_lecture import backprop_nodes, backprop_vectors, batch_gradient_descent

OUTPUTS = ("linear", "relu", "sigmoid")


@st.composite
def regressions(draw: st.DrawFn, most_rows: int = 10) -> System:
    sizes = tuple(draw(st.lists(st.integers(1, 5), min_size=2, max_size=5)))
    options = {"hidden_activation": draw(st.sampled_from(HIDDEN)), "output_activation": draw(st.sampled_from(OUTPUTS))}
    options |= {"loss": "squared_error", "penalty": "lambda/2"}
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return draw_system(sizes, draw(st.integers(1, most_rows)), draw(st.sampled_from([0.0, 0.1, 1.0])), options, rng)


def names(system: System) -> dict[str, str]:
    return {name: system.options[name] for name in ("hidden_activation", "output_activation")}


def wb(system: System) -> tuple[Any, Any]:
    return cp.lectures.thetas_to_wb(cp.reshape_thetas(system.theta_vec, system.layer_sizes))


@given(system=regressions())
@settings(max_examples=40)
def test_both_give_the_gradient_of_each_example_s_loss(system: System) -> None:
    expected = replace(system, lambda_=0.0).cost()(system.theta_vec)[1]
    for algorithm in (backprop_nodes, backprop_vectors):
        each = [algorithm(*wb(system), x, y, **names(system)) for x, y in zip(system.X, system.y, strict=True)]
        gradients = [cp.unroll(cp.lectures.wb_to_thetas(dW, db)) for dW, db in each]
        assert_same_gradient(np.mean(gradients, axis=0), expected)


@given(system=regressions())
@settings(max_examples=20)
def test_algorithm_3_is_scipy_s_gradient_descent_on_the_unrolled_cost(system: System) -> None:
    start = wb(system)
    W, b, history = batch_gradient_descent(
        *start, system.X.T, system.y.T, alpha=0.001, lambda_=system.lambda_, iterations=20, **names(system)
    )
    options = {"alpha": 0.001, "maxiter": 20}
    result = minimize(system.cost(), system.theta_vec, jac=True, method=cp.gradient_descent, options=options)
    assert_same_gradient(cp.unroll(cp.lectures.wb_to_thetas(W, b)), result.x)
    # SciPy's method ends where the gradient is exactly 0, as that of a ReLU output below 0; J stays there.
    expected = np.append(result.history, [result.fun] * (20 - result.nit))
    np.testing.assert_allclose(history, expected, rtol=ALGEBRA.rtol)
    assert np.array_equal(cp.unroll(cp.lectures.wb_to_thetas(*start)), system.theta_vec)


def test_one_step_by_hand() -> None:
    # x = 1, 2; y = 1, 3; W = 2, b = 0: h - y = 1, 1. Delta_W = 1 + 2 = 3, Delta_b = 2, m = 2, lambda = 0.5:
    # W := 2 - 0.1 (1.5 + 0.5 * 2) = 1.75, b := -0.1. J0 = (1 + 1)/4 + 0.25 * 4 = 1.5;
    # then h = 1.65, 3.4: J1 = (0.65^2 + 0.4^2)/4 + 0.25 * 1.75^2 = 0.145625 + 0.765625.
    W, b, history = batch_gradient_descent(
        [[[2.0]]], [[0.0]], [[1.0, 2.0]], [[1.0, 3.0]], alpha=0.1, lambda_=0.5, iterations=1
    )
    np.testing.assert_allclose([W[0].item(), b[0].item()], [1.75, -0.1], rtol=1e-15)
    np.testing.assert_allclose(history, [1.5, 0.91125], rtol=1e-14)


def test_it_learns_a_function_of_one_variable() -> None:
    X = np.linspace(-2, 2, 41)[None]
    W, b = cp.lectures.thetas_to_wb(
        cp.reshape_thetas(cp.rand_initialize_weights((1, 8, 1), epsilon=1.0, seed=1), (1, 8, 1))
    )
    _, _, history = batch_gradient_descent(W, b, X, np.sin(2 * X), alpha=0.1, iterations=5000, hidden_activation="tanh")
    assert history[0] > 0.2
    assert history[-1] < 0.005
    assert (np.diff(history) < 0).all()


def test_without_iterations_the_start_comes_back_as_a_copy() -> None:
    W = [np.ones((1, 1))]
    again, _, history = batch_gradient_descent(W, [[0.0]], [[1.0]], [[0.0]], alpha=1.0, iterations=0)
    assert history.tolist() == [0.5]
    assert again[0] is not W[0]
    assert not np.shares_memory(again[0], W[0])


@pytest.mark.parametrize("alpha", [10.0, 1e200])
def test_divergence_is_said(alpha: float) -> None:
    with pytest.raises(RuntimeError, match=r"J is not finite after \d+ iterations: the learning rate alpha = .* large"):
        batch_gradient_descent([[[2.0]]], [[0.0]], [[1.0, 2.0]], [[1.0, 3.0]], alpha=alpha)


GOOD: dict[str, Any] = {"W": [np.ones((2, 3))], "b": [np.zeros(2)], "x": np.ones(3), "y": np.ones(2)}
BAD = {
    "x too short": ({"x": [1.0]}, r"x must have shape \(3,\), one entry for each column of W1, got \(1,\)"),
    "y a column": ({"y": np.ones((2, 1))}, r"y must have shape \(2,\), one entry for each row of W1, got \(2, 1\)"),
    "x NaN": ({"x": [0, np.nan, 0]}, r"x must have finite values only, got nan at \[1\]"),
    "b too long": ({"b": [np.zeros(3)]}, r"b1 must have shape \(2, 1\), got \(3,\)"),
    "unknown activation": ({"hidden_activation": "swish"}, r"hidden_activation must be one of .*, got 'swish'"),
}


@pytest.mark.parametrize("algorithm", [backprop_nodes, backprop_vectors])
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(algorithm: Any, name: str) -> None:
    bad, message = BAD[name]
    with pytest.raises((ValueError, TypeError), match=message):
        algorithm(**(GOOD | bad))


BAD_DESCENT = {
    "alpha 0": ({"alpha": 0.0}, r"alpha must be a finite real number > 0, got 0.0"),
    "half an iteration": ({"iterations": 0.5}, r"iterations must be a whole number >= 0, got 0.5"),
    "lambda below 0": ({"lambda_": -1}, r"lambda_ must be a finite real number >= 0, got -1"),
    "X in rows": ({"X": np.ones((4, 3))}, r"X must have shape \(3, m\), got \(4, 3\)"),
    "Y of another m": ({"Y": np.ones((2, 5))}, r"Y must have shape \(2, 4\), got \(2, 5\)"),
}


@pytest.mark.parametrize("name", BAD_DESCENT)
def test_bad_input_of_the_descent_is_named(name: str) -> None:
    bad, message = BAD_DESCENT[name]
    good = {"W": GOOD["W"], "b": GOOD["b"], "X": np.ones((3, 4)), "Y": np.ones((2, 4)), "alpha": 0.1}
    with pytest.raises((ValueError, TypeError), match=message):
        batch_gradient_descent(**(good | bad))
