"""The gradient checker: right gradients pass, planted faults are caught and located."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from networks import Case, check_network, random_case
from tolerances import COMPLEX_STEP, assert_close, relative_difference

import courseport as cp

SIZES = (4, 5, 3)
CASE = random_case(SIZES, 12, 1.5, seed=11)
COST = CASE.cost()
Gradient = Callable[[np.ndarray], np.ndarray]


def off_by_a_thousandth(theta_vec: np.ndarray) -> np.ndarray:
    return COST(theta_vec)[1] * 1.001


def one_entry_off(theta_vec: np.ndarray) -> np.ndarray:
    grad_vec = COST(theta_vec)[1]
    grad_vec[17] *= 1.001
    return grad_vec


def bias_regularised(theta_vec: np.ndarray) -> np.ndarray:
    grads = cp.reshape_thetas(COST(theta_vec)[1], SIZES)
    thetas = cp.reshape_thetas(theta_vec, SIZES)
    for gradient, theta in zip(grads, thetas, strict=True):
        gradient[:, 0] += CASE.lambda_ / len(CASE.y) * theta[:, 0]
    return cp.unroll(grads)


def row_major(theta_vec: np.ndarray) -> np.ndarray:
    return np.concatenate([gradient.ravel(order="C") for gradient in cp.reshape_thetas(COST(theta_vec)[1], SIZES)])


def slide_s_penalty(theta_vec: np.ndarray) -> np.ndarray:
    # D = (1/m) Delta + lambda Theta
    without = Case(theta_vec, *CASE.arguments[:3], lambda_=0.0).cost()(theta_vec)[1]
    grads = cp.reshape_thetas(without, SIZES)
    for gradient, theta in zip(grads, cp.reshape_thetas(theta_vec, SIZES), strict=True):
        gradient[:, 1:] += CASE.lambda_ * theta[:, 1:]
    return cp.unroll(grads)


def derivative_left_out(theta_vec: np.ndarray) -> np.ndarray:
    thetas = cp.reshape_thetas(theta_vec, SIZES)
    h = cp.hypothesis(theta_vec, SIZES, CASE.X)
    delta = h - COST.examples.targets.matrix()
    grads = cp.reshape_thetas(COST(theta_vec)[1], SIZES)
    with_ones = np.hstack([np.ones((len(CASE.y), 1)), CASE.X])
    grads[0][:] = (delta @ thetas[1][:, 1:]).T @ with_ones / len(CASE.y)
    return cp.unroll(grads)


FAULTS: list[Gradient] = [
    off_by_a_thousandth,
    one_entry_off,
    bias_regularised,
    row_major,
    slide_s_penalty,
    derivative_left_out,
]


def test_a_right_gradient_passes() -> None:
    assert cp.check_gradient(COST, CASE.theta_vec).ok
    assert cp.check_gradient(COST, CASE.theta_vec, directions=5).ok


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_planted_faults_are_caught(fault: Gradient) -> None:
    def faulty(theta_vec: np.ndarray) -> tuple[float, np.ndarray]:
        return COST(theta_vec)[0], fault(theta_vec)

    assert not cp.check_gradient(faulty, CASE.theta_vec).ok
    assert not cp.check_gradient(faulty, CASE.theta_vec, directions=5).ok


def test_the_worst_entry_is_located() -> None:
    def faulty(theta_vec: np.ndarray) -> tuple[float, np.ndarray]:
        return COST(theta_vec)[0], one_entry_off(theta_vec)

    check = cp.check_gradient(faulty, CASE.theta_vec, layer_sizes=SIZES)
    assert check.worst[0].entry == 17
    assert check.worst[0].place == (1, 2, 3)
    assert "DIFFERS" in str(check)
    assert "layer 1, row 2, column 3" in str(check)


def test_nan_in_a_gradient_is_no_agreement() -> None:
    check = cp.check_gradient(lambda theta: (float(theta @ theta), theta * np.nan), np.ones(3))
    assert not check.ok


def test_layer_sizes_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match=r"layer_sizes must belong to a theta_vec of 43 entries, got \(2, 2\)"):
        cp.check_gradient(COST, CASE.theta_vec, layer_sizes=(2, 2))


def test_the_numerical_gradient_of_a_polynomial() -> None:
    # f = x^2 y has the gradient (2xy, x^2); two-sided differences of a quadratic are exact but for rounding.
    gradient = cp.compute_numerical_gradient(lambda t: t[0] ** 2 * t[1], [3.0, 2.0])
    np.testing.assert_allclose(gradient, [12.0, 9.0], rtol=1e-9)


def test_some_entries_are_those_of_all() -> None:
    case = check_network(1.0)
    whole = cp.compute_numerical_gradient(case.cost(), case.theta_vec)
    assert np.array_equal(cp.compute_numerical_gradient(case.cost(), case.theta_vec, indices=[5, 0]), whole[[5, 0]])
    exact = cp.complex_step_gradient(case.cost().formula_cost, case.theta_vec)
    part = cp.complex_step_gradient(case.cost().formula_cost, case.theta_vec, indices=[5, 0])
    assert np.array_equal(part, exact[[5, 0]])


def test_the_complex_step_of_a_known_function() -> None:
    x = np.linspace(-2, 2, 9)
    gradient = cp.complex_step_gradient(lambda t: (np.sin(t) * np.exp(t)).sum(), x)
    assert relative_difference(gradient, np.exp(x) * (np.sin(x) + np.cos(x))) < COMPLEX_STEP.rtol


def test_theta_is_not_changed() -> None:
    theta_vec = CASE.theta_vec.copy()
    theta_vec.flags.writeable = False
    cp.check_gradient(COST, theta_vec)
    assert_close(theta_vec, CASE.theta_vec, COMPLEX_STEP)
