"""Reading an expression from a string, safely: nothing is evaluated but the operations of a circuit.

The grammar is the part of Python's that a circuit can do, with Python's precedences::

    expression = number | variable | function "(" expression {"," expression} ")" | "(" expression ")"
               | ("+" | "-") expression | expression ("+" | "-" | "*" | "/" | "**") expression

``**`` binds tightest and to the right, then the signs, then ``*`` and ``/``, then ``+`` and ``-``. The reader keeps two
stacks and never calls itself, and what it does not know it refuses: a hostile string is an error, whatever its nesting.
(Python's own parser, ``ast.parse``, can exhaust the C stack on deeply nested text.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, NoReturn

from courseport import _checks
from courseport.lectures.circuit.nodes import Node, constant, gate, variable
from courseport.lectures.circuit.operations import FUNCTIONS

MAX_CHARACTERS = 100_000

_NAME = r"[^\W\d]\w*"
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<function>{_NAME})\s*\(|(?P<name>{_NAME})|(?P<symbol>\*\*|[-+*/(),])|(?P<other>\S))"
)
_BINARY = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
_SIGN = 3  # precedence of a sign before an operand: -x ** 2 is -(x ** 2), -x * y is (-x) * y


class _Pending(NamedTuple):
    """What waits for its operands: an operator, or (precedence 0) a parenthesis that is still open."""

    symbol: str
    precedence: int
    position: int
    height: int  # of the stack of operands when it was met


def parse(expression: str, variables: Mapping[str, float | Node]) -> Node:
    """Build the circuit that an expression describes.

    Parameters
    ----------
    expression : str
        Operators + - * / ** and parentheses, the functions exp, log, tanh, sigmoid and max (of two), numbers, and
        names of variables; at most 100,000 characters.
    variables : mapping of str to float or Node
        The value of each variable, or a node that stands for it.

    Returns
    -------
    Node
        The output. A variable that occurs several times is one node.

    Raises
    ------
    ValueError
        If the expression cannot be read, or is not defined at these values; the message names the character (counted
        from 1) and what is allowed there.
    """
    if not isinstance(expression, str):
        _checks.fail_type("expression", "be a string", expression)
    if len(expression) > MAX_CHARACTERS:
        _checks.fail("expression", f"have at most {MAX_CHARACTERS} characters", len(expression))
    reader = _Reader(_variable_nodes(variables))
    for token in _TOKEN.finditer(expression):
        kind = token.lastgroup or ""
        reader.take(kind, token[kind], token.start(kind))
    return reader.end(len(expression.rstrip()))


def _variable_nodes(variables: Mapping[str, float | Node]) -> dict[str, Node]:
    for name in variables:
        if not re.fullmatch(_NAME, name) or name in FUNCTIONS:
            allowed = f"have names of letters, digits and _, other than the functions {', '.join(FUNCTIONS)}"
            _checks.fail("variables", allowed, repr(name))
    return {name: v if isinstance(v, Node) else variable(name, v) for name, v in variables.items()}


class _Reader:
    """The two stacks: operands that are complete, and operators and parentheses that wait."""

    def __init__(self, variables: dict[str, Node]) -> None:
        self.variables = variables
        self.operands: list[Node] = []
        self.pending: list[_Pending] = []
        self.wants_operand = True

    def take(self, kind: str, text: str, position: int) -> None:
        """Take the next token of the expression."""
        if self.wants_operand:
            self._take_operand(kind, text, position)
        elif text in _BINARY:
            self._reduce(_BINARY[text] + (text == "**"))  # equals are reduced first, but for the power
            self._wait(text, _BINARY[text], position)
        elif text == "," and self._open_function():
            self._reduce(1)
            self.wants_operand = True
        elif text == ")" and self._innermost() is not None:
            self._close()
        else:
            self._refuse_after_operand(text, position)

    def end(self, position: int) -> Node:
        """Return the circuit after the last token."""
        if self.wants_operand or self._innermost() is not None:
            self.take("end", "", position)
        self._reduce(1)
        return self.operands.pop()

    def _take_operand(self, kind: str, text: str, position: int) -> None:
        if kind == "number":
            self._push(constant, position, float(text))
        elif kind == "name":
            self.operands.append(self._variable(text, position))
            self.wants_operand = False
        elif kind == "function":
            if text not in FUNCTIONS:
                _fail_at(position, f"have a function ({', '.join(FUNCTIONS)}) or an operator", repr(text + "("))
            self._wait(text, 0, position)
        elif text in ("+", "-", "("):
            self._wait("negative" if text == "-" else text, 0 if text == "(" else _SIGN, position)
        else:
            _fail_at(
                position, "have a number, a variable, a function, a sign or '('", repr(text) if text else "the end"
            )

    def _variable(self, name: str, position: int) -> Node:
        if name in FUNCTIONS:
            _fail_at(position, f"have '(' after {name}", repr(name))
        if name not in self.variables:
            known = ", ".join(self.variables) or "none"
            _fail_at(position, f"have a variable whose value is given ({known})", repr(name))
        return self.variables[name]

    def _wait(self, symbol: str, precedence: int, position: int) -> None:
        self.pending.append(_Pending(symbol, precedence, position, len(self.operands)))
        self.wants_operand = True

    def _reduce(self, precedence: int) -> None:
        """Apply the waiting operators that bind at least as tightly, back to the innermost open parenthesis."""
        while self.pending and self.pending[-1].precedence >= precedence:
            operator = self.pending.pop()
            if operator.symbol != "+" or operator.precedence != _SIGN:
                self._apply(operator.symbol, 1 if operator.precedence == _SIGN else 2, operator.position)

    def _close(self) -> None:
        self._reduce(1)
        opening = self.pending.pop()
        if opening.symbol == "(":
            return
        arity, given = FUNCTIONS[opening.symbol].arity, len(self.operands) - opening.height
        if given != arity:
            _fail_at(opening.position, f"have {arity} value{'s' * (arity > 1)} for {opening.symbol}", given)
        self._apply(opening.symbol, arity, opening.position)

    def _apply(self, operation: str, arity: int, position: int) -> None:
        operands = self.operands[-arity:]
        del self.operands[-arity:]
        self._push(gate, position, operation, *operands)

    def _innermost(self) -> _Pending | None:
        return next((waiting for waiting in reversed(self.pending) if waiting.precedence == 0), None)

    def _open_function(self) -> bool:
        innermost = self._innermost()
        return innermost is not None and innermost.symbol in FUNCTIONS

    def _push(self, make: Callable[..., Node], position: int, *arguments: object) -> None:
        try:
            self.operands.append(make(*arguments))
        except ValueError as error:
            raise ValueError(f"expression at character {position + 1}: {error}") from None
        self.wants_operand = False

    def _refuse_after_operand(self, text: str, position: int) -> NoReturn:
        end = "the end" if self._innermost() is None else "',' or ')'" if self._open_function() else "')'"
        hint = " (a power is written **)" if text == "^" else ""
        _fail_at(position, f"have an operator (+ - * / **) or {end}", (repr(text) if text else "the end") + hint)


def _fail_at(position: int, expected: str, got: object) -> NoReturn:
    _checks.fail(f"expression at character {position + 1}", expected, got)
