"""The known mistakes in linear and logistic regression, as data; parts and ways are those of `regression_formula`."""

from __future__ import annotations

from dataclasses import replace

from courseport.crosscheck.mistakes import (
    BOTH,
    CROSS_ENTROPY,
    GRADIENT,
    MEAN,
    PENALTY,
    SCALE,
    SIGMOID_SIGN,
    J,
    Mistake,
)

_PENALISED = tuple(
    Mistake(name, "penalised", way, BOTH, text, "All of theta is penalised except theta(1), the intercept.")
    for name, way, text in (
        ("bias-penalised", "all", "theta(1), the intercept, is penalised"),
        ("last-not-penalised", "all but the last column", "the last theta is left out of the penalty, not the first"),
        ("second-not-penalised", "all but the second", "theta(2) is left out of the penalty, not theta(1)"),
    )
)
_SHARED = (
    *_PENALISED,
    *PENALTY,
    *MEAN,
    *SCALE,
    Mistake(
        "bias-weights-zeroed",
        *("theta", "bias zeroed", BOTH),
        "theta(1) is set to 0 before the hypothesis is computed",
        "Set it to 0 in a copy, for the penalty only.",
    ),
    Mistake(
        "error-sign",
        "error",
        "sign",
        (GRADIENT,),
        "the sign of the error is wrong: y - h for h - y",
        "X' * (h - y) / m.",
    ),
    Mistake(
        "error-squared", "error", "squared", (GRADIENT,), "the error is squared in the gradient", "X' * (h - y) / m."
    ),
    Mistake(
        "x-left-out",
        "x",
        "left out",
        (GRADIENT,),
        "the error is not multiplied by X in the gradient",
        "X' * (h - y) / m.",
    ),
)
LOGISTIC_MISTAKES = (
    *_SHARED,
    *CROSS_ENTROPY,
    Mistake("J-by-2m", "average", "1/2m", (J,), "J's data term has 1/(2m) for 1/m", "The cross-entropy has no 1/2."),
    Mistake(
        "sigmoid-missing",
        "hypothesis",
        "no sigmoid",
        (GRADIENT,),  # in J it makes logarithms of negative numbers
        "the hypothesis is X * theta without the sigmoid",
        "h = sigmoid(X * theta).",
    ),
    replace(SIGMOID_SIGN, part="hypothesis"),
    Mistake("sigmoid-twice", "hypothesis", "twice", BOTH, "the sigmoid is taken twice", "h = sigmoid(X * theta)."),
    Mistake(
        "error-times-slope", "error", "times g'", (GRADIENT,), "the error is multiplied by g'(z)", "X' * (h - y) / m."
    ),
    Mistake(
        "error-thresholded",
        "error",
        "thresholded",
        (GRADIENT,),
        "the error is taken from predictions 0/1",
        "X' * (h - y) / m.",
    ),
)
LINEAR_MISTAKES = (
    *_SHARED,
    Mistake("sigmoid-taken", "hypothesis", "sigmoid", BOTH, "a sigmoid is taken of X * theta", "h = X * theta."),
    *(
        Mistake(name, "loss", way, (J,), text, "J = sum((X * theta - y) .^ 2) / (2 * m).")
        for name, way, text in (
            ("J-not-halved", "not halved", "J's data term has 1/m for 1/(2m)"),
            ("J-not-squared", "not squared", "the errors are not squared in J"),
            ("J-absolute", "absolute", "J sums absolute errors, not squares"),
            ("J-sign", "sign", "J's data term has the wrong sign"),
        )
    ),
)
