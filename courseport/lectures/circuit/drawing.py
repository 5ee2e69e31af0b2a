"""Drawing a circuit with matplotlib."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any

from courseport import _checks
from courseport.lectures.circuit.gradients import node_names
from courseport.lectures.circuit.layout import ARROW, BOX, MARGIN, NUMBER, SMALL, TEXT, Layout, number, width
from courseport.lectures.circuit.nodes import Node

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MAX_NODES = 100
PAGE = (11.0, 7.5)  # inches: what a landscape page holds within its margins
LEGEND, NARROWEST = 50.0, 340.0  # points: the legend's height above the lower edge, and its width
INK, WIRE, GATE, VARIABLE = "#1f2328", "#7d8590", "#edf2f8", "#fff3cd"
VALUE, GRADIENT = "#0b5394", "#a84300"  # blue and orange: the colour-blind tell them apart, too


def draw(output: Node, ax: Axes | None = None) -> Axes:
    """Draw a circuit with the value above each wire and the gradient below it.

    Where a node is used more than once its wire parts at a dot, and each branch shows, in italics, what that use adds
    to the gradient.

    Parameters
    ----------
    output : Node
        The circuit's output; at most 100 variables and gates.
    ax : matplotlib.axes.Axes, optional
        Where to draw; the picture fills it. By default a new figure of the size that the picture needs, at most a page.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ModuleNotFoundError
        If matplotlib or igraph is not installed.
    ValueError
        If the circuit is too large to draw, has two variables of one name, or a derivative overflows.
    """
    _checks.require("matplotlib", "plots", "drawing a circuit")
    if (nodes := len(node_names(output))) > MAX_NODES:
        limit = f"have at most {MAX_NODES} variables and gates to be drawn (`gate_table` shows any number)"
        _checks.fail("a circuit", limit, nodes)
    layout = Layout(output)
    pen = _Pen(ax, max(layout.columns[-1].right + MARGIN, NARROWEST), max(layout.heights.values()) + 3 * BOX + LEGEND)
    for node, name in layout.names.items():
        column, y = layout.columns[layout.layer_of[node]], layout.heights[node, layout.layer_of[node]] + LEGEND
        pen.box(column.box, column.stub, y, layout.texts[node], VARIABLE if node.operation == "variable" else GATE)
        if node.operation != "variable":
            pen.write((column.box + column.stub) / 2, y + BOX + 2, name, SMALL, INK)
        pen.wire((column.stub, y), (column.right, y), column.right, arrow=False)
        middle = (column.stub + column.right) / 2
        pen.write(middle, y + 3, number(node.value), NUMBER, VALUE)
        pen.write(middle, y - 3, number(layout.gradients[node]), NUMBER, GRADIENT, va="top")
    for wire in layout.wires:
        start = layout.columns[wire.start[1]].right, layout.heights[wire.start] + LEGEND
        column, y = layout.columns[wire.end[1]], layout.end_height(wire) + LEGEND
        passing = wire.operand is None
        pen.wire(start, (column.left, y), column.right if passing else column.box, arrow=not passing)
        if wire in layout.shares:
            middle = column.box - ARROW - width([layout.shares[wire]], SMALL) / 2
            pen.write(middle, y - 1, layout.shares[wire], SMALL, GRADIENT, va="top", style="italic")
    for (node, layer), leaving in Counter(wire.start for wire in layout.wires).items():
        if leaving > 1:
            pen.dot(layout.columns[layer].right, layout.heights[node, layer] + LEGEND)
    pen.write(MARGIN, MARGIN, "value (above)", NUMBER, VALUE, ha="left")
    pen.write(MARGIN + 90, MARGIN, "gradient (below)", NUMBER, GRADIENT, ha="left")
    if layout.shares:
        pen.write(MARGIN + 200, MARGIN, "share of one use", NUMBER, GRADIENT, ha="left", style="italic")
    return pen.ax


def as_svg(output: Node) -> str:
    """Return the circuit's picture as an SVG element, no wider than the page that holds it."""
    figure: Any = draw(output).figure
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()[text.getvalue().index("<svg") :].replace("<svg", '<svg style="max-width: 100%"', 1)


class _Pen:
    """Draws in points on Axes, smaller where the picture is larger than they."""

    def __init__(self, ax: Axes | None, wide: float, high: float) -> None:
        from matplotlib.figure import Figure  # noqa: PLC0415 - matplotlib is imported at use

        if ax is None:
            scale = min(1.0, 72 * PAGE[0] / wide, 72 * PAGE[1] / high)
            ax = Figure(figsize=(scale * wide / 72, scale * high / 72)).add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, wide), ylim=(0, high), aspect="equal")
        ax.set_axis_off()
        extent = ax.get_window_extent()
        self.ax, self.scale = ax, min(extent.width / wide, extent.height / high) * 72 / ax.figure.dpi

    def wire(self, start: tuple[float, float], end: tuple[float, float], x: float, *, arrow: bool) -> None:
        """Draw a curve from `start` to `end`, and on to `x`."""
        from matplotlib.patches import FancyArrowPatch  # noqa: PLC0415 - as above
        from matplotlib.path import Path  # noqa: PLC0415 - as above

        middle = (start[0] + end[0]) / 2
        points = [start, (middle, start[1]), (middle, end[1]), end, (x, end[1])]
        path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO])
        style, size, pen = "-|>" if arrow else "-", 9 * self.scale, 1.2 * self.scale
        self.ax.add_patch(FancyArrowPatch(path=path, arrowstyle=style, mutation_scale=size, linewidth=pen, color=WIRE))

    def box(self, left: float, right: float, y: float, text: str, color: str) -> None:
        from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415 - as above

        shape = "round,pad=0,rounding_size=5"
        style: dict[str, Any] = {"facecolor": color, "edgecolor": INK, "linewidth": self.scale, "zorder": 3}
        self.ax.add_patch(FancyBboxPatch((left, y - BOX), right - left, 2 * BOX, boxstyle=shape, **style))
        self.write((left + right) / 2, y, text, TEXT, INK, va="center_baseline")

    def dot(self, x: float, y: float) -> None:
        self.ax.plot(x, y, "o", markersize=4 * self.scale, color=WIRE, zorder=2)

    def write(self, x: float, y: float, text: str, size: float, color: str, **style: Any) -> None:
        look: dict[str, Any] = {"ha": "center", "family": "DejaVu Sans Mono", "parse_math": False, "zorder": 4}
        self.ax.text(x, y, text, size=size * self.scale, color=color, **(look | style))
