"""Where the nodes and wires of a circuit stand in its picture: layers from left to right, in igraph's order.

Lengths are points (1/72 inch). The font is monospaced, so the width of a text is known without a renderer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from courseport import _checks
from courseport.lectures.circuit.gradients import backward, node_names
from courseport.lectures.circuit.nodes import Node, written

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
        self.layer_of = _layers(self.names)
        self.wires = _wires(self.layer_of)
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


def _layers(names: dict[Node, str]) -> dict[Node, int]:
    """Return the layer of each node, from 0 at the left: one before that of its first consumer."""
    from_right = dict.fromkeys(names, 0)
    for node in reversed(names):
        for parent in node.parents:
            if parent in from_right:
                from_right[parent] = max(from_right[parent], from_right[node] + 1)
    last = max(from_right.values())
    return {node: last - distance for node, distance in from_right.items()}


def _wires(layer_of: dict[Node, int]) -> list[Wire]:
    wires: dict[Wire, None] = {}
    for node, layer in layer_of.items():
        for operand, parent in enumerate(node.parents):
            if parent in layer_of:
                passed = range(layer_of[parent] + 1, layer)
                wires |= {Wire((parent, through - 1), (parent, through)): None for through in passed}
                wires[Wire((parent, layer - 1), (node, layer), operand)] = None
    return list(wires)


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
