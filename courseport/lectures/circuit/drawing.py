"""Drawing a circuit with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from courseport import _checks
from courseport.lectures.circuit.gradients import node_names
from courseport.lectures.circuit.nodes import Node
from courseport.lectures.circuit.picture import SIZES, Box, Label, Line, Picture, compose

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAX_NODES = 100

_FONT = "DejaVu Sans Mono"  # comes with matplotlib
_INK, _WIRE, _GATE, _VARIABLE = "#1f2328", "#7d8590", "#edf2f8", "#fff3cd"
_COLOURS = {"value": "#116329", "gradient": "#b3261e", "part": "#b3261e", "name": "#57606a"}


def draw(output: Node, ax: Axes | None = None) -> Axes:
    """Draw a circuit with the value above each wire and the gradient below it.

    Where a node is used more than once its wire parts at a dot, and each branch shows, in italics, what that use adds
    to the gradient.

    Parameters
    ----------
    output : Node
        The circuit's output; at most 100 variables and gates.
    ax : matplotlib.axes.Axes, optional
        Where to draw; the picture fills it. By default a new figure of the size that the picture needs.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ModuleNotFoundError
        If matplotlib is not installed.
    ValueError
        If the circuit is too large to draw, has two variables of one name, or a derivative overflows.
    """
    _checks.require("matplotlib", "plots", "drawing a circuit")
    nodes = len(node_names(output))
    if nodes > MAX_NODES:
        limit = f"have at most {MAX_NODES} variables and gates to be drawn (--no-picture shows the table alone)"
        _checks.fail("a circuit", limit, nodes)
    picture = compose(output)
    axes = _new_axes(picture) if ax is None else ax
    scale = _fit(picture, axes)
    for line in picture.lines:
        _draw_line(axes, line, scale)
    for x, y in picture.dots:
        axes.plot(x, y, "o", markersize=4 * scale, color=_WIRE, zorder=2)
    for box in picture.boxes:
        _draw_box(axes, box, scale)
    for label in picture.labels:
        _draw_label(axes, label, scale)
    return axes


def _new_axes(picture: Picture) -> Axes:
    from matplotlib.figure import Figure  # noqa: PLC0415 - matplotlib is imported at use

    return Figure(figsize=(picture.width / 72, picture.height / 72)).add_axes((0, 0, 1, 1))


def _fit(picture: Picture, ax: Axes) -> float:
    """Give the axes the picture's lengths, and return the scale of its fonts and pens there."""
    extent = ax.get_window_extent()
    ax.set(xlim=(0, picture.width), ylim=(0, picture.height), aspect="equal")
    ax.set_axis_off()
    return min(extent.width / picture.width, extent.height / picture.height) * 72 / ax.figure.dpi


def _draw_line(ax: Axes, line: Line, scale: float) -> None:
    from matplotlib.patches import FancyArrowPatch  # noqa: PLC0415 - matplotlib is imported at use
    from matplotlib.path import Path  # noqa: PLC0415 - as above

    middle = (line.x0 + line.x1) / 2
    points = [(line.x0, line.y0), (middle, line.y0), (middle, line.y1), (line.x1, line.y1), (line.x2, line.y1)]
    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO])
    style = "-|>" if line.arrow else "-"
    size, pen = 9 * scale, 1.2 * scale
    ax.add_patch(FancyArrowPatch(path=path, arrowstyle=style, mutation_scale=size, linewidth=pen, color=_WIRE))


def _draw_box(ax: Axes, box: Box, scale: float) -> None:
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415 - matplotlib is imported at use

    style = "round,pad=0,rounding_size=5"
    fill = _VARIABLE if box.variable else _GATE
    ax.add_patch(
        FancyBboxPatch(
            (box.x, box.y), box.width, box.height, boxstyle=style, fc=fill, ec=_INK, linewidth=scale, zorder=3
        )
    )
    middle = (box.x + box.width / 2, box.y + box.height / 2)
    _write(ax, *middle, box.text, fontsize=SIZES["text"] * scale, va="center_baseline", color=_INK)


def _draw_label(ax: Axes, label: Label, scale: float) -> None:
    size = SIZES["legend" if label.legend else label.role] * scale
    slant = "italic" if label.role == "part" else "normal"
    va = "top" if label.below else "baseline"
    _write(ax, label.x, label.y, label.text, fontsize=size, va=va, color=_COLOURS[label.role], style=slant)


def _write(ax: Axes, x: float, y: float, text: str, **style: Any) -> None:
    ax.text(x, y, text, ha="center", family=_FONT, parse_math=False, zorder=4, **style)
