"""The cost function of this project, as a user builds it."""

from __future__ import annotations

from benchmarks.peers import Peer
from benchmarks.shapes import LAMBDA, Problem
from courseport import NeuralNetworkCost


def build(problem: Problem) -> Peer:
    return Peer(NeuralNetworkCost(problem.shape.layer_sizes, problem.X, problem.y, LAMBDA))
