"""The parts of ex4: the cost of a neural network and its gradient, with and without a penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
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


def _parts(arguments: tuple[Any, ...]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return Theta1, Theta2, a1 with ones, a2 with ones, a3 and the targets as a matrix."""
    theta, *sizes, X, y, _ = arguments
    Theta1, Theta2 = ThetaLayout(tuple(int(size) for size in sizes)).reshape(theta.ravel())
    a1 = np.hstack([np.ones((len(X), 1)), X])
    a2 = np.hstack([np.ones((len(X), 1)), sigmoid(a1 @ Theta1.T)])
    Y = np.equal(y, np.arange(1, Theta2.shape[0] + 1)) * 1.0
    return Theta1, Theta2, a1, a2, sigmoid(a2 @ Theta2.T), Y


def _with_J(change: Any) -> Any:
    """Return the outputs with the J `change(Y, h, m)`."""

    def outputs(*arguments: Any) -> Outputs:
        *_, h, Y = _parts(arguments)
        return change(Y, h, len(Y)), None

    return outputs


def _with_gradient(change: Any) -> Any:
    """Return the outputs with the gradient of `change(Theta1, Theta2, a1, a2, h, Y)`, two matrices."""

    def outputs(*arguments: Any) -> Outputs:
        parts = _parts(arguments)
        gradients = change(*parts)
        return None, column(np.concatenate([gradient.ravel(order="F") for gradient in gradients]))

    return outputs


def _backward(Theta2: FloatArray, a2: FloatArray, delta3: FloatArray, slope: Any = None) -> FloatArray:
    slopes = a2[:, 1:] * (1 - a2[:, 1:]) if slope is None else slope
    return delta3 @ Theta2[:, 1:] * slopes


def _gradients(
    Theta2: FloatArray, a1: FloatArray, a2: FloatArray, d3: FloatArray, slope: Any = None
) -> list[FloatArray]:
    return [_backward(Theta2, a2, d3, slope).T @ a1 / len(a1), d3.T @ a2 / len(a1)]


_J_MISTAKES = (
    Mistake(
        "1/m is missing in J",
        "Divide the sum over the examples by m.",
        _with_J(lambda Y, h, m: np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h))),
    ),
    Mistake(
        "J has the wrong sign",
        "J = 1/m * sum(sum(-Y.*log(h) - (1-Y).*log(1-h))).",
        _with_J(lambda Y, h, m: np.sum(Y * np.log(h) + (1 - Y) * np.log(1 - h)) / m),
    ),
    Mistake(
        "the term of the other units is missing in J",
        "Add -(1-Y).*log(1-h), over all the output units.",
        _with_J(lambda Y, h, m: np.sum(-Y * np.log(h)) / m),
    ),
    Mistake(
        "a matrix product in place of an elementwise one",
        "Use .* between Y and log(h), and sum twice; or take the trace.",
        _with_J(lambda Y, h, m: np.sum(-Y.T @ np.log(h) - (1 - Y).T @ np.log(1 - h)) / m),
    ),
    Mistake(
        "J is divided by 2*m",
        "The cost of the network has 1/m.",
        _with_J(lambda Y, h, m: np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h)) / (2 * m)),
    ),
)
_GRADIENT_MISTAKES = (
    Mistake(
        "1/m is missing in the gradient",
        "Divide the accumulated gradients by m.",
        _with_gradient(lambda T1, T2, a1, a2, h, Y: [len(Y) * g for g in _gradients(T2, a1, a2, h - Y)]),
    ),
    Mistake(
        "delta3 has the wrong sign",
        "delta3 = a3 - y, not y - a3.",
        _with_gradient(lambda T1, T2, a1, a2, h, Y: _gradients(T2, a1, a2, Y - h)),
    ),
    Mistake(
        "the sigmoid's gradient is missing in delta2",
        "delta2 = (Theta2' * delta3) .* sigmoidGradient(z2), without the bias.",
        _with_gradient(lambda T1, T2, a1, a2, h, Y: _gradients(T2, a1, a2, h - Y, 1.0)),
    ),
    Mistake(
        "sigmoidGradient of a2 in place of z2",
        "sigmoidGradient takes z2, not a2.",
        _with_gradient(
            lambda T1, T2, a1, a2, h, Y: _gradients(T2, a1, a2, h - Y, sigmoid(a2[:, 1:]) * sigmoid(-a2[:, 1:]))
        ),
    ),
    Mistake(
        "delta3 is multiplied with the sigmoid's gradient",
        "For this cost, delta3 = a3 - y alone.",
        _with_gradient(lambda T1, T2, a1, a2, h, Y: _gradients(T2, a1, a2, (h - Y) * h * (1 - h))),
    ),
)


