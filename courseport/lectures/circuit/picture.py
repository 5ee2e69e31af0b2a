"""What the picture of a circuit consists of, and where: boxes, wires, labels and dots, as plain lengths.

Lengths are points (1/72 inch) at full size. The font is monospaced, so the width of a text is known without a renderer.
From left to right a layer takes: room for what branches add to a gradient, the boxes, and a stub of wire with the value
above and the gradient below. Between the layers the wires curve.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from courseport.lectures.circuit.gradients import backward, node_names
from courseport.lectures.circuit.layout import Place, Wire, arrange
from courseport.lectures.circuit.nodes import Node, written

SIZES = {"text": 11.0, "value": 9.5, "gradient": 9.5, "part": 8.0, "name": 8.0, "legend": 9.0}
LEGEND = {"value": "value (above)", "gradient": "gradient (below)", "part": "share of one use"}

_CHARACTER = 0.602  # width of a character in font sizes
_HALF_BOX, _HALF_ROW, _PADDING, _NEAR, _LEGEND, _MARGIN = 13.0, 26.0, 7.0, 2.5, 26.0, 10.0
_ARROW = 10.0
_BEND = (14.0, 0.7, 64.0)  # width of the curves between two layers: the least, by rise, the largest


class Box(NamedTuple):
    """A node: its lower left corner, its size and its text."""

    x: float
    y: float
    width: float
    height: float
    text: str
    variable: bool


class Line(NamedTuple):
    """A wire that curves from (x0, y0) to (x1, y1) and goes straight on to x2, with an arrow's head or not."""

    x0: float
    y0: float
    x1: float
    y1: float
    x2: float
    arrow: bool


class Label(NamedTuple):
    """A text of one role, centred at x; its lower edge is at y, or its upper edge where it hangs `below`."""

    x: float
    y: float
    text: str
    role: str
    below: bool = False
    legend: bool = False


class Picture(NamedTuple):
    """The whole: its size and its parts; `dots` are where wires part."""

    width: float
    height: float
    boxes: list[Box]
    lines: list[Line]
    labels: list[Label]
    dots: list[tuple[float, float]]


class _Column(NamedTuple):
    """Where a layer begins, where its boxes end, and where their stubs end."""

    left: float
    boxes: float
    right: float


def compose(output: Node) -> Picture:
    """Return the picture of the circuit that ends in `output`."""
    parts = _Parts(output)
    labels = [*parts.node_labels(), *parts.branch_labels()]
    legend = list(_legend({label.role for label in labels}))
    width = max(parts.columns[-1].right, legend[-1].x + _width(legend[-1].text, "legend") / 2) + _MARGIN
    return Picture(width, parts.height, list(parts.boxes()), list(parts.lines()), labels + legend, parts.dots())


def shown(value: float) -> str:
    """Return a number as the picture shows it: four digits, and no minus sign before a zero."""
    return f"{value + 0.0:.4g}"


def _width(text: str, role: str) -> float:
    return _CHARACTER * SIZES[role] * len(text)


def _legend(roles: set[str]) -> Iterator[Label]:
    x = _MARGIN
    for role, text in LEGEND.items():
        if role in roles:
            width = _width(text, "legend")
            yield Label(x + width / 2, _MARGIN, text, role, legend=True)
            x += width + 2 * _MARGIN


