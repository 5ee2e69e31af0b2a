"""Every activation, loss, penalty and depth: complex step, two-sided difference, Octave; ReLU at 0; several targets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from systems import COMBINATIONS, OUTPUTS, PENALTIES, System, assert_same_gradient, smooth_system, systems
from tolerances import ALGEBRA, COMPLEX_STEP, ROUNDING, assert_close, relative_difference

import courseport as cp
from courseport.network import activations, lecture
from courseport.octave import OctaveSession


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda parts: "-".join(map(str, parts)).replace(" ", ""))
def test_the_gradient_is_that_of_j(combination: tuple[Any, ...]) -> None:
    system = smooth_system(*combination)
    theta_vec, formula_cost = system.theta_vec, system.cost().formula_cost
    expected = formula_cost(theta_vec)
    exact = cp.complex_step_gradient(formula_cost, theta_vec)
    for kernel in ({}, {"block_rows": 3, "n_threads": 1}):
        cost = system.cost(**kernel)
        J, grad_vec = cost(theta_vec)
        assert_close(J, expected, ALGEBRA)
        assert relative_difference(grad_vec, exact) < COMPLEX_STEP.rtol
        check = cp.check_gradient(cost, theta_vec)
        assert check.ok, check


@given(system=systems(), block_rows=st.none() | st.integers(1, 6), n_threads=st.integers(1, 2))
@settings(max_examples=100)
def test_the_kernel_equals_the_lecture(system: System, block_rows: int | None, n_threads: int) -> None:
    cost = system.cost(block_rows=block_rows, n_threads=n_threads)
    J, grad_vec = cost(system.theta_vec)
    assert_close(J, lecture.cost(system.theta_vec, cost.model, cost.examples, system.lambda_), ALGEBRA)
    expected = lecture.gradient(system.theta_vec, cost.model, cost.examples, system.lambda_)
    assert_same_gradient(grad_vec, expected)


@given(system=systems(), data=st.data())
@settings(max_examples=40)
def test_the_two_penalties_differ_by_the_factor_m(system: System, data: st.DataObject) -> None:
    m = len(system.X)
    lambda_ = data.draw(st.floats(0.01, 10))
    both = []
    for penalty, strength in (("lambda/2m", m * lambda_), ("lambda/2", lambda_)):
        options = {**system.options, "penalty": penalty}
        arguments = (system.layer_sizes, system.X, system.y, strength)
        both.append(cp.nn_cost_function(system.theta_vec, *arguments, **options))
    assert_close(both[0][0], both[1][0], ALGEBRA)
    assert relative_difference(both[0][1], both[1][1]) < ALGEBRA.rtol


@pytest.mark.parametrize("penalty", PENALTIES)
def test_each_penalty_has_its_gradient_alone_in_what_lambda_adds(penalty: str) -> None:
    system = smooth_system("tanh", "linear", "squared_error", penalty, (3, 4, 1))
    J0, grad0 = cp.nn_cost_function(system.theta_vec, *system.arguments[:3], **system.options)
    J, grad = system.cost()(system.theta_vec)
    factor = system.lambda_ / len(system.X) if penalty == "lambda/2m" else system.lambda_
    weights = [theta.copy() for theta in cp.reshape_thetas(system.theta_vec, system.layer_sizes)]
    for theta in weights:
        theta[:, 0] = 0.0
    expected = factor * cp.unroll(weights)
    np.testing.assert_allclose(grad - grad0, expected, rtol=1e-12, atol=1e-13)
    assert_close(J, J0 + factor / 2 * sum((theta**2).sum() for theta in weights), ALGEBRA)


def test_several_targets_are_the_sum_of_each_alone() -> None:
    # Two outputs share nothing without a hidden layer: J and its gradient are those of two regressions.
    rng = np.random.default_rng(4)
    X, Y, theta = rng.standard_normal((7, 3)), rng.standard_normal((7, 2)), rng.standard_normal((2, 4))
    options = {"output_activation": "linear", "loss": "squared_error"}
    J, grad_vec = cp.nn_cost_function(cp.unroll([theta]), (3, 2), X, Y, 0.5, **options)
    alone = [cp.linear_cost(theta[k], X, Y[:, k], 0.5) for k in range(2)]
    assert_close(J, alone[0][0] + alone[1][0], ALGEBRA)
    (D,) = cp.reshape_thetas(grad_vec, (3, 2))
    assert relative_difference(D, [alone[0][1], alone[1][1]]) < ALGEBRA.rtol


AT_ZERO = [("relu", 0.0), ("leaky_relu", 0.01), ("linear", 1.0), ("tanh", 1.0), ("sigmoid", 0.25)]


@pytest.mark.octave
@pytest.mark.parametrize(("name", "slope"), AT_ZERO)
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_slope_at_0_is_the_left_one_everywhere(octave: OctaveSession, name: str, slope: float, zero: float) -> None:
    assert activations.get(name).derivative(np.array(zero)) == slope
    assert octave.feval("activationGradient", name, zero) == slope
    # Both the hidden unit and the output unit stand at z = 0 exactly: x = 1, Theta1 = (-1, 1), Theta2 = (-a, 1).
    a = 0.5 if name == "sigmoid" else 0.0
    theta_vec, options = [-1.0, 1.0, -a, 1.0], {"hidden_activation": name, "output_activation": name}
    options |= {"loss": "squared_error", "penalty": "lambda/2m"}
    J, grad_vec = cp.nn_cost_function(theta_vec, (1, 1, 1), [[1.0]], [2.0], **options)
    # J = (a - 2)^2 / 2; delta(3) = (a - 2) g'(0), delta(2) = delta(3) g'(0).
    output = (a - 2) * slope
    assert_close(J, (a - 2) ** 2 / 2, ROUNDING)
    assert grad_vec.tolist() == [output * slope, output * slope, output, output * a]
    arguments = (np.array([[1.0, 1.0, 1.0]]), 1.0, 2.0, 0.0, *options.values())
    _, octave_grad = octave.feval("nnCostFunctionGeneral", np.array(theta_vec), *arguments, nout=2)
    assert np.ravel(octave_grad).tolist() == grad_vec.tolist()


@pytest.mark.parametrize("output", [name for name, loss in OUTPUTS if name != "sigmoid"])
def test_the_cross_entropy_is_refused_for_other_outputs_than_the_sigmoid(output: str) -> None:
    with pytest.raises(ValueError, match=rf"output_activation must be 'sigmoid' for the cross-entropy.*'{output}'"):
        cp.NeuralNetworkCost((1, 1), [[1.0]], [1], output_activation=output)


def test_bad_targets_of_a_regression_are_named() -> None:
    options = {"output_activation": "linear", "loss": "squared_error"}
    for y, message in (
        ([[1.0, np.nan], [0.0, 0.0]], r"y must have finite values only, got nan at \[0, 1\]"),
        (np.zeros((3, 2)), r"y must have shape \(2,\) or \(2, 2\) for 2 output units, got \(3, 2\)"),
        (np.zeros((2, 2)) * 1j, r"y must be an array .* real numbers, got dtype complex128"),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            cp.NeuralNetworkCost((3, 2), np.zeros((2, 3)), y, **options)  # type: ignore[arg-type]  # all are names
    with pytest.raises(ValueError, match=r"y must have finite values only, got inf at \[1\]"):
        cp.NeuralNetworkCost((3, 1), np.zeros((2, 3)), [0.0, np.inf], **options)  # type: ignore[arg-type]
