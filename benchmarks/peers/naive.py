"""The course's cost function as it is usually carried over to numpy: ones stacked, labels expanded, one big pass."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from benchmarks.peers import Peer
from benchmarks.shapes import LAMBDA, Problem
from courseport._checks import FloatArray, IntArray


def sigmoid(z: FloatArray) -> FloatArray:
    return 1 / (1 + np.exp(-z))


def expand(y: IntArray, units: int) -> FloatArray:
    if units == 1:
        return y.reshape(-1, 1).astype(float)
    return np.eye(units)[y - 1]


def nn_cost_function(
    theta_vec: FloatArray, layer_sizes: tuple[int, ...], X: FloatArray, y: IntArray, lambda_: float
) -> tuple[float, FloatArray]:
    m = X.shape[0]
    thetas, start = [], 0
    for columns, rows in pairwise(layer_sizes):
        stop = start + rows * (columns + 1)
        thetas.append(theta_vec[start:stop].reshape((rows, columns + 1), order="F"))
        start = stop

    activations = []
    a = X
    for theta in thetas:
        a = np.hstack([np.ones((m, 1)), a])
        activations.append(a)
        a = sigmoid(a @ theta.T)
    h, Y = a, expand(y, layer_sizes[-1])
    J = np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h)) / m
    J += lambda_ / (2 * m) * sum(np.sum(theta[:, 1:] ** 2) for theta in thetas)

    gradients = []
    delta = h - Y
    for layer in range(len(thetas) - 1, -1, -1):
        a, theta = activations[layer], thetas[layer]
        gradient = delta.T @ a / m
        gradient[:, 1:] += lambda_ / m * theta[:, 1:]
        gradients.insert(0, gradient.ravel(order="F"))
        if layer > 0:
            delta = (delta @ theta * a * (1 - a))[:, 1:]
    return J, np.concatenate(gradients)


def build(problem: Problem) -> Peer:
    sizes, X, y = problem.shape.layer_sizes, problem.X, problem.y
    return Peer(lambda theta_vec: nn_cost_function(theta_vec, sizes, X, y, LAMBDA))
