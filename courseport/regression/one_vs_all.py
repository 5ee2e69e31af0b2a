"""Many classes by one logistic regression for each: the course's one-vs-all."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.cost import NeuralNetworkCost
from courseport.network.examples import check_targets
from courseport.training import CUSTOM_METHODS

# Those that count iterations.
METHODS = ("L-BFGS-B", "CG", "BFGS", "SLSQP", "Newton-CG", *CUSTOM_METHODS)


def train_one_vs_all(
    X: ArrayLike,
    y: ArrayLike,
    num_labels: int,
    lambda_: float = 0.0,
    *,
    method: str = "fmincg",
    max_iterations: int = 50,
) -> FloatArray:
    """Return one trained logistic regression for each label, the course's oneVsAll.

    Row k - 1 minimises `logistic_cost` with the targets 1 where y is k and 0 elsewhere, from zeros.

    Parameters
    ----------
    X : array_like, shape (m, n)
        One example a row, without a column of ones.
    y : array_like, shape (m,) or (m, 1)
        Labels 1..num_labels.
    num_labels : int
        K >= 2.
    lambda_ : float, default 0.0
        Strength of the penalty, >= 0.
    method : str, default "fmincg"
        The course's; "gradient_descent"; or SciPy's "L-BFGS-B", "CG", "BFGS", "SLSQP" or "Newton-CG".
    max_iterations : int, default 50
        Of each of the K runs; the course's 50 do not converge on the digits.

    Returns
    -------
    ndarray of float64, shape (num_labels, n + 1)
        The intercept and the weights of each label.
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

    Parameters
    ----------
    all_theta : array_like, shape (K, n + 1)
        As `train_one_vs_all` returns it.
    X : array_like, shape (m, n)
        One example a row, without a column of ones.

    Returns
    -------
    ndarray of int, shape (m,)
        The first of them where several are equal.
    """
    matrix = _checks.real_matrix("X", X)
    thetas = _checks.real_matrix("all_theta", all_theta, matrix.shape[1] + 1, ", an intercept and the columns of X")
    # g rises with its argument, and the logits differ still where probabilities round to 1.
    labels: IntArray = np.argmax(matrix @ thetas[:, 1:].T + thetas[:, 0], axis=1) + 1
    return labels
