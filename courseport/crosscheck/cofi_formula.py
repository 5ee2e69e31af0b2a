"""Collaborative filtering (cofiCostFunc) written out plainly, each part with the wrong ways to write it.

The parameters are ``[X(:); Theta(:)]``: X holds the movies' features, Theta the users'.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.cases import Values
from courseport.crosscheck.shared_formula import RIGHT, SQUARES, Choices, pick

Shapes = tuple[tuple[int, int], tuple[int, int]]
Pair = tuple[FloatArray, FloatArray]

READ: dict[str, Callable[[FloatArray, Shapes], Pair]] = {
    RIGHT: lambda v, shapes: _split(v, shapes, row_major=False),
    "row-major": lambda v, shapes: _split(v, shapes, row_major=True),
    "last Theta first": lambda v, shapes: _split(v, shapes[::-1], row_major=False)[::-1],
}
UNROLL: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda X, Theta: np.concatenate([X.ravel(order="F"), Theta.ravel(order="F")]),
    "row-major": lambda X, Theta: np.concatenate([X.ravel(), Theta.ravel()]),
    "exchanged": lambda X, Theta: np.concatenate([Theta.ravel(order="F"), X.ravel(order="F")]),
    "exchanged, row-major": lambda X, Theta: np.concatenate([Theta.ravel(), X.ravel()]),
}
ERROR: dict[str, Callable[[FloatArray, FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda prediction, Y, R: (prediction - Y) * R,
    "R left out": lambda prediction, Y, _: prediction - Y,
}
AVERAGE: dict[str, Callable[[float, FloatArray], float]] = {
    RIGHT: lambda total, _: total / 2,
    "not halved": lambda total, _: total,
    "by the ratings": lambda total, R: total / (2 * R.sum()),
    "1/m": lambda total, R: total / (2 * R.shape[0]),
    "sign": lambda total, _: -total / 2,
}
PENALTY_IN_J: dict[str, Callable[[float, FloatArray], float]] = {
    RIGHT: lambda strength, _: strength / 2,
    "missing": lambda _strength, _R: 0.0,
    "doubled": lambda strength, _: strength,
    "halved": lambda strength, _: strength / 4,
    "1/m": lambda strength, R: strength / (2 * R.shape[0]),
    "sign": lambda strength, _: -strength / 2,
}
PENALTY_IN_GRADIENT: dict[str, Callable[[float, FloatArray], float]] = {
    RIGHT: lambda strength, _: strength,
    "missing": lambda _strength, _R: 0.0,
    "doubled": lambda strength, _: 2 * strength,
    "halved": lambda strength, _: strength / 2,
    "1/m": lambda strength, R: strength / R.shape[0],
    "sign": lambda strength, _: -strength,
}
PENALISED: dict[str, tuple[float, float]] = {RIGHT: (1.0, 1.0), "X only": (1.0, 0.0), "Theta only": (0.0, 1.0)}
SCALE: dict[str, float] = {RIGHT: 1.0, "negated": -1.0, "halved": 0.5, "doubled": 2.0, "zero": 0.0}


def cofi_answer(values: Values, choices: Choices) -> tuple[float, FloatArray]:
    """Return J and the gradient of collaborative filtering as a file with the mistakes of `choices` would."""
    Y, R, strength = values["Y"], values["R"], values["lambda"]
    movies, users, features = (int(values[f"num_{what}"]) for what in ("movies", "users", "features"))
    X, Theta = pick(READ, choices, "read")(values["theta"], ((movies, features), (users, features)))
    error = pick(ERROR, choices, "error")(X @ Theta.T, Y, R)
    of_X, of_Theta = pick(PENALISED, choices, "penalised layers")
    squares = pick(SQUARES, choices, "squares")
    total = float((error**2).sum() if choices.get("loss") != "not squared" else error.sum())
    J = pick(AVERAGE, choices, "average")(total, R)
    J += pick(PENALTY_IN_J, choices, "penalty")(strength, R) * (of_X * squares(X) + of_Theta * squares(Theta))
    sign = -1.0 if choices.get("output delta") == "sign" else 1.0
    factor = pick(PENALTY_IN_GRADIENT, choices, "penalty")(strength, R)
    scale = pick(SCALE, choices, "gradient")
    X_grad = scale * (sign * error @ Theta + factor * of_X * X)
    Theta_grad = scale * (sign * error.T @ X + factor * of_Theta * Theta)
    return J * (choices.get("J") != "zero"), pick(UNROLL, choices, "unroll")(X_grad, Theta_grad)


def _split(v: FloatArray, shapes: Shapes, *, row_major: bool) -> Pair:
    (rows, columns), second = shapes
    order: Literal["C", "F"] = "C" if row_major else "F"
    return v[: rows * columns].reshape((rows, columns), order=order), v[rows * columns :].reshape(second, order=order)
