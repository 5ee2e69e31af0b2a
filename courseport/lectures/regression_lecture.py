"""Algorithms 1 to 3 of the regression lecture, on weights W and biases b: by nodes, by vectors, by batches.

The cost is J = 1/m sum 1/2 |a(L) - y|^2 + lambda/2 sum W^2: the squared error with the penalty "lambda/2". Shapes are
those of `deep_notation`; one example is a vector x of shape ``(n_0,)`` and y of shape ``(n_L,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.lectures.wb import Matrices, check_columns, check_wb, sizes_of
from courseport.network.activations import Activation
from courseport.network.model import Model, build_model


class Descent(NamedTuple):
    """What `batch_gradient_descent` returns.

    Attributes
    ----------
    W, b : list of ndarray
        Weights and biases after the last iteration.
    history : ndarray, shape (iterations + 1,)
        J at the start and after every iteration.
    """

    W: Matrices
    b: Matrices
    history: FloatArray


def backprop_nodes(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    *,
    hidden_activation: str = "sigmoid",
    output_activation: str = "linear",
) -> tuple[Matrices, Matrices]:
    """Algorithm 1: backpropagation of one example, node by node.

    delta_i(L) = -(y_i - a_i) g'(z_i); delta_i(l) = (sum_j W_ji(l) delta_j(l+1)) g'(z_i(l)); dJ/dW_ij(l) = a_j(l)
    delta_i(l+1); dJ/db_i(l) = delta_i(l+1). Loops over every node, for reading; `backprop_vectors` is the same, fast.

    Parameters
    ----------
    W, b : sequence of array_like
        Weights of shape ``(n_l, n_{l-1})`` and biases of shape ``(n_l, 1)``.
    x, y : array_like, shapes (n_0,) and (n_L,)
        The example's inputs and targets.
    hidden_activation, output_activation : str
        As for `NeuralNetworkCost`; "sigmoid" and "linear" by default.

    Returns
    -------
    dW, db : list of ndarray
        The gradients of the example's 1/2 |a(L) - y|^2, in the shapes of W and b.
    """
    weights, biases, inputs, targets, model = _check_example(W, b, x, y, (hidden_activation, output_activation))
    a, z = _forward_nodes(weights, biases, inputs, model)
    last = len(weights) - 1
    deltas = [[0.0] * len(weight) for weight in weights]
    for i in range(model.units):
        deltas[last][i] = -(targets[i] - a[-1][i]) * _slope(model.output, z[last][i])
    for layer in range(last - 1, -1, -1):
        for i in range(len(weights[layer])):
            total = sum(float(weights[layer + 1][j, i]) * delta for j, delta in enumerate(deltas[layer + 1]))
            deltas[layer][i] = total * _slope(model.hidden, z[layer][i])
    dW = [np.array([[a_j * delta for a_j in a[layer]] for delta in deltas[layer]]) for layer in range(last + 1)]
    return dW, [np.array(delta)[:, None] for delta in deltas]


def backprop_vectors(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    *,
    hidden_activation: str = "sigmoid",
    output_activation: str = "linear",
) -> tuple[Matrices, Matrices]:
    """Algorithm 2: backpropagation of one example with vectors.

    delta(L) = -(y - a(L)) * g'(z(L)); delta(l) = W(l)' delta(l+1) * g'(z(l)); dW(l) = delta(l+1) a(l)'; db(l) =
    delta(l+1). Parameters, returned values and errors are those of `backprop_nodes`.
    """
    weights, biases, inputs, targets, model = _check_example(W, b, x, y, (hidden_activation, output_activation))
    return _sums(weights, biases, inputs[:, None], targets[:, None], model)[1:]


def batch_gradient_descent(
    W: Sequence[ArrayLike],
    b: Sequence[ArrayLike],
    X: ArrayLike,
    Y: ArrayLike,
    *,
    alpha: float,
    lambda_: float = 0.0,
    iterations: int = 1000,
    hidden_activation: str = "sigmoid",
    output_activation: str = "linear",
) -> Descent:
    """Algorithm 3: batch gradient descent, W := W - alpha (1/m Delta_W + lambda W), b := b - alpha/m Delta_b.

    Delta_W and Delta_b, the sums of the examples' dW and db, are taken for all columns at once.

    Parameters
    ----------
    W, b : sequence of array_like
        Where to start; not changed.
    X, Y : array_like, shapes (n_0, m) and (n_L, m)
        One example a column.
    alpha : float
        Learning rate, > 0.
    lambda_ : float, default 0.0
        Strength of the penalty, >= 0.
    iterations : int, default 1000
        Number of steps, >= 0.
    hidden_activation, output_activation : str
        As for `backprop_nodes`.

    Returns
    -------
    Descent

    Raises
    ------
    RuntimeError
        If J stops being a finite number: alpha is too large.
    """
    alpha, steps = _checks.number("alpha", alpha, above=0.0), _checks.whole_number("iterations", iterations, 0)
    strength = _checks.lambda_(lambda_)
    weights, biases = check_wb(W, b)
    model = _model(weights, (hidden_activation, output_activation))
    inputs = check_columns("X", X, weights[0].shape[1])
    targets = check_columns("Y", Y, model.units, inputs.shape[1])
    m, history = inputs.shape[1], []
    with np.errstate(over="ignore", invalid="ignore"):  # what they would warn of is looked for, and raised
        for _ in range(steps + 1):
            loss, Delta_W, Delta_b = _sums(weights, biases, inputs, targets, model)
            history.append(loss / m + strength / 2 * sum(float((weight**2).sum()) for weight in weights))
            _check_finite(history, [*Delta_W, *Delta_b], alpha)
            if len(history) <= steps:
                weights = [w - alpha * (D / m + strength * w) for w, D in zip(weights, Delta_W, strict=True)]
                biases = [bias - alpha * D / m for bias, D in zip(biases, Delta_b, strict=True)]
    return Descent([weight.copy() for weight in weights], [bias.copy() for bias in biases], np.array(history))


def _model(weights: Matrices, names: tuple[str, str]) -> Model:
    return build_model(sizes_of(weights), *names, "squared_error", "lambda/2")


def _check_example(
    W: Sequence[ArrayLike], b: Sequence[ArrayLike], x: ArrayLike, y: ArrayLike, names: tuple[str, str]
) -> tuple[Matrices, Matrices, FloatArray, FloatArray, Model]:
    weights, biases = check_wb(W, b)
    model = _model(weights, names)
    inputs = _checks.real_vector("x", x, weights[0].shape[1], ", one entry for each column of W1")
    targets = _checks.real_vector("y", y, model.units, f", one entry for each row of W{len(weights)}")
    return weights, biases, inputs, targets, model


def _sums(
    weights: Matrices, biases: Matrices, X: FloatArray, Y: FloatArray, model: Model
) -> tuple[float, Matrices, Matrices]:
    """Return the sums over the columns of X and Y of the losses, of dW and of db."""
    a, z = [X], []
    for weight, bias in zip(weights, biases, strict=True):
        g = model.output if len(a) == len(weights) else model.hidden
        z.append(weight @ a[-1] + bias)
        a.append(g.value(z[-1]))
    loss = float(((a[-1] - Y) ** 2).sum()) / 2
    delta = -(Y - a[-1]) * model.output.derivative(z[-1])
    dW, db = [delta @ a[-2].T], [delta.sum(axis=1, keepdims=True)]
    for layer in range(len(weights) - 2, -1, -1):
        delta = weights[layer + 1].T @ delta * model.hidden.derivative(z[layer])
        dW.insert(0, delta @ a[layer].T)
        db.insert(0, delta.sum(axis=1, keepdims=True))
    return loss, dW, db


def _forward_nodes(
    weights: Matrices, biases: Matrices, inputs: FloatArray, model: Model
) -> tuple[list[list[float]], list[list[float]]]:
    """Return a and z of every node: z_i = b_i + sum_j W_ij a_j, a_i = g(z_i)."""
    a, z = [[float(value) for value in inputs]], []
    for weight, bias in zip(weights, biases, strict=True):
        g = model.output if len(a) == len(weights) else model.hidden
        sums = []
        for i in range(len(weight)):
            total = float(bias[i, 0])
            for j, a_j in enumerate(a[-1]):
                total += float(weight[i, j]) * a_j
            sums.append(total)
        z.append(sums)
        a.append([float(g.value(np.array(value))) for value in sums])
    return a, z


def _slope(g: Activation, z: float) -> float:
    return float(g.derivative(np.array(z)))


def _check_finite(history: list[float], sums: Matrices, alpha: float) -> None:
    if not (np.isfinite(history[-1]) and all(np.isfinite(matrix).all() for matrix in sums)):
        done = len(history) - 1
        raise RuntimeError(f"J is not finite after {done} iterations: the learning rate alpha = {alpha:g} is too large")
