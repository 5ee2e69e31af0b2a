"""The deep-learning notation: weights W and biases b apart, examples in the columns, Z = W A + b.

Layers are counted 0..L. ``W[l - 1]``, shape ``(n_l, n_{l-1})``, and ``b[l - 1]``, shape ``(n_l, 1)``, lead to layer l:
they are the course's Theta without and with only its column 0, ``Theta = [b W]``. ``X = A[0]`` has the shape
``(n_0, m)`` and Y ``(n_L, m)``. J and gradient are those of the course's notation: `deep_cost_function` equals
`nn_cost_function`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network.activations import ActivationName
from courseport.network.model import Model, ModelNames, build_model, check_examples
from courseport.network.unrolling import layer_sizes_of

Matrices = list[FloatArray]


def thetas_to_wb(thetas: Sequence[ArrayLike]) -> tuple[Matrices, Matrices]:
    """Split Theta_l, shape ``(n_l, n_{l-1} + 1)``, into fresh weights W and biases b, bit for bit."""
    layer_sizes_of(thetas)
    matrices = [np.asarray(theta, dtype=np.float64) for theta in thetas]
    return [theta[:, 1:].copy() for theta in matrices], [theta[:, :1].copy() for theta in matrices]


def wb_to_thetas(W: Sequence[ArrayLike], b: Sequence[ArrayLike]) -> Matrices:
    """Join weights and biases (each a column or a vector) to fresh Theta_l = [b W]: the inverse of `thetas_to_wb`."""
    weights, biases = check_wb(W, b)
    return [np.hstack(pair) for pair in zip(biases, weights, strict=True)]


def deep_forward(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    X: ArrayLike,
    *,
    hidden_activation: ActivationName = "sigmoid",
    output_activation: ActivationName = "sigmoid",
) -> tuple[Matrices, Matrices]:
    """Forward propagation: Z[l] = W[l] A[l-1] + b[l], A[l] = g(Z[l]).

    Returns A[0] = X to A[L], and Z[1] to Z[L], all of shapes ``(n_l, m)``; Python's ``Z[l - 1]`` is Z[l]. The
    activations are named as for `NeuralNetworkCost`.
    """
    weights, biases = check_wb(W, b)
    model = build_model(_sizes_of(weights), hidden_activation, output_activation, "squared_error")
    A, Z = [check_columns("X", X, weights[0].shape[1])], []
    for weight, bias in zip(weights, biases, strict=True):
        g = model.output if len(A) == len(weights) else model.hidden
        Z.append(weight @ A[-1] + bias)
        A.append(g.value(Z[-1]))
    return A, Z


def deep_cost(
    W: Sequence[ArrayLike], Z: Sequence[ArrayLike], Y: ArrayLike, lambda_: float = 0.0, **options: Unpack[ModelNames]
) -> float:
    """Return J = 1/m sum L(a, y) + c/2 sum W^2, with c = lambda/m or lambda.

    L(a, y) = -y log a - (1 - y) log(1 - a), computed from the logits ``Z[-1]``, or 1/2 (a - y)^2. Z is what
    `deep_forward` returned, of which only Z[L] is used; Y, shape ``(n_L, m)``, holds the targets. The options are the
    hidden_activation, output_activation, loss and penalty of `NeuralNetworkCost`.
    """
    weights, model, targets = _check(W, Y, options)
    m = targets.shape[1]
    z = check_columns("Z[-1]", Z[-1], model.units, m)
    if model.loss == "cross_entropy":
        # log a = -log(1 + e^-z) and log(1 - a) = -log(1 + e^z): no logarithm of a rounded 0.
        losses = targets * np.logaddexp(0.0, -z) + (1.0 - targets) * np.logaddexp(0.0, z)
    else:
        losses = (model.output.value(z) - targets) ** 2 / 2
    c = model.penalty_factor(_checks.lambda_(lambda_), m)
    return float(losses.sum() / m + c / 2 * sum(float((weight**2).sum()) for weight in weights))


def deep_backward(
    W: Sequence[ArrayLike],
    A: Sequence[ArrayLike],
    Z: Sequence[ArrayLike],
    Y: ArrayLike,
    lambda_: float = 0.0,
    **options: Unpack[ModelNames],
) -> tuple[Matrices, Matrices]:
    """Backpropagation: fresh dW and db, the gradients of `deep_cost`, in the shapes of W and b.

    dZ[L] = A[L] - Y, times g'(Z[L]) for the squared error; dW[l] = 1/m dZ[l] A[l-1]' + c W[l]; db[l] = 1/m sum of the
    columns of dZ[l]; dZ[l-1] = W[l]' dZ[l] * g'(Z[l-1]). A and Z are what `deep_forward` returned; the other parameters
    are those of `deep_cost`.
    """
    weights, model, targets = _check(W, Y, options)
    m, sizes = targets.shape[1], model.layout.layer_sizes
    a, z = _check_layers("A", A, sizes, m), _check_layers("Z", Z, sizes[1:], m)
    c = model.penalty_factor(_checks.lambda_(lambda_), m)
    dZ = a[-1] - targets
    if model.loss == "squared_error":
        dZ = dZ * model.output.derivative(z[-1])
    dW: Matrices = []
    db: Matrices = []
    for layer in range(len(weights) - 1, -1, -1):
        dW.insert(0, dZ @ a[layer].T / m + c * weights[layer])
        db.insert(0, dZ.sum(axis=1, keepdims=True) / m)
        if layer:
            dZ = weights[layer].T @ dZ * model.hidden.derivative(z[layer - 1])
    return dW, db


def deep_cost_function(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    X: ArrayLike,
    y: ArrayLike,
    lambda_: float = 0.0,
    **options: Unpack[ModelNames],
) -> tuple[float, FloatArray]:
    """Return J and its gradient by way of W and b: `nn_cost_function`, with its parameters, in the other notation."""
    model = build_model(layer_sizes, **options)
    W, b = thetas_to_wb(model.layout.reshape(theta_vec))
    examples = check_examples(model, X, y)
    Y = examples.targets.matrix().T
    names = (model.hidden.name, model.output.name)
    A, Z = deep_forward(W, b, examples.matrix().T, hidden_activation=names[0], output_activation=names[1])
    dW, db = deep_backward(W, A, Z, Y, lambda_, **options)
    return deep_cost(W, Z, Y, lambda_, **options), model.layout.unroll(wb_to_thetas(dW, db))


def check_wb(W: Sequence[ArrayLike], b: Sequence[ArrayLike]) -> tuple[Matrices, Matrices]:
    """Return W and b as float64 matrices that fit one another; each bias as a column."""
    weights = _check_weights(W)
    if len(b) != len(weights):
        _checks.fail("b", f"hold {len(weights)} arrays, one for each of W", len(b))
    biases = []
    for i, (bias, weight) in enumerate(zip(b, weights, strict=True), start=1):
        rows = len(weight)
        array = _checks.real_array(f"b{i}", bias, f"an array of shape ({rows}, 1)")
        if array.shape not in {(rows, 1), (rows,)}:
            _checks.fail(f"b{i}", f"have shape ({rows}, 1)", array.shape)
        biases.append(_checks.finite(f"b{i}", array.astype(np.float64).reshape(rows, 1)))
    return weights, biases


def check_columns(name: str, value: ArrayLike, rows: int, columns: int | None = None) -> FloatArray:
    """Return a float64 matrix of `rows` rows with one example a column."""
    matrix = _checks.real_matrix(name, value)
    if matrix.shape[0] != rows or columns not in (None, matrix.shape[1]):
        _checks.fail(name, f"have shape ({rows}, {'m' if columns is None else columns})", matrix.shape)
    return matrix


def _check_weights(W: Sequence[ArrayLike]) -> Matrices:
    if len(W) == 0:
        _checks.fail("W", "hold at least one matrix", "none")
    weights: Matrices = []
    for i, matrix in enumerate(W):
        columns = len(weights[-1]) if weights else None
        why = f", a column for each row of W{i}" if weights else ""
        weights.append(_checks.real_matrix(f"W{i + 1}", matrix, columns, why))
    return weights


def _sizes_of(weights: Matrices) -> tuple[int, ...]:
    return (weights[0].shape[1], *(len(matrix) for matrix in weights))


def _check(W: Sequence[ArrayLike], Y: ArrayLike, options: ModelNames) -> tuple[Matrices, Model, FloatArray]:
    weights = _check_weights(W)
    model = build_model(_sizes_of(weights), **options)
    targets = check_columns("Y", Y, model.units)
    if model.loss == "cross_entropy" and (targets.min() < 0 or targets.max() > 1):
        worst = targets.min() if targets.min() < 0 else targets.max()
        _checks.fail("Y", "hold targets between 0 and 1 for the cross-entropy", f"{worst:g}")
    return weights, model, targets


def _check_layers(name: str, layers: Sequence[ArrayLike], sizes: Sequence[int], m: int) -> Matrices:
    if len(layers) != len(sizes):
        _checks.fail(name, f"hold {len(sizes)} matrices", len(layers))
    pairs = enumerate(zip(layers, sizes, strict=True))
    return [check_columns(f"{name}[{index}]", layer, size, m) for index, (layer, size) in pairs]
