"""The problems that are measured, and their data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from courseport import ThetaLayout
from courseport._checks import FloatArray, IntArray

LAMBDA = 1.0
SEED = 20


@dataclass(frozen=True)
class Shape:
    """m examples for a network of `layer_sizes`, which count units without bias."""

    name: str
    m: int
    layer_sizes: tuple[int, ...]
    title: str

    @property
    def key(self) -> str:
        """What a worker is told on its command line: ``A:5000:400,25,10``."""
        return f"{self.name}:{self.m}:{','.join(map(str, self.layer_sizes))}"


@dataclass(frozen=True)
class Problem:
    """The data of a shape: X of shape (m, s_1), labels y of shape (m,), and where J is evaluated."""

    shape: Shape
    X: FloatArray
    y: IntArray
    theta_vec: FloatArray

    @property
    def targets(self) -> FloatArray:
        """The matrix of 0s and 1s, shape (m, K)."""
        units = self.shape.layer_sizes[-1]
        if units == 1:
            return self.y[:, None].astype(np.float64)
        return np.eye(units)[self.y - 1]

    @property
    def direction(self) -> FloatArray:
        """What the Hessian is multiplied with."""
        return np.random.default_rng(SEED + 1).standard_normal(self.theta_vec.size)


SHAPES = (
    Shape("A", 5000, (400, 25, 10), "exercise 4"),
    Shape("B", 60000, (784, 25, 10), "MNIST"),
    Shape("C", 10000, (784, 512, 512, 10), "wide layers"),
    Shape("D", 100, (4, 5, 3), "tiny: the overhead of a call"),
    Shape("E", 100000, (50, 1), "logistic regression"),
)


def parse(key: str) -> Shape:
    """Return the shape of a `Shape.key`."""
    name, m, sizes = key.split(":")
    return Shape(name, int(m), tuple(int(size) for size in sizes.split(",")), "")


def scaled(shape: Shape, factor: float) -> Shape:
    """Return the shape with `factor` times as many examples."""
    return Shape(shape.name, max(10, int(shape.m * factor)), shape.layer_sizes, shape.title)


def make_problem(shape: Shape) -> Problem:
    """Return data of the shape, the same in every process; learnable, so that training has a way to go."""
    rng = np.random.default_rng(SEED)
    X = rng.random((shape.m, shape.layer_sizes[0]))
    units = shape.layer_sizes[-1]
    scores = (X[:, : min(50, X.shape[1])] - 0.5) @ rng.normal(size=(min(50, X.shape[1]), units))
    y = (scores[:, 0] > 0).astype(np.intp) if units == 1 else scores.argmax(axis=1) + 1
    theta_vec = rng.uniform(-0.12, 0.12, ThetaLayout(shape.layer_sizes).size)
    return Problem(shape, X, y, theta_vec)
