"""Parts that all the cost functions' formulas share, each with the wrong ways to write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from courseport._checks import FloatArray

RIGHT = "right"
Choices = Mapping[str, str]  # the wrong ways taken: the name of the part -> the name of the way
Way = TypeVar("Way")


def pick(ways: Mapping[str, Way], choices: Choices, part: str) -> Way:
    """Return the way of `part` that was taken; the right one where nothing else is said."""
    return ways[choices.get(part, RIGHT)]


# What the mean is taken over.
COUNT: dict[str, Callable[[FloatArray], int]] = {
    RIGHT: lambda X: X.shape[0],
    "length(X)": lambda X: max(X.shape),
    "columns(X)": lambda X: X.shape[1],
}
# The loss of each example and unit, from h and Y.
LOSS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    RIGHT: lambda h, Y: -Y * np.log(h) - (1 - Y) * np.log(1 - h),
    "log h twice": lambda h, Y: -Y * np.log(h) - (1 - Y) * np.log(h),
    "log 1-h twice": lambda h, Y: -Y * np.log(1 - h) - (1 - Y) * np.log(1 - h),
    "first term only": lambda h, Y: -Y * np.log(h),
    "second term only": lambda h, Y: -(1 - Y) * np.log(1 - h),
    "h and 1-h exchanged": lambda h, Y: -Y * np.log(1 - h) - (1 - Y) * np.log(h),
    "y twice": lambda h, Y: -Y * np.log(h) - Y * np.log(1 - h),
    "sign": lambda h, Y: Y * np.log(h) + (1 - Y) * np.log(1 - h),
    "sign of the second": lambda h, Y: -Y * np.log(h) + (1 - Y) * np.log(1 - h),
    "sign of the first": lambda h, Y: Y * np.log(h) - (1 - Y) * np.log(1 - h),
    "squared": lambda h, Y: (h - Y) ** 2,
    "half squared": lambda h, Y: (h - Y) ** 2 / 2,
    "log10": lambda h, Y: (-Y * np.log(h) - (1 - Y) * np.log(1 - h)) / np.log(10.0),
    "log2": lambda h, Y: (-Y * np.log(h) - (1 - Y) * np.log(1 - h)) / np.log(2.0),
    "matrix product": lambda h, Y: -Y.T @ np.log(h) - (1 - Y).T @ np.log(1 - h),
}
AVERAGE: dict[str, Callable[[float, int, int], float]] = {
    RIGHT: lambda total, m, _: total / m,
    "missing": lambda total, _m, _: total,
    "1/2m": lambda total, m, _: total / (2 * m),
    "1/mK": lambda total, m, K: total / (m * K),
    "twice": lambda total, m, _: total / m**2,
}
# The factor of the sum of squares in J, and of theta in the gradient.
PENALTY_IN_J: dict[str, Callable[[float, int], float]] = {
    RIGHT: lambda strength, m: strength / (2 * m),
    "missing": lambda _strength, _m: 0.0,
    "doubled": lambda strength, m: strength / m,
    "halved": lambda strength, m: strength / (4 * m),
    "no 1/m": lambda strength, _: strength / 2,
    "no 1/2m": lambda strength, _: strength,
    "times m": lambda strength, m: strength * m / 2,
    "sign": lambda strength, m: -strength / (2 * m),
    "1/m twice": lambda strength, m: strength / (2 * m**2),
}
PENALTY_IN_GRADIENT: dict[str, Callable[[float, int], float]] = {
    RIGHT: lambda strength, m: strength / m,
    "missing": lambda _strength, _m: 0.0,
    "doubled": lambda strength, m: 2 * strength / m,
    "halved": lambda strength, m: strength / (2 * m),
    "no 1/m": lambda strength, _: strength,
    "no 1/2m": lambda strength, _: 2 * strength,
    "times m": lambda strength, m: strength * m,
    "sign": lambda strength, m: -strength / m,
    "1/m twice": lambda strength, m: strength / m**2,
}
SQUARES: dict[str, Callable[[FloatArray], float]] = {
    RIGHT: lambda theta: float((theta**2).sum()),
    "not squared": lambda theta: float(theta.sum()),
    "absolute": lambda theta: float(np.abs(theta).sum()),
    "square of the sum": lambda theta: float(theta.sum()) ** 2,
}
# How Delta, the sum over the examples, and the penalty's part make the gradient.
GRADIENT_SCALE: dict[str, Callable[[FloatArray, FloatArray, int], FloatArray]] = {
    RIGHT: lambda Delta, penalty, m: Delta / m + penalty,
    "no 1/m": lambda Delta, penalty, _: Delta + penalty,
    "no 1/m anywhere": lambda Delta, penalty, m: Delta + penalty * m,
    "1/m twice": lambda Delta, penalty, m: Delta / m**2 + penalty,
    "halved": lambda Delta, penalty, m: (Delta / m + penalty) / 2,
    "doubled": lambda Delta, penalty, m: (Delta / m + penalty) * 2,
    "negated": lambda Delta, penalty, m: -(Delta / m + penalty),
    "zero": lambda Delta, penalty, _m: np.zeros_like(Delta + penalty),
}
