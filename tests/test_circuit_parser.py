"""Reading expressions: Python's own reading as the second route, and hostile strings."""

from __future__ import annotations

import ast
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courseport.lectures import circuit
from courseport.lectures.circuit.parser import MAX_CHARACTERS

X, Y = 1.5, 0.75
FUNCTIONS = {"exp": math.exp, "max": max, "tanh": math.tanh}
TOKENS = ["x", "y", "2", "3.5", " ", "+", "-", "*", "/", "**", "(", ")", ",", "exp(", "max(", "tanh(", "z", "@"]
ALLOWED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load, ast.Constant, ast.USub, ast.UAdd)
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)


def python_reading(text: str) -> ast.Expression | None:
    """Return Python's syntax tree if it has nothing but what a circuit can do, with every number a float."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED + OPERATORS):
            return None
        if isinstance(node, ast.Call) and not called_well(node):
            return None
        if isinstance(node, ast.Name) and node.id not in {"x", "y", *FUNCTIONS}:
            return None
        if isinstance(node, ast.Constant):
            node.value = float(node.value)  # type: ignore[arg-type]  # the tokens hold no other constants
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    bare = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id in FUNCTIONS and id(node) not in called
    ]
    return None if bare else tree


def called_well(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Name) and call.func.id in FUNCTIONS and len(call.args) == 1 + (call.func.id == "max")
    )


def python_value(tree: ast.Expression) -> float | None:
    try:
        value = eval(compile(tree, "", "eval"), {"x": X, "y": Y, **FUNCTIONS})
    except ArithmeticError:
        return None
    return value if isinstance(value, float) and math.isfinite(value) else None


@settings(max_examples=400)
@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join).filter(lambda text: not re.search(r",\s*\)", text)))
def test_reads_what_python_reads_and_nothing_else(text: str) -> None:
    tree = python_reading(text)
    if tree is None:
        # An operation before the fault that is not defined at these values is met first.
        with pytest.raises(ValueError, match=r"expression at character \d+( must have|: .* (is not|overflows|has no))"):
            circuit.parse(text, {"x": X, "y": Y})
        return
    value = python_value(tree)
    try:
        output = circuit.parse(text, {"x": X, "y": Y})
    except ValueError as error:
        assert "must have" not in str(error)
        assert value is None or "no finite derivative" in str(error)
    else:
        assert output.value == value


signs = st.sampled_from(["{}", "-{}", "+{}", "(-{})", "({})"])
joints = st.sampled_from([" + ", "-", "*", " / ", "**", "** -"])


def joined(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda sign, left, joint, right: sign.format(left + joint + right), signs, part, joints, part)


@given(st.recursive(st.sampled_from(["x", "y", "2", "0.5", "3"]), joined, max_leaves=10))
def test_precedence_is_pythons(text: str) -> None:
    tree = python_reading(text)
    assert tree is not None
    try:
        output = circuit.parse(text, {"x": X, "y": Y})
    except ValueError as error:
        assert python_value(tree) is None or "no finite derivative" in str(error)
    else:
        assert output.value == python_value(tree)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "character 1 must have a number, a variable, a function, a sign or '(', got the end"),
        ("x + ", "character 4 must have a number, a variable, a function, a sign or '(', got the end"),
        ("x + * y", "character 5 must have a number, a variable, a function, a sign or '(', got '*'"),
        ("x ^ 2", "character 3 must have an operator (+ - * / **) or the end, got '^' (a power is written **)"),
        ("2x", "character 2 must have an operator (+ - * / **) or the end, got 'x'"),
        ("(x + y", "character 7 must have an operator (+ - * / **) or ')', got the end"),
        ("x)", "character 2 must have an operator (+ - * / **) or the end, got ')'"),
        ("max(x, y", "character 9 must have an operator (+ - * / **) or ',' or ')', got the end"),
        ("(x, y)", "character 3 must have an operator (+ - * / **) or ')', got ','"),
        ("x, y", "character 2 must have an operator (+ - * / **) or the end, got ','"),
        ("max(x)", "character 1 must have 2 values for max, got 1"),
        ("exp(x, y)", "character 1 must have 1 value for exp, got 2"),
        ("exp()", "character 5 must have a number, a variable, a function, a sign or '(', got ')'"),
        ("1 + exp", "character 5 must have '(' after exp, got 'exp'"),
        ("sin(x)", "character 1 must have a function (exp, log, tanh, sigmoid, max) or an operator, got 'sin('"),
        ("x + q", "character 5 must have a variable whose value is given (x, y), got 'q'"),
        ("x.real", "character 2 must have an operator (+ - * / **) or the end, got '.'"),
        ("'x'", "character 1 must have a number, a variable, a function, a sign or '(', got \"'\""),
        ("1e999 * x", "character 1: constant must be a finite real number, got inf"),
        ("x - log(x - 9)", "character 5: log(-7.5) is not defined: log takes a number > 0"),
        ("x if y else x", "character 3 must have an operator (+ - * / **) or the end, got 'if'"),
        ("lambda: x", "character 1 must have a variable whose value is given (x, y), got 'lambda'"),
        ("__import__('os')", "character 1 must have a function (exp, log, tanh, sigmoid, max) or an operator, got"),
        ("x.__class__", "character 2 must have an operator"),
        ("x\0", "character 2 must have an operator (+ - * / **) or the end, got '\\x00'"),
    ],
)
def test_an_error_names_the_character_and_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"expression at {message}")):
        circuit.parse(text, {"x": X, "y": Y})


def test_long_sums_and_deep_nesting_are_read() -> None:
    assert circuit.parse(" + ".join(["x"] * 10_000), {"x": X}).value == 10_000 * X
    assert circuit.parse("(" * 49_000 + "x" + ")" * 49_000, {"x": X}).value == X
    assert circuit.parse("-" * 99_999 + "x", {"x": X}).value == -X
    assert circuit.parse("tanh(" * 10_000 + "x" + ")" * 10_000, {"x": X}).value < 0.02
    assert circuit.parse("x**" * 10_000 + "1", {"x": 1.0}).value == 1.0


@pytest.mark.parametrize(
    "text", ["(" * 99_999, "exp(" * 20_000, "x**" * 30_000, "-" * MAX_CHARACTERS, "9" * 99_999 + "x"]
)
def test_hostile_strings_are_errors(text: str) -> None:
    with pytest.raises(ValueError, match=r"expression at character \d+"):
        circuit.parse(text, {"x": X})


def test_the_length_of_an_expression_is_limited() -> None:
    with pytest.raises(ValueError, match="expression must have at most 100000 characters, got 100001"):
        circuit.parse("x" * (MAX_CHARACTERS + 1), {"x": X})


@pytest.mark.parametrize("name", ["exp", "2x", "a b", "", "x.y", "x\n"])
def test_names_that_cannot_be_variables_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="variables must have names of letters, digits and _"):
        circuit.parse("1", {name: 1.0})


def test_letters_of_any_alphabet_are_names() -> None:
    assert circuit.parse("θ_1 * 2", {"θ_1": 3}).value == 6.0


def test_a_node_can_stand_for_a_variable() -> None:
    (x,) = circuit.variables(x=X)
    assert circuit.backward(circuit.parse("q * q", {"q": 2 * x}))[x] == 8 * X


def test_bad_arguments_are_named() -> None:
    with pytest.raises(TypeError, match="expression must be a string, got int"):
        circuit.parse(1, {})  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ValueError, match="x must be a finite real number, got nan"):
        circuit.parse("x", {"x": math.nan})
