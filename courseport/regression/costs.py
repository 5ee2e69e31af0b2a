"""Logistic and linear regression on the network's contract, theta -> (J, grad), and one-vs-all for many classes.

Conventions
-----------
``theta`` has shape ``(n + 1,)``: the intercept ``theta[0]``, which is never penalised, then a weight for each column of
``X``, shape ``(m, n)``, which has no column of ones. ``y`` has shape ``(m,)`` or ``(m, 1)``. Both costs are the
course's formulas, and equal to a network without hidden layer: `logistic_cost` to one sigmoid unit with the
cross-entropy, `linear_cost` to one linear unit with the squared error.

SciPy's methods that use the curvature take ``minimize(logistic_cost, theta0, args=(X, y, lambda_), jac=True,
hessp=logistic_cost_hessp, method="trust-ncg")``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.cost import NeuralNetworkCost
from courseport.network.model import check_targets
from courseport.training import CUSTOM_METHODS

# A cost beyond float64 is inf: an optimiser's line search knows what to do with it.
OVERFLOW = np.errstate(over="ignore", invalid="ignore")
METHODS = ("L-BFGS-B", "CG", "BFGS", "SLSQP", "Newton-CG", *CUSTOM_METHODS)  # those that count iterations


@OVERFLOW
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
    grad = _back(signs * expit(t), theta, X, lambda_)
    return float(np.logaddexp(0.0, t).mean()) + _penalty(theta, X, lambda_), grad


def logistic_cost_hessp(theta: ArrayLike, p: ArrayLike, X: ArrayLike, y: ArrayLike, lambda_: float = 0.0) -> FloatArray:
    """Return the Hessian of `logistic_cost` at `theta` times `p`, shape (n + 1,), in two passes over X."""
    theta, X, _, lambda_ = _check(theta, X, y, lambda_, "cross_entropy")
    p, z = _check_parameters(p, X, "p")[0], _logits(theta, X)
    return _back(expit(z) * expit(-z) * _logits(p, X), p, X, lambda_)


@OVERFLOW
def linear_cost(theta: ArrayLike, X: ArrayLike, y: ArrayLike, lambda_: float = 0.0) -> tuple[float, FloatArray]:
    """Return J of linear regression and its gradient.

    ``J = 1/(2m) sum (h - y)^2 + lambda/(2m) sum theta[1:]^2`` with ``h = theta[0] + X theta[1:]``. Parameters and
    returns are those of `logistic_cost`; y holds the values to predict.
    """
    theta, X, targets, lambda_ = _check(theta, X, y, lambda_, "squared_error")
    difference = _logits(theta, X) - targets
    # Divided before it is squared: the square alone may overflow.
    J = float((difference / (2 * len(X))) @ difference) + _penalty(theta, X, lambda_)
    return J, _back(difference, theta, X, lambda_)


def linear_cost_hessp(theta: ArrayLike, p: ArrayLike, X: ArrayLike, y: ArrayLike, lambda_: float = 0.0) -> FloatArray:
    """Return the Hessian of `linear_cost`, the same for every theta, times `p`, shape (n + 1,)."""
    theta, X, _, lambda_ = _check(theta, X, y, lambda_, "squared_error")
    p, _ = _check_parameters(p, X, "p")
    return _back(_logits(p, X), p, X, lambda_)


def predict_logistic(theta: ArrayLike, X: ArrayLike) -> IntArray:
    """Return 1 for each row of `X` with h >= 0.5, else 0; shape (m,)."""
    return (_logits(*_check_parameters(theta, X)) >= 0.0).astype(np.intp)


def predict_linear(theta: ArrayLike, X: ArrayLike) -> FloatArray:
    """Return h = theta[0] + X theta[1:] for each row of `X`; shape (m,)."""
    return _logits(*_check_parameters(theta, X))


def train_one_vs_all(
    X: ArrayLike,
    y: ArrayLike,
    num_labels: int,
    lambda_: float = 0.0,
    *,
    method: str = "fmincg",
    max_iterations: int = 50,
) -> FloatArray:
    """Return one trained logistic regression for each label, shape (num_labels, n + 1): the course's oneVsAll.

    Row k - 1, an intercept and weights, minimises `logistic_cost` with the targets 1 where y is k and 0 elsewhere.

    Parameters
    ----------
    X, lambda_
        As for `logistic_cost`.
    y : array_like, shape (m,) or (m, 1)
        Labels 1..num_labels.
    num_labels : int
        K >= 2.
    method : str, default "fmincg"
        The course's; "gradient_descent"; or SciPy's "L-BFGS-B", "CG", "BFGS", "SLSQP" or "Newton-CG".
    max_iterations : int, default 50
        Of each of the K runs; the course's 50 do not converge on the digits.
    """
    matrix = _checks.real_matrix("X", X)
    labels = check_targets(y, len(matrix), _checks.whole_number("num_labels", num_labels, 2), "cross_entropy").labels
    if labels is None:
        _checks.fail("y", f"have shape ({len(matrix)},), a label for each row of X", np.shape(y))
    solver = CUSTOM_METHODS.get(_checks.choice("method", method, METHODS), method)
    options = {"maxiter": _checks.whole_number("max_iterations", max_iterations, 1)}
    solve: Any = minimize  # its stubs know no method chosen by name
    all_theta = np.empty((num_labels, matrix.shape[1] + 1))
    for label in range(num_labels):
        # Logistic regression is a network without hidden layer, whose cost checks X once, not at every evaluation.
        with NeuralNetworkCost((matrix.shape[1], 1), matrix, labels == label, lambda_) as cost:
            all_theta[label] = solve(cost, np.zeros(cost.layout.size), jac=True, method=solver, options=options).x
    return all_theta


def predict_one_vs_all(all_theta: ArrayLike, X: ArrayLike) -> IntArray:
    """Return for each row of `X` the label 1..K whose logistic regression gives the largest probability.

    `all_theta`, shape (K, n + 1), is what `train_one_vs_all` returns. Of equal labels it is the first; shape (m,).
    """
    matrix = _checks.real_matrix("X", X)
    thetas = _checks.real_matrix("all_theta", all_theta, matrix.shape[1] + 1, ", an intercept and the columns of X")
    # g rises with its argument, and the logits differ still where probabilities round to 1.
    labels: IntArray = np.argmax(matrix @ thetas[:, 1:].T + thetas[:, 0], axis=1) + 1
    return labels


def _check_parameters(theta: ArrayLike, X: ArrayLike, name: str = "theta") -> tuple[FloatArray, FloatArray]:
    matrix = _checks.real_matrix("X", X)
    why = ", the intercept and a weight for each column of X"
    return _checks.real_vector(name, theta, matrix.shape[1] + 1, why), matrix


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


def _penalty(theta: FloatArray, X: FloatArray, lambda_: float) -> float:
    # The factor goes in before the square, which may overflow: without a penalty any theta is welcome.
    return float((lambda_ / (2 * len(X)) * theta[1:]) @ theta[1:])


def _back(delta: FloatArray, theta: FloatArray, X: FloatArray, lambda_: float) -> FloatArray:
    """Return ``1/m [1 X]' delta + lambda/m [0; theta[1:]]``: from each example's slope in z to that in theta."""
    m = len(X)
    grad = np.empty(theta.size)
    grad[0] = delta.sum() / m
    grad[1:] = (delta @ X + lambda_ * theta[1:]) / m
    return grad
