"""The picture of symmetry: cost, difference of the hidden units, rank of Theta1, and what the units look for."""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from courseport import _checks
from courseport.lectures.symmetry.measure import SymmetryRecord
from courseport.network.unrolling import reshape_thetas
from courseport.plots import display_data, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FLOOR = 1e-18  # drawn in place of 0 on the logarithmic axis; weights of order 1 differ by 1e-17 or not at all
ROUNDING = 1e-10  # below this, weights of order 1 differ by grown rounding errors alone
STYLES = {"zeros": ("tab:red", "-"), "small random": ("tab:blue", "-"), "random": ("tab:green", "--")}


def plot_symmetry(records: Mapping[str, SymmetryRecord], layer_sizes: tuple[int, ...]) -> Axes:
    """Draw what `compare_starts` returned, on a new figure.

    Above: J, `unit_difference` and `theta1_rank` against iterations. Below, where the inputs are square images: the
    weights of the first hidden layer at the end, from each start.

    Parameters
    ----------
    records : mapping of str to SymmetryRecord
        At least one.
    layer_sizes : sequence of int
        Of the network that was trained.

    Returns
    -------
    Axes
        The first of the figure's.

    Raises
    ------
    ValueError
        If there is no record.
    ModuleNotFoundError
        Without matplotlib.
    """
    if not records:
        _checks.fail("records", "hold at least one record", "none")
    square = isqrt(layer_sizes[0]) ** 2 == layer_sizes[0]
    figure: Any = new_axes(12.0, 8.4 if square else 4.2).figure
    figure.clear()
    figure.get_layout_engine().set(hspace=0.06, wspace=0.04)
    lines = 2 if square else 1
    grid = figure.add_gridspec(lines, 1)
    panels = [figure.add_subplot(place) for place in grid[0].subgridspec(1, 3)]
    _draw_curves(panels, records)
    if square:
        places = grid[1].subgridspec(1, len(records))
        _draw_units([figure.add_subplot(place) for place in places], records, layer_sizes)
    first: Axes = panels[0]
    return first


def _draw_curves(panels: Any, records: Mapping[str, SymmetryRecord]) -> None:
    for name, record in records.items():
        steps = np.arange(record.cost.size)
        curves = (record.cost, np.maximum(record.difference, FLOOR), record.rank)
        color, style = STYLES.get(name, (None, "-"))
        for panel, values in zip(panels, curves, strict=True):
            panel.plot(steps, values, style, label=f"start: {name}", color=color, linewidth=2.0)
    titles = ("Cost J", "Largest difference between hidden units", "Rank of Theta1")
    for panel, title in zip(panels, titles, strict=True):
        panel.set(title=title, xlabel="iteration")
        panel.grid(alpha=0.3)
    panels[0].legend()
    panels[1].set_yscale("log")
    panels[1].set_ylim(FLOOR / 3, 30)
    panels[1].axhspan(FLOOR / 3, ROUNDING, color="0.93", zorder=0)
    panels[1].text(
        0.03,
        ROUNDING / 3,
        "the size of rounding errors; 0 is drawn at 1e-18",
        va="top",
        fontsize=9,
        color="0.35",
        transform=panels[1].get_yaxis_transform(),
    )
    panels[2].set_ylim(bottom=-0.5)
    panels[2].yaxis.get_major_locator().set_params(integer=True)


def _draw_units(panels: Any, records: Mapping[str, SymmetryRecord], layer_sizes: tuple[int, ...]) -> None:
    for panel, (name, record) in zip(panels, records.items(), strict=True):
        display_data(reshape_thetas(record.theta_vec, layer_sizes)[0][:, 1:], panel)
        rank = record.rank[-1]
        panel.set_title(f"Hidden units from {name}: rank {rank}", color=STYLES.get(name, (None,))[0])