def _penalised(J: Any, slope: Any) -> Any:
    """Return the outputs with the penalty `J(Theta1, Theta2, m, lambda)` and the slopes `slope(Theta, m, lambda)`."""

    def outputs(*arguments: Any) -> Outputs:
        Theta1, Theta2, *_, Y = _parts(arguments)
        cost, grad = right.nn_cost(*(*arguments[:-1], 0.0))
        strength, m = arguments[-1], len(Y)
        slopes = [slope(Theta, m, strength).ravel(order="F") for Theta in (Theta1, Theta2)]
        return cost + J(Theta1, Theta2, m, strength), grad + column(np.concatenate(slopes))

    return outputs


def _only_first(*arguments: Any) -> Outputs:
    """Return the outputs with a penalty of Theta1 alone."""
    Theta1, Theta2, *_, Y = _parts(arguments)
    cost, grad = right.nn_cost(*(*arguments[:-1], 0.0))
    slopes = column(np.concatenate([_no_bias(Theta1).ravel(order="F"), np.zeros(Theta2.size)]))
    return cost + arguments[-1] / (2 * len(Y)) * _squares(Theta1[:, 1:]), grad + arguments[-1] / len(Y) * slopes


def _squares(*thetas: FloatArray) -> float:
    return sum(float(np.sum(theta**2)) for theta in thetas)


def _no_bias(theta: FloatArray) -> FloatArray:
    return np.hstack([np.zeros((len(theta), 1)), theta[:, 1:]])


_PENALTY_MISTAKES = (
    Mistake(
        "the bias is penalised",
        "Leave out the first column of each Theta: Theta1(:, 2:end).",
        _penalised(lambda a, b, m, c: c / (2 * m) * _squares(a, b), lambda t, m, c: c / m * t),
    ),
    Mistake(
        "the penalty has 1/m in J, or 1/(2*m) in the gradient",
        "The penalty is lambda/(2*m) in J and lambda/m in the gradient.",
        _penalised(lambda a, b, m, c: c / m * _squares(a[:, 1:], b[:, 1:]), lambda t, m, c: c / (2 * m) * _no_bias(t)),
    ),
    Mistake(
        "the penalty is not divided by m",
        "The penalty is lambda/(2*m) in J and lambda/m in the gradient.",
        _penalised(lambda a, b, m, c: c / 2 * _squares(a[:, 1:], b[:, 1:]), lambda t, m, c: c * _no_bias(t)),
    ),
    Mistake(
        "lambda is missing in the penalty",
        "Multiply the penalty with lambda.",
        _penalised(lambda a, b, m, c: _squares(a[:, 1:], b[:, 1:]) / (2 * m), lambda t, m, c: _no_bias(t) / m),
    ),
    Mistake(
        "only Theta1 is penalised",
        "Both Thetas have a penalty.",
        _only_first,
    ),
    Mistake(
        "the first row is left out, not the first column",
        "The bias is the first column: Theta1(:, 2:end).",
        _penalised(
            lambda a, b, m, c: c / (2 * m) * _squares(a[1:], b[1:]),
            lambda t, m, c: c / m * np.vstack([0 * t[:1], t[1:]]),
        ),
    ),
)

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


_COMMON: dict[str, Any] = {"function": "nnCostFunction", "inputs": _INPUTS, "ours": right.nn_cost, "outputs": 2}
EX4 = (
    Part("ex4", "Feedforward and cost function", points=30, cases=_cases(0.0), mistakes=_J_MISTAKES, **_COMMON),
    Part(
        "ex4",
        "Regularized cost function",
        points=15,
        cases=_cases(1.0, 3.0),
        mistakes=_PENALTY_MISTAKES,
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
        mistakes=_GRADIENT_MISTAKES,
        **_COMMON,
    ),
    Part(
        "ex4",
        "Regularized gradient",
        points=10,
        cases=_cases(1.0, 3.0),
        judged=(1,),
        mistakes=_PENALTY_MISTAKES,
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
