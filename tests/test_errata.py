"""docs/errata.md, row by row: the slide's form fails the gradient check or contradicts J, and ours passes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from course_data import FOLDER, needs_course_data
from networks import Case, check_network
from scipy.io import loadmat
from systems import smooth_system
from tolerances import COMPLEX_STEP, FIGURE, assert_close, relative_difference

import courseport as cp
from courseport._checks import FloatArray
from courseport.lectures.regression_lecture import batch_gradient_descent

LAMBDA = 3.0
FAILS = 1e-3  # relative difference of a gradient that is not J's; a right one stays below 1e-8


@pytest.fixture
def case() -> Case:
    """The course's own checking network, with weights large enough for every term to count."""
    network = check_network(LAMBDA)
    return Case(10 * network.theta_vec, *network.arguments)


def gradient_check(case: Case, gradient: FloatArray, **options: str) -> cp.network.GradientCheck:
    """Compare `gradient` with the differences of the J that is ours."""
    cost = case.cost(**options)
    return cp.check_gradient(lambda theta_vec: (cost.cost(theta_vec), gradient), case.theta_vec)


def accumulate(case: Case, deltas: list[FloatArray]) -> list[FloatArray]:
    """Return Delta(l) = sum of delta(l+1) [1 a(l)]' over the examples."""
    a = cp.forward_propagate(case.theta_vec, case.layer_sizes, case.X)
    ones = np.ones((len(case.X), 1))
    return [delta.T @ np.hstack([ones, inputs]) for delta, inputs in zip(deltas, a, strict=False)]


def with_penalty(case: Case, Delta: list[FloatArray], form: Any) -> FloatArray:
    """Return the unrolled D of `form`(Delta, Theta without its bias column, m, lambda)."""
    D = []
    for theta, sums in zip(cp.reshape_thetas(case.theta_vec, case.layer_sizes), Delta, strict=True):
        weights = theta.copy()
        weights[:, 0] = 0.0
        D.append(form(sums, weights, len(case.X), LAMBDA))
    return cp.unroll(D)


def test_backpropagation_algorithm_the_penalty_is_divided_by_m_too(case: Case) -> None:
    Delta = accumulate(case, cp.node_deltas(case.theta_vec, *case.arguments[:3]))
    slide = with_penalty(case, Delta, lambda sums, weights, m, lambda_: sums / m + lambda_ * weights)
    right = with_penalty(case, Delta, lambda sums, weights, m, lambda_: (sums + lambda_ * weights) / m)
    assert gradient_check(case, slide).relative_difference > FAILS
    assert gradient_check(case, right).ok
    assert relative_difference(case.cost()(case.theta_vec)[1], right) < 1e-13
    # The slide's D is the gradient of another J, that with the penalty lambda/2.
    assert gradient_check(case, slide, penalty="lambda/2").ok


COSTS = {
    "as printed": lambda h, y: y * np.log(h) + (1 - y) * np.log(h),
    "with log(1 - h), still without the minus sign": lambda h, y: y * np.log(h) + (1 - y) * np.log(1 - h),
    "with the minus sign, still with log h twice": lambda h, y: -(y * np.log(h) + (1 - y) * np.log(h)),
}


def slope_in_z(cost: Any, z: FloatArray, y: FloatArray) -> FloatArray:
    step = 1e-200
    return np.imag(cost(1 / (1 + np.exp(-(z + 1j * step))), y)) / step


@pytest.mark.parametrize("form", COSTS)
def test_intuition_cost_i_has_a_minus_sign_and_log_of_1_minus_h(form: str) -> None:
    z, y = np.array([-2.0, -0.3, 0.7, 1.5]), np.array([1.0, 0.0, 0.0, 1.0])
    delta = cp.sigmoid(z) - y
    assert np.abs(slope_in_z(COSTS[form], z, y) - delta).max() > 0.1
    right = slope_in_z(lambda h, y: -(y * np.log(h) + (1 - y) * np.log(1 - h)), z, y)
    assert relative_difference(right, delta) < COMPLEX_STEP.rtol


def test_intuition_as_printed_cost_i_does_not_even_depend_on_y() -> None:
    h = np.array([0.2, 0.7])
    assert np.array_equal(COSTS["as printed"](h, 0.0), COSTS["as printed"](h, 1.0))


def test_intuition_handwriting_delta_4_is_a_minus_y(case: Case) -> None:
    deltas = cp.node_deltas(case.theta_vec, *case.arguments[:3])
    gradients = [
        with_penalty(case, accumulate(case, form), lambda sums, weights, m, lambda_: (sums + lambda_ * weights) / m)
        for form in ([-delta for delta in deltas], deltas)  # y - a turns the sign of every delta before it
    ]
    slide, right = (gradient_check(case, gradient) for gradient in gradients)
    assert slide.relative_difference > FAILS
    assert right.ok


