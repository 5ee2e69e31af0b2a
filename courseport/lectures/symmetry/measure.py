"""How different the hidden units are, and the rank of Theta1, at the start and after every iteration.

Hidden units that start equal get equal gradients, and stay equal: all rows of Theta1 are one row, its rank is 1, and
the layer can do no more than a single unit. Random weights break the symmetry at once. So does rounding, in the end:
the BLAS's products may differ in their last bits from row to row, and the symmetric state is no minimum, so that these
differences grow, slowly with gradient descent, faster with L-BFGS-B.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.cost import NeuralNetworkCost
from courseport.network.initialize import rand_initialize_weights, small_random_weights, zero_weights
from courseport.network.unrolling import ThetaLayout
from courseport.training.history import Progress
from courseport.training.train import TrainingWarning, train

RANK_TOLERANCE = 1e-6  # of the largest singular value: far above rounding, far below units that differ
GRADIENT_DESCENT = {"alpha": 1.0}  # a rate at which the course's network descends steadily on pixels of 0 to 1


@dataclass(frozen=True)
class SymmetryRecord:
    """What `watch_symmetry` saw; entry k of an array is after k iterations, entry 0 the start.

    Attributes
    ----------
    cost : ndarray of float64
        J.
    difference : ndarray of float64
        `unit_difference`.
    rank : ndarray of intp
        `theta1_rank`.
    theta_vec : ndarray of float64, shape (n,)
        The parameters at the end.
    message : str
        How training ended.
    """

    cost: FloatArray
    difference: FloatArray
    rank: IntArray
    theta_vec: FloatArray
    message: str


def unit_difference(theta_vec: ArrayLike, layer_sizes: Sequence[int]) -> float:
    """Return the largest difference of a weight between two hidden units of one layer; 0 where all are identical.

    Compared are the weights into the units, bias included, and those out of them.

    Parameters
    ----------
    theta_vec : array_like, shape (n,)
        The parameters, unrolled.
    layer_sizes : sequence of int
        At least three layers.

    Raises
    ------
    ValueError, TypeError
        If there is no hidden layer, or theta_vec does not belong to it.
    """
    thetas = _layout(layer_sizes).reshape(theta_vec)
    into = max(float(np.ptp(theta, axis=0).max()) for theta in thetas[:-1])
    out_of = max(float(np.ptp(theta[:, 1:], axis=1).max()) for theta in thetas[1:])
    return max(into, out_of)


def theta1_rank(theta_vec: ArrayLike, layer_sizes: Sequence[int]) -> int:
    """Return the rank of Theta1: how many of its singular values exceed 1e-6 of the largest.

    Parameters and errors are those of `unit_difference`.
    """
    singular = np.linalg.svd(_layout(layer_sizes).reshape(theta_vec)[0], compute_uv=False)
    return int((singular > RANK_TOLERANCE * singular[0]).sum())


def watch_symmetry(
    cost: NeuralNetworkCost,
    theta0: ArrayLike,
    *,
    method: str = "gradient_descent",
    max_iterations: int = 100,
    options: Mapping[str, Any] | None = None,
) -> SymmetryRecord:
    """Train from `theta0`, and measure the symmetry at the start and after every iteration.

    Parameters
    ----------
    cost : NeuralNetworkCost
        Of a network with a hidden layer.
    theta0 : array_like, shape (n,)
        Where to start.
    method, max_iterations, options
        As for `train`; gradient descent has alpha = 1 where no option is given. That training ends at the last
        iteration is expected, and not warned of.

    Returns
    -------
    SymmetryRecord
    """
    sizes = _layout(cost.layer_sizes).layer_sizes
    seen: list[tuple[float, float, int]] = []

    def look(now: Progress) -> None:
        seen.append((now.cost, unit_difference(now.theta_vec, sizes), theta1_rank(now.theta_vec, sizes)))

    if options is None and method == "gradient_descent":
        options = GRADIENT_DESCENT
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)
        result = train(cost, theta0, method=method, max_iterations=max_iterations, options=options, callback=look)
    costs, differences, ranks = zip(*seen, strict=True)
    return SymmetryRecord(
        np.array(costs), np.array(differences), np.array(ranks, dtype=np.intp), result.x, str(result.message)
    )


def compare_starts(cost: NeuralNetworkCost, *, seed: int = 0, **training: Any) -> dict[str, SymmetryRecord]:
    """Watch training from zeros, from 0.01 times normal weights, and from uniform weights in [-0.12, 0.12].

    Parameters
    ----------
    cost : NeuralNetworkCost
        Of a network with a hidden layer.
    seed : int, default 0
        Of the two random starts.
    **training
        method, max_iterations and options, as for `watch_symmetry`.

    Returns
    -------
    dict of str to SymmetryRecord
        Under the names "zeros", "small random" and "random".
    """
    sizes = _layout(cost.layer_sizes).layer_sizes
    starts = {
        "zeros": zero_weights(sizes),
        "small random": small_random_weights(sizes, seed=seed),
        "random": rand_initialize_weights(sizes, seed=seed),
    }
    return {name: watch_symmetry(cost, theta0, **training) for name, theta0 in starts.items()}


def _layout(layer_sizes: Sequence[int]) -> ThetaLayout:
    layout = ThetaLayout(tuple(_checks.layer_sizes(layer_sizes)))
    if len(layout.layer_sizes) < 3:
        _checks.fail("layer_sizes", "have a hidden layer", layout.layer_sizes)
    return layout
