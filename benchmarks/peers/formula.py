"""J as one formula over any library that is called like numpy; the gradient is the library's work."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from benchmarks.shapes import LAMBDA, Problem


def make_cost(xp: Any, problem: Problem, X: Any, Y: Any) -> Callable[[Any], Any]:
    """Return J(theta_vec), from the logits: log(1 + e^z) - y z."""
    m, sizes = problem.shape.m, problem.shape.layer_sizes

    def cost(theta_vec: Any) -> Any:
        a, squares, start = X, 0.0, 0
        for layer, (columns, rows) in enumerate(pairwise(sizes), start=2):
            stop = start + rows * (columns + 1)
            T = theta_vec[start:stop].reshape((columns + 1, rows))  # Theta', without a copy
            z = xp.dot(a, T[1:]) + T[0]
            a = 1.0 / (1.0 + xp.exp(-z)) if layer < len(sizes) else z
            squares, start = squares + xp.sum(T[1:] ** 2), stop
        return xp.sum(xp.logaddexp(0.0, a) - Y * a) / m + LAMBDA / (2 * m) * squares

    return cost
