"""Networks and data for the tests: drawn by hypothesis, or the course's fixed ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

import courseport as cp
from courseport._checks import FloatArray, IntArray


@dataclass(frozen=True)
class Case:
    """One network with data: everything a cost function takes."""

    theta_vec: FloatArray
    layer_sizes: tuple[int, ...]
    X: FloatArray
    y: IntArray
    lambda_: float

    @property
    def arguments(self) -> tuple[tuple[int, ...], FloatArray, IntArray, float]:
        return self.layer_sizes, self.X, self.y, self.lambda_

    def cost(self, **options: object) -> cp.NeuralNetworkCost:
        return cp.NeuralNetworkCost(*self.arguments, **options)  # type: ignore[arg-type]  # options vary by test


def random_case(layer_sizes: tuple[int, ...], m: int, lambda_: float, seed: int, spread: float = 1.0) -> Case:
    rng = np.random.default_rng(seed)
    theta_vec = spread * rng.standard_normal(cp.ThetaLayout(layer_sizes).size)
    X = rng.standard_normal((m, layer_sizes[0]))
    units = layer_sizes[-1]
    y = rng.integers(0, 2, m) if units == 1 else rng.integers(1, units + 1, m)
    return Case(theta_vec, layer_sizes, X, y, lambda_)


@st.composite
def cases(draw: st.DrawFn, most_layers: int = 6, most_rows: int = 40) -> Case:
    """Draw 1 to 5 Thetas, 1 to 40 examples, one and K outputs, lambda 0 and not, weights small and large."""
    sizes = draw(st.lists(st.integers(1, 7), min_size=2, max_size=most_layers))
    m = draw(st.integers(1, most_rows))
    lambda_ = draw(st.sampled_from([0.0, 0.3, 1.0, 10.0]))
    spread = draw(st.sampled_from([0.01, 1.0, 5.0]))
    return random_case(tuple(sizes), m, lambda_, draw(st.integers(0, 2**32 - 1)), spread)


def small_case(lambda_: float) -> Case:
    """The small case of the verified figures: layers 2-2-4, three examples."""
    X = np.cos([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    return Case(np.arange(1, 19) / 10, (2, 2, 4), X, np.array([4, 2, 3]), lambda_)


def check_network(lambda_: float) -> Case:
    """The network of the course's checkNNGradients: 3-5-3, five examples, all deterministic."""
    sizes = (3, 5, 3)
    X = (np.sin(np.arange(1, 16)) / 10).reshape(5, 3, order="F")
    return Case(cp.debug_initialize_weights(sizes), sizes, X, 1 + np.arange(1, 6) % 3, lambda_)
