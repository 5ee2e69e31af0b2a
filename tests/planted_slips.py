"""Octave functions, right ports of them, and ports with one slip each: written by hand, without a look at the slips' table.

The name of a wrong port is what it must be told as; "unknown ..." must have no name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.linalg

RNG = np.random.default_rng(20)
Port = Callable[..., Any]


@dataclass(frozen=True)
class Planted:
    """An Octave function with its cases, the right port, and the wrong ones by the slip's name."""

    octave: str
    cases: list[tuple[Any, ...]]
    right: Port
    wrong: Mapping[str, Port]
    helpers: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.octave.split("(")[0].split("=")[-1].replace("function", "").strip()


def normal(*shape: int) -> Any:
    return RNG.normal(size=shape)


def away(x: Any) -> Any:
    return np.sign(x) * np.floor(np.abs(x) + 0.5)


def sd(x: Any, ddof: int = 1) -> Any:
    return np.std(x, axis=0, ddof=ddof)


def no_nan_max(x: Any) -> Any:
    return np.nanmax(x, axis=0)


MATRICES = [(normal(5, 3),), (normal(4, 4),), (normal(7, 2),)]
SQUARES = [(normal(4, 4),), (normal(3, 3),)]

PLANTED = [
    Planted(
        """function [z, mu, sigma] = zscores (X)
  % standard scores of the columns; don't divide by "zero"
  mu = mean (X);
  sigma = std (X);
  sigma(sigma == 0) = 1;
  z = (X - mu) ./ sigma;
end
""",
        MATRICES,
        lambda X: ((X - X.mean(0)) / sd(X), X.mean(0), sd(X)),
        {
            "population-std": lambda X: ((X - X.mean(0)) / sd(X, 0), X.mean(0), sd(X, 0)),
            "over-everything": lambda X: ((X - X.mean()) / np.std(X, ddof=1), X.mean(), np.std(X, ddof=1)),
            "std-for-var": lambda X: ((X - X.mean(0)) / sd(X) ** 2, X.mean(0), sd(X) ** 2),
            "transposed": lambda X: (((X - X.mean(0)) / sd(X)).T, X.mean(0), sd(X)),
            "sum-for-mean": lambda X: ((X - X.sum(0)) / sd(X), X.sum(0), sd(X)),
            "unknown median": lambda X: ((X - np.median(X, 0)) / sd(X), np.median(X, 0), sd(X)),
            "unknown noise": lambda X: ((X - X.mean(0)) / sd(X) + np.sin(X), X.mean(0), sd(X)),
            "float32": lambda X: (((X - X.mean(0)) / sd(X)).astype(np.float32).astype(float), X.mean(0), sd(X)),
            "constant-factor": lambda X: (2.5 * (X - X.mean(0)) / sd(X), X.mean(0), sd(X)),
            "constant-offset": lambda X: ((X - X.mean(0)) / sd(X) + 1e-3, X.mean(0), sd(X)),
        },
    ),
    Planted(
        """function theta = normal_equation (X, y)\r
\t% theta = inv(X'*X)*X'*y\r
\ttheta = (X' * X) \\ (X' * y);\r
""",
        [(normal(6, 2), normal(6)), (normal(8, 3), normal(8)), (normal(4, 4), normal(4))],
        lambda X, y: np.linalg.solve(X.T @ X, X.T @ y),
        {
            "elementwise-product": lambda X, y: (
                np.linalg.solve(X.T @ X, (X.T * y).sum(1)) if 0 else np.linalg.solve(X.T @ X, X.T * y)
            ),
            "exchanged-division": lambda X, y: (
                (X.T @ y) @ np.linalg.pinv((X.T @ X)) * 0
                + np.linalg.lstsq((X.T @ y)[:, None], X.T @ X, rcond=None)[0].ravel()
            ),
            "elementwise-division": lambda X, y: (X.T @ y) / (X.T @ X),
            "unknown": lambda X, y: np.linalg.solve(X.T @ X + np.eye(X.shape[1]), X.T @ y),
        },
    ),
]
