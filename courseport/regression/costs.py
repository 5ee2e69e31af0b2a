"""Logistic and linear regression on the network's contract: theta -> (J, grad).

Conventions
-----------
``theta`` has shape ``(n + 1,)``: the intercept ``theta[0]``, which is never penalised, then a weight for each column of
``X``, shape ``(m, n)``, which has no column of ones. Both are the course's formulas, and equal to a network without
hidden layer: `logistic_cost` to one sigmoid unit with the cross-entropy, `linear_cost` to one linear unit with the
squared error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.network.examples import check_targets


def logistic_cost(theta: ArrayLike, X: ArrayLike, y: ArrayLike, lambda_: float = 0.0) -> tuple[float, FloatArray]:
    """Return J of logistic regression and its gradient.

    ``J = 1/m sum [-y log h - (1 - y) log(1 - h)] + lambda/(2m) sum theta[1:]^2``, ``h = g(theta[0] + X theta[1:])``.
    It is computed from the logits: saturated examples give their right finite cost.

    Parameters
    ----------
    theta : array_like, shape (n + 1,)
        The intercept and the weights.
    X : array_like, shape (m, n)
        One example a row, without a column of ones.
    y : array_like, shape (m,) or (m, 1)
        0 or 1.
    lambda_ : float, default 0.0
        Strength of the penalty, >= 0.

    Returns
    -------
    J : float
    grad : ndarray of float64, shape (n + 1,)
        A fresh array on every call.
    """
    theta, X, targets, lambda_ = _check(theta, X, y, lambda_, "cross_entropy")
    # With the sign s = 1 for y = 0 and -1 for y = 1 the loss is log(1 + e^(sz)), and its slope in z is s g(sz).
    signs = 1.0 - 2.0 * targets
    t = signs * _logits(theta, X)
    return _with_penalty(float(np.logaddexp(0.0, t).sum()), signs * expit(t), theta, X, lambda_)


def linear_cost(theta: ArrayLike, X: ArrayLike, y: ArrayLike, lambda_: float = 0.0) -> tuple[float, FloatArray]:
    """Return J of linear regression and its gradient.

    ``J = 1/(2m) sum (h - y)^2 + lambda/(2m) sum theta[1:]^2`` with ``h = theta[0] + X theta[1:]``.

    Parameters
    ----------
    theta : array_like, shape (n + 1,)
        The intercept and the weights.
    X : array_like, shape (m, n)
        One example a row, without a column of ones.
    y : array_like, shape (m,) or (m, 1)
        The values to predict.
    lambda_ : float, default 0.0
        Strength of the penalty, >= 0.

    Returns
    -------
    J : float
    grad : ndarray of float64, shape (n + 1,)
        A fresh array on every call.
    """
    theta, X, targets, lambda_ = _check(theta, X, y, lambda_, "squared_error")
    difference = _logits(theta, X) - targets
    return _with_penalty(float(difference @ difference) / 2, difference, theta, X, lambda_)


def predict_logistic(theta: ArrayLike, X: ArrayLike) -> IntArray:
    """Return 1 for each row of `X` with h >= 0.5, else 0; shape (m,), errors as for `logistic_cost`."""
    return (_logits(*_check_parameters(theta, X)) >= 0.0).astype(np.intp)


def predict_linear(theta: ArrayLike, X: ArrayLike) -> FloatArray:
    """Return h = theta[0] + X theta[1:] for each row of `X`; shape (m,), errors as for `linear_cost`."""
    return _logits(*_check_parameters(theta, X))


def _check_parameters(theta: ArrayLike, X: ArrayLike) -> tuple[FloatArray, FloatArray]:
    matrix = _checks.real_matrix("X", X)
    why = ", the intercept and a weight for each column of X"
    return _checks.real_vector("theta", theta, matrix.shape[1] + 1, why), matrix


def _check(
    theta: ArrayLike, X: ArrayLike, y: ArrayLike, lambda_: float, loss: str
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Return all four as they are computed with; the targets as one vector."""
    vector, matrix = _check_parameters(theta, X)
    targets = check_targets(y, len(matrix), 1, loss).matrix()[:, 0]
    return vector, matrix, targets, _checks.lambda_(lambda_)


def _logits(theta: FloatArray, X: FloatArray) -> FloatArray:
    z: FloatArray = X @ theta[1:]
    z += theta[0]
    return z


def _with_penalty(
    loss: float, delta: FloatArray, theta: FloatArray, X: FloatArray, lambda_: float
) -> tuple[float, FloatArray]:
    """Return J and its gradient from the sum of the losses and delta = dloss/dz of every example."""
    m, weights = len(X), theta[1:]
    J = (loss + lambda_ / 2 * float(weights @ weights)) / m
    grad = np.empty(theta.size)
    grad[0] = delta.sum() / m
    grad[1:] = (delta @ X + lambda_ * weights) / m
    return J, grad