def test_intuition_handwriting_hidden_deltas_are_times_the_slope_of_g() -> None:
    system = smooth_system("sigmoid", "sigmoid", "cross_entropy", "lambda/2m", (2, 4, 3, 2))
    case = Case(system.theta_vec, system.layer_sizes, system.X, system.y, LAMBDA)  # type: ignore[arg-type]  # a matrix
    thetas = cp.reshape_thetas(case.theta_vec, case.layer_sizes)
    right = cp.node_deltas(case.theta_vec, *case.arguments[:3])
    slide = [right[-1]]
    for theta in reversed(thetas[1:]):
        slide.insert(0, slide[0] @ theta[:, 1:])
    checks = [
        gradient_check(
            case, with_penalty(case, accumulate(case, deltas), lambda sums, weights, m, lam: (sums + lam * weights) / m)
        )
        for deltas in (slide, right)
    ]
    assert checks[0].relative_difference > FAILS
    assert checks[1].ok


def test_unrolling_three_thetas_need_four_layers() -> None:
    Thetas = [np.ones((10, 11)), 2 * np.ones((10, 11)), 3 * np.ones((1, 11))]
    vector = cp.unroll(Thetas)
    assert vector.size == 231
    assert len(cp.ThetaLayout((10, 10, 1)).shapes) == 2
    with pytest.raises(
        ValueError, match=r"theta_vec must have shape \(121,\) for layer sizes \(10, 10, 1\), got \(231"
    ):
        cp.reshape_thetas(vector, (10, 10, 1))
    for theta, back in zip(Thetas, cp.reshape_thetas(vector, (10, 10, 10, 1)), strict=True):
        assert np.array_equal(theta, back)


def test_regression_lecture_its_gradient_belongs_to_its_own_penalty_only() -> None:
    system = smooth_system("tanh", "linear", "squared_error", "lambda/2", (3, 4, 1))
    W, b = cp.lectures.thetas_to_wb(cp.reshape_thetas(system.theta_vec, system.layer_sizes))
    step = batch_gradient_descent(
        W, b, system.X.T, system.y.T, alpha=1.0, lambda_=0.7, iterations=1, hidden_activation="tanh"
    )
    # One step with alpha = 1 is the gradient: 1/m Delta_W + lambda W, without 1/m on the penalty.
    gradient = system.theta_vec - cp.unroll(cp.lectures.wb_to_thetas(step.W, step.b))
    case = Case(system.theta_vec, system.layer_sizes, system.X, system.y, 0.7)  # type: ignore[arg-type]  # real targets
    options = {name: value for name, value in system.options.items() if name != "penalty"}
    assert gradient_check(case, gradient, penalty="lambda/2", **options).ok
    assert gradient_check(case, gradient, penalty="lambda/2m", **options).relative_difference > FAILS


def test_deep_learning_notes_the_loss_has_two_minus_signs() -> None:
    z, y = np.array([-2.0, -0.3, 0.7, 1.5]), np.array([1.0, 0.0, 0.0, 1.0])
    dZ = cp.sigmoid(z) - y
    slide = slope_in_z(lambda a, y: -y * np.log(a) + (1 - y) * np.log(1 - a), z, y)
    right = slope_in_z(lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a), z, y)
    assert relative_difference(right, dZ) < COMPLEX_STEP.rtol
    # For y = 0 the slide's loss has the slope -a instead of a, and falls without bound as the answer gets worse.
    assert relative_difference(slide[y == 1], dZ[y == 1]) < COMPLEX_STEP.rtol
    assert relative_difference(slide[y == 0], -dZ[y == 0]) < COMPLEX_STEP.rtol


def test_deep_learning_notes_j_is_the_mean_of_the_losses_not_its_negative(case: Case) -> None:
    unpenalised = Case(*(case.theta_vec, *case.arguments[:3]), lambda_=0.0)
    J, grad_vec = unpenalised.cost()(case.theta_vec)
    h = cp.hypothesis(case.theta_vec, case.layer_sizes, case.X)
    Y = np.eye(3)[case.y - 1]
    losses = -Y * np.log(h) - (1 - Y) * np.log(1 - h)
    slide = -losses.sum() / len(case.X)
    assert slide < 0 < J
    assert_close(J, losses.sum() / len(case.X), FIGURE)
    # dZ = A - Y, which the same notes go on with, is the gradient of J, and leads uphill on the slide's.
    assert gradient_check(unpenalised, grad_vec).ok
    assert gradient_check(unpenalised, -grad_vec).relative_difference > FAILS


def test_ex4_0_576051_is_the_cost_for_lambda_3_not_10() -> None:
    # J is a straight line in lambda. The exercise's own figures for 0 and 1 place 0.576051 at lambda = 3.
    at_0, at_1, printed = 0.287629165161319, 0.383769859090923, 0.576051
    assert (printed - at_0) / (at_1 - at_0) == pytest.approx(3, abs=1e-5)
    theta_vec, *arguments = (check_network(0).theta_vec, *check_network(0).arguments[:3])
    J = [cp.nn_cost_function(theta_vec, *arguments, lambda_)[0] for lambda_ in (0.0, 1.0, 3.0)]
    assert_close(J[0] + 3 * (J[1] - J[0]), J[2], FIGURE)


@needs_course_data
def test_ex4_with_the_course_s_weights() -> None:
    weights = loadmat(FOLDER / "ex4weights.mat")
    theta_vec = cp.unroll([weights["Theta1"], weights["Theta2"]])
    X, y = cp.load_digits()
    J = {lambda_: cp.nn_cost_function(theta_vec, (400, 25, 10), X, y, lambda_)[0] for lambda_ in (3.0, 10.0)}
    assert_close(J[3.0], 0.576051246950133, FIGURE)
    assert J[10.0] > 1.2
