"""J and the gradient of each kind of cost function, as the course writes them; and any part of them written wrongly.

What is right is told by these formulas, plain and slow, and the tests hold them to the package's own cost functions.
Each takes `ways`: what to put in the place of a part, where a known mistake shall be made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.special import expit as sigmoid

from courseport._checks import FloatArray

Values = Mapping[str, Any]  # the arguments of a cost function, by what they stand for: theta, X, y, lambda, ...
Ways = Mapping[str, Any]  # the wrong ways taken, by the part of the formula
Result = tuple[float, FloatArray]
Matrices = list[FloatArray]
Shapes = Sequence[tuple[int, int]]


def read(theta: FloatArray, shapes: Shapes, order: Any = "F") -> Matrices:
    """Return the matrices that theta is unrolled from."""
    pieces = np.split(theta, np.cumsum([rows * columns for rows, columns in shapes])[:-1])
    return [piece.reshape(shape, order=order) for piece, shape in zip(pieces, shapes, strict=True)]


def unroll(matrices: Matrices, order: Any = "F") -> FloatArray:
    """Return the matrices in one vector."""
    return np.concatenate([matrix.ravel(order=order) for matrix in matrices])


def without(theta: FloatArray, left_out: Any) -> FloatArray:
    """Return a copy with zeros at `left_out`."""
    kept = theta.copy()
    kept[left_out] = 0.0
    return kept


def add_column(number: float, a: FloatArray) -> FloatArray:
    """Return `a` with a column of that number before it."""
    return np.hstack([np.full((len(a), 1), number), a])


def slope(z: FloatArray) -> FloatArray:
    """Return g'(z)."""
    g = sigmoid(z)
    return np.asarray(g * (1 - g))


def log_loss(h: FloatArray, Y: FloatArray) -> FloatArray:
    """Return the cross-entropy of each example and unit."""
    return -Y * np.log(h) - (1 - Y) * np.log(1 - h)


def _log_loss_of_z(z: FloatArray, Y: FloatArray) -> FloatArray:
    """Return the same for h = g(z), also where h rounds to 0 or 1 and its logarithm says nothing."""
    return Y * np.logaddexp(0.0, -z) + (1 - Y) * np.logaddexp(0.0, z)


def one_hot(y: FloatArray, K: int) -> FloatArray:
    """Return a row for each label, with a 1 in its column."""
    return np.asarray(y[:, None] == np.arange(1, K + 1), dtype=np.float64)


# Each part of the formulas, written rightly. "penalty" is what stands for lambda, "scale" the factors of the gradient's
# data term and of its penalty. A layer is "first", "last", or "" where it is between them.
_SHARED: Ways = {
    "m": lambda X, K: X.shape[0],
    "examples": slice(None),
    "average": lambda total, m, K: total / m,
    "penalty": lambda strength, m: strength,
    "squares": lambda T: float((T**2).sum()),
    "scale": lambda m, layer: (1.0, 1.0),
    "J": 1.0,
}
_NETWORK: Ways = {
    **_SHARED,
    "read": read,
    "unroll": unroll,
    "targets": one_hot,
    "images": lambda X: X,
    "used": lambda Theta: Theta,
    "bias_unit": lambda a, layer: add_column(1.0, a),
    "sigmoid": lambda z: z,
    "hidden": sigmoid,
    "output": sigmoid,
    "loss": log_loss,
    "units": slice(None),
    "penalised": lambda T, layer: without(T, np.s_[:, :1]),
    "delta": lambda h, Y: h - Y,
    "slope": lambda z, a: slope(z),
    "back": lambda delta, T, slopes: (delta @ T[:, 1:]) * slopes,
    "below": lambda z, a: a,
}
_LINEAR: Ways = {
    **_SHARED,
    "used": lambda theta: theta,
    "hypothesis": lambda z: z,
    "loss": lambda h, y: (h - y) ** 2 / 2,
    "error": lambda h, y: h - y,
    "inputs": lambda X: X,
    "penalised": lambda theta: without(theta, 0),
    "penalised_in_gradient": None,
}
_LOGISTIC: Ways = {**_LINEAR, "hypothesis": sigmoid, "loss": log_loss}
_COFI: Ways = {
    **_SHARED,
    "read": read,
    "unroll": unroll,
    "rated": lambda R: R,
    "loss": lambda E: E**2,
    "average": lambda total, R: total / 2,
    "penalised": (1.0, 1.0),
    "error": lambda E: E,
}


