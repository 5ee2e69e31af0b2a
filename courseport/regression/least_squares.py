"""Regularised linear regression in closed form, and the curves that tell bias from variance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.regression.costs import linear_cost

Fit = Callable[[FloatArray, FloatArray, float], FloatArray]  # (X, y, lambda_) -> theta

COURSE_LAMBDAS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def normal_equation(X: ArrayLike, y: ArrayLike, lambda_: float = 0.0) -> FloatArray:
    """Return the theta that minimises `linear_cost`, the course's normal equation.

    ``theta = pinv(X'X + lambda L) X'y`` with a column of ones in X and L the identity but for the intercept. It is
    computed from X itself by a singular value decomposition: X'X would double the number of digits that are lost.

    X, y and lambda_ are those of `linear_cost`. theta, shape (n + 1,), holds the intercept and the weights; where many
    are best it is the shortest.
    """
    matrix, targets = _examples("X", X, "y", y)
    n = matrix.shape[1]
    left = np.zeros((len(matrix) + n, n + 1))
    left[: len(matrix), 0] = 1.0
    left[: len(matrix), 1:] = matrix
    left[len(matrix) :, 1:] = np.sqrt(_checks.lambda_(lambda_)) * np.eye(n)
    right = np.concatenate([targets, np.zeros(n)])
    theta, _, rank, _ = np.linalg.lstsq(left, right, rcond=None)
    if rank <= n:
        # Columns of very different sizes look dependent; scaled to one length they may turn out not to be.
        norms = np.linalg.norm(left, axis=0)
        norms[norms == 0] = 1.0
        scaled, _, rank, _ = np.linalg.lstsq(left / norms, right, rcond=None)
        theta = scaled / norms if rank > n else theta
    result: FloatArray = theta
    return result


def learning_curve(
    X: ArrayLike, y: ArrayLike, X_val: ArrayLike, y_val: ArrayLike, lambda_: float = 0.0, *, fit: Fit = normal_equation
) -> tuple[FloatArray, FloatArray]:
    """Return the errors of training and validation against the number of examples trained on.

    The error is J without penalty, ``1/(2m) sum (h - y)^2``: in training over the first i examples, in validation over
    all of the validation set.

    Parameters
    ----------
    X, y : array_like, shapes (m, n) and (m,) or (m, 1)
        The training set.
    X_val, y_val : array_like, shapes (k, n) and (k,) or (k, 1)
        The validation set.
    lambda_ : float, default 0.0
        Strength of the penalty in training.
    fit : callable, default `normal_equation`
        ``fit(X, y, lambda_)`` returns theta.

    Returns
    -------
    error_train, error_val : ndarray of float64, shape (m,)
    """
    _checks.function("fit", fit)
    sets = _sets(X, y, X_val, y_val)
    matrix, targets = sets[0]
    strength = _checks.lambda_(lambda_)
    parts = [(matrix[:i], targets[:i]) for i in range(1, len(targets) + 1)]
    return _errors([(part, fit(*part, strength)) for part in parts], sets[1])


def validation_curve(
    X: ArrayLike,
    y: ArrayLike,
    X_val: ArrayLike,
    y_val: ArrayLike,
    lambdas: ArrayLike = COURSE_LAMBDAS,
    *,
    fit: Fit = normal_equation,
) -> tuple[FloatArray, FloatArray]:
    """Return the errors of training and validation, as `learning_curve` has them, for each of the k `lambdas`.

    All else is as for `learning_curve`; by default the lambdas are the course's ten, 0, 0.001, 0.003, ..., 10.
    """
    _checks.function("fit", fit)
    sets = _sets(X, y, X_val, y_val)
    values = enumerate(_checks.real_vector("lambdas", lambdas))
    strengths = [_checks.number(f"lambdas[{i}]", value, minimum=0.0) for i, value in values]
    return _errors([(sets[0], fit(*sets[0], strength)) for strength in strengths], sets[1])


def _errors(trained: list[tuple[Any, FloatArray]], validation: Any) -> tuple[FloatArray, FloatArray]:
    """Return J without penalty of each theta, over what it was trained on and over the validation set."""
    error_train = [linear_cost(theta, *part)[0] for part, theta in trained]
    error_val = [linear_cost(theta, *validation)[0] for _, theta in trained]
    return np.array(error_train), np.array(error_val)


def _sets(X: ArrayLike, y: ArrayLike, X_val: ArrayLike, y_val: ArrayLike) -> list[tuple[FloatArray, FloatArray]]:
    training = _examples("X", X, "y", y)
    matrix = _checks.real_matrix("X_val", X_val, training[0].shape[1], ", the columns of X")
    return [training, _examples("X_val", matrix, "y_val", y_val)]


def _examples(X_name: str, X: ArrayLike, y_name: str, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    matrix = _checks.real_matrix(X_name, X)
    return matrix, _checks.column_vector(y_name, y, len(matrix), f", one value for each row of {X_name}")
