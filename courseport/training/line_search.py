"""The line search of fmincg, by interpolation and extrapolation under the Wolfe-Powell conditions.

Along the direction s from point 1, the start, where the slope of J is negative, the search looks at two more points.
Point 2, the last one evaluated, is at the step z1. Point 3 is at the distance z3 < 0 from point 2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from courseport._checks import FloatArray
from courseport.training.method import Evaluate, is_finite

_RHO, _SIGMA = 0.01, 0.5  # Wolfe-Powell: the least fall of J per slope, and the largest slope left
_INT = 0.1  # no interpolation into the outer tenth of the bracket
_EXT = 3.0  # no extrapolation beyond three times the step
_MAX = 20  # evaluations after the first


class Point(NamedTuple):
    """A point on the line: J, its gradient, and its slope along the line."""

    x: FloatArray
    value: float
    gradient: FloatArray
    slope: float


class Found(NamedTuple):
    """The end of a search: the last point, its step, whether it meets the conditions, and the evaluations done."""

    point: Point
    step: float
    success: bool
    evaluations: int


def search(evaluate: Evaluate, start: Point, s: FloatArray, z1: float) -> Found:
    """Search from `start` along `s`, beginning with the step `z1`."""

    def at(x: FloatArray) -> Point:
        if not np.isfinite(x).all():
            return Point(x, np.inf, np.full_like(x, np.nan), np.nan)
        value, gradient = evaluate(x)
        if not is_finite(value, gradient):
            return Point(x, np.inf, gradient, np.nan)  # an infinite J turns the search back
        return Point(x, value, gradient, float(gradient @ s))

    def too_far(point: Point, step: float) -> bool:
        return point.value > start.value + step * _RHO * start.slope or point.slope > -_SIGMA * start.slope

    two, three = at(start.x + z1 * s), start
    z3, limit, left = -z1, None, _MAX
    while True:
        while too_far(two, z1) and left > 0:
            limit = z1
            z2 = interpolate(start.value, two, three, z3)
            z1, z3, left = z1 + z2, z3 - z2, left - 1
            two = at(two.x + z2 * s)
        success = not too_far(two, z1) and two.slope > _SIGMA * start.slope
        if success or too_far(two, z1) or left == 0:
            return Found(two, z1, success, _MAX - left + 1)
        z2 = extrapolate(z1, two, three, z3, limit)
        three, z1, z3, left = two, z1 + z2, -z2, left - 1
        two = at(two.x + z2 * s)


def interpolate(f1: float, two: Point, three: Point, z3: float) -> float:
    """Return the step from point 2 back into the bracket that ends at point 3; `f1` is J at the start."""
    f2, d2, f3, d3 = two.value, two.slope, three.value, three.slope
    with np.errstate(all="ignore"):  # what is not finite is replaced
        if f2 > f1:
            z2 = z3 - (d3 * z3 * z3 / 2) / np.float64(d3 * z3 + f2 - f3)
        else:
            a, b = _cubic(two, three, z3)
            z2 = (np.sqrt(b * b - a * d2 * z3 * z3) - b) / a
    step = float(z2) if np.isfinite(z2) else z3 / 2
    return max(min(step, _INT * z3), (1 - _INT) * z3)


def extrapolate(z1: float, two: Point, three: Point, z3: float, limit: float | None) -> float:
    """Return the step from point 2 onwards; `limit` is the nearest step that was too far, if any was."""
    with np.errstate(all="ignore"):  # what is not a positive number is replaced
        a, b = _cubic(two, three, z3)
        z2 = float(-two.slope * z3 * z3 / (b + np.sqrt(b * b - a * two.slope * z3 * z3)))
    if not np.isfinite(z2) or z2 < 0 or z1 + z2 > (_EXT * z1 if limit is None else limit):
        return (_EXT - 1) * z1 if limit is None else (limit - z1) / 2
    if z2 < -z3 * _INT:
        return -z3 * _INT
    return z2 if limit is None else max(z2, (limit - z1) * (1 - _INT))


def _cubic(two: Point, three: Point, z3: float) -> tuple[np.float64, np.float64]:
    """Return the two coefficients from which the minimum of the cubic through both values and slopes comes."""
    f2, d2, f3, d3 = two.value, two.slope, three.value, three.slope
    return np.float64(6 * (f2 - f3)) / z3 + 3 * (d2 + d3), np.float64(3 * (f3 - f2) - z3 * (d3 + 2 * d2))
