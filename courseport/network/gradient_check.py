"""Gradients without backpropagation, and a checker that compares: it sees a function of a vector, and knows no model.

The two-sided difference is the lecture's, ``(J(theta + epsilon) - J(theta - epsilon)) / (2 epsilon)``. The complex
step, ``Im J(theta + i h) / h``, subtracts nothing and so is exact to rounding, for a J that accepts complex parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network.unrolling import ThetaLayout, random_source

COMPLEX_STEP = 1e-200  # so small that its square vanishes against anything; no difference is taken
DIFFERENCE_ALLOWED = 1e-8  # relative difference of a right gradient at epsilon 1e-4: the course asks for less than 1e-9
MOST_DIRECTIONS = 10_000

CostFunction = Callable[[FloatArray], Any]


class Coordinate(NamedTuple):
    """One entry where the two gradients differ.

    `entry` counts from 0 in theta_vec, or numbers the random direction; `place` is (layer, row, column), layer from 1,
    row and column from 0, or () where no layout was given.
    """

    entry: int
    place: tuple[int, ...]
    analytic: float
    numerical: float


@dataclass(frozen=True)
class GradientCheck:
    """What `check_gradient` found: `relative_difference`, the course's measure, compared with what was `allowed`.

    It is ``norm(numerical - analytic) / norm(numerical + analytic)``. `worst` holds the entries that differ most, worst
    first.
    """

    relative_difference: float
    worst: tuple[Coordinate, ...]
    allowed: float

    @property
    def ok(self) -> bool:
        """Whether the gradient belongs to J, as far as differences can tell."""
        return bool(self.relative_difference <= self.allowed)

    def __str__(self) -> str:
        verdict = "agrees" if self.ok else "DIFFERS"
        difference = f"relative difference {self.relative_difference:.3g}"
        lines = [f"gradient {verdict}: {difference} (allowed {self.allowed:g})"]
        for worst in self.worst:
            where = "layer {}, row {}, column {}".format(*worst.place) if worst.place else f"entry {worst.entry}"
            lines.append(f"  {where}: analytic {worst.analytic:+.12g}, numerical {worst.numerical:+.12g}")
        return "\n".join(lines)


def compute_numerical_gradient(
    fun: CostFunction, theta_vec: ArrayLike, epsilon: float = 1e-4, indices: Iterable[int] | None = None
) -> FloatArray:
    """Return the two-sided numerical gradient, the course's computeNumericalGradient.

    ``fun(theta_vec)`` returns J, or a tuple that begins with J. `epsilon` is the step to both sides, > 0. `indices`
    are the entries to differentiate; all by default, shape (n,).
    """
    _checks.function("fun", fun)
    theta = _checks.real_vector("theta_vec", theta_vec)
    epsilon = _checks.number("epsilon", epsilon, above=0.0)
    return _two_sided(fun, theta, _unit_vectors(theta.size, indices), epsilon)


def complex_step_gradient(
    fun: Callable[[Any], Any], theta_vec: ArrayLike, indices: Iterable[int] | None = None
) -> FloatArray:
    """Return the gradient by complex steps, exact to rounding.

    `fun` gives J of a complex vector, without taking absolute values or real parts; for a network it is
    `NeuralNetworkCost.formula_cost`. All else is as for `compute_numerical_gradient`.
    """
    _checks.function("fun", fun)
    theta = _checks.real_vector("theta_vec", theta_vec)
    values = [_cost_of(fun(theta + 1j * COMPLEX_STEP * unit)) for unit in _unit_vectors(theta.size, indices)]
    return np.array([np.imag(value) / COMPLEX_STEP for value in values])


def check_gradient(
    fun: CostFunction,
    theta_vec: ArrayLike,
    *,
    epsilon: float = 1e-4,
    directions: int | None = None,
    layer_sizes: Sequence[int] | None = None,
    allowed: float = DIFFERENCE_ALLOWED,
    worst: int = 5,
    seed: int = 0,
) -> GradientCheck:
    """Compare the gradient that `fun` returns with the two-sided difference of the J that it returns.

    Parameters
    ----------
    fun : callable
        ``fun(theta_vec)`` returns (J, grad_vec).
    theta_vec : array_like, shape (n,)
        Where to compare.
    epsilon : float, default 1e-4
        Step of the differences.
    directions : int, optional
        Compare along so many random directions instead of along every coordinate: for large vectors, where each
        coordinate costs two evaluations.
    layer_sizes : sequence of int, optional
        Names the worst entries by layer, row and column of their Theta.
    allowed : float, default 1e-8
        Largest relative difference that counts as agreement.
    worst : int, default 5
        Number of entries to report.
    seed : int, default 0
        For the random directions.
    """
    _checks.function("fun", fun)
    theta = _checks.real_vector("theta_vec", theta_vec)
    epsilon = _checks.number("epsilon", epsilon, above=0.0)
    allowed = _checks.number("allowed", allowed, minimum=0.0)
    worst = _checks.whole_number("worst", worst, 0)
    analytic = np.asarray(_checks.pair("fun", fun(theta.copy()))[1], dtype=np.float64)
    if analytic.shape != theta.shape:
        _checks.fail("the gradient", f"have shape {theta.shape}, that of theta_vec", analytic.shape)
    layout = None if layer_sizes is None or directions is not None else ThetaLayout(_checks.layer_sizes(layer_sizes))
    if layout is not None and layout.size != theta.size:
        _checks.fail("layer_sizes", f"belong to a theta_vec of {theta.size} entries", f"{layout.layer_sizes}")
    if directions is None:
        numerical = _two_sided(fun, theta, _unit_vectors(theta.size), epsilon)
    else:
        if _checks.whole_number("directions", directions, 1) > MOST_DIRECTIONS:
            _checks.fail("directions", f"be at most {MOST_DIRECTIONS}", directions)
        shape = (directions, theta.size)
        steps = random_source(seed).standard_normal(shape)
        steps /= np.linalg.norm(steps, axis=1, keepdims=True)
        analytic, numerical = steps @ analytic, _two_sided(fun, theta, steps, epsilon)
    # NaN differs most of all.
    differences = np.nan_to_num(np.abs(analytic - numerical), nan=np.inf)
    coordinates = tuple(
        Coordinate(int(i), () if layout is None else layout.locate(int(i)), float(analytic[i]), float(numerical[i]))
        for i in np.argsort(-differences, kind="stable")[:worst]
    )
    difference = float(np.linalg.norm(numerical - analytic))
    total = float(np.linalg.norm(numerical + analytic))
    return GradientCheck(difference if total == 0.0 else difference / total, coordinates, allowed)


def _two_sided(fun: CostFunction, theta: FloatArray, steps: Iterable[FloatArray], epsilon: float) -> FloatArray:
    """Return the slope of J along each step."""
    ends = ((_cost_of(fun(theta + epsilon * step)), _cost_of(fun(theta - epsilon * step))) for step in steps)
    return np.array([float((up - down) / (2 * epsilon)) for up, down in ends])


def _cost_of(answer: Any) -> Any:
    return answer[0] if isinstance(answer, tuple) else answer


def _unit_vectors(size: int, indices: Iterable[int] | None = None) -> Iterator[FloatArray]:
    """Yield them one by one: all at once would be a matrix of size^2 numbers."""
    if indices is not None and (isinstance(indices, memoryview) or not np.iterable(indices)):
        _checks.fail_type("indices", "be a sequence of whole numbers", indices)
    for index in range(size) if indices is None else indices:
        if _checks.whole_number("indices", index, 0) >= size:
            _checks.fail("indices", f"be below {size}, the entries of theta_vec", index)
        unit = np.zeros(size)
        unit[index] = 1.0
        yield unit
