"""Activation functions: one record each of value and derivative.

The formulas are the course's (``g(z) = 1 / (1 + e^-z)``, ``g'(z) = g(z) (1 - g(z))``) and the lectures' others. Where
ReLU has no derivative, at 0, the convention is g'(0) = 0, and 0.01 for the leaky ReLU: the slope of the left side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from courseport import _checks
from courseport._checks import FloatArray

Array = NDArray[Any]
ActivationName = Literal["sigmoid", "tanh", "relu", "leaky_relu", "linear"]
LEAK = 0.01  # slope of the leaky ReLU for z < 0
# 1 by the bytes of a float, as arrays: a ufunc takes twice as long to turn a float into one, which tiny nets feel.
ONES = {8: np.array(1.0), 4: np.array(1.0, dtype=np.float32)}


@dataclass(frozen=True)
class Activation:
    """One activation function g: for the lecture plainly, for the kernel in place."""

    name: ActivationName
    # g(z) and g'(z) of an array of any shape; complex numbers continue them analytically, for complex steps.
    value: Callable[[Array], Array]
    derivative: Callable[[Array], Array]
    # Replaces z by g(z), to rounding equal to `value`.
    apply: Callable[[FloatArray], object]
    # scale(delta, a) multiplies delta by g'(z), given a = g(z), which it may overwrite.
    scale: Callable[[FloatArray, FloatArray], object]
    # slope(a, out) writes g'(z) into out, given a = g(z).
    slope: Callable[[FloatArray, FloatArray], object]
    # bend(a, out) writes g''(z) / g'(z) into out; None where g'' is 0.
    bend: Callable[[FloatArray, FloatArray], object] | None = None

    def __reduce__(self) -> tuple[Callable[[str], Activation], tuple[str]]:
        # The fields are lambdas; a pickle carries the name alone.
        return get, (self.name,)


def _sigmoid_value(z: Array) -> Array:
    if np.iscomplexobj(z):
        # e^-z overflows on the left half; there e^z / (1 + e^z) is the same function.
        decay = np.exp(np.where(z.real < 0, z, -z))
        continued: Array = np.where(z.real < 0, decay, 1) / (1 + decay)
        return continued
    result: Array = expit(z)
    return result


def _sigmoid_derivative(z: Array) -> Array:
    # g(z) g(-z) is g (1 - g) without the cancellation in 1 - g.
    return _sigmoid_value(z) * _sigmoid_value(-z)


def _sigmoid_apply(z: FloatArray) -> None:
    # exp, +1, reciprocal in place; e^-z may overflow to inf, and 1/inf = 0 is right.
    np.negative(z, z)
    np.exp(z, z)
    np.add(z, ONES[z.itemsize], z)
    np.reciprocal(z, z)


def _sigmoid_scale(delta: FloatArray, a: FloatArray) -> None:
    np.multiply(delta, a, delta)
    np.subtract(ONES[a.itemsize], a, a)
    np.multiply(delta, a, delta)


def _sigmoid_slope(a: FloatArray, out: FloatArray) -> None:
    np.subtract(ONES[a.itemsize], a, out)
    np.multiply(out, a, out)


def _tanh_slope(a: FloatArray, out: FloatArray) -> FloatArray:
    np.multiply(a, a, out)
    np.subtract(ONES[a.itemsize], out, out)
    return out


ACTIVATIONS: dict[str, Activation] = {
    record.name: record
    for record in (
        Activation(
            "sigmoid",
            value=_sigmoid_value,
            derivative=_sigmoid_derivative,
            apply=_sigmoid_apply,
            scale=_sigmoid_scale,
            slope=_sigmoid_slope,
            bend=lambda a, out: np.add(np.multiply(a, -2.0, out), ONES[a.itemsize], out),
        ),
        Activation(
            "tanh",
            value=np.tanh,
            # 1 - tanh(z)^2 is 4 g(2z) g(-2z) with the sigmoid g: no cancellation, no overflow.
            derivative=lambda z: 4.0 * _sigmoid_derivative(2.0 * z),
            apply=lambda z: np.tanh(z, out=z),
            scale=lambda delta, a: np.multiply(delta, _tanh_slope(a, a), delta),
            slope=_tanh_slope,
            bend=lambda a, out: np.multiply(a, -2.0, out),
        ),
        Activation(
            "relu",
            value=lambda z: np.where(z.real > 0, z, 0),
            derivative=lambda z: np.where(z.real > 0, 1.0, 0.0),
            apply=lambda z: np.maximum(z, 0.0, out=z),
            scale=lambda delta, a: np.multiply(delta, a > 0, out=delta),
            slope=lambda a, out: np.greater(a, 0.0, out=out),
        ),
        Activation(
            "leaky_relu",
            value=lambda z: np.where(z.real > 0, z, LEAK * z),
            derivative=lambda z: np.where(z.real > 0, 1.0, LEAK),
            apply=lambda z: np.maximum(z, LEAK * z, out=z),
            scale=lambda delta, a: np.multiply(delta, LEAK, out=delta, where=a <= 0),
            slope=lambda a, out: np.copyto(out, np.where(a > 0, 1.0, LEAK)),
        ),
        Activation(
            "linear",
            value=lambda z: z,
            derivative=np.ones_like,
            apply=lambda z: z,
            scale=lambda delta, _: delta,
            slope=lambda _, out: out.fill(1.0),
        ),
    )
}


def get(name: str, argument: str = "activation") -> Activation:
    """Return the record of the activation called `name`, or raise ValueError naming `argument`."""
    return ACTIVATIONS[_checks.choice(argument, name, ACTIVATIONS)]


def sigmoid(z: ArrayLike) -> FloatArray:
    """Return the logistic function ``1 / (1 + e^-z)`` of every element, an array of float64 of the shape of z.

    Infinite values are allowed: sigmoid(-inf) is 0 and sigmoid(inf) is 1.
    """
    return _sigmoid_value(_checks.real_array("z", z, "an array").astype(np.float64))


def sigmoid_gradient(z: ArrayLike) -> FloatArray:
    """Return the derivative of the sigmoid, ``g(z) (1 - g(z))``, of every element: the course's sigmoidGradient."""
    return _sigmoid_derivative(_checks.real_array("z", z, "an array").astype(np.float64))
