"""The parts of ex4: the cost of a neural network and its gradient, with and without a penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport.crosscheck.grade import solutions as right
from courseport.crosscheck.grade.data import MAGIC3, column
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part
from courseport.network import ThetaLayout, debug_initialize_weights, sigmoid

_INPUTS = ("nn_params", "input_layer_size", "hidden_layer_size", "num_labels", "X", "y", "lambda")


def _network(sizes: tuple[int, int, int], m: int, scale: float, shift: int) -> tuple[Any, ...]:
    """Return the arguments before lambda, of a network with weights and data that are sines."""
    theta = np.sin(1.7 * np.arange(ThetaLayout(sizes).size) + shift) * scale
    X = np.cos(1.3 * np.arange(m * sizes[0]) + shift).reshape(m, sizes[0], order="F")
    y = column(1 + (3 * np.arange(m) + shift) % sizes[2])
    return column(theta), *map(float, sizes), X, y


def _debug_network() -> tuple[Any, ...]:
    """Return the network of checkNNGradients."""
    sizes = (3, 5, 3)
    X = debug_initialize_weights((2, 5)).reshape(5, 3, order="F")
    return column(debug_initialize_weights(sizes)), *map(float, sizes), X, column(1 + np.arange(1, 6) % 3)


_NETWORKS = (
    ("the network of checkNNGradients", _debug_network()),
    ("a 2-4-4 network", _network((2, 4, 4), 16, 1.0, 0)),
    ("a 4-3-3 network", _network((4, 3, 3), 7, 0.6, 1)),
    ("a label that never occurs", (*_network((3, 2, 5), 4, 0.8, 2)[:-1], column([1, 3, 3, 2]))),
)
_ONE = Case("one example", (*_network((3, 4, 3), 1, 0.5, 1), 0.0), required=False)


def _cases(*lambdas: float) -> tuple[Case, ...]:
    cases = [
        Case(name + (f", lambda {strength:g}" if strength else ""), (*network, strength))
        for name, network in _NETWORKS
        for strength in lambdas
    ]
    return tuple(cases) if 0.0 not in lambdas else (*cases, _ONE)


_SLOPE_CASES = (
    Case("a number", (0.0,)),
    Case("a row", (np.array([[-1.0, -0.5, 0, 0.5, 1]]),)),
    Case("a column", (column([-5, 0, 4]),)),
    Case("a matrix", (np.vstack([[[-1.0, -2, -3]], MAGIC3]),)),
)
_SLOPE_MISTAKES = (
    Mistake("the sigmoid itself", "g'(z) = g(z) .* (1 - g(z)).", lambda z: (sigmoid(z),)),
    Mistake(
        "z (1 - z) without the sigmoid",
        "g'(z) = sigmoid(z) .* (1 - sigmoid(z)).",
        lambda z: (np.multiply(z, np.subtract(1, z)),),
    ),
    Mistake(
        "g(z)^2 - g(z)", "g'(z) = g(z) .* (1 - g(z)): the sign.", lambda z: (-sigmoid(z) * sigmoid(-np.asarray(z)),)
    ),
)


def _initial_weights(outputs: list[Outputs]) -> str:
    """Say what is wrong with random weights, or nothing."""
    for (weights,), shape in zip(outputs, ((4, 4), (4, 4), (10, 26)), strict=True):
        if weights.shape != shape:
            return f"W is {weights.shape[0]}x{weights.shape[1]}, expected {shape[0]}x{shape[1]}: (L_out, 1 + L_in)"
    if np.array_equal(outputs[0][0], outputs[1][0]):
        return "it gives the same weights on every call"
    largest = float(np.abs(outputs[2][0]).max())
    if np.all(outputs[2][0] >= 0) or largest > 1:
        smallest = float(outputs[2][0].min())
        return f"expected weights from -epsilon_init to epsilon_init, 0.12; got {smallest:.3g} to {largest:.3g}"
    return ""


EPSILON = 1e-4  # of the central differences, checkNNGradients' own


def _gradient_check_cases() -> tuple[Case, ...]:
    """Return the network of checkNNGradients, and each of its weights a little more and a little less."""
    theta, *rest = _debug_network()
    steps = EPSILON * np.eye(theta.size)
    shifted = [theta + sign * step[:, None] for step in steps for sign in (1, -1)]
    return tuple(Case("the network of checkNNGradients", (vector, *rest, 3.0)) for vector in (theta, *shifted))


def _gradient_check(outputs: list[Outputs]) -> str:
    """Say where the gradient is not the slope of the function's own J, or nothing."""
    if len(outputs[0]) < 2:
        return "it returns no gradient"
    J = np.array([float(values[0].sum()) for values in outputs[1:]])
    slope, grad = (J[0::2] - J[1::2]) / (2 * EPSILON), outputs[0][1].ravel()
    if grad.size != slope.size:
        return f"the gradient has {grad.size} entries, expected {slope.size}"
    relative = float(np.linalg.norm(slope - grad) / max(float(np.linalg.norm(slope + grad)), 1e-300))
    return "" if relative < 1e-9 else f"the relative difference is {relative:.3g}, expected less than 1e-9"


_COMMON: dict[str, Any] = {
    "function": "nnCostFunction",
    "inputs": _INPUTS,
    "ours": right.nn_cost,
    "outputs": 2,
    "kind": "network",
}
EX4 = (
    Part("ex4", "Feedforward and cost function", points=30, cases=_cases(0.0), **_COMMON),
    Part(
        "ex4",
        "Regularized cost function",
        points=15,
        cases=_cases(1.0, 3.0),
        without=6,
        **_COMMON,
    ),
    Part(
        "ex4",
        "Sigmoid gradient",
        "sigmoidGradient",
        5,
        ("z",),
        right.sigmoid_slope,
        _SLOPE_CASES,
        mistakes=_SLOPE_MISTAKES,
    ),
    Part(
        "ex4",
        "Neural network gradient (backpropagation)",
        points=40,
        cases=_cases(0.0),
        judged=(1,),
        **_COMMON,
    ),
    Part(
        "ex4",
        "Regularized gradient",
        points=10,
        cases=_cases(1.0, 3.0),
        judged=(1,),
        without=6,
        **_COMMON,
    ),
    Part(
        "ex4",
        "Random weights (no points)",
        "randInitializeWeights",
        0,
        ("L_in", "L_out"),
        lambda *_: (),
        (Case("3 and 4 units", (3.0, 4.0)), Case("3 and 4 units", (3.0, 4.0)), Case("25 and 10 units", (25.0, 10.0))),
        check=_initial_weights,
    ),
    Part(
        "ex4", "checkNNGradients (no points)", points=0, cases=_gradient_check_cases(), check=_gradient_check, **_COMMON
    ),
)
