"""The known mistakes in collaborative filtering (cofiCostFunc)."""

from __future__ import annotations

import numpy as np

from courseport.crosscheck.costs.mistakes.formulas import read, unroll
from courseport.crosscheck.costs.mistakes.mistake import BOTH, GRADIENT, PENALTY, SCALE, J, Mistake, alike

_ORDER = "[X(:); Theta(:)], column by column; in NumPy say order='F'."
_PENALTY = "The factor is lambda/2 in J, and lambda in the gradient, for X and for Theta."
_COST = "J = sum(sum(((X * Theta' - Y) .* R) .^ 2)) / 2 + lambda/2 * (sum of the squares of X and of Theta)."

COFI_MISTAKES = (
    *(mistake for mistake in SCALE if mistake.name != "gradient-by-m-twice"),
    *(mistake for mistake in PENALTY if mistake.part == "squares" and mistake.name != "penalty-square-of-sum"),
    *alike(
        "penalty",
        BOTH,
        _PENALTY,
        ("penalty-missing", lambda s, m: 0, "the penalty is missing"),
        ("penalty-doubled", lambda s, m: 2 * s, "the penalty is twice what it should be"),
        ("penalty-halved", lambda s, m: s / 2, "the penalty is half what it should be"),
        ("penalty-by-m", lambda s, m: s / m, "the penalty is divided by the number of movies"),
        ("penalty-sign", lambda s, m: -s, "the penalty is subtracted"),
        ("penalty-without-lambda", lambda s, m: 1, "the penalty is not multiplied by lambda"),
    ),
    *alike(
        "penalised",
        BOTH,
        _PENALTY,
        ("X-penalised-only", (1.0, 0.0), "only X is penalised"),
        ("Theta-penalised-only", (0.0, 1.0), "only Theta is penalised"),
    ),
    Mistake(
        *("R-left-out", "rated", BOTH, np.ones_like),
        "R is left out: movies that were not rated count too",
        "E = E .* R.",
    ),
    *alike(
        "average",
        (J,),
        _COST,
        ("J-not-halved", lambda total, R: total, "J's data term lacks its 1/2"),
        ("J-by-ratings", lambda total, R: total / (2 * R.sum()), "J's data term is divided by the number of ratings"),
        ("J-by-m", lambda total, R: total / (2 * len(R)), "J's data term is divided by the number of movies"),
        ("J-sign", lambda total, R: -total / 2, "J's data term has the wrong sign"),
    ),
    Mistake(
        *("J-not-squared", "loss", (J,), lambda E: E),
        "the errors are not squared in J",
        _COST,
    ),
    *alike(
        "read",
        BOTH,
        _ORDER,
        ("row-major-in", lambda theta, shapes: read(theta, shapes, "C"), "the parameters are reshaped row by row"),
        ("thetas-exchanged-in", lambda theta, shapes: read(theta, shapes[::-1])[::-1], "Theta is read before X"),
    ),
    *alike(
        "unroll",
        (GRADIENT,),
        _ORDER,
        ("row-major-out", lambda both: unroll(both, "C"), "the gradient is unrolled row by row"),
        ("gradients-exchanged", lambda both: unroll(both[::-1]), "the gradients of X and Theta are exchanged"),
        (
            "gradients-exchanged-row-major",
            lambda both: unroll(both[::-1], "C"),
            "the gradients of X and Theta are exchanged, and unrolled row by row",
        ),
    ),
    Mistake(
        *("error-sign", "error", (GRADIENT,), lambda E: -E),
        "the sign of the error is wrong in the gradient",
        "X_grad = E * Theta + lambda * X, Theta_grad = E' * X + lambda * Theta, where E = (X * Theta' - Y) .* R.",
    ),
)