class _Parts:
    """The parts of one circuit's picture."""

    def __init__(self, output: Node) -> None:
        self.gradients, self.names, self.layout = backward(output), node_names(output), arrange(output)
        self.wires_in = [wire for wire in self.layout.wires if wire.operand is not None]
        self.uses = Counter(wire.start[0] for wire in self.wires_in)
        lowest, highest = min(self.layout.heights.values()), max(self.layout.heights.values())
        self.lift = _LEGEND + _HALF_ROW - lowest
        self.height = highest + self.lift + _HALF_ROW + _MARGIN / 2
        self.columns: list[_Column] = []
        for number, layer in enumerate(self.layout.layers):
            left = self.columns[-1].right + self._bend(number) if number else _MARGIN
            self.columns.append(self._column(layer, left))

    def boxes(self) -> Iterator[Box]:
        """Give the boxes; those of one layer end at the same x."""
        for node in self.names:
            left, right, y = self._span(node)
            yield Box(left, y - _HALF_BOX, right - left, 2 * _HALF_BOX, self._text(node), node.operation == "variable")

    def lines(self) -> Iterator[Line]:
        """Give the stub at the right of each box, and each wire from one layer to the next."""
        for node in self.names:
            _, right, y = self._span(node)
            yield Line(right, y, right, y, self._column_of(node).right, arrow=False)
        for wire in self.layout.wires:
            end = self.columns[wire.end[1]]
            x2 = end.right if wire.operand is None else self._span(wire.end[0])[0]
            yield Line(
                self.columns[wire.start[1]].right, self._y(wire.start), end.left, self._y(wire.end) + wire.rise, x2,
                arrow=wire.operand is not None,
            )  # fmt: skip

    def node_labels(self) -> Iterator[Label]:
        """Give the name above each gate, and the value and the gradient at each stub."""
        for node, name in self.names.items():
            left, right, y = self._span(node)
            if node.operation != "variable":
                yield Label((left + right) / 2, y + _HALF_BOX + _NEAR, name, "name")
            middle = (right + self._column_of(node).right) / 2
            yield Label(middle, y + _NEAR, shown(node.value), "value")
            yield Label(middle, y - _NEAR, shown(self.gradients[node]), "gradient", below=True)

    def branch_labels(self) -> Iterator[Label]:
        """Give what each use of a node that is used several times adds to its gradient."""
        for wire in self.wires_in:
            if part := self._part(wire):
                middle = self._span(wire.end[0])[0] - _ARROW - _width(part, "part") / 2
                yield Label(middle, self._y(wire.end) + wire.rise - _NEAR / 2, part, "part", below=True)

    def dots(self) -> list[tuple[float, float]]:
        """Return the points where a wire parts."""
        leaving = Counter(wire.start for wire in self.layout.wires)
        return [(self.columns[place[1]].right, self._y(place)) for place, wires in leaving.items() if wires > 1]

    def _part(self, wire: Wire) -> str:
        node, operand = wire.end[0], wire.operand
        if operand is None or self.uses[wire.start[0]] < 2:
            return ""
        return shown(self.gradients[node] * node.local_derivatives[operand])

    def _bend(self, layer: int) -> float:
        """Return the width that the wires into a layer need to curve, more where they rise or fall further."""
        wires = [wire for wire in self.layout.wires if wire.end[1] == layer]
        steepest = max(abs(self._y(wire.end) + wire.rise - self._y(wire.start)) for wire in wires)
        least, by_rise, largest = _BEND
        return min(max(least, by_rise * steepest), largest)

    def _column(self, layer: list[Place], left: float) -> _Column:
        nodes = [place[0] for place in layer if self.layout.is_box(place)]
        parts = [_width(self._part(wire), "part") for wire in self.wires_in if wire.end in layer]
        entry = max(parts, default=0.0) + _ARROW
        box = max(self._box_width(node) for node in nodes)
        numbers = [text for node in nodes for text in (shown(node.value), shown(self.gradients[node]))]
        stub = max(_width(text, "value") for text in numbers) + 2 * _PADDING
        return _Column(left, left + entry + box, left + entry + box + stub)

    def _span(self, node: Node) -> tuple[float, float, float]:
        """Return a box's left and right edges and its middle's height."""
        right = self._column_of(node).boxes
        return right - self._box_width(node), right, self._y((node, self.layout.layer_of[node]))

    def _column_of(self, node: Node) -> _Column:
        return self.columns[self.layout.layer_of[node]]

    def _box_width(self, node: Node) -> float:
        return max(_width(self._text(node), "text") + 2 * _PADDING, 2 * _HALF_BOX)

    def _text(self, node: Node) -> str:
        return self.names[node] if node.operation == "variable" else written(node, self.names)

    def _y(self, place: Place) -> float:
        return self.layout.heights[place] + self.lift
