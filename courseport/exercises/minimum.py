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

    X is of shape (m, n), without a column of ones; y holds 0 and 1. With lambda 0 there is a minimum only where no line
    parts the two classes.
    """
    with_ones = np.column_stack([np.ones(len(X)), X])
    penalty = np.diag([0.0, *np.full(X.shape[1], lambda_ / len(X))])

    def curvature(theta: FloatArray) -> FloatArray:
        h = expit(with_ones @ theta)
        weighted = with_ones * np.sqrt(h * (1 - h) / len(X))[:, None]
        matrix: FloatArray = weighted.T @ weighted + penalty  # a product that the BLAS knows to be symmetric
        return matrix

    solve: Any = minimize  # its stubs take no array of any shape
    start, options = np.zeros(with_ones.shape[1]), {"gtol": 1e-7, "maxiter": 1000}
    _blas.enter()  # its threads, between these short products, cost more than they give
    try:
        theta: FloatArray = solve(
            logistic_cost,
            start,
            args=(X, y, lambda_),
            jac=True,
            hess=lambda theta, *_: curvature(theta),
            method="trust-exact",
            options=options,
        ).x
        for _ in range(POLISHING):
            theta = theta - np.linalg.solve(curvature(theta), logistic_cost(theta, X, y, lambda_)[1])
    finally:
        _blas.leave()
    return theta, logistic_cost(theta, X, y, lambda_)[0]
