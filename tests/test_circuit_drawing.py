"""The picture of a circuit: what it shows, and that nothing in it overlaps or is cut off."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, pairwise, product
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from courseport._checks import how_to_install
from courseport.lectures import circuit
from courseport.lectures.circuit.drawing import BOX, PAGE, Layout

Matrix = NDArray[np.float64]

NEURON = circuit.parse(
    "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", {"w0": 2, "w1": -3, "w2": -3, "x0": -1, "x1": -2}
)  # fmt: skip
PRODUCT = circuit.parse("(x + y) * z", {"x": -2, "y": 5, "z": -4})
SHARED = circuit.parse("x*x*y + exp(x*y)/(1 + y**2) - max(x, y) + log(x*x)", {"x": 1.5, "y": -0.7})


@st.composite
def circuits(draw: st.DrawFn) -> circuit.Node:
    """Draw circuits with shared nodes, wires that pass many layers, long names and long numbers."""
    nodes = list(circuit.variables(x=1.0, weight_of_the_second_unit=-0.123456, z=3e-7))
    for _ in range(draw(st.integers(1, 12))):
        left, right = draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))
        nodes.append(draw(st.sampled_from([left + right, left * right, circuit.tanh(left), left - 0.5, -right])))
    return nodes[-1]


def extents(ax: Axes) -> tuple[list[Bbox], list[Bbox], Bbox]:
    """Return where the texts, the boxes and the whole figure are, in pixels."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.set_dpi(300)  # so that whole pixels matter little
    figure.draw_without_rendering()
    texts = [text.get_window_extent() for text in ax.texts]
    boxes = [patch.get_window_extent() for patch in ax.patches if isinstance(patch, FancyBboxPatch)]
    return texts, boxes, figure.bbox