def network(values: Values, ways: Ways) -> Result:
    """Return J and the gradient of a network with any number of layers."""
    w = SimpleNamespace(**{**_NETWORK, **ways})
    sizes = [int(size) for size in values["layer_sizes"]]
    Theta = w.read(np.asarray(values["theta"]), [(b, a + 1) for a, b in pairwise(sizes)])
    X, K = values["X"], sizes[-1]
    Y, m = w.targets(values["y"], K), w.m(X, K)
    layers = ["first", *[""] * (len(Theta) - 2), "last"][: len(Theta)]

    # forward
    used = w.used(Theta)
    z: Matrices = []
    a = [w.bias_unit(w.images(X), "first")]
    for T in used[:-1]:
        z.append(a[-1] @ T.T)
        a.append(w.bias_unit(w.hidden(w.sigmoid(z[-1])), ""))
    z_last = a[-1] @ used[-1].T
    h = w.output(w.sigmoid(z_last))

    # cost
    weights = [w.penalised(T, layer) for T, layer in zip(Theta, layers, strict=True)]
    losses = (w.loss(h, Y) if ways else _log_loss_of_z(z_last, Y))[w.examples, w.units]
    strength = w.penalty(values["lambda"], m)
    cost = w.average(float(losses.sum()), m, K) + strength / (2 * m) * sum(map(w.squares, weights))

    # gradient
    delta = w.delta(h, Y)
    D: Matrices = []
    for layer in reversed(range(len(Theta))):
        below = w.below(add_column(1.0, z[layer - 1]), a[layer]) if layer else a[0]
        Delta = delta[w.examples].T @ below[w.examples]
        penalty = strength / m * weights[layer]
        penalty = np.vstack([np.zeros((len(Delta) - len(penalty), penalty.shape[1])), penalty])  # delta kept the bias
        of_data, of_penalty = w.scale(m, layers[layer])
        D.insert(0, of_data * Delta / m + of_penalty * penalty)
        if layer:
            delta = w.back(delta, Theta[layer], w.slope(z[layer - 1], a[layer][:, 1:]))
    return cost * w.J, w.unroll(D)


def _regression(right: Ways) -> Callable[[Values, Ways], Result]:
    """Return the formula of linear or logistic regression; X holds its column of ones."""

    def formula(values: Values, ways: Ways) -> Result:
        w = SimpleNamespace(**{**right, **ways})
        theta, X, y = (values[role] for role in ("theta", "X", "y"))
        m = w.m(X, 1)
        z = X @ w.used(theta)
        h = w.hypothesis(z)
        weights, strength = w.penalised(theta), w.penalty(values["lambda"], m)
        losses = (_log_loss_of_z(z, y) if right is _LOGISTIC and not ways else w.loss(h, y))[w.examples]
        cost = w.average(float(losses.sum()), m, 1) + strength / (2 * m) * w.squares(weights)
        if w.penalised_in_gradient is not None:
            weights = w.penalised_in_gradient(theta)
        Delta = w.inputs(X)[w.examples].T @ w.error(h, y)[w.examples]
        of_data, of_penalty = w.scale(m, "")
        return cost * w.J, of_data * Delta / m + of_penalty * strength / m * weights

    return formula


linear, logistic = _regression(_LINEAR), _regression(_LOGISTIC)


def cofi(values: Values, ways: Ways) -> Result:
    """Return J and the gradient of collaborative filtering; the parameters are ``[X(:); Theta(:)]``."""
    w = SimpleNamespace(**{**_COFI, **ways})
    R = values["R"]
    movies, users, features = (int(values[f"num_{what}"]) for what in ("movies", "users", "features"))
    X, Theta = w.read(values["theta"], [(movies, features), (users, features)])
    E = (X @ Theta.T - values["Y"]) * w.rated(R)
    of_X, of_Theta = w.penalised
    strength = w.penalty(values["lambda"], movies)  # to divide by their number is right nowhere, and met in mistakes
    squares = of_X * w.squares(X) + of_Theta * w.squares(Theta)
    cost = w.average(float(w.loss(E).sum()), R) + strength / 2 * squares
    of_data, of_penalty = w.scale(movies, "")
    X_grad = of_data * w.error(E) @ Theta + of_penalty * strength * of_X * X
    Theta_grad = of_data * w.error(E).T @ X + of_penalty * strength * of_Theta * Theta
    return cost * w.J, w.unroll([X_grad, Theta_grad])
