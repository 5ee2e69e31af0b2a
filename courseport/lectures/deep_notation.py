"""Forward and backward in the deep-learning notation: W and b apart, examples in the columns, Z = W A + b.

Conventions
-----------
Layers are counted 0..L. ``W[l - 1]``, shape ``(n_l, n_{l-1})``, and ``b[l - 1]``, shape ``(n_l, 1)``, lead to layer l.
``X = A[0]`` has shape ``(n_0, m)``, one example a column, and ``Y`` shape ``(n_L, m)``. The numbers are those of the
course's notation: `deep_cost_function` equals `nn_cost_function`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.lectures.wb import (
    Matrices,
    check_columns,
    check_wb,
    check_weights,
    sizes_of,
    thetas_to_wb,
    wb_to_thetas,
)
from courseport.network.examples import check_targets
from courseport.network.model import Model, build_model


def deep_forward(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    X: ArrayLike,
    *,
    hidden_activation: str = "sigmoid",
    output_activation: str = "sigmoid",
) -> tuple[Matrices, Matrices]:
    """Forward propagation: Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l]).

    Parameters
    ----------
    W, b : sequence of array_like
        Weights of shape ``(n_l, n_{l-1})`` and biases of shape ``(n_l, 1)``.
    X : array_like, shape (n_0, m)
        One example a column.
    hidden_activation, output_activation : str, default "sigmoid"
        As for `NeuralNetworkCost`.

    Returns
    -------
    A : list of ndarray
        A[0] = X to A[L], shapes ``(n_l, m)``.
    Z : list of ndarray
        Z[1] to Z[L]; Python's ``Z[l - 1]`` is Z[l].
    """
    weights, biases = check_wb(W, b)
    model = build_model(sizes_of(weights), hidden_activation, output_activation, "squared_error")
    A, Z = [check_columns("X", X, weights[0].shape[1])], []
    for weight, bias in zip(weights, biases, strict=True):
        g = model.output if len(A) == len(weights) else model.hidden
        Z.append(weight @ A[-1] + bias)
        A.append(g.value(Z[-1]))
    return A, Z


def deep_cost(
    W: Sequence[ArrayLike], Z: Sequence[ArrayLike], Y: ArrayLike, lambda_: float = 0.0, **options: str
) -> float:
    """Return J = 1/m sum L(a, y) + c/2 sum W^2, with c = lambda/m or lambda.

    L(a, y) = -y log a - (1 - y) log(1 - a), computed from the logits ``Z[-1]``, or 1/2 (a - y)^2.

    Parameters
    ----------
    W : sequence of array_like
        The weights.
    Z : sequence of array_like
        What `deep_forward` returned; only Z[L] is used.
    Y : array_like, shape (n_L, m)
        Targets, one example a column.
    lambda_ : float, default 0.0
        Strength of the penalty, >= 0.
    **options : str
        hidden_activation, output_activation, loss and penalty, as for `NeuralNetworkCost`.
    """
    weights = check_weights(W)
    model = build_model(sizes_of(weights), **options)
    targets = _check_targets(Y, model)
    m = targets.shape[1]
    z = check_columns("Z[-1]", Z[-1], model.units, m)
    if model.loss == "cross_entropy":
        # log a = -log(1 + e^-z) and log(1 - a) = -log(1 + e^z): no logarithm of a rounded 0.
        losses = targets * np.logaddexp(0.0, -z) + (1.0 - targets) * np.logaddexp(0.0, z)
    else:
        losses = (model.output.value(z) - targets) ** 2 / 2
    squares = sum(float((weight**2).sum()) for weight in weights)
    slope = model.penalty_factor(_checks.lambda_(lambda_), m)
    return float(losses.sum() / m + slope / 2 * squares)


def deep_backward(
    W: Sequence[ArrayLike],
    A: Sequence[ArrayLike],
    Z: Sequence[ArrayLike],
    Y: ArrayLike,
    lambda_: float = 0.0,
    **options: str,
) -> tuple[Matrices, Matrices]:
    """Backpropagation: dW and db, the gradients of `deep_cost`.

    dZ[L] = A[L] - Y, times g'(Z[L]) for the squared error; dW[l] = 1/m dZ[l] A[l-1]' + c W[l]; db[l] = 1/m sum of the
    columns of dZ[l]; dZ[l-1] = W[l]' dZ[l] * g'(Z[l-1]).

    Parameters
    ----------
    W : sequence of array_like
        The weights.
    A, Z : sequence of array_like
        What `deep_forward` returned.
    Y, lambda_, **options
        As for `deep_cost`.

    Returns
    -------
    dW, db : list of ndarray
        Fresh arrays of the shapes of W and b.
    """
    weights = check_weights(W)
    model = build_model(sizes_of(weights), **options)
    targets = _check_targets(Y, model)
    m, sizes = targets.shape[1], model.layout.layer_sizes
    a, z = _check_layers("A", A, sizes, m), _check_layers("Z", Z, sizes[1:], m)
    slope = model.penalty_factor(_checks.lambda_(lambda_), m)
    dZ = a[-1] - targets
    if model.loss == "squared_error":
        dZ = dZ * model.output.derivative(z[-1])
    dW: Matrices = []
    db: Matrices = []
    for layer in range(len(weights) - 1, -1, -1):
        dW.insert(0, dZ @ a[layer].T / m + slope * weights[layer])
        db.insert(0, dZ.sum(axis=1, keepdims=True) / m)
        if layer:
            dZ = weights[layer].T @ dZ * model.hidden.derivative(z[layer - 1])
    return dW, db


def deep_cost_function(
    theta_vec: ArrayLike, layer_sizes: Sequence[int], X: ArrayLike, y: ArrayLike, lambda_: float = 0.0, **options: str
) -> tuple[float, FloatArray]:
    """Return J and its gradient by way of W and b: `nn_cost_function` in the other notation.

    Parameters
    ----------
    theta_vec, layer_sizes, X, y, lambda_, **options
        As for `nn_cost_function`: one example a row of X, and labels or a row of targets for each in y.

    Returns
    -------
    J : float
    grad_vec : ndarray of float64, shape (n,)
    """
    model = build_model(layer_sizes, **options)
    W, b = thetas_to_wb(model.layout.reshape(theta_vec))
    sizes = model.layout.layer_sizes
    rows = _checks.real_matrix("X", X, sizes[0], f" for layer sizes {sizes}")
    Y = check_targets(y, len(rows), model.units, model.loss).matrix().T
    A, Z = deep_forward(W, b, rows.T, hidden_activation=model.hidden.name, output_activation=model.output.name)
    dW, db = deep_backward(W, A, Z, Y, lambda_, **options)
    return deep_cost(W, Z, Y, lambda_, **options), model.layout.unroll(wb_to_thetas(dW, db))


def _check_targets(Y: ArrayLike, model: Model) -> FloatArray:
    targets = check_columns("Y", Y, model.units)
    if model.loss == "cross_entropy" and (targets.min() < 0 or targets.max() > 1):
        worst = targets.min() if targets.min() < 0 else targets.max()
        _checks.fail("Y", "hold targets between 0 and 1 for the cross-entropy", f"{worst:g}")
    return targets


def _check_layers(name: str, layers: Sequence[ArrayLike], sizes: Sequence[int], m: int) -> Matrices:
    if len(layers) != len(sizes):
        _checks.fail(name, f"hold {len(sizes)} matrices", len(layers))
    return [
        check_columns(f"{name}[{index}]", layer, size, m)
        for index, (layer, size) in enumerate(zip(layers, sizes, strict=True))
    ]
