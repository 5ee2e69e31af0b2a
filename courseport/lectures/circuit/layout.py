"""Where the nodes of a circuit stand in its picture: layers from left to right, few crossings, nothing overlapping.

A node stands one layer to the left of its first consumer. A wire that crosses a layer has a place of its own there,
so it runs through no box; the wires of one node share those places and part as late as possible. The order within a
layer comes from sweeps over the means of the neighbours, the heights from weighted means kept apart by isotonic
regression.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np

from courseport.lectures.circuit.gradients import topological_order
from courseport.lectures.circuit.nodes import Node

Place = tuple[Node, int]  # a node in one layer: its box in its own layer, its wire passing through in a later one

PORT = 9.0  # height of the first of two operands above the middle of the box
_BOX, _PASSING = 25.0, 9.0  # half of the height that a box with its name and labels takes, and that a wire takes
_ORDER_SWEEPS, _HEIGHT_SWEEPS = 24, 100


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire between neighbouring layers; where it ends at a box, `operand` counts the node's operands from 0."""

    start: Place
    end: Place
    operand: int | None = None
    rise: float = 0.0  # of its end above the middle of the end's place


@dataclass(slots=True)
class Layout:
    """The layers from left to right, the places of each from top to bottom, the wires, and the height of each place."""

    layers: list[list[Place]]
    wires: list[Wire]
    layer_of: dict[Node, int]
    heights: dict[Place, float] = field(default_factory=dict)

    def is_box(self, place: Place) -> bool:
        """Say whether a place holds the node's box, and not only its wire passing through."""
        node, layer = place
        return self.layer_of[node] == layer


def arrange(output: Node) -> Layout:
    """Return the layout of the circuit that ends in `output`."""
    layer_of = _layers(output)
    wires = _wires(layer_of)
    layout = Layout(_first_order(output, layer_of, wires), wires, layer_of)
    _order(layout)
    _place(layout)
    return layout


def _layers(output: Node) -> dict[Node, int]:
    """Return the layer of each variable and gate, from 0 at the left; constants have none."""
    order = [node for node in topological_order(output) if node.operation != "constant"] or [output]
    from_right = dict.fromkeys(order, 0)
    for node in reversed(order):
        for parent in node.parents:
            if parent in from_right:
                from_right[parent] = max(from_right[parent], from_right[node] + 1)
    last = max(from_right.values())
    return {node: last - distance for node, distance in from_right.items()}


def _wires(layer_of: dict[Node, int]) -> list[Wire]:
    wires: dict[Wire, None] = {}
    for node, layer in layer_of.items():
        operands = [(i, parent) for i, parent in enumerate(node.parents) if parent in layer_of]
        for rank, (operand, parent) in enumerate(operands):
            rise = PORT * (1 - 2 * rank) if len(operands) == 2 else 0.0
            wires[Wire((parent, layer - 1), (node, layer), operand, rise)] = None
            for passed in range(layer_of[parent] + 1, layer):
                wires[Wire((parent, passed - 1), (parent, passed))] = None
    return list(wires)


def _first_order(output: Node, layer_of: dict[Node, int], wires: list[Wire]) -> list[list[Place]]:
    """Return the places of each layer in the order in which a walk back from the output meets them."""
    sources: dict[Place, list[Place]] = defaultdict(list)
    for wire in wires:
        sources[wire.end].append(wire.start)
    met: dict[Place, None] = {}
    stack: list[Place] = [(output, layer_of[output])]
    while stack:
        place = stack.pop()
        if place not in met:
            met[place] = None
            stack.extend(reversed(sources[place]))
    return [[place for place in met if place[1] == layer] for layer in range(max(layer_of.values()) + 1)]


