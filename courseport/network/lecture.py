"""The lecture's formulas, line by line, for any number type: the second route to every number of the fast one.

Examples are rows here and a column of ones is stacked for the bias, as on the slides. Complex parameters are welcome,
which is what the complex-step derivative needs. Speed is the business of `network`, not of this module.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport._checks import FloatArray
from courseport.network.activations import Array
from courseport.network.examples import Examples
from courseport.network.model import Model


def reshape(theta_vec: Array, model: Model) -> list[Array]:
    """Return the Thetas of a real or complex theta_vec, column by column."""
    ends = np.cumsum([rows * columns for rows, columns in model.layout.shapes])
    parts = np.split(theta_vec, ends[:-1])
    return [part.reshape(shape, order="F") for part, shape in zip(parts, model.layout.shapes, strict=True)]


def forward(thetas: list[Array], X: FloatArray, model: Model) -> tuple[list[Array], list[Array]]:
    """Return the logits z(2..L) and the activations a(1..L), each of shape (m, s_l), without bias units.

    a(1) = X; z(l+1) = [1 a(l)] Theta_l'; a(l+1) = g(z(l+1)).
    """
    logits: list[Array] = []
    activations: list[Array] = [X]
    for index, theta in enumerate(thetas):
        z = _with_bias(activations[-1]) @ theta.T
        g = model.output if index == len(thetas) - 1 else model.hidden
        logits.append(z)
        activations.append(g.value(z))
    return logits, activations


def cost(theta_vec: Array, model: Model, examples: Examples, lambda_: float) -> Any:
    """Return J, complex for complex theta_vec: (weighted) mean loss plus penalty."""
    thetas = reshape(theta_vec, model)
    logits, activations = forward(thetas, rows(examples), model)
    Y = examples.targets.matrix()
    if model.loss == "cross_entropy":
        # -y log h - (1-y) log(1-h) in the logits: log h = -softplus(-z), log(1-h) = -softplus(z).
        losses = Y * _softplus(-logits[-1]) + (1 - Y) * _softplus(logits[-1])
    else:
        losses = (activations[-1] - Y) ** 2 / 2
    squares = sum((theta[:, 1:] ** 2).sum() for theta in thetas)
    each = losses.sum(axis=1)
    total = each.sum() if examples.weights is None else each @ examples.weights
    return total / examples.total + model.penalty_slope(lambda_, examples.total) / 2 * squares


def deltas(thetas: list[FloatArray], model: Model, examples: Examples) -> list[FloatArray]:
    """Return delta(2), ..., delta(L), each of shape (m, s_l): dcost(i)/dz of every node and example.

    delta(L) = a(L) - y (cross-entropy) or (a(L) - y) g'(z(L)); delta(l) = Theta_l' delta(l+1), without the bias, times
    g'(z(l)).
    """
    logits, activations = forward(thetas, rows(examples), model)
    delta = activations[-1] - examples.targets.matrix()
    if model.loss == "squared_error":
        delta = delta * model.output.derivative(logits[-1])
    result = [delta]
    for theta, z in zip(reversed(thetas[1:]), reversed(logits[:-1]), strict=True):
        delta = delta @ theta[:, 1:] * model.hidden.derivative(z)
        result.insert(0, delta)
    return result


def gradient(theta_vec: FloatArray, model: Model, examples: Examples, lambda_: float) -> FloatArray:
    """Return the gradient of J, unrolled: D = delta(l+1)' [1 a(l)] / m, plus the penalty's slope without the bias."""
    thetas = reshape(theta_vec, model)
    _, activations = forward(thetas, rows(examples), model)
    weights = 1.0 if examples.weights is None else examples.weights[:, None]
    slope = model.penalty_slope(lambda_, examples.total)
    parts = []
    for theta, a, delta in zip(thetas, activations, deltas(thetas, model, examples), strict=False):
        D = (weights * delta).T @ _with_bias(a) / examples.total
        D[:, 1:] += slope * theta[:, 1:]
        parts.append(D.ravel(order="F"))
    return np.concatenate(parts)


def rows(examples: Examples) -> FloatArray:
    """Return all of X as one float64 array."""
    return np.asarray(examples.X[:], dtype=np.float64)


def _with_bias(a: Array) -> Array:
    return np.hstack([np.ones((a.shape[0], 1)), a])


def _softplus(z: NDArray[Any]) -> Array:
    """Return log(1 + e^z) without overflow, for real and complex z."""
    positive = z.real > 0
    decay = np.exp(np.where(positive, -z, z))
    return np.where(positive, z, 0) + np.log1p(decay)
