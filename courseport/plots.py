"""Pictures of training: cost history, images, hidden units, mistakes, confusion; all take and return Axes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from math import ceil, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport._files import MARK, atomic_path
from courseport.network.rows import RowSource

if TYPE_CHECKING:
    import matplotlib.axes

    Axes = matplotlib.axes.Axes
else:
    Axes = Any  # matplotlib is imported at use

DPI = 150
BLUE, ORANGE, PURPLE = "#0072b2", "#d55e00", "#cc79a7"  # of Okabe and Ito: the colour-blind tell them apart


def new_axes(width: float = 6.4, height: float = 4.8) -> Axes:
    """Return Axes on a new figure of its own, `width` by `height` inches, that no window and no global state knows."""
    module = _checks.require("matplotlib.figure", "plots", "Drawing")
    axes: Axes = module.Figure(figsize=(width, height), layout="constrained").add_subplot()
    return axes


def save_picture(axes: Axes, path: str | os.PathLike[str]) -> None:
    """Write the figure that `axes` is on to `path` atomically; the suffix chooses the format."""
    figure: Any = axes.figure  # a Figure: none of ours stands inside another
    # The formats that have a place for it say who wrote them; the command line replaces such files without asking.
    field = "Software" if str(path).lower().endswith(".png") else "Creator"
    marked = str(path).lower().endswith((".png", ".pdf", ".svg", ".eps", ".ps"))
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=DPI, metadata={field: MARK} if marked else None)


def plot_cost(
    history: ArrayLike,
    axes: Axes | None = None,
    label: str | None = None,
    *,
    held_out: Mapping[int, float] | None = None,
) -> Axes:
    """Draw J against iterations; `history[0]` is J at the start, `held_out` J of other examples by iteration."""
    values = _checks.real_vector("history", history)
    axes = axes or new_axes()
    if held_out:
        label = label or "training, with the penalty"
        axes.plot(*zip(*sorted(held_out.items()), strict=True), "--", color=ORANGE, label="held out, without penalty")
    axes.plot(np.arange(values.size), values, color=BLUE if held_out else None, label=label)
    axes.set(xlabel="iteration", ylabel="cost J", title="Cost during training")
    axes.grid(alpha=0.3)
    if held_out:
        axes.legend()
    return axes


def display_data(images: ArrayLike, axes: Axes | None = None, *, order: str = "F") -> Axes:
    """Draw square images, one a row of `images`, shape (n, side * side), as a grid: the course's displayData.

    Each image is scaled to its own largest absolute value. `order` says how it is unrolled: "F", column by column, as
    the course's, or "C", row by row, as MNIST's own files.
    """
    rows = _checks.real_matrix("images", images)
    side = round(sqrt(rows.shape[1]))
    if side * side != rows.shape[1]:
        _checks.fail("images", "have a square number of columns", rows.shape[1])
    # One large picture, images side by side with a black border of one pixel.
    columns = int(sqrt(len(rows)))
    grid = -np.ones((ceil(len(rows) / columns) * (side + 1) + 1, columns * (side + 1) + 1))
    largest = np.abs(rows).max(axis=1, keepdims=True)
    for place, image in enumerate(rows / np.where(largest == 0, 1, largest)):
        top, left = (1 + (side + 1) * part for part in divmod(place, columns))
        grid[top : top + side, left : left + side] = image.reshape(side, side, order=_order(order))
    axes = axes or new_axes(6.0, 6.0)
    axes.imshow(grid, cmap="gray", vmin=-1, vmax=1, interpolation="nearest")
    axes.set_axis_off()
    return axes


def plot_hidden_units(Theta1: ArrayLike, axes: Axes | None = None, *, order: str = "F") -> Axes:
    """Draw what each unit of the first hidden layer looks for: its weights as an image, bias left out."""
    theta = _checks.real_matrix("Theta1", Theta1)
    axes = display_data(theta[:, 1:], axes, order=order)
    axes.set_title(f"The {len(theta)} hidden units: weights from each pixel")
    return axes


def plot_mistakes(
    images: FloatArray | RowSource,
    labels: ArrayLike,
    predictions: ArrayLike,
    *,
    sureness: ArrayLike | None = None,
    names: Mapping[int, str] | None = None,
    what: str = "examples",
    order: str = "F",
    most: int = 40,
) -> Axes:
    """Draw misread images with both labels, "right > read": of every right label in turn, the surest mistakes first.

    `images` has the shape (m, side * side), with the `order` of `display_data`; at `most` so many are drawn. `sureness`
    is how sure each answer was, such as the largest h(x); without it the first mistakes of each label are drawn.
    `names` says what labels are called, such as ``{10: "0"}``, and `what` whose they are: "held-out examples".
    """
    true, read = np.ravel(np.asarray(labels)), np.ravel(np.asarray(predictions))
    sure = np.zeros(true.size) if sureness is None else _checks.real_vector("sureness", sureness, true.size)
    wrong = np.flatnonzero(true != read)
    wrong = wrong[np.argsort(-sure[wrong], kind="stable")]
    # The place of each mistake among those of its label: first all first ones, then all second ones.
    turn = {index: place for label in np.unique(true) for place, index in enumerate(wrong[true[wrong] == label])}
    shown = sorted(turn, key=lambda index: (turn[index], true[index]))[:most]
    side, columns = round(sqrt(images.shape[1])), 8
    lines = max(1, ceil(len(shown) / columns))
    figure = new_axes(columns * 0.9, lines * 1.1 + 0.6).figure
    figure.clear()
    panels = [figure.add_subplot(lines, columns, place + 1) for place in range(lines * columns)]
    for panel in panels:
        panel.set_axis_off()
    for panel, index in zip(panels, shown, strict=False):
        panel.imshow(images[index : index + 1].reshape(side, side, order=_order(order)), cmap="gray_r")
        panel.set_title(f"{_name(true[index], names)} > {_name(read[index], names)}", fontsize=9)
    some = f"; the surest {len(shown)}, label by label" if len(shown) < wrong.size else ""
    figure.suptitle(f"{wrong.size} of {true.size} {what} misread: right > read{some}", fontsize=11)
    return panels[0]


def plot_confusion(
    labels: ArrayLike,
    predictions: ArrayLike,
    axes: Axes | None = None,
    *,
    names: Mapping[int, str] | None = None,
    what: str = "examples",
) -> Axes:
    """Draw how often each right label (row) was read as each label (column); the diagonal is right.

    `names` says what labels are called, such as ``{10: "0"}``, and `what` whose they are: "held-out examples".
    """
    true, read = np.ravel(np.asarray(labels)).astype(int), np.ravel(np.asarray(predictions)).astype(int)
    kinds = np.unique(np.concatenate([true, read]))
    counts = np.zeros((kinds.size, kinds.size), dtype=int)
    np.add.at(counts, (np.searchsorted(kinds, true), np.searchsorted(kinds, read)), 1)
    side = min(12.0, 2.5 + 0.4 * kinds.size)
    axes = axes or new_axes(side + 1.0, side)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.figure.colorbar(image, ax=axes, label="share of the row", shrink=0.8)
    ticks = [_name(kind, names) for kind in kinds]
    axes.set_xticks(range(kinds.size), ticks, rotation=90 if max(map(len, ticks)) > 3 else 0)
    axes.set_yticks(range(kinds.size), ticks)
    for (row, column), count in np.ndenumerate(counts) if kinds.size <= 20 else ():
        if count:
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, str(count), ha="center", va="center", color=color, fontsize=8)
    axes.set(xlabel="read as", ylabel="right label", title=f"Confusion matrix: {true.size} {what}")
    return axes


def _order(order: str) -> Any:
    return _checks.choice("order", order, ("F", "C"))


def _name(label: Any, names: Mapping[int, str] | None) -> str:
    return (names or {}).get(int(label), f"{label:g}")
