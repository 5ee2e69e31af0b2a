"""The known mistakes in linear and logistic regression; theta[0] belongs to the column of ones."""

from __future__ import annotations

import numpy as np
from scipy.special import expit as sigmoid

from courseport._checks import FloatArray
from courseport.crosscheck.costs.mistakes.formulas import without
from courseport.crosscheck.costs.mistakes.mistake import BOTH, COMMON, CROSS_ENTROPY, GRADIENT, J, Mistake, alike


def _second_everywhere(theta: FloatArray) -> FloatArray:
    return without(np.full_like(theta, theta[1]), 0)


_COLON = "theta(2:end), with a colon."
_GRADIENT = "grad = X' * (h - y) / m."
_SHARED = (
    *alike(
        "penalised",
        BOTH,
        "All of theta is penalised except theta(1), the intercept.",
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
        ("second-not-penalised", lambda theta: without(theta, 1), "theta(2) is left out of the penalty, not theta(1)"),
    ),
    Mistake(
        *("second-penalised-only", "penalised", BOTH, lambda theta: without(theta, np.arange(theta.size) != 1)),
        "only theta(2) is penalised (theta(2, end) for theta(2:end)?)",
        _COLON,
    ),
    Mistake(
        *("second-penalised-everywhere", "penalised_in_gradient", (GRADIENT,), _second_everywhere),
        "the penalty in the gradient takes theta(2) for every theta: theta(2, end) for theta(2:end)",
        _COLON,
    ),
    *COMMON,
    Mistake(
        *("bias-weights-zeroed", "used", BOTH, lambda theta: without(theta, 0)),
        "theta(1) is set to 0 before the hypothesis is computed",
        "Set it to 0 in a copy, for the penalty only.",
    ),
    *alike(
        "error",
        (GRADIENT,),
        _GRADIENT,
        ("error-sign", lambda h, y: y - h, "the sign of the error is wrong: y - h for h - y"),
        ("error-squared", lambda h, y: (h - y) ** 2, "the error is squared in the gradient"),
    ),
    Mistake(
        *("x-left-out", "inputs", (GRADIENT,), np.ones_like),
        "the error is not multiplied by X in the gradient",
        _GRADIENT,
    ),
)
LOGISTIC_MISTAKES = (
    *_SHARED,
    *CROSS_ENTROPY,
    Mistake(
        *("sigmoid-missing", "hypothesis", (GRADIENT,), lambda z: z),
        "the hypothesis is X * theta without the sigmoid",
        "h = sigmoid(X * theta).",
    ),
    Mistake(
        *("sigmoid-sign", "hypothesis", BOTH, lambda z: sigmoid(-z)),
        "the sigmoid has the wrong sign: exp(z) for exp(-z)",
        "sigmoid(z) = 1 ./ (1 + exp(-z)).",
        never_alone_in_J=True,  # there it is the same as log(h) and log(1 - h) exchanged
    ),
    Mistake(
        *("sigmoid-twice", "hypothesis", BOTH, lambda z: sigmoid(sigmoid(z))),
        "the sigmoid is taken twice",
        "h = sigmoid(X * theta), once.",
    ),
    Mistake(
        *("error-times-slope", "error", (GRADIENT,), lambda h, y: (h - y) * h * (1 - h)),
        "the error is multiplied by g'(z)",
        f"{_GRADIENT[:-1]}: with the cross-entropy g' cancels.",
    ),
    Mistake(
        *("error-thresholded", "error", (GRADIENT,), lambda h, y: (h >= 0.5) - y),
        "the error is taken from predictions 0/1, not from h",
        f"{_GRADIENT[:-1]}, with h as it leaves the sigmoid.",
    ),
)
LINEAR_MISTAKES = (
    *_SHARED,
    Mistake(
        *("sigmoid-taken", "hypothesis", BOTH, sigmoid),
        "a sigmoid is taken of X * theta",
        "h = X * theta.",
    ),
    *alike(
        "loss",
        (J,),
        "J = sum((X * theta - y) .^ 2) / (2 * m).",
        ("J-not-halved", lambda h, y: (h - y) ** 2, "J's data term has 1/m for 1/(2m)"),
        ("J-not-squared", lambda h, y: (h - y) / 2, "the errors are not squared in J"),
        ("J-absolute", lambda h, y: np.abs(h - y) / 2, "J sums absolute errors, not squares"),
        ("J-sign", lambda h, y: -((h - y) ** 2) / 2, "J's data term has the wrong sign"),
    ),
)
