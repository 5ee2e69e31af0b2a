"""The network's formulas, written out plainly, each with the wrong ways to write it.

A `Choices` mapping names the wrong ways taken; an empty one gives the right J and gradient. This is not the package's
own implementation but a second one, for any number of layers, as slow and simple as it can be.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit as sigmoid

from courseport._checks import FloatArray
from courseport.crosscheck.cases import Values
from courseport.crosscheck.shared_formula import (
    AVERAGE,
    COUNT,
    GRADIENT_SCALE,
    LOSS,
    PENALTY_IN_GRADIENT,
    PENALTY_IN_J,
    RIGHT,
    SQUARES,
    Choices,
    pick,
)

Thetas = list[FloatArray]


def _one_hot(y: FloatArray, K: int) -> FloatArray:
    targets: FloatArray = (y[:, None] == np.arange(1, K + 1)).astype(np.float64)
    return targets


def _column_major(theta: FloatArray, shapes: list[tuple[int, int]]) -> Thetas:
    return _slices(theta, shapes, "F")


def _slices(theta: FloatArray, shapes: list[tuple[int, int]], order: Any) -> Thetas:
    ends = np.cumsum([rows * columns for rows, columns in shapes])
    pieces = np.split(theta, ends[:-1])
    return [piece.reshape(shape, order=order) for piece, shape in zip(pieces, shapes, strict=True)]


READ: dict[str, Callable[[FloatArray, list[tuple[int, int]]], Thetas]] = {
    RIGHT: _column_major,
    "row-major": lambda theta, shapes: _slices(theta, shapes, "C"),
    "last Theta first": lambda theta, shapes: _slices(theta, shapes[::-1], "F")[::-1],
}
UNROLL: dict[str, Callable[[Thetas], FloatArray]] = {
    RIGHT: lambda D: np.concatenate([d.ravel(order="F") for d in D]),
    "row-major": lambda D: np.concatenate([d.ravel() for d in D]),
    "exchanged": lambda D: np.concatenate([d.ravel(order="F") for d in D[::-1]]),
    "exchanged, row-major": lambda D: np.concatenate([d.ravel() for d in D[::-1]]),
}
TARGETS: dict[str, Callable[[FloatArray, int], FloatArray]] = {
    RIGHT: _one_hot,
    "one up": lambda y, K: _one_hot(y + 1, K),
    "one up, the last first": lambda y, K: _one_hot(y % K + 1, K),
    "one down": lambda y, K: _one_hot(y - 1, K),
    "one down, the first last": lambda y, K: _one_hot((y - 2) % K + 1, K),
    "numbers": lambda y, K: np.repeat(y[:, None], K, axis=1),
    "reversed": lambda y, K: _one_hot(K + 1 - y, K),
}
BIAS_UNIT: dict[str, Callable[[FloatArray, bool], FloatArray]] = {
    RIGHT: lambda a, _: np.hstack([np.ones((len(a), 1)), a]),
    "last": lambda a, _: np.hstack([a, np.ones((len(a), 1))]),
    "through the sigmoid": lambda a, first: np.hstack([np.full((len(a), 1), 1.0 if first else sigmoid(1.0)), a]),
    "zeros": lambda a, first: np.hstack([np.full((len(a), 1), 1.0 if first else 0.0), a]),
}
HIDDEN: dict[str, Callable[[FloatArray], FloatArray]] = {
    RIGHT: sigmoid,
    "none": lambda z: z,
    "tanh": np.tanh,
}
OUTPUT: dict[str, Callable[[FloatArray], FloatArray]] = {
    RIGHT: sigmoid,
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
    "twice": lambda z: sigmoid(sigmoid(z)),
}
SLOPE: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda z, _: sigmoid(z) * (1 - sigmoid(z)),
    "left out": lambda z, _: np.ones_like(z),
    "of a": lambda _, a: sigmoid(a) * (1 - sigmoid(a)),
    "z (1 - z)": lambda z, _: z * (1 - z),
    "sigmoid alone": lambda z, _: sigmoid(z),
    "1 - sigmoid": lambda z, _: 1 - sigmoid(z),
    "1 - a^2": lambda _, a: 1 - a**2,
}
# What of a Theta is penalised, from the Theta and whether it is the first, the last, or neither.
PENALISED: dict[str, Callable[[FloatArray, str], FloatArray]] = {
    RIGHT: lambda Theta, _: _without(Theta, np.s_[:, :1]),
    "all": lambda Theta, _: Theta,
    "all of the first": lambda Theta, which: Theta if which == "first" else _without(Theta, np.s_[:, :1]),
    "all of the last": lambda Theta, which: Theta if which == "last" else _without(Theta, np.s_[:, :1]),
    "all but the last column": lambda Theta, _: _without(Theta, np.s_[:, -1:]),
    "all but the first row": lambda Theta, _: _without(Theta, np.s_[:1, :]),
    "all but the first element": lambda Theta, _: _without(Theta, np.s_[:1, :1]),
    "the first only": lambda Theta, which: _without(Theta, np.s_[:, :1]) * (which == "first"),
    "the last only": lambda Theta, which: _without(Theta, np.s_[:, :1]) * (which == "last"),
}
_SLOPE_AT_1: float = float(sigmoid(1.0) * (1.0 - sigmoid(1.0)))
# How delta goes back through Theta: which columns, and which slope stands in the bias unit's place.
BACK: dict[str, Callable[[FloatArray, FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda delta, Theta, slope: (delta @ Theta[:, 1:]) * slope,
    "last column dropped": lambda delta, Theta, slope: (delta @ Theta[:, :-1]) * slope,
    "with the bias": lambda delta, Theta, slope: (delta @ Theta) * np.insert(slope, 0, 0.0, axis=1),
    "with the bias, g'(1)": lambda delta, Theta, slope: (delta @ Theta) * np.insert(slope, 0, _SLOPE_AT_1, axis=1),
    "with the bias, 1": lambda delta, Theta, slope: (delta @ Theta) * np.insert(slope, 0, 1.0, axis=1),
}
OUTPUT_DELTA: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda h, Y: h - Y,
    "sign": lambda h, Y: Y - h,
    "times g'": lambda h, Y: (h - Y) * h * (1 - h),
    "squared": lambda h, Y: (h - Y) ** 2,
    "thresholded": lambda h, Y: (h >= 0.5) - Y,
}


class _Examples(NamedTuple):
    """The targets, what the mean is taken over, and lambda."""

    Y: FloatArray
    m: int
    strength: float


def network_answer(values: Values, choices: Choices) -> tuple[float, FloatArray]:
    """Return J and the gradient as a file with the mistakes of `choices` would."""
    sizes = [int(size) for size in values["layer_sizes"]]
    shapes = [(b, a + 1) for a, b in pairwise(sizes)]
    Theta = pick(READ, choices, "read")(np.asarray(values["theta"]), shapes)
    Y = pick(TARGETS, choices, "targets")(values["y"], sizes[-1])
    z, a, h = _forward(Theta, _images(values["X"], choices), choices)
    examples = _Examples(Y, pick(COUNT, choices, "m")(values["X"]), values["lambda"])
    return _cost(Theta, h, examples, choices), _gradient(Theta, (z, a, h), examples, choices)


def _forward(Theta: Thetas, X: FloatArray, choices: Choices) -> tuple[Thetas, Thetas, FloatArray]:
    """Return z of the layers above the input, a with its bias unit of those below the output, and h."""
    add_bias = pick(BIAS_UNIT, choices, "bias unit")
    if choices.get("theta") == "bias zeroed":
        Theta = [np.hstack([np.zeros((len(T), 1)), T[:, 1:]]) for T in Theta]
    sign = -1.0 if choices.get("sigmoid") == "sign" else 1.0
    z: Thetas = []
    a = [add_bias(X, True)]
    for T in Theta[:-1]:
        z.append(a[-1] @ T.T)
        a.append(add_bias(pick(HIDDEN, choices, "hidden")(sign * z[-1]), False))
    z.append(a[-1] @ Theta[-1].T)
    return z, a, pick(OUTPUT, choices, "output")(sign * z[-1])


def _cost(Theta: Thetas, h: FloatArray, examples: _Examples, choices: Choices) -> float:
    Y, m, strength = examples
    losses = pick(LOSS, choices, "loss")(h, Y)
    if choices.get("examples") == "last only":
        losses = losses[-1:]
    if choices.get("units") == "first only":
        losses = losses[:, :1]
    squares = sum(pick(SQUARES, choices, "squares")(T) for T in _penalised(Theta, choices))
    J = pick(AVERAGE, choices, "average")(float(losses.sum()), m, Y.shape[1])
    return (J + pick(PENALTY_IN_J, choices, "penalty")(strength, m) * squares) * (choices.get("J") != "zero")


def _gradient(
    Theta: Thetas, forward: tuple[Thetas, Thetas, FloatArray], examples: _Examples, choices: Choices
) -> FloatArray:
    z, a, h = forward
    Y, m, strength = examples
    kept = slice(-1, None) if choices.get("examples") == "last only" else slice(None)
    back, slope = pick(BACK, choices, "back"), pick(SLOPE, choices, "slope")
    delta = pick(OUTPUT_DELTA, choices, "output delta")(h, Y)
    D: Thetas = []
    for layer in reversed(range(len(Theta))):
        below = a[layer]
        if choices.get("Delta") == "z for a" and layer:
            below = np.hstack([below[:, :1], z[layer - 1]])
        D.insert(0, delta[kept].T @ below[kept])
        if layer:
            delta = back(delta, Theta[layer], slope(z[layer - 1], a[layer][:, 1:]))
    scale = pick(GRADIENT_SCALE, choices, "gradient")
    factor = pick(PENALTY_IN_GRADIENT, choices, "penalty")(strength, m)
    for layer, weights in enumerate(_penalised(Theta, choices)):
        penalty = factor * weights
        missing = len(D[layer]) - len(penalty)  # a row more where delta has kept the bias
        D[layer] = scale(D[layer], np.vstack([np.zeros((missing, penalty.shape[1])), penalty]), m)
    return pick(UNROLL, choices, "unroll")(D)


def _penalised(Theta: Thetas, choices: Choices) -> Thetas:
    """Return each Theta with zeros for what is not penalised."""
    ways = pick(PENALISED, choices, "penalised")
    last = len(Theta) - 1
    return [ways(T, "first" if layer == 0 else "last" if layer == last else "") for layer, T in enumerate(Theta)]


def _images(X: FloatArray, choices: Choices) -> FloatArray:
    """Return X, or its square images transposed."""
    side = round(X.shape[1] ** 0.5)
    if choices.get("images") != "transposed" or side * side != X.shape[1]:
        return X
    return X.reshape(-1, side, side).transpose(0, 2, 1).reshape(X.shape)


def _without(Theta: FloatArray, left_out: Any) -> FloatArray:
    kept = Theta.copy()
    kept[left_out] = 0.0
    return kept
