"""PyTorch on the CPU: its own layers' functions and its reverse mode, float64."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
from torch.nn import functional

from benchmarks.peers import Peer
from benchmarks.shapes import LAMBDA, Problem
from courseport._checks import FloatArray


def build(problem: Problem) -> Peer:
    sizes, m = problem.shape.layer_sizes, problem.shape.m
    X, Y = torch.from_numpy(problem.X), torch.from_numpy(problem.targets)

    def cost(theta_vec: torch.Tensor) -> torch.Tensor:
        a, squares, start = X, torch.zeros((), dtype=torch.float64), 0
        for layer, (columns, rows) in enumerate(pairwise(sizes), start=2):
            stop = start + rows * (columns + 1)
            T = theta_vec[start:stop].view(columns + 1, rows)
            a = functional.linear(a, T[1:].T, T[0])
            if layer < len(sizes):
                a = torch.sigmoid(a)
            squares, start = squares + T[1:].square().sum(), stop
        loss = functional.binary_cross_entropy_with_logits(a, Y, reduction="sum")
        return loss / m + LAMBDA / (2 * m) * squares

    def call(theta_vec: FloatArray) -> tuple[float, Any]:
        parameters = torch.from_numpy(theta_vec).requires_grad_()
        J = cost(parameters)
        J.backward()
        return J.item(), parameters.grad.numpy()

    return Peer(call)