def _order(layout: Layout) -> None:
    """Sort each layer by its neighbours' mean positions, to the right and to the left in turn; keep the best order."""
    layers = [list(layer) for layer in layout.layers]
    fewest = _crossings(layers, layout.wires)
    for sweep in range(_ORDER_SWEEPS if fewest else 0):
        leftwards = sweep % 2 == 0
        for number in sorted(range(len(layers)), reverse=leftwards):
            position = _positions(layers)
            pull = position | _means(layout.wires, position, leftwards)
            layers[number].sort(key=pull.__getitem__)
        crossings = _crossings(layers, layout.wires)
        if crossings < fewest:
            layout.layers, fewest = [list(layer) for layer in layers], crossings


def _positions(layers: list[list[Place]]) -> dict[Place, float]:
    return {place: float(position) for layer in layers for position, place in enumerate(layer)}


def _means(wires: list[Wire], position: dict[Place, float], leftwards: bool) -> dict[Place, float]:
    """Return the mean position of each place's neighbours in the layer to its right (`leftwards`) or to its left."""
    near: dict[Place, list[float]] = defaultdict(list)
    for wire in wires:
        if leftwards:
            near[wire.start].append(_end_position(wire, position))
        else:
            near[wire.end].append(position[wire.start])
    return {place: sum(positions) / len(positions) for place, positions in near.items()}


def _end_position(wire: Wire, position: dict[Place, float]) -> float:
    return position[wire.end] - wire.rise / (4 * PORT)  # two ports of one box lie between its neighbours' positions


def _crossings(layers: list[list[Place]], wires: list[Wire]) -> int:
    position = _positions(layers)
    gap = np.array([wire.start[1] for wire in wires])
    start = np.array([position[wire.start] for wire in wires])
    end = np.array([_end_position(wire, position) for wire in wires])
    crossed = (start[:, None] < start) & (end[:, None] > end) & (gap[:, None] == gap)
    return int(np.count_nonzero(crossed))


def _place(layout: Layout) -> None:
    """Draw each place towards the weighted mean height of its neighbours, as far as those above and below allow."""
    pulls: dict[Place, list[tuple[Place, float, float]]] = defaultdict(list)
    for wire in layout.wires:
        boxes = layout.is_box(wire.start) + layout.is_box(wire.end)
        weight = (8.0, 2.0, 1.0)[boxes]  # a wire that passes several layers is to be straight before all
        pulls[wire.start].append((wire.end, wire.rise, weight))
        pulls[wire.end].append((wire.start, -wire.rise, weight))
    heights = {place: 0.0 for layer in layout.layers for place in layer}
    for sweep in range(_HEIGHT_SWEEPS):
        for layer in layout.layers if sweep % 2 else layout.layers[::-1]:
            weights = [sum(weight for *_, weight in pulls[place]) or 1.0 for place in layer]
            wanted = [
                sum(weight * (heights[other] + rise) for other, rise, weight in pulls[place]) / total
                for place, total in zip(layer, weights, strict=True)
            ]
            heights.update(zip(layer, _apart(wanted, weights, _separations(layout, layer)), strict=True))
    layout.heights = heights


def _separations(layout: Layout, layer: list[Place]) -> list[float]:
    """Return the distance of each place of a layer from its top place when all stand as close as they may."""
    halves = [_BOX if layout.is_box(place) else _PASSING for place in layer]
    return [0.0, *accumulate(upper + lower for upper, lower in pairwise(halves))]


def _apart(wanted: list[float], weights: list[float], offsets: list[float]) -> list[float]:
    """Return the heights nearest to those wanted, in weighted squares, that stand as far apart as the offsets."""
    pools: list[tuple[float, float, int]] = []  # mean of wanted height + offset, weight, number of places
    for height, weight, offset in zip(wanted, weights, offsets, strict=True):
        pool = (height + offset, weight, 1)
        while pools and pools[-1][0] < pool[0]:
            mean, mass, number = pools.pop()
            total = mass + pool[1]
            pool = ((mean * mass + pool[0] * pool[1]) / total, total, number + pool[2])
        pools.append(pool)
    means = [mean for mean, _, number in pools for _ in range(number)]
    return [mean - offset for mean, offset in zip(means, offsets, strict=True)]
