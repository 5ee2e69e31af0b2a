"""The hand-made beginnings of the course's notes: differences for derivatives, and a line fitted by gradient descent.

Nothing here is fast or clever: each function is the definition it is named after. `gradient_check` has the differences
to work with, `regression` and `optimizers` the fitting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray

STEP = 1e-6  # the notes' step; the error of a forward difference is about step times half the second derivative


def derivative(fun: Callable[[float], float], x: float, step: float = STEP) -> float:
    """Return the forward difference (fun(x + step) - fun(x)) / step."""
    x = _checks.number("x", x)
    step = _checks.number("step", step, above=0.0)
    return float((fun(x + step) - fun(x)) / step)


def partial_derivative(fun: Callable[[FloatArray], float], point: ArrayLike, index: int, step: float = STEP) -> float:
    """Return the forward difference of `fun`, of vectors of shape (n,), along one coordinate, counted from 0."""
    start = _checks.real_vector("point", point)
    step = _checks.number("step", step, above=0.0)
    if _checks.whole_number("index", index, 0) >= len(start):
        _checks.fail("index", f"be below {len(start)}, the number of coordinates", index)
    moved = start.copy()
    moved[index] += step
    return float((fun(moved) - fun(start.copy())) / step)


def gradient(fun: Callable[[FloatArray], float], point: ArrayLike, step: float = STEP) -> FloatArray:
    """Return all partial derivatives of `fun` at `point`, each by a forward difference; shape (n,)."""
    start = _checks.real_vector("point", point)
    return np.array([partial_derivative(fun, start, index, step) for index in range(len(start))])


def mean_squared_error(prediction: ArrayLike, y: ArrayLike) -> float:
    """Return the mean of the squares of ``prediction - y``, two vectors of one length."""
    actual = _checks.real_vector("y", y)
    if actual.size == 0:
        _checks.fail("y", "have at least one value", "none")
    errors = _checks.real_vector("prediction", prediction, actual.size, " like y") - actual
    return float(np.mean(errors**2))


def descend(
    weights: ArrayLike,
    training: tuple[ArrayLike, ArrayLike],
    validation: tuple[ArrayLike, ArrayLike],
    *,
    alpha: float,
    n_steps: int,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fit ``X @ weights`` to y by gradient descent, without intercept, from `weights` of shape (n,).

    A step is ``weights -= alpha * X.T @ (X @ weights - y) / m``: the gradient of half the mean squared error, as in
    the course's J. `training` and `validation` are pairs (X, y) of shapes (m, n) and (m,). Returns the weights, and the
    mean squared error of both sets after every step; a RuntimeError where it is no longer finite: alpha is too large.
    """
    w = _checks.real_vector("weights", weights)
    sets = []
    for name, (inputs, answers) in (("training", training), ("validation", validation)):
        matrix = _checks.real_matrix(f"X of {name}", inputs, len(w), " for the weights")
        why = f" for X of shape {matrix.shape}"
        sets.append((matrix, _checks.real_vector(f"y of {name}", answers, len(matrix), why)))
    (X, y), (X_val, y_val) = sets
    alpha = _checks.number("alpha", alpha, above=0.0)
    losses = np.empty((2, _checks.whole_number("n_steps", n_steps, 1)))
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(losses.shape[1]):
            w = w - alpha * (X.T @ (X @ w - y)) / len(y)
            losses[:, step] = np.mean((X @ w - y) ** 2), np.mean((X_val @ w - y_val) ** 2)
            if not np.isfinite(losses[0, step]):
                raise RuntimeError(f"gradient descent diverged at step {step + 1}: alpha = {alpha:g} is too large")
    return w, losses[0], losses[1]


class IrisRegression(NamedTuple):
    """The notes' run: weights and losses of `descend`, and the species, predictions and error of the test rows."""

    weights: FloatArray
    training_loss: FloatArray
    validation_loss: FloatArray
    species: FloatArray
    prediction: FloatArray
    rounded_error: float


def regress_iris(X: ArrayLike, y: ArrayLike, *, alpha: float = 0.03, n_steps: int = 100) -> IrisRegression:
    """Predict the species of iris from its four lengths by a line through the origin, as the notes do.

    Of each species the first 40 rows train, the next 5 validate and the last 5 test. The species are numbered 0, 1, 2.
    The start is what ``numpy.random.seed(37)`` and ``numpy.random.random((4, 1))`` give. X and y, of shapes (150, 4)
    and (150,), are what `courseport.load_iris` returns. ``rounded_error`` is the mean squared error of the rounded
    predictions.
    """
    lengths = _checks.real_matrix("X", X, 4)
    numbers = _checks.real_vector("y", y, len(lengths)) - 1.0
    if len(lengths) != 150:
        _checks.fail("X", "have the 150 rows of iris", len(lengths))
    place = np.arange(150) % 50  # of a row within its species
    train, validate, test = place < 40, (place >= 40) & (place < 45), place >= 45
    start = np.random.RandomState(37).random_sample(4)  # the notes' generator, without its global state
    sets = (lengths[train], numbers[train]), (lengths[validate], numbers[validate])
    weights, training_loss, validation_loss = descend(start, *sets, alpha=alpha, n_steps=n_steps)
    prediction = lengths[test] @ weights
    error = mean_squared_error(np.round(prediction), numbers[test])
    return IrisRegression(weights, training_loss, validation_loss, numbers[test], prediction, error)
