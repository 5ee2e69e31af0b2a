"""Linear and logistic regression written out plainly, and the known mistakes in them.

X holds its column of ones; theta[0] belongs to it and is not penalised.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit as sigmoid

from courseport._checks import FloatArray
from courseport.crosscheck.costs.mistakes.mistake import (
    BOTH,
    CROSS_ENTROPY,
    GRADIENT,
    J_BY_2M,
    MEAN,
    PENALTY,
    SCALE,
    SHARED,
    SIGMOID_SIGN,
    J,
    Mistake,
    Result,
    Values,
    Ways,
    log_loss,
    taken,
    without,
)

LINEAR: Ways = {
    **SHARED,
    "used": lambda theta: theta,
    "hypothesis": lambda z: z,
    "loss": lambda h, y: (h - y) ** 2 / 2,
    "error": lambda h, y: h - y,
    "inputs": lambda X: X,
    "penalised": lambda theta: without(theta, 0),
    "penalised_in_gradient": None,
}
LOGISTIC: Ways = {**LINEAR, "hypothesis": sigmoid, "loss": log_loss}


def _answer(right: Ways) -> Callable[[Values, Ways], Result]:
    """Return the function that computes J and the gradient as a file with some wrong ways in it would."""

    def answer(values: Values, ways: Ways) -> Result:
        w = taken(right, ways)
        theta, X, y, strength = (values[role] for role in ("theta", "X", "y", "lambda"))
        m = w.m(X, 1)
        h = w.hypothesis(X @ w.used(theta))
        of_J, of_gradient = w.penalty
        weights = w.penalised(theta)
        cost = w.average(float(w.loss(h, y)[w.examples].sum()), m, 1) + of_J(strength, m) * w.squares(weights)
        if w.penalised_in_gradient is not None:
            weights = w.penalised_in_gradient(theta)
        Delta = w.inputs(X)[w.examples].T @ w.error(h, y)[w.examples]
        return cost * w.J, w.scale(Delta, of_gradient(strength, m) * weights, m, "")

    return answer


linear_answer, logistic_answer = _answer(LINEAR), _answer(LOGISTIC)


def _second_everywhere(theta: FloatArray) -> FloatArray:
    return without(np.full_like(theta, theta[1]), 0)


_GRADIENT = "grad = X' * (h - y) / m."
_SHARED = (
    *(
        Mistake(name, "penalised", way, BOTH, text, "All of theta is penalised except theta(1), the intercept.")
        for name, way, text in (
            ("bias-penalised", lambda theta: theta, "theta(1), the intercept, is penalised"),
            (
                "one-penalised",
                lambda theta: np.concatenate([[1.0], theta[1:]]),
                "a 1 stands where the 0 for theta(1) belongs in the penalty",
            ),
            (
                "last-not-penalised",
                lambda theta: without(theta, -1),
                "the last theta is left out of the penalty, not the first",
            ),
            (
                "second-not-penalised",
                lambda theta: without(theta, 1),
                "theta(2) is left out of the penalty, not theta(1)",
            ),
        )
    ),
    Mistake(
        "second-penalised-only",
        *("penalised", lambda theta: without(theta, np.arange(theta.size) != 1), BOTH),
        "only theta(2) is penalised (theta(2, end) for theta(2:end)?)",
        "theta(2:end), with a colon.",
    ),
    Mistake(
        "second-penalised-everywhere",
        *("penalised_in_gradient", _second_everywhere, (GRADIENT,)),
        "the penalty in the gradient takes theta(2) for every theta: theta(2, end) for theta(2:end)",
        "theta(2:end), with a colon.",
    ),
    *PENALTY,
    *MEAN,
    *SCALE,
    Mistake(
        "bias-weights-zeroed",
        *("used", lambda theta: without(theta, 0), BOTH),
        "theta(1) is set to 0 before the hypothesis is computed",
        "Set it to 0 in a copy, for the penalty only.",
    ),
    Mistake(
        "error-sign",
        *("error", lambda h, y: y - h, (GRADIENT,)),
        "the sign of the error is wrong: y - h for h - y",
        _GRADIENT,
    ),
    Mistake(
        "error-squared",
        *("error", lambda h, y: (h - y) ** 2, (GRADIENT,)),
        "the error is squared in the gradient",
        _GRADIENT,
    ),
    Mistake(
        "x-left-out",
        *("inputs", np.ones_like, (GRADIENT,)),
        "the error is not multiplied by X in the gradient",
        _GRADIENT,
    ),
)
LOGISTIC_MISTAKES = (
    *_SHARED,
    *CROSS_ENTROPY,
    J_BY_2M,
    Mistake(
        "sigmoid-missing",
        *("hypothesis", lambda z: z, (GRADIENT,)),  # in J it makes logarithms of negative numbers
        "the hypothesis is X * theta without the sigmoid",
        "h = sigmoid(X * theta).",
    ),
    SIGMOID_SIGN,
    Mistake(
        "sigmoid-twice",
        *("hypothesis", lambda z: sigmoid(sigmoid(z)), BOTH),
        "the sigmoid is taken twice",
        "h = sigmoid(X * theta), once.",
    ),
    Mistake(
        "error-times-slope",
        *("error", lambda h, y: (h - y) * h * (1 - h), (GRADIENT,)),
        "the error is multiplied by g'(z)",
        f"{_GRADIENT[:-1]}: with the cross-entropy g' cancels.",
    ),
    Mistake(
        "error-thresholded",
        *("error", lambda h, y: (h >= 0.5) - y, (GRADIENT,)),
        "the error is taken from predictions 0/1, not from h",
        f"{_GRADIENT[:-1]}, with h as it leaves the sigmoid.",
    ),
)
LINEAR_MISTAKES = (
    *_SHARED,
    Mistake("sigmoid-taken", "hypothesis", sigmoid, BOTH, "a sigmoid is taken of X * theta", "h = X * theta."),
    *(
        Mistake(name, "loss", way, (J,), text, "J = sum((X * theta - y) .^ 2) / (2 * m).")
        for name, way, text in (
            ("J-not-halved", lambda h, y: (h - y) ** 2, "J's data term has 1/m for 1/(2m)"),
            ("J-not-squared", lambda h, y: (h - y) / 2, "the errors are not squared in J"),
            ("J-absolute", lambda h, y: np.abs(h - y) / 2, "J sums absolute errors, not squares"),
            ("J-sign", lambda h, y: -((h - y) ** 2) / 2, "J's data term has the wrong sign"),
        )
    ),
)
