"""W and b apart: nothing is lost on the way there and back, and J and gradients are the course's, and Octave's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from systems import System, assert_same_gradient, systems
from tolerances import ALGEBRA, FIGURE, assert_close

import courseport as cp
from courseport.lectures.deep_notation import deep_backward, deep_cost, deep_cost_function, deep_forward


@given(system=systems())
@settings(max_examples=40)
def test_there_and_back_keeps_every_bit(system: System) -> None:
    theta_vec = system.theta_vec.copy()
    theta_vec[0] = -0.0
    W, b = cp.lectures.thetas_to_wb(cp.reshape_thetas(theta_vec, system.layer_sizes))
    assert cp.unroll(cp.lectures.wb_to_thetas(W, b)).tobytes() == theta_vec.tobytes()
    again_W, again_b = cp.lectures.thetas_to_wb(cp.lectures.wb_to_thetas(W, [bias[:, 0] for bias in b]))
    assert [matrix.tobytes() for matrix in (*again_W, *again_b)] == [matrix.tobytes() for matrix in (*W, *b)]
    assert not any(np.shares_memory(matrix, theta_vec) for matrix in (*W, *b))


def test_the_bias_is_column_0() -> None:
    W, b = cp.lectures.thetas_to_wb([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9]]])
    assert [matrix.tolist() for matrix in W] == [[[2, 3], [5, 6]], [[8, 9]]]
    assert [matrix.tolist() for matrix in b] == [[[1], [4]], [[7]]]


@given(system=systems())
@settings(max_examples=60)
def test_j_and_gradient_are_those_of_the_course_s_notation(system: System) -> None:
    J, grad_vec = deep_cost_function(system.theta_vec, *system.arguments, **system.options)
    expected_J, expected_grad = system.cost()(system.theta_vec)
    assert_close(J, expected_J, ALGEBRA)
    assert_same_gradient(grad_vec, expected_grad)


def test_labels_become_columns_of_targets() -> None:
    X, y = np.cos([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), [4, 2, 3]
    J, _ = deep_cost_function(np.arange(1, 19) / 10, (2, 2, 4), X, y, 4.0)
    assert_close(J, 19.4736365227324, FIGURE)


def test_a_hand_worked_example() -> None:
    # W1 = 2, b1 = 1, x = 3: Z1 = 7, A1 = relu(7) = 7; W2 = -1, b2 = 2: Z2 = A2 = -5; y = 1: L = 36/2 = 18.
    # dZ2 = -6, dW2 = -6 * 7 = -42, db2 = -6; dZ1 = -1 * -6 = 6, dW1 = 6 * 3 = 18, db1 = 6.
    W, b, options = [[[2.0]], [[-1.0]]], [[1.0], [2.0]], {"hidden_activation": "relu", "output_activation": "linear"}
    A, Z = deep_forward(W, b, [[3.0]], **options)
    assert [matrix.item() for matrix in (*A, *Z)] == [3, 7, -5, 7, -5]
    assert deep_cost(W, Z, [[1.0]], loss="squared_error", **options) == 18
    dW, db = deep_backward(W, A, Z, [[1.0]], loss="squared_error", **options)
    assert [bias.shape for bias in db] == [(1, 1), (1, 1)]
    assert [matrix.item() for matrix in (*dW, *db)] == [18, -42, 6, -6]
    # With lambda = 0.5 and the penalty lambda/2: J + 0.25 (4 + 1), dW + 0.5 W, db as it was.
    more: dict[str, Any] = {"loss": "squared_error", "penalty": "lambda/2", **options}
    assert deep_cost(W, Z, [[1.0]], 0.5, **more) == 18 + 0.25 * 5
    dW, db = deep_backward(W, A, Z, [[1.0]], 0.5, **more)
    assert [matrix.item() for matrix in (*dW, *db)] == [19, -42.5, 6, -6]


def test_saturated_outputs_keep_their_cost() -> None:
    W, b = [[[1.0]]], [[0.0]]
    _, Z = deep_forward(W, b, [[800.0, -800.0]])
    assert deep_cost(W, Z, [[0.0, 1.0]]) == 800.0


W, b, X = [np.ones((2, 3)), np.ones((1, 2))], [np.zeros((2, 1)), np.zeros((1, 1))], np.ones((3, 4))
A, Z = deep_forward(W, b, X)
Y = np.zeros((1, 4))
BAD: dict[str, tuple[Any, tuple[Any, ...], str]] = {
    "no W": (deep_forward, ([], [], X), r"W must hold at least one matrix, got none"),
    "W that do not fit": (
        deep_forward,
        ([np.ones((2, 3)), np.ones((1, 3))], b, X),
        r"W2 must have shape \(m, 2\), a column for each row of W1, got \(1, 3\)",
    ),
    "one bias too few": (deep_forward, (W, b[:1], X), r"b must hold 2 arrays, one for each of W, got 1"),
    "a bias too long": (deep_forward, (W, [b[0], np.ones(2)], X), r"b2 must have shape \(1, 1\), got \(2,\)"),
    "a bias NaN": (deep_forward, (W, [b[0], [[np.nan]]], X), r"b2 must have finite values only, got nan at \[0, 0\]"),
    "examples in rows": (deep_forward, (W, b, X.T), r"X must have shape \(3, m\), got \(4, 3\)"),
    "W complex": (
        cp.lectures.wb_to_thetas,
        ([1j * W[0], W[1]], b),
        r"W1 must be .* real numbers, got dtype complex128",
    ),
    "Thetas that do not fit": (
        cp.lectures.thetas_to_wb,
        ([np.ones((2, 3)), np.ones((1, 2))],),
        r"Theta2 must have 3 columns",
    ),
    "Y in rows": (deep_backward, (W, A, Z, Y.T), r"Y must have shape \(1, m\), got \(4, 1\)"),
    "Y above 1": (deep_cost, (W, Z, 2 + Y), r"Y must hold targets between 0 and 1 for the cross-entropy, got 2"),
    "A too few": (deep_backward, (W, A[1:], Z, Y), r"A must hold 3 matrices, got 2"),
    "Z of others": (deep_backward, (W, A, [Z[0], Z[0]], Y), r"Z\[1\] must have shape \(1, 4\), got \(2, 4\)"),
    "Z of another m": (deep_cost, (W, [z[:, :3] for z in Z], Y), r"Z\[-1\] must have shape \(1, 4\), got \(1, 3\)"),
    "lambda below 0": (deep_cost, (W, Z, Y, -1.0), r"lambda_ must be a finite real number >= 0, got -1.0"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(name: str) -> None:
    function, arguments, message = BAD[name]
    with pytest.raises((ValueError, TypeError), match=message):
        function(*arguments)
