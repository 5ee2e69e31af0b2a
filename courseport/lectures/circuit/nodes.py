"""The nodes of a circuit, and how expressions build them.

A node is a value, its parents, and the derivative of its value with respect to each parent, all fixed when it is made.
Python's operators and the functions below make new nodes from old ones. A gate whose operands are all constants is a
constant.
"""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import ClassVar

from courseport import _checks
from courseport.lectures.circuit.operations import OPERATIONS, evaluate


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """One node of a circuit; made by `variable`, `constant`, operators and functions, not by hand.

    Attributes
    ----------
    value : float
    operation : str
        "variable", "constant", or the name of what the gate does, such as "+" or "exp".
    parents : tuple of Node
        The operands, in their order.
    local_derivatives : tuple of float
        The derivative of `value` with respect to each parent; 0 for a constant.
    name : str
        A variable's name; empty for other nodes.
    """

    value: float
    operation: str
    parents: tuple[Node, ...] = ()
    local_derivatives: tuple[float, ...] = ()
    name: str = ""

    __array_ufunc__: ClassVar[None] = None  # numpy's scalars leave the operators to this class

    def __repr__(self) -> str:
        return f"<{self.name or self.operation}: {self.value!r}>"

    def __add__(self, other: Node | float) -> Node:
        return _operator("+", self, other)

    def __radd__(self, other: float) -> Node:
        return _operator("+", other, self)

    def __sub__(self, other: Node | float) -> Node:
        return _operator("-", self, other)

    def __rsub__(self, other: float) -> Node:
        return _operator("-", other, self)

    def __mul__(self, other: Node | float) -> Node:
        return _operator("*", self, other)

    def __rmul__(self, other: float) -> Node:
        return _operator("*", other, self)

    def __truediv__(self, other: Node | float) -> Node:
        return _operator("/", self, other)

    def __rtruediv__(self, other: float) -> Node:
        return _operator("/", other, self)

    def __pow__(self, other: Node | float) -> Node:
        return _operator("**", self, other)

    def __rpow__(self, other: float) -> Node:
        return _operator("**", other, self)

    def __neg__(self) -> Node:
        return gate("negative", self)

    def __pos__(self) -> Node:
        return self


def variable(name: str, value: float) -> Node:
    """Return a variable: an input of the circuit with a name and a finite value."""
    if not isinstance(name, str):
        _checks.fail_type("name", "be a string", name)
    if not name:
        _checks.fail("name", "have at least one character", repr(name))
    return Node(_checks.number(name, value), "variable", name=name)


def variables(**values: float) -> tuple[Node, ...]:
    """Return one variable for each keyword: ``x, y = variables(x=-2, y=5)``."""
    return tuple(variable(name, value) for name, value in values.items())


def constant(value: float) -> Node:
    """Return a constant: a number that has no gradient."""
    return Node(_checks.number("constant", value), "constant")


def gate(operation: str, *operands: Node | float) -> Node:
    """Return the node of one operation on nodes and numbers; `operation` is a key of `OPERATIONS`.

    Raises
    ------
    ValueError
        If the operation is not defined at its operands' values, or its value or a derivative is not finite.
    """
    parents = tuple(operand if isinstance(operand, Node) else constant(operand) for operand in operands)
    moving = [parent.operation != "constant" for parent in parents]
    value, local_derivatives = evaluate(operation, [parent.value for parent in parents], moving)
    if not any(moving):
        return constant(value)
    return Node(value, operation, parents, local_derivatives)


def exp(x: Node | float) -> Node:
    """Return e to the power x."""
    return gate("exp", x)


def log(x: Node | float) -> Node:
    """Return the natural logarithm of x > 0."""
    return gate("log", x)


def tanh(x: Node | float) -> Node:
    """Return the hyperbolic tangent."""
    return gate("tanh", x)


def sigmoid(x: Node | float) -> Node:
    """Return 1 / (1 + exp(-x)) as one gate."""
    return gate("sigmoid", x)


def maximum(x: Node | float, y: Node | float) -> Node:
    """Return the larger of two values; at a tie the gradient is shared equally (see `operations`)."""
    return gate("max", x, y)


def written(node: Node, names: dict[Node, str]) -> str:
    """Return what a node does in terms of its parents' names; constants are written as numbers."""
    if node.operation not in OPERATIONS:
        return node.operation
    operands = [p.value if p.operation == "constant" else names[p] for p in node.parents]
    return OPERATIONS[node.operation].written(operands)


def _operator(operation: str, left: Node | float, right: Node | float) -> Node:
    if all(isinstance(operand, (Node, Real)) for operand in (left, right)):
        return gate(operation, left, right)
    refused: Node = NotImplemented  # Python then raises its own TypeError
    return refused
