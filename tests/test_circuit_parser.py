"""Reading expressions: Python's own evaluation as the second route, and hostile strings."""

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
REFUSED = r"expression must (hold|be one that Python)|must have \d values in parentheses"
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


@settings(max_examples=300)
@given(st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
def test_reads_what_a_circuit_can_do_and_nothing_else(text: str) -> None:
    tree = python_reading(text)
    if tree is None:
        with pytest.raises(ValueError, match=REFUSED):
            circuit.parse(text, {"x": X, "y": Y})
        return
    value = python_value(tree)
    try:
        output = circuit.parse(text, {"x": X, "y": Y})
    except ValueError as error:
        assert not re.search(REFUSED, str(error))
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
        ("", "expression must be one that Python can read"),
        ("x + * y", "expression must be one that Python can read, got invalid syntax at character 5"),
        ("(x + y", "expression must be one that Python can read, got '(' was never closed at character 1"),
        ("x\0", "expression must be one that Python can read"),
        ("\ud800", "expression must be one that Python can read"),
        ("  x + q ", "numbers, and variables whose values are given (x, y), got 'q'"),
        ("(1 + x) * (x ^ 2)", "got 'x ^ 2' (a power is written **)"),
        ("(x, y)", "got '(x, y)'"),
        ("max(x)", "'max(x)' must have 2 values in parentheses, got 1"),
        ("2 * exp(x, y)", "'exp(x, y)' must have 1 values in parentheses, got 2"),
        ("exp(*x)", "got '*x'"),
        ("exp(x, base=2)", "got 'exp(x, base=2)'"),
        ("1 + exp", "got 'exp'"),
        ("sin(x)", "expression must hold + - * / **, exp, log, tanh, sigmoid, max, numbers, and variables"),
        ("x.__class__", "got 'x.__class__'"),
        ("'x'", "got \"'x'\""),
        ("True", "got 'True'"),
        ("1j", "got '1j'"),
        ("2if x else y", "got '2if x else y'"),
        ("__import__('os').system('true')", "got"),
        ("1e999 * x", "constant must be a finite real number, got inf"),
        (f"1{'0' * 400} * x", "constant must be a finite real number, got inf"),
        ("x - log(x - 9)", "'log(x - 9)': log(-7.5) is not defined: log takes a number > 0"),
        ("θ * 2", "got 'θ'"),
    ],
)
def test_an_error_shows_the_part_and_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        circuit.parse(text, {"x": X, "y": Y})


def test_integers_are_read_as_numbers_of_any_size() -> None:
    assert circuit.parse("x + 2" + "0" * 100, {"x": 0}).value == 2e100


@pytest.mark.parametrize(
    "text", ["(" * 4999, "exp(" * 900 + "x" + ")" * 900, "-" * 4999 + "x", "x**" * 1666 + "x", "x+" * 2499 + "x"]
)
def test_what_is_nested_too_deeply_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"expression (is nested too deeply|must be one that Python can read)"):
        circuit.parse(text, {"x": X})


@pytest.mark.parametrize("error", [MemoryError, RecursionError])
def test_what_exhausts_pythons_parser_is_said_to_be_too_deep(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(ast, "parse", exhausted)
    with pytest.raises(ValueError, match="expression is nested too deeply"):
        circuit.parse("x", {"x": X})


def test_the_length_of_an_expression_is_limited() -> None:
    with pytest.raises(ValueError, match="expression must have at most 5000 characters, got 5001"):
        circuit.parse("x" * (MAX_CHARACTERS + 1), {"x": X})


@pytest.mark.parametrize("name", ["exp", "2x", "a b", "", "x.y", "x\n", "lambda"])
def test_names_that_cannot_be_variables_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="variables must have names that Python allows"):
        circuit.parse("1", {name: 1.0})


def test_letters_of_any_alphabet_are_names() -> None:
    assert circuit.parse("θ_1 * 2", {"θ_1": 3}).value == 6.0
    assert circuit.parse("ﬁt * 2", {"fit": 3}).value == circuit.parse("fit * 2", {"ﬁt": 3}).value == 6.0


def test_a_node_can_stand_for_a_variable() -> None:
    (x,) = circuit.variables(x=X)
    assert circuit.backward(circuit.parse("q * q", {"q": 2 * x}))[x] == 8 * X


def test_bad_arguments_are_named() -> None:
    with pytest.raises(TypeError, match="expression must be a string, got int"):
        circuit.parse(1, {})  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ValueError, match="x must be a finite real number, got nan"):
        circuit.parse("x", {"x": math.nan})
