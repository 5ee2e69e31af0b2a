"""HIPS autograd: J written with its numpy, the gradient by its reverse mode."""

from __future__ import annotations

import autograd.numpy as anp
from autograd import value_and_grad

from benchmarks.peers import Peer
from benchmarks.peers.formula import make_cost
from benchmarks.shapes import Problem


def build(problem: Problem) -> Peer:
    return Peer(value_and_grad(make_cost(anp, problem, problem.X, problem.targets)))
