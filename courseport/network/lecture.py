"""The lecture's formulas, line by line: forward propagation, the cost, the deltas and the gradient of a network.

This is the specification. The kernel computes the same sums fast, and the tests hold it to what stands here.

Names and numbers are the lecture's. Layers count from 1: ``a[1]`` is X, ``Theta[1]`` leads from layer 1 to layer 2, and
``a[L]`` is h. Each example is a row. Theta_l has the shape (s_{l+1}, s_l + 1); its column 0 belongs to the bias unit.
The Octave reference has the same lines under the same names in nnCostFunction.m (the course's network) and
nnCostFunctionGeneral.m (all activations, losses and penalties); further files are named beside their lines.

Parameters may be complex: a complex step differentiates J, and the gradient, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from courseport._checks import FloatArray
from courseport.network.activations import ActivationName, Array
from courseport.network.model import Examples, LossName, Model, build_model, check_examples

Layers = dict[int, Array]  # a matrix for each layer, by its number


def reshape(theta_vec: Array, model: Model) -> Layers:
    """Return Theta_1, ..., Theta_{L-1} of a real or complex theta_vec (reshapeThetas.m)."""
    shapes = model.layout.shapes
    parts = np.split(theta_vec, np.cumsum([rows * columns for rows, columns in shapes])[:-1])
    return {l: part.reshape(shape, order="F") for l, (part, shape) in enumerate(zip(parts, shapes, strict=True), 1)}


def forward(Theta: Layers, X: FloatArray, model: Model) -> tuple[Layers, Layers]:
    """Return a(1), ..., a(L) and z(2), ..., z(L), each of shape (m, s_l), without bias units (activation.m)."""
    L = len(Theta) + 1
    a: Layers = {1: X}
    z: Layers = {}
    for l in range(1, L):
        # [1 a(l)] Theta_l', without a copy of a(l) to hold the column of ones.
        z[l + 1] = a[l] @ Theta[l][:, 1:].T + Theta[l][:, 0]
        g = model.hidden if l + 1 < L else model.output
        a[l + 1] = g.value(z[l + 1])
    return a, z


def cost(theta_vec: Array, model: Model, examples: Examples, lambda_: float) -> Any:
    """Return J: the mean loss of the examples plus the penalty (lossFunction.m, penaltyFactor.m)."""
    Theta = reshape(theta_vec, model)
    a, z = forward(Theta, examples.matrix(), model)
    L, Y = len(Theta) + 1, examples.targets.matrix()
    if model.loss == "cross_entropy":
        # -y log h - (1 - y) log(1 - h), taken from z: h may round to 0 or 1, where its logarithm says nothing.
        losses = Y * _log_1p_exp(-z[L]) + (1 - Y) * _log_1p_exp(z[L])
    else:
        losses = (a[L] - Y) ** 2 / 2
    J = (examples.column_of_weights() * losses).sum() / examples.total
    factor = model.penalty_factor(lambda_, examples.total)
    return J + factor / 2 * sum((Theta[l][:, 1:] ** 2).sum() for l in Theta)


def deltas(Theta: Layers, a: Layers, z: Layers, Y: FloatArray, model: Model) -> Layers:
    """Return delta(l) = dcost(i)/dz(l) for l = L, ..., 2, each of shape (m, s_l) (outputDelta.m, nodeDeltas.m)."""
    L = len(Theta) + 1
    delta = {L: a[L] - Y}
    if model.loss == "squared_error":
        delta[L] = delta[L] * model.output.derivative(z[L])
    for l in range(L - 1, 1, -1):
        delta[l] = delta[l + 1] @ Theta[l][:, 1:] * model.hidden.derivative(z[l])
    return delta


def gradient(theta_vec: Array, model: Model, examples: Examples, lambda_: float) -> Array:
    """Return the gradient of J, unrolled like theta_vec (unroll.m)."""
    Theta = reshape(theta_vec, model)
    a, z = forward(Theta, examples.matrix(), model)
    delta = deltas(Theta, a, z, examples.targets.matrix(), model)
    factor = model.penalty_factor(lambda_, examples.total)
    D = {}
    for l in Theta:
        # 1/m delta(l+1)' [1 a(l)], and the penalty's slope for all but the bias.
        error = examples.column_of_weights() * delta[l + 1] / examples.total
        D[l] = np.column_stack([error.sum(axis=0), error.T @ a[l] + factor * Theta[l][:, 1:]])
    return np.concatenate([D[l].ravel(order="F") for l in Theta])


def node_deltas(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    X: ArrayLike,
    y: ArrayLike,
    *,
    hidden_activation: ActivationName = "sigmoid",
    output_activation: ActivationName = "sigmoid",
    loss: LossName = "cross_entropy",
) -> list[FloatArray]:
    """Return delta_j(l) = dcost(i)/dz_j(l) of every node j, layer l >= 2 and example i: nodeDeltas.m for all rows.

    cost(i) is the loss of example i alone, without 1/m and penalty. delta(L) = a(L) - y for the cross-entropy, times
    g'(z(L)) for the squared error; delta_j(l) = (sum_i Theta_ij(l) delta_i(l+1)) g'(z_j(l)), as in the lecture's
    intuition. The gradient of J without penalty is 1/m delta(l+1)' [1 a(l)], with a(l) from `forward_propagate`.

    Beside theta_vec, of shape (n,), the parameters are those of `NeuralNetworkCost`. Returns delta(2), ..., delta(L),
    each of shape (m, s_l): a row for each example. The bias units have none.
    """
    model = build_model(layer_sizes, hidden_activation, output_activation, loss)
    Theta = reshape(model.layout.check(theta_vec), model)
    examples = check_examples(model, X, y)
    a, z = forward(Theta, examples.matrix(), model)
    delta = deltas(Theta, a, z, examples.targets.matrix(), model)
    return [delta[l] for l in sorted(delta)]


def _log_1p_exp(z: Array) -> Array:
    """Return log(1 + e^z) without overflow, for real and complex z."""
    positive = z.real > 0
    return np.where(positive, z, 0) + np.log1p(np.exp(np.where(positive, -z, z)))
