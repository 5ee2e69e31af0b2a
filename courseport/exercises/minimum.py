"""The minimum of logistic regression to all its digits, which no first-order method gives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit

from courseport import _blas
from courseport._checks import FloatArray
from courseport.regression.costs import logistic_cost

POLISHING = 2  # Newton steps from where the trust region ends: each doubles the right digits


def logistic_minimum(X: FloatArray, y: ArrayLike, lambda_: float) -> tuple[FloatArray, float]:
    """Return the theta that minimises `logistic_cost`, by second derivatives, and J there.

    Parameters
    ----------
    X : ndarray, shape (m, n)
        One example a row, without a column of ones.
    y : array_like, shape (m,)
        0 or 1.
    lambda_ : float
        Strength of the penalty. With 0 there is a minimum only where no line parts the two classes.
    """
    _blas.enter()  # its threads, between these short products, cost more than they give
    try:
        theta = _minimise(X, y, lambda_)
    finally:
        _blas.leave()
    return theta, logistic_cost(theta, X, y, lambda_)[0]


def _minimise(X: FloatArray, y: ArrayLike, lambda_: float) -> FloatArray:
    with_ones = np.column_stack([np.ones(len(X)), X])
    penalty = np.diag([0.0, *np.full(X.shape[1], lambda_ / len(X))])

    def curvature(theta: FloatArray) -> FloatArray:
        h = expit(with_ones @ theta)
        weighted = with_ones * np.sqrt(h * (1 - h) / len(X))[:, None]
        matrix: FloatArray = weighted.T @ weighted + penalty  # a product that the BLAS knows to be symmetric
        return matrix

    solve: Any = minimize  # its stubs take no array of any shape
    theta: FloatArray = solve(
        logistic_cost,
        np.zeros(with_ones.shape[1]),
        args=(X, y, lambda_),
        jac=True,
        hess=lambda theta, *_: curvature(theta),
        method="trust-exact",
        options={"gtol": 1e-7, "maxiter": 1000},
    ).x
    for _ in range(POLISHING):
        theta = theta - np.linalg.solve(curvature(theta), logistic_cost(theta, X, y, lambda_)[1])
    return theta
