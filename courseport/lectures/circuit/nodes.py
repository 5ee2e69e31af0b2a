"""The nodes of a circuit, the operations a gate can do, and how expressions build nodes from nodes.

A node is a value, its parents, and the derivative of its value with respect to each parent, all fixed when it is made.
A gate whose operands are all constants is a constant.

At a tie ``max`` has the local derivatives 1/2 and 1/2: neither operand is preferred, and a two-sided difference,
``(max(a + h, b) - max(a - h, b)) / 2h`` at ``a = b``, gives the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar, NamedTuple

from courseport import _checks


def _quotient(x: float, y: float) -> float:
    if y == 0:
        raise ValueError("division by zero")
    return x / y


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        raise ValueError("division by zero")
    if base < 0 and not exponent.is_integer():
        raise ValueError("a negative base takes a whole exponent")
    return math.pow(base, exponent)


def _power_derivatives(base: float, exponent: float) -> tuple[float, float]:
    if exponent == 0:
        by_base = 0.0
    elif base == 0 and exponent < 1:
        by_base = math.inf  # the slope of a root at zero
    else:
        by_base = exponent * math.pow(base, exponent - 1)
    if base > 0:
        return by_base, math.pow(base, exponent) * math.log(base)
    return by_base, 0.0 if base == 0 and exponent > 0 else math.nan


def _log(x: float) -> float:
    if x <= 0:
        raise ValueError("log takes a number > 0")
    return math.log(x)


def _sigmoid(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow at either end."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _sigmoid_slope(x: float) -> float:
    return _sigmoid(x) * _sigmoid(-x)  # 1 - sigmoid(x) would lose its digits at large x


def _max_derivatives(x: float, y: float) -> tuple[float, float]:
    return (0.5, 0.5) if x == y else (float(x > y), float(y > x))


class Operation(NamedTuple):
    """How an operation is written, its value, and its derivative with respect to each operand."""

    notation: str
    value: Callable[..., float]
    derivatives: Callable[..., tuple[float, ...]]

    @property
    def arity(self) -> int:
        """The number of operands."""
        return self.notation.count("{}")

    def written(self, *operands: str | float) -> str:
        """Return the operation with its operands, names or numbers: ``x + 1``, ``x * (-1)``, ``exp(-1)``."""
        negative = "{:.6g}" if self.notation.endswith(")") else "({:.6g})"
        texts = [
            operand if isinstance(operand, str) else (negative if operand < 0 else "{:.6g}").format(operand)
            for operand in operands
        ]
        return self.notation.format(*texts)


FUNCTIONS: dict[str, Operation] = {
    "exp": Operation("exp({})", math.exp, lambda x: (math.exp(x),)),
    "log": Operation("log({})", _log, lambda x: (1 / x,)),
    "tanh": Operation("tanh({})", math.tanh, lambda x: (4 * _sigmoid_slope(2 * x),)),
    "sigmoid": Operation("sigmoid({})", _sigmoid, lambda x: (_sigmoid_slope(x),)),
    "max": Operation("max({}, {})", max, _max_derivatives),
}
OPERATIONS: dict[str, Operation] = FUNCTIONS | {
    "+": Operation("{} + {}", lambda x, y: x + y, lambda _x, _y: (1.0, 1.0)),
    "-": Operation("{} - {}", lambda x, y: x - y, lambda _x, _y: (1.0, -1.0)),
    "*": Operation("{} * {}", lambda x, y: x * y, lambda x, y: (y, x)),
    "/": Operation("{} / {}", _quotient, lambda x, y: (1 / y, -(x / y) / y)),
    "**": Operation("{} ** {}", _power, _power_derivatives),
    "negative": Operation("-{}", lambda x: -x, lambda _x: (-1.0,)),
}


def _operators(operation: str) -> tuple[Callable[[Node, Node | float], Node], Callable[[Node, float], Node]]:
    """Return an operator's two methods: with the node on the left, and on the right."""

    def left(self: Node, other: object) -> Any:  # NotImplemented makes Python raise its own TypeError
        return gate(operation, self, other) if isinstance(other, (Node, Real)) else NotImplemented

    def right(self: Node, other: object) -> Any:
        return gate(operation, other, self) if isinstance(other, Real) else NotImplemented

    return left, right


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    """One node of a circuit; made by `variable`, `constant`, operators and functions, not by hand."""

    value: float
    operation: str  # "variable", "constant", or the name of what the gate does, such as "+" or "exp"
    parents: tuple[Node, ...] = ()  # the operands, in their order
    local_derivatives: tuple[float, ...] = ()  # of `value` with respect to each parent; 0 for a constant
    name: str = ""  # a variable's; empty for other nodes

    __array_ufunc__: ClassVar[None] = None  # numpy's scalars leave the operators to this class

    def __repr__(self) -> str:
        return f"<{self.name or self.operation}: {self.value!r}>"

    def _repr_html_(self) -> str | None:
        """Return the circuit's picture for Jupyter, or None, where it cannot be drawn and the text has to do."""
        from courseport.lectures.circuit.drawing import as_svg  # noqa: PLC0415 - drawing is built over nodes

        try:
            return as_svg(self)
        except (ModuleNotFoundError, ValueError):
            return None

    __add__, __radd__ = _operators("+")
    __sub__, __rsub__ = _operators("-")
    __mul__, __rmul__ = _operators("*")
    __truediv__, __rtruediv__ = _operators("/")
    __pow__, __rpow__ = _operators("**")

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


def constant(value: Real | float) -> Node:
    """Return a constant: a number that has no gradient."""
    return Node(_checks.number("constant", value), "constant")


def gate(operation: str, *operands: Node | Real | float) -> Node:
    """Return the node of one operation, a key of `OPERATIONS`, on nodes and numbers.

    ValueError where it is not defined at its operands' values, or its value or a derivative is not finite.
    """
    parents = tuple(operand if isinstance(operand, Node) else constant(operand) for operand in operands)
    values = [parent.value for parent in parents]
    written = OPERATIONS[operation].written(*values)
    try:
        value = OPERATIONS[operation].value(*values)
    except OverflowError:
        value = math.inf
    except ValueError as error:
        raise _checks.InputError(f"{written} is not defined: {error}") from None
    if not math.isfinite(value):
        raise _checks.InputError(f"{written} overflows the range of floating-point numbers")
    try:
        slopes = OPERATIONS[operation].derivatives(*values)
    except OverflowError:
        slopes = (math.inf,) * len(values)
    # A constant does not move: its derivative need not be finite, and counts as 0.
    local = tuple(
        0.0 if parent.operation == "constant" else slope for parent, slope in zip(parents, slopes, strict=True)
    )
    for position, slope in enumerate(local, start=1):
        if not math.isfinite(slope):
            raise _checks.InputError(f"{written} has no finite derivative with respect to operand {position}")
    if all(parent.operation == "constant" for parent in parents):
        return constant(value)
    return Node(value, operation, parents, local)


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
    """Return the larger of two values; at a tie the gradient is shared equally."""
    return gate("max", x, y)


def written(node: Node, names: dict[Node, str]) -> str:
    """Return what a node does in terms of its parents' names; constants are written as numbers."""
    if node.operation not in OPERATIONS:
        return node.operation
    return OPERATIONS[node.operation].written(
        *(parent.value if parent.operation == "constant" else names[parent] for parent in node.parents)
    )
