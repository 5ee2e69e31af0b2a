"""Every combination of activation, loss, penalty and depth, with data on which all of them have a derivative."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from tolerances import ALGEBRA

import courseport as cp
from courseport._checks import FloatArray
from courseport.network import lecture

HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "linear")
OUTPUTS = (("sigmoid", "cross_entropy"), *((name, "squared_error") for name in HIDDEN))
PENALTIES = ("lambda/2m", "lambda/2")
DEPTHS = ((3, 2), (3, 4, 1), (2, 4, 3, 2), (2, 3, 2, 3, 1))
SATURATION = 1e-13  # rounding of 1 - g(z), times activations of the order of 100
CLEARANCE = 0.01  # |z| of every unit: a difference with epsilon 1e-4 then stays on one side of the kink of a ReLU


@dataclass(frozen=True)
class System:
    """One cost function of the lectures, with data."""

    theta_vec: FloatArray
    layer_sizes: tuple[int, ...]
    X: FloatArray
    y: FloatArray
    lambda_: float
    options: dict[str, str]

    @property
    def arguments(self) -> tuple[tuple[int, ...], FloatArray, FloatArray, float]:
        return self.layer_sizes, self.X, self.y, self.lambda_

    @property
    def octave_arguments(self) -> tuple[Any, ...]:
        names = ("hidden_activation", "output_activation", "loss", "penalty")
        sizes = np.array([self.layer_sizes], dtype=float)
        return (sizes, self.X, self.y, self.lambda_, *(self.options[name] for name in names))

    def cost(self, **kernel: int | None) -> cp.NeuralNetworkCost:
        return cp.NeuralNetworkCost(*self.arguments, **self.options, **kernel)  # type: ignore[arg-type]  # all are names


def draw_system(
    layer_sizes: tuple[int, ...], m: int, lambda_: float, options: dict[str, str], rng: np.random.Generator
) -> System:
    """Draw weights, X and targets: a matrix of values, in [0, 1] for the cross-entropy, 0/1 for its single unit."""
    theta_vec = 0.6 * rng.standard_normal(cp.ThetaLayout(layer_sizes).size)
    units = layer_sizes[-1]
    y = rng.standard_normal((m, units))
    if options["loss"] == "cross_entropy":
        y = rng.random((m, units)) if units > 1 else rng.integers(0, 2, (m, 1)).astype(float)
    return System(theta_vec, layer_sizes, rng.standard_normal((m, layer_sizes[0])), y, lambda_, options)


def smooth_system(hidden: str, output: str, loss: str, penalty: str, layer_sizes: tuple[int, ...]) -> System:
    """Draw until no unit is near a kink, and every layer's gradient counts for something."""
    options = {"hidden_activation": hidden, "output_activation": output, "loss": loss, "penalty": penalty}
    rng = np.random.default_rng(0)
    for _ in range(1000):
        system = draw_system(layer_sizes, 4, 0.7, options, rng)
        cost = system.cost()
        Theta = lecture.reshape(system.theta_vec, cost.model)
        a, z = lecture.forward(Theta, system.X, cost.model)
        delta = lecture.deltas(Theta, a, z, cost.examples.targets.matrix(), cost.model)
        clear = min(np.abs(layer).min() for layer in z.values()) > CLEARANCE
        if clear and min(np.abs(layer).max() for layer in delta.values()) > CLEARANCE:
            return system
    raise AssertionError("no smooth system found")


def assert_same_gradient(actual: object, expected: object) -> None:
    """Assert agreement to the rounding of the gradient's norm, and of units near saturation.

    1 - g(z) keeps 1e-16 of 1, not of itself: what a saturated unit passes on is exact to an absolute difference.
    """
    difference = np.linalg.norm(np.ravel(actual) - np.ravel(expected))
    assert difference <= ALGEBRA.rtol * np.linalg.norm(np.ravel(expected)) + SATURATION


COMBINATIONS = [
    (hidden, output, loss, penalty, sizes)
    for hidden, (output, loss), penalty, sizes in product(HIDDEN, OUTPUTS, PENALTIES, DEPTHS)
    if len(sizes) > 2 or hidden == HIDDEN[0]  # without hidden layer its activation does not matter
]


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Draw any system: 1 to 4 Thetas, 1 to 20 examples, one and several targets, both penalties, lambda 0 and not."""
    sizes = tuple(draw(st.lists(st.integers(1, 6), min_size=2, max_size=5)))
    output, loss = draw(st.sampled_from(OUTPUTS))
    options = {
        "hidden_activation": draw(st.sampled_from(HIDDEN)),
        "output_activation": output,
        "loss": loss,
        "penalty": draw(st.sampled_from(PENALTIES)),
    }
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return draw_system(sizes, draw(st.integers(1, 20)), draw(st.sampled_from([0.0, 0.3, 5.0])), options, rng)
