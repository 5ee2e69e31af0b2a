"""The operations a gate can do: one record each, with the value and the local derivatives side by side.

At a tie ``max`` has the local derivatives 1/2 and 1/2: neither operand is preferred, and a two-sided difference,
``(max(a + h, b) - max(a - h, b)) / 2h`` at ``a = b``, gives the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Derivatives = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how it is written, its value, and its derivative with respect to each operand."""

    notation: str
    value: Callable[..., float]
    derivatives: Callable[..., Derivatives]

    @property
    def arity(self) -> int:
        """The number of operands."""
        return self.notation.count("{}")

    def written(self, operands: Sequence[str | float]) -> str:
        """Return the operation with its operands, names or numbers: ``x + 1``, ``x * (-1)``, ``exp(-1)``."""
        numbers = "{:.6g}" if self.notation.endswith(")") else "({:.6g})"
        return self.notation.format(*(_written(operand, numbers) for operand in operands))


def _written(operand: str | float, negative: str) -> str:
    if isinstance(operand, str):
        return operand
    return negative.format(operand) if operand < 0 else f"{operand:.6g}"


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


def _power_derivatives(base: float, exponent: float) -> Derivatives:
    if exponent == 0:
        by_base = 0.0
    elif base == 0 and exponent < 1:
        by_base = math.inf  # the slope of a root at zero
    else:
        by_base = exponent * math.pow(base, exponent - 1)
    if base > 0:
        by_exponent = math.pow(base, exponent) * math.log(base)
    else:
        by_exponent = 0.0 if base == 0 and exponent > 0 else math.nan
    return by_base, by_exponent


def _log(x: float) -> float:
    if x <= 0:
        raise ValueError("log takes a number > 0")
    return math.log(x)


def sigmoid(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow at either end."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    power = math.exp(x)
    return power / (1 + power)


def _sigmoid_slope(x: float) -> float:
    return sigmoid(x) * sigmoid(-x)  # 1 - sigmoid(x) would lose its digits at large x


def _max_derivatives(x: float, y: float) -> Derivatives:
    if x == y:
        return 0.5, 0.5
    return (1.0, 0.0) if x > y else (0.0, 1.0)


FUNCTIONS: dict[str, Operation] = {
    "exp": Operation("exp({})", math.exp, lambda x: (math.exp(x),)),
    "log": Operation("log({})", _log, lambda x: (1 / x,)),
    "tanh": Operation("tanh({})", math.tanh, lambda x: (4 * _sigmoid_slope(2 * x),)),
    "sigmoid": Operation("sigmoid({})", sigmoid, lambda x: (_sigmoid_slope(x),)),
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


def evaluate(name: str, operands: Sequence[float], moving: Sequence[bool]) -> tuple[float, Derivatives]:
    """Return an operation's value and local derivatives; those of constants (not `moving`) are 0.

    Raises
    ------
    ValueError
        If the operation is not defined there, or its value or a derivative is not a finite number.
    """
    operation = OPERATIONS[name]
    written = operation.written(operands)
    try:
        value = operation.value(*operands)
    except ValueError as error:
        raise ValueError(f"{written} is not defined: {error}") from None
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"{written} overflows the range of floating-point numbers")
    try:
        derivatives = operation.derivatives(*operands)
    except OverflowError:
        derivatives = (math.inf,) * len(operands)
    local = tuple(slope if moves else 0.0 for slope, moves in zip(derivatives, moving, strict=True))
    for position, slope in enumerate(local, start=1):
        if not math.isfinite(slope):
            raise ValueError(f"{written} has no finite derivative with respect to operand {position}")
    return value, local
