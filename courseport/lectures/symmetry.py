"""What the start does to the hidden units: their difference and the rank of Theta1, measured and drawn.

Hidden units that start equal get equal gradients, and stay equal: all rows of Theta1 are one row, its rank is 1, and
the layer can do no more than a single unit. Random weights break the symmetry at once. So does rounding, in the end:
the BLAS's products may differ in their last bits from row to row, and the symmetric state is no minimum, so that these
differences grow, slowly with gradient descent, faster with L-BFGS-B.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from math import isqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.cost import NeuralNetworkCost
from courseport.network.unrolling import (
    ThetaLayout,
    rand_initialize_weights,
    reshape_thetas,
    small_random_weights,
    zero_weights,
)
from courseport.plots import Axes, display_data, new_axes
from courseport.training.history import Progress, TrainingWarning
from courseport.training.train import train

RANK_TOLERANCE = 1e-6  # of the largest singular value: far above rounding, far below units that differ
GRADIENT_DESCENT = {"alpha": 1.0}  # a rate at which the course's network descends steadily on pixels of 0 to 1
FLOOR = 1e-18  # drawn in place of 0 on the logarithmic axis; weights of order 1 differ by 1e-17 or not at all
ROUNDING = 1e-10  # below this, weights of order 1 differ by grown rounding errors alone
STYLES = {"zeros": ("#d55e00", "-"), "small random": ("#0072b2", "-"), "random": ("black", "--")}


class SymmetryRecord(NamedTuple):
    """What `watch_symmetry` saw: J, `unit_difference` and `theta1_rank` at the start and after every iteration.

    `theta_vec` holds the parameters at the end, and `message` tells how training ended.
    """

    cost: FloatArray
    difference: FloatArray
    rank: IntArray
    theta_vec: FloatArray
    message: str


def unit_difference(theta_vec: ArrayLike, layer_sizes: Sequence[int]) -> float:
    """Return the largest difference of a weight between two hidden units of one layer; 0 where all are identical.

    Compared are the weights into the units, bias included, and those out of them. There must be a hidden layer.
    """
    thetas = _layout(layer_sizes).reshape(theta_vec)
    into = max(float(np.ptp(theta, axis=0).max()) for theta in thetas[:-1])
    out_of = max(float(np.ptp(theta[:, 1:], axis=1).max()) for theta in thetas[1:])
    return max(into, out_of)


def theta1_rank(theta_vec: ArrayLike, layer_sizes: Sequence[int]) -> int:
    """Return the rank of Theta1: how many of its singular values exceed 1e-6 of the largest."""
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

    `method`, `max_iterations` and `options` are those of `train`; gradient descent has alpha = 1 where no option is
    given. That training ends at the last iteration is expected, and not warned of.
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
    costs, differences, ranks = (np.array(values) for values in zip(*seen, strict=True))
    return SymmetryRecord(costs, differences, ranks, result.x, str(result.message))


def compare_starts(cost: NeuralNetworkCost, *, seed: int = 0, **training: Any) -> dict[str, SymmetryRecord]:
    """Watch training from "zeros", from 0.01 times normal weights ("small random"), and from "random" weights.

    The random ones are uniform in [-0.12, 0.12], the course's; `seed` is for both. `training` holds method,
    max_iterations and options, as for `watch_symmetry`.
    """
    sizes = _layout(cost.layer_sizes).layer_sizes
    starts = {
        "zeros": zero_weights(sizes),
        "small random": small_random_weights(sizes, seed=seed),
        "random": rand_initialize_weights(sizes, seed=seed),
    }
    return {name: watch_symmetry(cost, theta0, **training) for name, theta0 in starts.items()}


def plot_symmetry(records: Mapping[str, SymmetryRecord], layer_sizes: tuple[int, ...]) -> Axes:
    """Draw what `compare_starts` returned on a new figure; return the first of its Axes.

    Above: J, `unit_difference` and `theta1_rank` against iterations. Below, where the inputs are square images: the
    weights of the first hidden layer at the end, from each start.
    """
    if not records:
        _checks.fail("records", "hold at least one record", "none")
    square = isqrt(layer_sizes[0]) ** 2 == layer_sizes[0]
    figure: Any = new_axes(12.0, 8.4 if square else 4.2).figure
    figure.clear()
    figure.get_layout_engine().set(hspace=0.06, wspace=0.04)
    grid = figure.add_gridspec(2 if square else 1, 1)
    panels = [figure.add_subplot(place) for place in grid[0].subgridspec(1, 3)]
    for name, record in records.items():
        color, style = STYLES.get(name, (None, "-"))
        for panel, values in zip(panels, (record.cost, np.maximum(record.difference, FLOOR), record.rank), strict=True):
            panel.plot(values, style, label=f"start: {name}", color=color, linewidth=2.0)
    titles = ("Cost J", "Largest difference between hidden units", "Rank of Theta1")
    for panel, title in zip(panels, titles, strict=True):
        panel.set(title=title, xlabel="iteration")
        panel.grid(alpha=0.3)
    panels[0].legend()
    panels[1].set(yscale="log", ylim=(FLOOR / 3, 30))
    panels[1].axhspan(FLOOR / 3, ROUNDING, color="0.93", zorder=0)
    text, place = "the size of rounding errors; 0 is drawn at 1e-18", panels[1].get_yaxis_transform()
    panels[1].text(0.03, ROUNDING / 3, text, va="top", fontsize=9, color="0.35", transform=place)
    panels[2].set_ylim(bottom=-0.5)
    panels[2].yaxis.get_major_locator().set_params(integer=True)
    if square:
        for place, (name, record) in zip(grid[1].subgridspec(1, len(records)), records.items(), strict=True):
            Theta1 = reshape_thetas(record.theta_vec, layer_sizes)[0]
            panel = display_data(Theta1[:, 1:], figure.add_subplot(place))
            panel.set_title(f"Hidden units from {name}: rank {record.rank[-1]}", color=STYLES.get(name, (None,))[0])
    first: Axes = panels[0]
    return first


def _layout(layer_sizes: Sequence[int]) -> ThetaLayout:
    layout = ThetaLayout(tuple(_checks.layer_sizes(layer_sizes)))
    if len(layout.layer_sizes) < 3:
        _checks.fail("layer_sizes", "have a hidden layer", layout.layer_sizes)
    return layout
