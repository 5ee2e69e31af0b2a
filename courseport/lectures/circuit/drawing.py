"""Drawing a circuit with matplotlib: layers from left to right, in igraph's order.

Lengths are points (1/72 inch). The font is monospaced, so the width of a text is known without a renderer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from io import StringIO
from itertools import pairwise
from typing import Any, NamedTuple

from courseport import _checks
from courseport.lectures.circuit.gradients import backward, node_names
from courseport.lectures.circuit.nodes import Node, written
from courseport.plots import Axes

MAX_NODES = 100
PAGE = (11.0, 7.5)  # inches: what a landscape page holds within its margins
LEGEND, NARROWEST = 50.0, 340.0  # points: the legend's height above the lower edge, and its width
INK, WIRE, GATE, VARIABLE = "#1f2328", "#7d8590", "#edf2f8", "#fff3cd"
VALUE, GRADIENT = "#0b5394", "#a84300"  # blue and orange: the colour-blind tell them apart, too
TEXT, NUMBER, SMALL = 11.0, 9.5, 8.0  # sizes of the font
BOX, ROW, PORT = 13.0, 50.0, 7.0  # half a box's height, from row to row, and a box's inputs from its middle
PADDING, ARROW, BEND, MARGIN = 7.0, 12.0, 34.0, 12.0
CHARACTER = 0.602  # width of a character of DejaVu Sans Mono, in sizes of the font
Place = tuple[Node, int]  # a node in one layer: its box in its own layer, its wire passing through in a later one


class Wire(NamedTuple):
    """A wire between neighbouring layers; where it ends at a box, `operand` counts the node's operands from 0."""

    start: Place
    end: Place
    operand: int | None = None


class Column(NamedTuple):
    """Where a layer begins, where its boxes begin and end, and where the stubs with the numbers end."""

    left: float
    box: float
    stub: float
    right: float


class Layout:
    """The texts of a circuit's picture, and where they stand."""

    def __init__(self, output: Node) -> None:
        self.names, self.gradients = node_names(output), backward(output)
        self.texts = {
            node: name if node.operation == "variable" else written(node, self.names)
            for node, name in self.names.items()
        }
        # Layers count from 0 at the left: a node's is one before that of its first consumer.
        from_right = dict.fromkeys(self.names, 0)
        for node in reversed(self.names):
            for parent in node.parents:
                if parent in from_right:
                    from_right[parent] = max(from_right[parent], from_right[node] + 1)
        last = max(from_right.values())
        self.layer_of = {node: last - distance for node, distance in from_right.items()}
        wires: dict[Wire, None] = {}
        for node, layer in self.layer_of.items():
            for operand, parent in enumerate(node.parents):
                if parent in self.layer_of:
                    passed = range(self.layer_of[parent] + 1, layer)
                    wires |= {Wire((parent, through - 1), (parent, through)): None for through in passed}
                    wires[Wire((parent, layer - 1), (node, layer), operand)] = None
        self.wires = list(wires)
        self.heights = _heights(self.wires, (output, self.layer_of[output]))
        uses = Counter(wire.start[0] for wire in self.wires if wire.operand is not None)
        # What each use of a node that is used several times adds to its gradient.
        self.shares = {
            wire: number(self.gradients[wire.end[0]] * wire.end[0].local_derivatives[wire.operand])
            for wire in self.wires
            if wire.operand is not None and uses[wire.start[0]] > 1
        }
        self.columns: list[Column] = []
        for layer in range(self.layer_of[output] + 1):
            nodes = [node for node, its_layer in self.layer_of.items() if its_layer == layer]
            left = self.columns[-1].right + BEND if self.columns else MARGIN
            box = left + ARROW + width((share for wire, share in self.shares.items() if wire.end[1] == layer), SMALL)
            stub = box + max(width((self.texts[node] for node in nodes), TEXT) + 2 * PADDING, 2 * BOX)
            numbers = [number(value) for node in nodes for value in (node.value, self.gradients[node])]
            self.columns.append(Column(left, box, stub, stub + width(numbers, NUMBER) + 2 * PADDING))

    def end_height(self, wire: Wire) -> float:
        """Return where a wire ends: of two operands the one that comes from above enters the box above the other."""
        height = self.heights[wire.end]
        entering = [other for other in self.wires if other.end == wire.end and other.operand is not None]
        if wire.operand is None or len(entering) < 2:
            return height
        upper = max(entering, key=lambda other: (self.heights[other.start], -(other.operand or 0)))
        return height + (PORT if wire is upper else -PORT)


def number(value: float) -> str:
    """Return a number as the picture shows it: four digits, and no minus sign before a zero."""
    return f"{value + 0.0:.4g}"


def width(texts: Iterable[str], size: float) -> float:
    """Return the width of the longest text; 0 without any."""
    return CHARACTER * size * max(map(len, texts), default=0)


def _heights(wires: list[Wire], output: Place) -> dict[Place, float]:
    """Return the height of each place, so that few wires cross: the layered layout of Sugiyama, Tagawa and Toda."""
    igraph = _checks.require("igraph", "plots", "drawing a circuit")
    places = list(dict.fromkeys([*(place for wire in wires for place in wire[:2]), output]))
    numbers = {place: index for index, place in enumerate(places)}
    graph = igraph.Graph(len(places), [(numbers[wire.start], numbers[wire.end]) for wire in wires], directed=True)
    positions = graph.layout_sugiyama(layers=[layer for _, layer in places], maxiter=1000).coords
    rows = {place: row for place, (row, _) in zip(places, positions, strict=False)}
    # igraph may leave less than a row between two places of a layer: the lower one is pushed down.
    for layer in range(output[1] + 1):
        column = sorted((place for place in places if place[1] == layer), key=rows.__getitem__)
        for above, below in pairwise(column):
            rows[below] = max(rows[below], rows[above] + 1)
    lowest = max(rows.values())
    return {place: (lowest - row) * ROW for place, row in rows.items()}


def draw(output: Node, ax: Axes | None = None) -> Axes:
    """Draw a circuit of at most 100 variables and gates, with the value above each wire and the gradient below it.

    Where a node is used more than once its wire parts at a dot, and each branch shows, in italics, what that use adds
    to the gradient. The picture fills `ax`, or a new figure of the size that it needs, at most a page. It needs
    matplotlib and igraph.
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
