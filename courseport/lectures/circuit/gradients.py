"""The backward pass: the chain rule from the output to every node, and the table of gates.

Each call starts from nothing and changes no node, so a second pass cannot add to the first. No function here calls
itself: a chain of any length is handled.
"""

from __future__ import annotations

import math
from itertools import count
from typing import NamedTuple

from courseport import _checks
from courseport.lectures.circuit.nodes import Node, written


class Gradients(dict[Node, float]):
    """The derivative of the output with respect to each node; 0 for a node the output does not depend on."""

    def __missing__(self, node: Node) -> float:
        return 0.0


class Gate(NamedTuple):
    """One row of the gate table; `gradient` is the derivative of the output with respect to `value`.

    Variables have their own names, and "variable" for an operation. Gates are g1, g2, ... in the order of evaluation,
    and their operation is written with these names, such as ``g1 * z``.
    """

    name: str
    operation: str
    value: float
    gradient: float


def topological_order(output: Node) -> list[Node]:
    """Return every node that `output` depends on, itself last, each after its parents and once only."""
    order: dict[Node, None] = {}
    stack = [(output, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order[node] = None
        elif node not in order:
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(node.parents))
    return list(order)


def backward(output: Node) -> Gradients:
    """Return the derivative of `output` with respect to every node it depends on, by node; 0 for any other node.

    A node that is used several times gets the sum over its uses.
    """
    if not isinstance(output, Node):
        _checks.fail_type("output", "be a node of a circuit", output)
    gradients = Gradients({output: 1.0})
    for node in reversed(topological_order(output)):
        gradient = gradients[node]
        if not math.isfinite(gradient):
            raise _checks.InputError(f"the gradient at {node!r} overflows the range of floating-point numbers")
        for parent, local_derivative in zip(node.parents, node.local_derivatives, strict=True):
            if parent.operation != "constant":
                gradients[parent] += gradient * local_derivative
    return gradients


def gate_table(output: Node) -> list[Gate]:
    """Return the table of the circuit: its variables, then its gates in the order of evaluation, the output last."""
    gradients = backward(output)
    names = node_names(output)
    return [Gate(name, written(node, names), node.value, gradients[node]) for node, name in names.items()]


def node_names(output: Node) -> dict[Node, str]:
    """Return the name of each variable and gate in the table's order; gates are g1, g2, ..., without names in use."""
    order = [node for node in topological_order(output) if node.operation != "constant"] or [output]
    names = {node: node.name for node in order if node.operation == "variable"}
    taken = set(names.values())
    if len(taken) < len(names):
        twice = next(name for name in taken if list(names.values()).count(name) > 1)
        _checks.fail("the variables of a circuit", "have different names", f"two named {twice!r}")
    free = (f"g{number}" for number in count(1) if f"g{number}" not in taken)
    return names | {node: next(free) for node in order if node.operation != "variable"}
