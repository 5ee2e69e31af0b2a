"""A network by the chain-rule circuit, gate by gate: a route that shares nothing with backpropagation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tolerances import ALGEBRA, FIGURE, assert_close

import courseport as cp
from courseport.lectures import circuit

Matrix = NDArray[np.float64]

# The course's checkNNGradients network, and the small case that needs no data: verified on four Octave solutions.
CHECK_GRADIENT = """
-0.00927825235798855 0.00889911959566955 -0.00836010761746488 0.0076281355108297 -0.00674798370031873
-3.04978913519708e-06 1.42869442534125e-05 -2.59383100023537e-05 3.69883234431411e-05 -4.68759768851705e-05
-0.000175060082340578 0.000233146356524616 -0.00028746872934512 0.000335320347216194 -0.000376215586743409
-9.62660619530045e-05 0.00011798266579571 -0.000137149706034393 0.000153247081600126 -0.00016656029419676
0.314544970053852 0.111056588217144 0.0974006969644392 0.164090818795005 0.0575736493494124 0.0504575854862287
0.16456793228789 0.0577867378497112 0.0507530172908855 0.158339333883892 0.0559235296009807 0.0491620841150116
0.151127527466251 0.0536967009102824 0.0471456248525281 0.149568334716819 0.053154205242622 0.0465597186259366
"""
SMALL_GRADIENT = """
0.766138369630136 0.979896866040661 0.372460384114365 0.497489124382247 0.64173788392568 0.746138306027472
0.883417207679397 0.568762344914511 0.584667662135129 0.598139236978449 1.92598021596304 1.94461818252469
1.98964666453579 2.17855172954545 2.47833662315287 2.50225374001961 2.52643728860077 2.72233088910992
"""


def numbers(text: str) -> Matrix:
    return np.array(text.split(), dtype=float)


def debug_weights(rows: int, columns: int) -> Matrix:
    return np.reshape(np.sin(np.arange(1, rows * columns + 1)) / 10, (rows, columns), order="F")


def sigmoid_from_gates(z: circuit.Node) -> circuit.Node:
    return 1 / (1 + circuit.exp(-z))


def cost_circuit(
    weights: Sequence[circuit.Node],
    layer_sizes: Sequence[int],
    X: Matrix,
    targets: Matrix,
    lambda_: float,
    sigmoid: Callable[[circuit.Node], circuit.Node] = circuit.sigmoid,
) -> circuit.Node:
    """Build the course's J from single gates; `weights` are the Thetas column by column, one after the other."""
    thetas, start = [], 0
    for inputs, units in pairwise(layer_sizes):
        thetas.append([[weights[start + j * units + i] for j in range(inputs + 1)] for i in range(units)])
        start += units * (inputs + 1)
    total = circuit.constant(0.0)
    for row, target in zip(X, targets, strict=True):
        z: list[circuit.Node] = []
        a: list[circuit.Node] = [circuit.constant(value) for value in row]
        for theta in thetas:
            z = [sum((w * x for w, x in zip(unit[1:], a, strict=True)), start=unit[0]) for unit in theta]
            a = [sigmoid(zi) for zi in z]
        for h, zi, y in zip(a, z, target, strict=True):  # 1 - h is sigmoid(-z), without cancellation
            total = total - (y * circuit.log(h) + (1 - y) * circuit.log(sigmoid(-zi)))
    penalty = sum((w**2 for theta in thetas for unit in theta for w in unit[1:]), start=circuit.constant(0.0))
    return total / len(X) + lambda_ / (2 * len(X)) * penalty


def value_and_gradient(
    theta_vec: Matrix,
    layer_sizes: Sequence[int],
    X: Matrix,
    targets: Matrix,
    lambda_: float,
    sigmoid: Callable[[circuit.Node], circuit.Node] = circuit.sigmoid,
) -> tuple[float, Matrix]:
    weights = [circuit.variable(f"w{index}", value) for index, value in enumerate(theta_vec)]
    J = cost_circuit(weights, layer_sizes, X, targets, lambda_, sigmoid)
    gradients = circuit.backward(J)
    return J.value, np.array([gradients[w] for w in weights])


def one_of(labels: Sequence[int], units: int) -> Matrix:
    return np.eye(units)[np.array(labels) - 1]


@pytest.mark.parametrize("sigmoid", [circuit.sigmoid, sigmoid_from_gates])
@pytest.mark.parametrize(("lambda_", "J"), [(0, 2.10095056990246), (1, 2.1160869849431), (3, 2.14635981502436)])
def test_the_course_check_network(lambda_: float, J: float, sigmoid: Callable[[circuit.Node], circuit.Node]) -> None:
    theta_vec = np.concatenate([debug_weights(5, 4).ravel(order="F"), debug_weights(3, 6).ravel(order="F")])
    targets = one_of([2, 3, 1, 2, 3], 3)
    value, gradient = value_and_gradient(theta_vec, (3, 5, 3), debug_weights(5, 3), targets, lambda_, sigmoid)
    assert_close(value, J, FIGURE)
    if lambda_ == 0:
        assert_close(gradient, numbers(CHECK_GRADIENT), ALGEBRA)


def test_the_small_case_that_needs_no_data() -> None:
    theta_vec, X = np.arange(1, 19) / 10, np.cos([[1, 2], [3, 4], [5, 6]])
    targets = one_of([4, 2, 3], 4)
    assert_close(value_and_gradient(theta_vec, (2, 2, 4), X, targets, 0.0)[0], 7.40696985606575, FIGURE)
    J, gradient = value_and_gradient(theta_vec, (2, 2, 4), X, targets, 4.0)
    assert_close(J, 19.4736365227324, FIGURE)
    assert_close(gradient, numbers(SMALL_GRADIENT), FIGURE)


@st.composite
def networks(draw: st.DrawFn) -> tuple[Matrix, tuple[int, ...], Matrix, Matrix, float]:
    layer_sizes = tuple(draw(st.lists(st.integers(1, 4), min_size=2, max_size=4)))
    m = draw(st.integers(1, 4))
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = sum(units * (inputs + 1) for inputs, units in pairwise(layer_sizes))
    theta_vec = draw(st.sampled_from([0.1, 1.0, 3.0])) * generator.standard_normal(size)
    targets = generator.integers(0, 2, (m, layer_sizes[-1])).astype(float)
    lambda_ = draw(st.sampled_from([0.0, 0.5, 3.0]))
    return theta_vec, layer_sizes, generator.standard_normal((m, layer_sizes[0])), targets, lambda_


@settings(max_examples=50)
@given(networks())
def test_equals_backpropagation(network: tuple[Matrix, tuple[int, ...], Matrix, Matrix, float]) -> None:
    theta_vec, layer_sizes, X, targets, lambda_ = network
    y = targets if layer_sizes[-1] > 1 else targets[:, 0]
    J, grad_vec = cp.nn_cost_function(theta_vec, layer_sizes, X, y, lambda_)
    value, gradient = value_and_gradient(theta_vec, layer_sizes, X, targets, lambda_)
    assert_close(value, J, ALGEBRA)
    assert_close(gradient, grad_vec, ALGEBRA)
