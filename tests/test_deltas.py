"""delta_j(l) is dcost/dz_j(l): by the complex step and a difference at every node, and Octave's node by node."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from systems import COMBINATIONS, System, assert_same_gradient, smooth_system, systems
from tolerances import ALGEBRA, FIGURE, assert_close, relative_difference

import courseport as cp
from courseport.network import activations

STEP = 1e-200
EPSILON = 1e-4


def cost_from(z: Any, layer: int, system: System, y: Any) -> Any:
    """Propagate the z of one layer (2 is the first hidden one) onwards, and return the example's cost."""
    thetas = cp.reshape_thetas(system.theta_vec, system.layer_sizes)
    hidden, output = (activations.get(system.options[f"{part}_activation"]).value for part in ("hidden", "output"))
    for theta in thetas[layer - 1 :]:
        z = theta[:, 0] + theta[:, 1:] @ hidden(z)
    a = output(z)
    if system.options["loss"] == "cross_entropy":
        return (-y * np.log(a) - (1 - y) * np.log(1 - a)).sum()
    return ((a - y) ** 2).sum() / 2


def deltas_of(system: System) -> list[Any]:
    options = {name: value for name, value in system.options.items() if name != "penalty"}
    return cp.node_deltas(system.theta_vec, system.layer_sizes, system.X, system.y, **options)


@pytest.mark.parametrize(
    "combination",
    [parts for parts in COMBINATIONS if parts[3] == "lambda/2m"],
    ids=lambda parts: "-".join(map(str, parts)).replace(" ", ""),
)
def test_each_delta_is_the_slope_of_its_example_s_cost(combination: tuple[Any, ...]) -> None:
    system = smooth_system(*combination)
    options = {name: system.options[name] for name in ("hidden_activation", "output_activation")}
    thetas = cp.reshape_thetas(system.theta_vec, system.layer_sizes)
    a = cp.forward_propagate(system.theta_vec, system.layer_sizes, system.X, **options)
    for layer, delta in enumerate(deltas_of(system), start=2):
        Z = a[layer - 2] @ thetas[layer - 2][:, 1:].T + thetas[layer - 2][:, 0]
        for z, y, row in zip(Z, system.y, delta, strict=True):
            units = np.eye(z.size)
            exact = [cost_from(z + 1j * STEP * unit, layer, system, y).imag / STEP for unit in units]
            np.testing.assert_allclose(row, exact, rtol=1e-11, atol=1e-15)
            ends = [[cost_from(z + sign * EPSILON * unit, layer, system, y) for sign in (1, -1)] for unit in units]
            np.testing.assert_allclose(row, [(up - down) / (2 * EPSILON) for up, down in ends], rtol=1e-6, atol=1e-6)


@given(system=systems())
@settings(max_examples=40)
def test_with_the_activations_they_make_the_gradient(system: System) -> None:
    options = {name: system.options[name] for name in ("hidden_activation", "output_activation")}
    a = cp.forward_propagate(system.theta_vec, system.layer_sizes, system.X, **options)
    m = len(system.X)
    D = [
        delta.T @ np.column_stack([np.ones(m), inputs]) / m for delta, inputs in zip(deltas_of(system), a, strict=False)
    ]
    _, grad_vec = cp.nn_cost_function(system.theta_vec, system.layer_sizes, system.X, system.y, 0.0, **system.options)
    assert_same_gradient(cp.unroll(D), grad_vec)


def test_the_lecture_s_network_by_hand() -> None:
    # 1-1-1, Theta1 = (0, 1), Theta2 = (0, 2), x = 0, y = 1: z(2) = 0, a(2) = 1/2, z(3) = 1, h = 0.731058578630005.
    # delta(3) = h - 1 = -0.268941421369995; delta(2) = 2 delta(3) g'(0) = 2 (-0.2689...)/4 = -0.134470710684998.
    deltas = cp.node_deltas([0.0, 1.0, 0.0, 2.0], (1, 1, 1), [[0.0]], [1])
    assert_close(np.concatenate(deltas)[:, 0], [-0.1344707106849976, -0.2689414213699951], FIGURE)


def test_labels_and_a_row_for_every_example() -> None:
    rng = np.random.default_rng(2)
    theta_vec, X, y = rng.standard_normal(26), rng.standard_normal((5, 3)), np.array([1, 2, 2, 1, 2])
    deltas = cp.node_deltas(theta_vec, (3, 4, 2), X, y)
    assert [delta.shape for delta in deltas] == [(5, 4), (5, 2)]
    assert_close(deltas[1], cp.hypothesis(theta_vec, (3, 4, 2), X) - np.eye(2)[y - 1], ALGEBRA)
    for row in range(5):
        alone = cp.node_deltas(theta_vec, (3, 4, 2), X[row : row + 1], y[row : row + 1])
        assert relative_difference(alone[0], deltas[0][row : row + 1]) < ALGEBRA.rtol


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"theta_vec": np.zeros(25)}, r"theta_vec must have shape \(26,\) for layer sizes \(3, 4, 2\), got \(25,\)"),
        ({"X": np.zeros((5, 4))}, r"X must have shape \(m, 3\) for layer sizes \(3, 4, 2\), got \(5, 4\)"),
        ({"y": np.zeros(5)}, r"y must hold whole labels 1\.\.2, got 0 in row 0"),
        ({"loss": "hinge"}, r"loss must be one of 'cross_entropy', 'squared_error', got 'hinge'"),
    ],
)
def test_bad_input_is_named(bad: dict[str, Any], message: str) -> None:
    good = {"theta_vec": np.zeros(26), "layer_sizes": (3, 4, 2), "X": np.zeros((5, 3)), "y": np.ones(5)}
    with pytest.raises(ValueError, match=message):
        cp.node_deltas(**(good | bad))
