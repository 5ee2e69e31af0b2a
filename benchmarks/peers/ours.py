"""The cost function of this project, as a user builds it."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from benchmarks.peers import Peer
from benchmarks.shapes import LAMBDA, Problem
from courseport import NeuralNetworkCost


def build(problem: Problem, *, dtype: str = "float64", product: str | None = None) -> Peer:
    """Return J and gradient, or with `product` the Hessian's with a direction: at the "same" theta_vec or "moved"."""
    cost = NeuralNetworkCost(problem.shape.layer_sizes, problem.X, problem.y, LAMBDA, dtype=dtype)
    if product is None:
        return Peer(cost)
    p, scales = problem.direction, cycle([1.0] if product == "same" else [1.0, 1 + 1e-9])

    def call(theta_vec: Any) -> Any:
        return cost.hessp(next(scales) * theta_vec, p)

    return Peer(call, read=lambda answer: (p @ answer, answer))
