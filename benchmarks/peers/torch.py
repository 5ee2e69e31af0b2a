"""PyTorch on the CPU: its own layers' functions and its reverse mode."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.peers import Peer
from benchmarks.shapes import LAMBDA, Problem
from courseport._checks import FloatArray


def build(problem: Problem, *, dtype: str = "float64") -> Peer:
    sizes, m = problem.shape.layer_sizes, problem.shape.m
    number = getattr(torch, dtype)
    X, Y = (torch.from_numpy(array).to(number) for array in (problem.X, problem.targets))

    def cost(theta_vec: torch.Tensor) -> torch.Tensor:
        a, squares, start = X, torch.zeros((), dtype=number), 0
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
        parameters = torch.from_numpy(theta_vec).to(number).requires_grad_()
        J = cost(parameters)
        J.backward()
        return J.item(), parameters.grad.numpy().astype(np.float64)

    return Peer(call)
