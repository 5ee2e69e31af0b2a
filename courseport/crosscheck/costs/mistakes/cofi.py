"""Collaborative filtering (cofiCostFunc) written out plainly, and the known mistakes in it.

The parameters are ``[X(:); Theta(:)]``: X holds the movies' features, Theta the users'.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.mistakes.mistake import (
    BOTH,
    GRADIENT,
    PENALTY,
    SCALE,
    SHARED,
    J,
    Mistake,
    Result,
    Values,
    Ways,
    taken,
)

Pair = tuple[FloatArray, FloatArray]
Shapes = tuple[tuple[int, int], tuple[int, int]]


def _read(params: FloatArray, shapes: Shapes, order: Any = "F") -> Pair:
    size = shapes[0][0] * shapes[0][1]
    return params[:size].reshape(shapes[0], order=order), params[size:].reshape(shapes[1], order=order)


def _unroll(first: FloatArray, second: FloatArray, order: Any = "F") -> FloatArray:
    return np.concatenate([first.ravel(order=order), second.ravel(order=order)])


# Here m is the number of movies: right nowhere, and met in mistakes.
RIGHT: Ways = {
    **SHARED,
    "read": _read,
    "unroll": _unroll,
    "rated": lambda R: R,
    "loss": lambda E: E**2,
    "average": lambda total, R: total / 2,
    "penalty": (lambda strength, m: strength / 2, lambda strength, m: strength),
    "penalised": (1.0, 1.0),
    "error": lambda E: E,
    "scale": lambda Delta, penalty, m, layer: Delta + penalty,
}


def cofi_answer(values: Values, ways: Ways) -> Result:
    """Return J and the gradient as a file with the wrong `ways` in it would; without any, the right ones."""
    w = taken(RIGHT, ways)
    Y, R, strength = values["Y"], values["R"], values["lambda"]
    movies, users, features = (int(values[f"num_{what}"]) for what in ("movies", "users", "features"))
    X, Theta = w.read(values["theta"], ((movies, features), (users, features)))
    E = (X @ Theta.T - Y) * w.rated(R)
    of_J, of_gradient = w.penalty
    of_X, of_Theta = w.penalised
    squares = of_X * w.squares(X) + of_Theta * w.squares(Theta)
    cost = w.average(float(w.loss(E).sum()), R) + of_J(strength, movies) * squares
    factor = of_gradient(strength, movies)
    X_grad = w.scale(w.error(E) @ Theta, factor * of_X * X, 1, "first")
    Theta_grad = w.scale(w.error(E).T @ X, factor * of_Theta * Theta, 1, "last")
    return cost * w.J, w.unroll(X_grad, Theta_grad)


_COST = "J = sum(sum(((X * Theta' - Y) .* R) .^ 2)) / 2 + lambda/2 * (sum of the squares of X and of Theta)."
_PENALTY = "The factor is lambda/2 in J, and lambda in the gradient, for X and for Theta."
_ORDER = "[X(:); Theta(:)], column by column; in NumPy say order='F'."

COFI_MISTAKES = (
    *(mistake for mistake in SCALE if mistake.name != "gradient-by-m-twice"),
    *(mistake for mistake in PENALTY if mistake.part == "squares" and mistake.name != "penalty-square-of-sum"),
    Mistake(
        "R-left-out", "rated", np.ones_like, BOTH, "R is left out: movies that were not rated count too", "E = E .* R."
    ),
    *(
        Mistake(name, "penalty", way, BOTH, text, _PENALTY)
        for name, way, text in (
            ("penalty-missing", (lambda s, m: 0.0, lambda s, m: 0.0), "the penalty is missing"),
            ("penalty-doubled", (lambda s, m: s, lambda s, m: 2 * s), "the penalty is twice what it should be"),
            ("penalty-halved", (lambda s, m: s / 4, lambda s, m: s / 2), "the penalty is half what it should be"),
            (
                "penalty-by-m",
                (lambda s, m: s / (2 * m), lambda s, m: s / m),
                "the penalty is divided by the number of movies",
            ),
            ("penalty-sign", (lambda s, m: -s / 2, lambda s, m: -s), "the penalty is subtracted"),
            (
                "penalty-without-lambda",
                (lambda s, m: 0.5, lambda s, m: 1.0),
                "the penalty is not multiplied by lambda",
            ),
        )
    ),
    Mistake("X-penalised-only", "penalised", (1.0, 0.0), BOTH, "only X is penalised", _PENALTY),
    Mistake("Theta-penalised-only", "penalised", (0.0, 1.0), BOTH, "only Theta is penalised", _PENALTY),
    *(
        Mistake(name, "average", way, (J,), text, _COST)
        for name, way, text in (
            ("J-not-halved", lambda total, R: total, "J's data term lacks its 1/2"),
            (
                "J-by-ratings",
                lambda total, R: total / (2 * R.sum()),
                "J's data term is divided by the number of ratings",
            ),
            ("J-by-m", lambda total, R: total / (2 * len(R)), "J's data term is divided by the number of movies"),
            ("J-sign", lambda total, R: -total / 2, "J's data term has the wrong sign"),
        )
    ),
    Mistake("J-not-squared", "loss", lambda E: E, (J,), "the errors are not squared in J", _COST),
    Mistake(
        "row-major-in",
        *("read", lambda params, shapes: _read(params, shapes, "C"), BOTH),
        "the parameters are reshaped row by row",
        _ORDER,
    ),
    Mistake(
        "thetas-exchanged-in",
        *("read", lambda params, shapes: _read(params, shapes[::-1])[::-1], BOTH),
        "Theta is read before X",
        _ORDER,
    ),
    *(
        Mistake(name, "unroll", way, (GRADIENT,), text, _ORDER)
        for name, way, text in (
            ("row-major-out", lambda X, Theta: _unroll(X, Theta, "C"), "the gradient is unrolled row by row"),
            ("gradients-exchanged", lambda X, Theta: _unroll(Theta, X), "the gradients of X and Theta are exchanged"),
            (
                "gradients-exchanged-row-major",
                lambda X, Theta: _unroll(Theta, X, "C"),
                "the gradients of X and Theta are exchanged, and unrolled row by row",
            ),
        )
    ),
    Mistake(
        "error-sign",
        *("error", lambda E: -E, (GRADIENT,)),
        "the sign of the error is wrong in the gradient",
        "X_grad = E * Theta + lambda * X, Theta_grad = E' * X + lambda * Theta, where E = (X * Theta' - Y) .* R.",
    ),
)
