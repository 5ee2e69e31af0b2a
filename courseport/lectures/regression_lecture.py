"""Algorithms 1 to 3 of the regression lecture, on weights W and biases b: by nodes, by vectors, by batches.

The cost is J = 1/m sum 1/2 |a(L) - y|^2 + lambda/2 sum W^2: the squared error with the penalty "lambda/2". Shapes are
those of `deep_notation`; one example is a vector x of shape ``(n_0,)`` and y of shape ``(n_L,)``. The activations are
given by name, hidden_activation and output_activation as for `NeuralNetworkCost`: by default "sigmoid" and "linear".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.lectures.deep_notation import Matrices, check_columns, check_wb, deep_backward, deep_cost, deep_forward
from courseport.network.activations import ACTIVATIONS
from courseport.network.model import ActivationNames, ModelNames

DEFAULTS: ActivationNames = {"hidden_activation": "sigmoid", "output_activation": "linear"}


def backprop_nodes(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    **activations: Unpack[ActivationNames],
) -> tuple[Matrices, Matrices]:
    """Algorithm 1: dW and db of one example's 1/2 |a(L) - y|^2, node by node.

    delta_i(L) = -(y_i - a_i) g'(z_i); delta_i(l) = (sum_j W_ji(l) delta_j(l+1)) g'(z_i(l)); dJ/dW_ij(l) = a_j(l)
    delta_i(l+1); dJ/db_i(l) = delta_i(l+1). Loops over every node, for reading; `backprop_vectors` is the same, fast.
    """
    weights, biases, inputs, targets = _check_example(W, b, x, y)
    names: ActivationNames = {**DEFAULTS, **activations}
    a, z = ([layer[:, 0] for layer in layers] for layers in deep_forward(weights, biases, inputs, **names))
    output, hidden = ACTIVATIONS[names["output_activation"]], ACTIVATIONS[names["hidden_activation"]]
    last = len(weights) - 1
    deltas = [np.zeros(len(weight)) for weight in weights]
    for i in range(len(deltas[last])):
        deltas[last][i] = -(targets[i, 0] - a[-1][i]) * output.derivative(z[last][i : i + 1])[0]
    for layer in range(last - 1, -1, -1):
        for i in range(len(deltas[layer])):
            total = sum(weights[layer + 1][j, i] * delta for j, delta in enumerate(deltas[layer + 1]))
            deltas[layer][i] = total * hidden.derivative(z[layer][i : i + 1])[0]
    dW = [np.array([[a_j * delta for a_j in a[layer]] for delta in deltas[layer]]) for layer in range(last + 1)]
    return dW, [delta[:, None] for delta in deltas]


def backprop_vectors(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    **activations: Unpack[ActivationNames],
) -> tuple[Matrices, Matrices]:
    """Algorithm 2: `backprop_nodes` with vectors.

    delta(L) = -(y - a(L)) * g'(z(L)); delta(l) = W(l)' delta(l+1) * g'(z(l)); dW(l) = delta(l+1) a(l)'; db(l) =
    delta(l+1): the deep-learning notation with a single column.
    """
    weights, biases, inputs, targets = _check_example(W, b, x, y)
    names: ActivationNames = {**DEFAULTS, **activations}
    A, Z = deep_forward(weights, biases, inputs, **names)
    return deep_backward(weights, A, Z, targets, 0.0, loss="squared_error", **names)


def batch_gradient_descent(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    X: ArrayLike,
    Y: ArrayLike,
    *,
    alpha: float,
    lambda_: float = 0.0,
    iterations: int = 1000,
    **activations: Unpack[ActivationNames],
) -> tuple[Matrices, Matrices, FloatArray]:
    """Algorithm 3: W := W - alpha (1/m Delta_W + lambda W), b := b - alpha/m Delta_b, for all examples at once.

    X and Y, shapes ``(n_0, m)`` and ``(n_L, m)``, hold one example a column; alpha is the learning rate, > 0. Returns W
    and b after the last iteration, and J at the start and after every iteration. Where J is not finite, alpha is too
    large: a RuntimeError.
    """
    alpha, iterations = _checks.number("alpha", alpha, above=0.0), _checks.whole_number("iterations", iterations, 0)
    names: ActivationNames = {**DEFAULTS, **activations}
    options: ModelNames = {"loss": "squared_error", "penalty": "lambda/2", **names}
    weights, biases = ([matrix.copy() for matrix in matrices] for matrices in check_wb(W, b))
    X = check_columns("X", X, weights[0].shape[1])
    Y = check_columns("Y", Y, len(weights[-1]), X.shape[1])
    history = np.empty(iterations + 1)
    # What overflow would warn of is looked for, and raised.
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(iterations + 1):
            A, Z = deep_forward(weights, biases, X, **names)
            _check_finite(step, alpha, *A, *Z)
            history[step] = deep_cost(weights, Z, Y, lambda_, **options)
            _check_finite(step, alpha, history[step])
            if step < iterations:
                dW, db = deep_backward(weights, A, Z, Y, lambda_, **options)
                weights = [weight - alpha * slope for weight, slope in zip(weights, dW, strict=True)]
                biases = [bias - alpha * slope for bias, slope in zip(biases, db, strict=True)]
                _check_finite(step, alpha, *weights, *biases)
    return weights, biases, history


def _check_finite(step: int, alpha: float, *values: ArrayLike) -> None:
    if not all(np.isfinite(value).all() for value in values):
        raise RuntimeError(f"J is not finite after {step} iterations: the learning rate alpha = {alpha:g} is too large")


def _check_example(
    W: Sequence[ArrayLike], b: Sequence[ArrayLike], x: ArrayLike, y: ArrayLike
) -> tuple[Matrices, Matrices, FloatArray, FloatArray]:
    """Return W and b, and x and y as columns."""
    weights, biases = check_wb(W, b)
    inputs = _checks.real_vector("x", x, weights[0].shape[1], ", one entry for each column of W1")
    targets = _checks.real_vector("y", y, len(weights[-1]), f", one entry for each row of W{len(weights)}")
    return weights, biases, inputs[:, None], targets[:, None]
