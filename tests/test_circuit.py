"""The chain-rule circuit: values and gradients against mpmath, Octave and hand-worked cases."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tolerances import ALGEBRA, ROUNDING, assert_close

from courseport.lectures import circuit
from courseport.lectures.circuit.nodes import OPERATIONS
from courseport.octave import OctaveSession

NEURON = "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
NEURON_AT = {"w0": 2.0, "w1": -3.0, "w2": -3.0, "x0": -1.0, "x1": -2.0}
VARIABLES = ("x", "y", "z")


def gradients_by_name(output: circuit.Node) -> dict[str, float]:
    return {gate.name: gate.gradient for gate in circuit.gate_table(output)}


def test_the_product_of_a_sum_gate_by_gate() -> None:
    x, y, z = circuit.variables(x=-2, y=5, z=-4)
    assert circuit.gate_table((x + y) * z) == [
        ("x", "variable", -2.0, -4.0),
        ("y", "variable", 5.0, -4.0),
        ("z", "variable", -4.0, 3.0),
        ("g1", "x + y", 3.0, -4.0),
        ("g2", "g1 * z", -12.0, 1.0),
    ]


def test_the_sigmoid_neuron_gate_by_gate() -> None:
    table = circuit.gate_table(circuit.parse(NEURON, NEURON_AT))
    gates = [(gate.operation, round(gate.value, 2), round(gate.gradient, 2)) for gate in table[5:]]
    assert gates == [
        ("w0 * x0", -2.0, 0.2),
        ("w1 * x1", 6.0, 0.2),
        ("g1 + g2", 4.0, 0.2),
        ("g3 + w2", 1.0, 0.2),
        ("-g4", -1.0, -0.2),
        ("exp(g5)", 0.37, -0.53),
        ("1 + g6", 1.37, -0.53),
        ("1 / g7", 0.73, 1.0),
    ]
    a = 1 / (1 + math.exp(-1))
    slope = a * (1 - a)
    expected = {"w0": -slope, "x0": 2 * slope, "w1": -2 * slope, "x1": -3 * slope, "w2": slope}
    for name, gradient in expected.items():
        assert_close(gradients_by_name(circuit.parse(NEURON, NEURON_AT))[name], gradient, ROUNDING)


numbers = st.sampled_from(["1", "2", "3", "0.5", "1.5e-1", ".25"])
tame = st.sampled_from(["exp(tanh({}))", "tanh({})", "sigmoid({})", "log(0.5 + ({}) ** 2)", "-({})", "- {}", "({})"])
joined = st.sampled_from(["{} + {}", "{} - {}", "{} * {}", "({}) / (1 + ({})**2)", "max({}, {})", "{} / {}"])
powers = st.sampled_from(["({}) ** 2", "({})**-1", "(1 + ({})**2) ** 0.5", "x**({})", "2 ** -x ** tanh({})"])


def written(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = st.builds(str.format, tame | powers, parts)
    return one | st.builds(str.format, joined, parts, parts)


texts = st.recursive(st.sampled_from(VARIABLES) | numbers, written, max_leaves=8)
points = st.lists(st.integers(4, 24).map(lambda k: k / 8), min_size=3, max_size=3)


def well_conditioned(output: circuit.Node) -> bool:
    """Say whether rounding is not magnified beyond 1e6, and no max stands at a tie that rounding decides."""
    nodes = circuit.topological_order(output)
    ties = [
        node for node in nodes if node.operation == "max" and abs(np.subtract(*[p.value for p in node.parents])) < 1e-6
    ]
    sizes = [abs(number) for node in nodes for number in (node.value, *node.local_derivatives)]
    return not ties and max(sizes) < 1e6


def high_precision(text: str) -> Callable[..., mpmath.mpf]:
    """Return the expression as a function of x, y, z in mpmath, read by Python itself."""
    exact = re.sub(r"(?<![\w.])(\d*\.?\d+(?:e-?\d+)?)", r"mpf('\1')", text)
    names = {"mpf": mpmath.mpf, "exp": mpmath.exp, "log": mpmath.log, "tanh": mpmath.tanh, "max": max}
    names["sigmoid"] = lambda v: 1 / (1 + mpmath.exp(-v))
    function: Callable[..., mpmath.mpf] = eval(f"lambda x, y, z: mpf(0) + {exact}", names)
    return function


@given(texts, points)
def test_value_and_gradient_equal_those_of_mpmath(text: str, point: list[float]) -> None:
    x, y, z = (circuit.variable(name, value) for name, value in zip(VARIABLES, point, strict=True))
    try:
        output = circuit.parse(text, {"x": x, "y": y, "z": z})
    except ValueError:  # not defined there: see the tests of domain errors
        assume(False)
    assume(well_conditioned(output))
    with mpmath.workdps(40):
        function = high_precision(text)
        value = float(function(*map(mpmath.mpf, point)))
        orders = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
        slopes = [float(mpmath.diff(function, tuple(map(mpmath.mpf, point)), order)) for order in orders]
    gradients = circuit.backward(output)
    scale = max(1.0, *map(abs, gradients.values()), abs(value))
    assert output.value == pytest.approx(value, rel=1e-9, abs=1e-9 * scale)
    assert [gradients[x], gradients[y], gradients[z]] == pytest.approx(slopes, rel=1e-8, abs=1e-8 * scale)


@pytest.mark.octave
@given(texts.filter(lambda text: "**" not in text), points)  # Octave reads 2^3^2 from the left
def test_value_and_gradient_equal_octaves_own(octave: OctaveSession, text: str, point: list[float]) -> None:
    output = circuit.parse(text, dict(zip(VARIABLES, point, strict=True)))
    assume(well_conditioned(output))
    function = f"@(p) feval(@(x, y, z) {text} + 0*x, p(1), p(2), p(3))"
    value = octave.pull(f"feval({function}, {point})")
    slopes = octave.pull(f"computeNumericalGradient({function}, {point}')").ravel()
    gradients = gradients_by_name(output)
    assert output.value == pytest.approx(value, rel=1e-9, abs=1e-9)
    assert [gradients.get(name, 0.0) for name in VARIABLES] == pytest.approx(list(slopes), rel=1e-4, abs=1e-4)


def test_a_variable_used_several_times_adds_up_its_gradients() -> None:
    (x,) = circuit.variables(x=3)
    assert circuit.backward(x * x)[x] == 6.0
    assert circuit.backward(x + x)[x] == 2.0
    assert circuit.backward(x * x * x - x / x + x**2)[x] == 27 + 6
    assert gradients_by_name(circuit.parse("x * x + y * x", {"x": 3, "y": 4}))["x"] == 10.0


def test_a_second_backward_pass_does_not_add_to_the_first() -> None:
    x, y = circuit.variables(x=3, y=0.5)
    f = circuit.exp(x * y) * y
    first = circuit.backward(f)
    assert circuit.backward(f) == first
    assert circuit.backward(x * y)[x] == y.value, "another output of the same nodes starts from nothing, too"
    assert circuit.backward(f) == first
    assert circuit.gate_table(f) == circuit.gate_table(f)


def test_what_the_output_does_not_depend_on_has_gradient_zero() -> None:
    x, y = circuit.variables(x=3, y=4)
    assert circuit.backward(x * 2)[y] == 0.0
    assert y not in circuit.backward(x * 2)


def test_ten_thousand_chained_gates() -> None:
    (x,) = circuit.variables(x=1.0)
    f = x
    for _ in range(10_000):
        f = f * 1.0001
    assert circuit.backward(f)[x] == f.value
    assert len(circuit.gate_table(f)) == 10_001


def test_ten_thousand_terms_share_one_variable() -> None:
    (x,) = circuit.variables(x=2.0)
    assert circuit.backward(sum((x for _ in range(10_000)), start=x))[x] == 10_001.0


def test_a_thousand_doublings_visit_each_gate_once() -> None:
    (x,) = circuit.variables(x=1.0)
    f = x
    for _ in range(1000):
        f = f + f
    assert len(circuit.topological_order(f)) == 1001
    assert circuit.backward(f)[x] == 2.0**1000


def test_operators_take_numbers_on_either_side() -> None:
    (x,) = circuit.variables(x=4.0)
    made = [
        x + 1,
        1 + x,
        x - 1,
        1 - x,
        x * 2,
        2 * x,
        x / 2,
        2 / x,
        x**2,
        2**x,
        -x,
        +x,
        np.float64(2) * x,
        x * np.int64(2),
    ]
    assert [node.value for node in made] == [5, 5, 3, -3, 8, 8, 2, 0.5, 16, 16, -4, 4, 8, 8]
    slopes = [1, 1, 1, -1, 2, 2, 0.5, -0.125, 8, 16 * math.log(2), -1, 1, 2, 2]
    assert [circuit.backward(node)[x] for node in made] == slopes
    assert all(isinstance(node, circuit.Node) for node in made)


@pytest.mark.parametrize("other", ["1", None, 1j, [1.0], np.ones(2)])
def test_operators_refuse_what_is_no_number(other: object) -> None:
    (x,) = circuit.variables(x=4.0)
    with pytest.raises(TypeError):
        x + other  # type: ignore[operator]  # the point of the test
    with pytest.raises(TypeError):
        other * x  # type: ignore[operator]  # the point of the test


@pytest.mark.parametrize("number", [math.nan, math.inf, True, Fraction(1, 2)])
def test_constants_and_variables_are_finite_real_numbers(number: float) -> None:
    (x,) = circuit.variables(x=4.0)
    with pytest.raises(ValueError, match="constant must be a finite real number, got"):
        x + number
    with pytest.raises(ValueError, match="y must be a finite real number, got"):
        circuit.variable("y", number)


def test_a_gate_of_constants_is_a_constant() -> None:
    made = circuit.exp(circuit.constant(1.0)) * 2
    assert (made.operation, made.value, made.parents) == ("constant", 2 * math.e, ())
    assert circuit.gate_table(circuit.parse("x * (2 - 3)", {"x": 5}))[1].operation == "x * (-1)"
    assert circuit.gate_table(circuit.parse("2 + 3", {})) == [("g1", "constant", 5.0, 1.0)]


@pytest.mark.parametrize(("left", "right"), [(1.0, 1.0), (-2.5, -2.5), (0.0, -0.0)])
def test_max_shares_the_gradient_equally_at_a_tie(left: float, right: float) -> None:
    x, y = circuit.variables(x=left, y=right)
    gradients = circuit.backward(circuit.maximum(x, y))
    assert (gradients[x], gradients[y]) == (0.5, 0.5)
    two_sided = (max(left + 1e-4, right) - max(left - 1e-4, right)) / 2e-4
    assert two_sided == pytest.approx(0.5)
    assert circuit.backward(circuit.maximum(x, x))[x] == 1.0


def test_max_gives_the_whole_gradient_to_the_larger() -> None:
    x, y = circuit.variables(x=1, y=2)
    assert [circuit.backward(circuit.maximum(x, y))[node] for node in (x, y)] == [0.0, 1.0]
    assert [circuit.backward(circuit.maximum(y, x))[node] for node in (x, y)] == [0.0, 1.0]
    assert circuit.maximum(x, 7).value == 7.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("log(x - 2)", "log(0) is not defined: log takes a number > 0"),
        ("log(-x)", "log(-2) is not defined: log takes a number > 0"),
        ("1 / (x - 2)", "1 / 0 is not defined: division by zero"),
        ("(x - 2) ** -1", "0 ** (-1) is not defined: division by zero"),
        ("(-x) ** 0.5", "(-2) ** 0.5 is not defined: a negative base takes a whole exponent"),
        ("(x - 2) ** 0.5", "0 ** 0.5 has no finite derivative with respect to operand 1"),
        ("(-x) ** x", "(-2) ** 2 has no finite derivative with respect to operand 2"),
        ("0 ** (x - 2)", "0 ** 0 has no finite derivative with respect to operand 2"),
        ("exp(1000 * x)", "exp(2000) overflows the range of floating-point numbers"),
        ("(1e200 * x) ** 2", "2e+200 ** 2 overflows the range of floating-point numbers"),
        ("1e200 * (1e200 * x)", "1e+200 * 2e+200 overflows the range of floating-point numbers"),
        ("1 / (x * 1e-200)", "1 / 2e-200 has no finite derivative with respect to operand 2"),
    ],
)
def test_where_an_operation_is_not_defined(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        circuit.parse(text, {"x": 2.0})


@pytest.mark.parametrize(
    ("text", "slope"), [("0 ** x", 0.0), ("(x - 2) ** 0", 0.0), ("(x - 2) ** 1", 1.0), ("(-x) ** 3", -12.0)]
)
def test_powers_at_the_edge_of_their_domain(text: str, slope: float) -> None:
    assert gradients_by_name(circuit.parse(text, {"x": 2.0}))["x"] == slope


def test_a_gradient_that_overflows_is_said() -> None:
    (x,) = circuit.variables(x=1e-200)
    with pytest.raises(ValueError, match=r"the gradient at <x: 1e-200> overflows the range of floating-point numbers"):
        circuit.backward(x * 1e200 * 1e200)


@pytest.mark.parametrize("x", [-800.0, -40.0, 0.0, 40.0, 800.0])
def test_sigmoid_and_tanh_stay_exact_where_they_saturate(x: float) -> None:
    with mpmath.workdps(50 + 2 * round(abs(x))):
        for name, function in (("sigmoid", lambda v: 1 / (1 + mpmath.exp(-v))), ("tanh", mpmath.tanh)):
            value = function(mpmath.mpf(x))
            slope = value * (1 - value) if name == "sigmoid" else 1 - value**2
            gate = circuit.gate_table(circuit.parse(f"{name}(x)", {"x": x}))
            assert_close(gate[1].value, float(value), ROUNDING)
            assert_close(gate[0].gradient, float(slope), ALGEBRA)


def test_gates_take_names_that_no_variable_has() -> None:
    names = [gate.name for gate in circuit.gate_table(circuit.parse("g1 * g3 + 1", {"g1": 1, "g3": 2}))]
    assert names == ["g1", "g3", "g2", "g4"]


def test_two_variables_of_one_name_are_refused_in_a_table() -> None:
    with pytest.raises(ValueError, match="must have different names, got two named 'x'"):
        circuit.gate_table(circuit.variable("x", 1) + circuit.variable("x", 2))


def test_bad_arguments_are_named() -> None:
    with pytest.raises(TypeError, match="output must be a node of a circuit, got float"):
        circuit.backward(1.0)  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ValueError, match="name must have at least one character"):
        circuit.variable("", 1)
    with pytest.raises(TypeError, match="name must be a string, got int"):
        circuit.variable(1, 1)  # type: ignore[arg-type]  # the point of the test


def test_every_operation_has_as_many_derivatives_as_operands() -> None:
    for operation in OPERATIONS.values():
        assert len(operation.derivatives(*[0.75] * operation.arity)) == operation.arity