def overlap(one: Bbox, other: Bbox) -> bool:
    """Say whether two boxes share more than the half pixel that rounding may cost."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    return bool(width > 0.5 and min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5)


def within(inner: Bbox, outer: Bbox) -> bool:
    return bool(np.all(inner.min >= outer.min) and np.all(inner.max <= outer.max))


def assert_readable(ax: Axes) -> None:
    texts, boxes, whole = extents(ax)
    assert all(within(extent, whole) for extent in texts + boxes)
    assert not any(overlap(one, other) for one, other in combinations(texts, 2))
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    assert not any(overlap(text, box) and not within(text, box) for text, box in product(texts, boxes))


def wires_and_boxes(layout: Layout) -> tuple[list[Matrix], list[Bbox]]:
    """Return points along each wire, and the boxes."""
    wires, t = [], np.linspace(0, 1, 60)[:, None]
    weights = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    for wire in layout.wires:
        x0, y0 = layout.columns[wire.start[1]].right, layout.heights[wire.start]
        end, y1 = layout.columns[wire.end[1]], layout.end_height(wire)
        curve = weights @ np.array([(x0, y0), ((x0 + end.left) / 2, y0), ((x0 + end.left) / 2, y1), (end.left, y1)])
        last = end.right if wire.operand is None else end.box
        wires.append(np.vstack([curve, np.column_stack([np.linspace(end.left, last, 60), np.full(60, y1)])]))
    places = [(layout.columns[layer], layout.heights[node, layer]) for node, layer in layout.layer_of.items()]
    return wires, [Bbox([[column.box, y - BOX], [column.stub, y + BOX]]) for column, y in places]


def passes_through(wire: Matrix, box: Bbox) -> bool:
    x, y = wire.T
    return bool(((x > box.x0 + 0.1) & (x < box.x1 - 0.1) & (y > box.y0) & (y < box.y1)).any())


UNITS = circuit.parse(
    "+".join(f"w{4 * k} * tanh(w{4 * k + 1}*x1 + w{4 * k + 2}*x2 + w{4 * k + 3}*x3)" for k in range(5)),
    {f"w{index}": index / 10 - 0.5 for index in range(20)} | {"x1": 0.4, "x2": -1.2, "x3": 0.3},
)


@pytest.mark.parametrize("output", [NEURON, PRODUCT, SHARED, UNITS, circuit.variable("x", 1), circuit.constant(2)])
def test_nothing_overlaps_or_is_cut_off(output: circuit.Node) -> None:
    assert_readable(circuit.draw(output))


@settings(max_examples=25)
@given(circuits())
def test_nothing_overlaps_in_any_circuit(output: circuit.Node) -> None:
    assert_readable(circuit.draw(output))
    assert not any(passes_through(wire, box) for wire, box in product(*wires_and_boxes(Layout(output))))


def test_values_stand_above_their_wires_and_gradients_below() -> None:
    texts = [text for text in circuit.draw(PRODUCT).texts if "(" not in text.get_text()]
    for gate in circuit.gate_table(PRODUCT):
        at = [t for t in texts if t.get_text() == f"{gate.value:g}" and t.get_verticalalignment() == "baseline"]
        below = [t for t in texts if t.get_text() == f"{gate.gradient:g}" and t.get_verticalalignment() == "top"]
        beside = [(one, other) for one, other in product(at, below) if one.get_position()[0] == other.get_position()[0]]
        assert any(0 < one.get_position()[1] - other.get_position()[1] < 10 for one, other in beside)


def test_every_gate_and_variable_has_its_box_and_name() -> None:
    texts = [text.get_text() for text in circuit.draw(NEURON).texts]
    for gate in circuit.gate_table(NEURON):
        assert gate.name in texts
        assert gate.operation == "variable" or gate.operation in texts


def test_the_wires_of_a_shared_variable_part_and_show_their_shares() -> None:
    axes = circuit.draw(circuit.parse("x * x + y", {"x": 3, "y": 1}))
    assert len(axes.lines) == 1
    assert [text.get_text() for text in axes.texts if text.get_style() == "italic"] == ["3", "3", "share of one use"]
    assert not circuit.draw(NEURON).lines


def test_the_neuron_is_drawn_without_a_crossing_and_left_to_right() -> None:
    layout = Layout(NEURON)
    boxes = {layout.texts[node]: layout.columns[layer] for node, layer in layout.layer_of.items()}
    chain = ["w0 * x0", "g1 + g2", "g3 + w2", "-g4", "exp(g5)", "1 + g6", "1 / g7"]
    assert all(boxes[left].right < boxes[right].left for left, right in pairwise(chain))
    for one, other in combinations(layout.wires, 2):
        if one.start[1] == other.start[1]:
            at_start = layout.heights[one.start] - layout.heights[other.start]
            assert at_start * (layout.end_height(one) - layout.end_height(other)) > 0


def test_a_wide_circuit_fits_a_page() -> None:
    figure = circuit.draw(circuit.parse("+".join(f"exp(x + {i})" for i in range(24)), {"x": 1})).get_figure(root=True)
    assert figure is not None
    assert (figure.get_size_inches() <= np.array(PAGE) + 1e-9).all()


def test_the_given_axes_are_used_and_filled() -> None:
    figure = Figure(figsize=(9, 3))
    left, right = figure.subplots(1, 2)
    assert circuit.draw(PRODUCT, left) is left
    circuit.draw(NEURON, right)
    assert len(right.texts) > len(left.texts)
    assert_readable(left)
    assert_readable(right)


def test_a_circuit_too_large_to_draw_is_refused() -> None:
    (x,) = circuit.variables(x=1)
    with pytest.raises(ValueError, match=r"at most 100 variables and gates to be drawn .*, got 101"):
        circuit.draw(sum((x for _ in range(100)), start=x))


def test_jupyter_shows_the_picture_or_the_text() -> None:
    html = PRODUCT._repr_html_()
    assert html is not None
    assert ElementTree.fromstring(html).tag == "{http://www.w3.org/2000/svg}svg"
    (x,) = circuit.variables(x=1)
    assert sum((x for _ in range(100)), start=x)._repr_html_() is None


def test_without_matplotlib_the_error_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from courseport.lectures import circuit\n"
        "try: circuit.draw(circuit.variable('x', 1))\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == f"drawing a circuit needs matplotlib: {how_to_install('plots')}\n"
