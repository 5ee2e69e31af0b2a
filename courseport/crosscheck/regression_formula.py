"""Linear and logistic regression written out plainly, each part with the wrong ways to write it.

X holds its column of ones, theta[0] belongs to it and is not penalised.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit as sigmoid

from courseport._checks import FloatArray
from courseport.crosscheck.cases import Values
from courseport.crosscheck.shared_formula import (
    AVERAGE,
    COUNT,
    GRADIENT_SCALE,
    LOSS,
    PENALTY_IN_GRADIENT,
    PENALTY_IN_J,
    RIGHT,
    SQUARES,
    Choices,
    pick,
)

LINEAR_LOSS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda h, y: (h - y) ** 2 / 2,
    "not halved": lambda h, y: (h - y) ** 2,
    "not squared": lambda h, y: (h - y) / 2,
    "absolute": lambda h, y: np.abs(h - y) / 2,
    "sign": lambda h, y: -((h - y) ** 2) / 2,
}
HYPOTHESIS: dict[str, Callable[[FloatArray], FloatArray]] = {
    RIGHT: sigmoid,
    "no sigmoid": lambda z: z,
    "twice": lambda z: sigmoid(sigmoid(z)),
    "sign": lambda z: sigmoid(-z),
}
ERROR: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda h, y: h - y,
    "sign": lambda h, y: y - h,
    "times g'": lambda h, y: (h - y) * h * (1 - h),
    "squared": lambda h, y: (h - y) ** 2,
    "thresholded": lambda h, y: (h >= 0.5) - y,
}
PENALISED: dict[str, Callable[[FloatArray], FloatArray]] = {
    RIGHT: lambda theta: _without(theta, 0),
    "all": lambda theta: theta,
    "all but the last column": lambda theta: _without(theta, -1),
    "all but the second": lambda theta: _without(theta, 1),
}


def logistic_answer(values: Values, choices: Choices) -> tuple[float, FloatArray]:
    """Return J and the gradient of logistic regression as a file with the mistakes of `choices` would."""
    return _answer(values, choices, pick(HYPOTHESIS, choices, "hypothesis"), LOSS)


def linear_answer(values: Values, choices: Choices) -> tuple[float, FloatArray]:
    """Return J and the gradient of linear regression as a file with the mistakes of `choices` would."""
    return _answer(values, choices, sigmoid if choices.get("hypothesis") == "sigmoid" else lambda z: z, LINEAR_LOSS)


def _answer(
    values: Values,
    choices: Choices,
    hypothesis: Callable[[FloatArray], FloatArray],
    losses: dict[str, Callable[[FloatArray, FloatArray], FloatArray]],
) -> tuple[float, FloatArray]:
    theta, X, y, strength = (values[role] for role in ("theta", "X", "y", "lambda"))
    m = pick(COUNT, choices, "m")(X)
    used = np.concatenate([[0.0], theta[1:]]) if choices.get("theta") == "bias zeroed" else theta
    h = hypothesis(X @ used)
    kept = slice(-1, None) if choices.get("examples") == "last only" else slice(None)
    penalised = pick(PENALISED, choices, "penalised")(theta)
    # A column for the one unit: that is how the losses of the network are written.
    loss = float(pick(losses, choices, "loss")(h[:, None], y[:, None])[kept].sum())
    J = pick(AVERAGE, choices, "average")(loss, m, 1)
    J += pick(PENALTY_IN_J, choices, "penalty")(strength, m) * pick(SQUARES, choices, "squares")(penalised)
    error = pick(ERROR, choices, "error")(h, y)
    penalty = pick(PENALTY_IN_GRADIENT, choices, "penalty")(strength, m) * penalised
    inputs = np.ones_like(X) if choices.get("x") == "left out" else X
    gradient = pick(GRADIENT_SCALE, choices, "gradient")(inputs[kept].T @ error[kept], penalty, m)
    return J * (choices.get("J") != "zero"), gradient


def _without(theta: FloatArray, left_out: Any) -> FloatArray:
    kept = theta.copy()
    kept[left_out] = 0.0
    return kept
