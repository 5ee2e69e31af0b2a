"""Reading an expression from a string: Python's own parser, and nothing evaluated but the operations of a circuit."""

from __future__ import annotations

import ast
import keyword
import math
import unicodedata
import warnings
from collections.abc import Mapping

from courseport import _checks
from courseport.lectures.circuit.nodes import FUNCTIONS, Node, constant, gate, variable

MAX_CHARACTERS = 5000
TOO_DEEP = "expression is nested too deeply: write it as several shorter ones"
OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def parse(expression: str, variables: Mapping[str, float | Node]) -> Node:
    """Build the circuit that an expression describes, with Python's precedences, and return its output.

    The expression has at most 5000 characters: operators + - * / ** and parentheses, the functions exp, log, tanh,
    sigmoid and max (of two), numbers, and names of `variables`, which holds the value of each, or a node that stands
    for it. A variable that occurs several times is one node.
    """
    if not isinstance(expression, str):
        _checks.fail_type("expression", "be a string", expression)
    if len(expression) > MAX_CHARACTERS:
        _checks.fail("expression", f"have at most {MAX_CHARACTERS} characters", len(expression))
    for name in variables:
        if not name.isidentifier() or keyword.iskeyword(name) or name in FUNCTIONS:
            _checks.fail("variables", f"have names that Python allows, other than {', '.join(FUNCTIONS)}", repr(name))
    # The parser brings names into this normal form, too.
    nodes = {
        unicodedata.normalize("NFKC", name): value if isinstance(value, Node) else variable(name, value)
        for name, value in variables.items()
    }
    text = expression.strip()
    try:
        with warnings.catch_warnings():
            # Python warns of 2if and the like; what a circuit cannot do is refused afterwards.
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval")
    except (RecursionError, MemoryError):
        raise _checks.InputError(TOO_DEEP) from None
    except (SyntaxError, ValueError) as error:  # ValueError: characters that no text of Python can have
        message, place = getattr(error, "msg", error), getattr(error, "offset", None)
        at = f" at character {place}" if place else ""
        _checks.fail("expression", "be one that Python can read", f"{message}{at} (a power is written **)")
    try:
        return _build(tree.body, text, nodes)
    except RecursionError:
        raise _checks.InputError(TOO_DEEP) from None


def _build(part: ast.expr, text: str, nodes: Mapping[str, Node]) -> Node:
    match part:
        case ast.Name(id=name) if name in nodes:
            return nodes[name]
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            # An integer beyond the range of float is infinite, and refused as such.
            return constant(float(number) if abs(number) < 2**1023 else math.inf)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _build(operand, text, nodes)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            operation, operands = "negative", [operand]
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            operation, operands = OPERATORS[type(operator)], [left, right]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            operation, operands = name, args
            if len(args) != FUNCTIONS[name].arity:
                _checks.fail(_shown(part, text), f"have {FUNCTIONS[name].arity} values in parentheses", len(args))
        case _:
            known = ", ".join(nodes) or "none"
            allowed = (
                f"hold + - * / **, {', '.join(FUNCTIONS)}, numbers, and variables whose values are given ({known})"
            )
            hint = " (a power is written **)" if isinstance(part, ast.BinOp) else ""
            _checks.fail("expression", allowed, _shown(part, text) + hint)
    values = [_build(operand, text, nodes) for operand in operands]
    try:
        return gate(operation, *values)
    except ValueError as error:
        raise _checks.InputError(f"{_shown(part, text)}: {error}") from None


def _shown(part: ast.expr, text: str) -> str:
    segment = ast.get_source_segment(text, part) or ""
    return repr(segment if len(segment) <= 60 else f"{segment[:60]}...")
