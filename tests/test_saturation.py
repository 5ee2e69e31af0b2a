"""Saturated units: J is finite and right, where the formula with log(h) gives NaN or infinity."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from networks import Case, random_case
from scipy.special import expit
from tolerances import LAST_DIGITS, ROUNDING, assert_close

import courseport as cp


def cost_with_many_digits(case: Case, digits: int) -> float:
    """The formula as it stands, -y log h - (1 - y) log(1 - h), with enough digits to lose 1 - h = e^-z."""
    with mpmath.workdps(digits):
        thetas = [mpmath.matrix(theta.tolist()) for theta in cp.reshape_thetas(case.theta_vec, case.layer_sizes)]
        total = mpmath.mpf(0)
        for x, label in zip(case.X, case.y, strict=True):
            a = mpmath.matrix(x.tolist())
            for theta in thetas:
                z = theta * mpmath.matrix([1, *a])
                a = z.apply(lambda value: 1 / (1 + mpmath.exp(-value)))
            for k in range(case.layer_sizes[-1]):
                true = label == 1 if case.layer_sizes[-1] == 1 else label == k + 1
                total -= mpmath.log(a[k] if true else 1 - a[k])
        penalty = sum(mpmath.mpf(value) ** 2 for theta in thetas for row in theta.tolist() for value in row[1:])
        return float(total / len(case.y) + mpmath.mpf(case.lambda_) / (2 * len(case.y)) * penalty)


@pytest.mark.parametrize("scale", [1.0, 30.0, 100.0, 1e3])
@pytest.mark.parametrize("sizes", [(2, 1), (2, 3), (2, 3, 1), (2, 3, 4), (3, 2, 3, 9)])
@pytest.mark.parametrize("lambda_", [0.0, 1e-9])
def test_j_equals_its_value_to_many_digits(sizes: tuple[int, ...], scale: float, lambda_: float) -> None:
    case = random_case(sizes, 4, lambda_, seed=len(sizes))
    signs = np.where(case.theta_vec < 0, -scale, scale)
    saturated = Case(signs, sizes, case.X, case.y, lambda_)
    expected = cost_with_many_digits(saturated, 60 + int(2 * scale))
    for block_rows in (None, 2):
        with np.errstate(all="raise"):  # how the caller wants to hear of overflow is no concern of ours
            J, grad_vec = saturated.cost(block_rows=block_rows)(signs)
        assert np.isfinite(grad_vec).all()
        assert_close(J, expected, ROUNDING)


def test_the_naive_formula_fails_there() -> None:
    case = random_case((2, 3), 4, 0.0, seed=2)
    thetas = cp.reshape_thetas(np.where(case.theta_vec < 0, -1e3, 1e3), case.layer_sizes)
    h = expit(np.hstack([np.ones((4, 1)), case.X]) @ thetas[0].T)
    Y = np.eye(3)[case.y - 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        naive = (-Y * np.log(h) - (1 - Y) * np.log(1 - h)).sum() / 4
    assert not np.isfinite(naive)


@pytest.mark.parametrize("z", [4.0, 5.0, 20.0, 40.0, 100.0, 700.0])
@pytest.mark.parametrize("units", [1, 3, 10])
def test_units_that_are_all_right_keep_the_relative_accuracy_of_a_tiny_j(z: float, units: int) -> None:
    # Every unit right by a margin z: J = K log(1 + e^-z), which 1 + e^-z rounded to a double would lose.
    y = [1]
    bias = np.full(units, -z)
    bias[0] = z
    theta_vec = np.concatenate([bias, np.zeros(units)])
    with mpmath.workdps(400):
        expected = float(units * mpmath.log(1 + mpmath.exp(-z)))
    J, _ = cp.nn_cost_function(theta_vec, (1, units), [[0.0]], y)
    assert_close(J, expected, ROUNDING)


@pytest.mark.parametrize("unit_loss", [1e-9, 1e-3, 0.012, 0.1, 0.2, 0.24, 0.26, 0.5, 2.0])
@pytest.mark.parametrize("block_rows", [150, 1999, 2000])
def test_many_units_of_one_small_loss_keep_their_digits(unit_loss: float, block_rows: int) -> None:
    # All err to the same side here: what a product of factors 1 + e rounds away adds up.
    z = np.full(10, np.log(np.expm1(unit_loss)))
    z[0] *= -1
    cost = cp.NeuralNetworkCost((1, 10), np.zeros((2000, 1)), np.ones(2000, dtype=int), block_rows=block_rows)
    with mpmath.workdps(50):
        expected = float(10 * mpmath.log1p(mpmath.exp(mpmath.mpf(float(z[1])))))
    assert_close(cost.cost(np.concatenate([z, np.zeros(10)])), expected, LAST_DIGITS)


@pytest.mark.parametrize("z", [0.0, 1e-9, 0.9, 1.1, 5.0, 18.0, 20.0, -20.0, 300.0])
@pytest.mark.parametrize("y", [0.0, 1.0, -1.0, 0.25, 3.0])
@pytest.mark.parametrize("output", ["sigmoid", "tanh"])
def test_the_slope_of_a_saturated_output_is_not_rounded_away(z: float, y: float, output: str) -> None:
    with mpmath.workdps(400):
        x = mpmath.mpf(z)
        h, slope = 1 / (1 + mpmath.exp(-x)), 1 / ((1 + mpmath.exp(-x)) * (1 + mpmath.exp(x)))
        if output == "tanh":
            h, slope = mpmath.tanh(x), mpmath.sech(x) ** 2
        J, delta = float((h - y) ** 2 / 2), float((h - y) * slope)
    options = {"output_activation": output, "loss": "squared_error"}
    found_J, grad_vec = cp.nn_cost_function([0.0, z], (1, 1), [[1.0]], [y], **options)
    # h - y is exact to the rounding of h, or of y where that is larger: of nothing smaller.
    near = 1e-15 * max(abs(y), 1e-9 if z == 1e-9 and output == "tanh" else 0.5) if abs(z) < 2 else 0.0
    np.testing.assert_allclose(grad_vec, [delta, delta], rtol=LAST_DIGITS.rtol, atol=near)
    np.testing.assert_allclose(found_J, J, rtol=LAST_DIGITS.rtol, atol=near)


def test_a_strided_theta_vec_gives_the_same_bits() -> None:
    case = random_case((20, 12, 4), 300, 1.0, seed=1)
    strided = np.repeat(case.theta_vec, 3)[::3]
    for kernel in ({}, {"block_rows": 64, "n_threads": 2}):
        with case.cost(**kernel) as cost:
            J, grad_vec = cost(case.theta_vec)
            assert cost(strided)[0] == J
            assert cost.cost(strided) == J
            assert np.array_equal(cost(strided)[1], grad_vec)
            assert np.array_equal(cost.hessp(strided, strided), cost.hessp(case.theta_vec, case.theta_vec))


@pytest.mark.parametrize("z", [-800.0, -30.0, 0.0, 1e-9, 30.0, 800.0])
def test_targets_between_0_and_1_are_exact_too(z: float) -> None:
    with mpmath.workdps(400):
        h = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
        expected = float(-mpmath.mpf("0.25") * mpmath.log(h) - mpmath.mpf("0.75") * mpmath.log(1 - h))
    theta_vec = np.array([z, z, 0.0, 0.0])
    J, _ = cp.nn_cost_function(theta_vec, (1, 2), [[0.0]], [[0.25, 0.25]])
    assert_close(J / 2, expected, ROUNDING)


def test_sigmoid_at_the_ends() -> None:
    assert cp.sigmoid([-np.inf, -1e3, 0.0, 1e3, np.inf]).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert cp.sigmoid_gradient([-1e3, 1e3]).tolist() == [0.0, 0.0]
    assert_close(cp.sigmoid_gradient([1, 0.5, 0]), [0.196611933241482, 0.235003712201594, 0.25], ROUNDING)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e3, 1e155])
@pytest.mark.parametrize("block_rows", [None, 3], ids=["tiny", "blocks"])
def test_the_caller_s_error_settings_do_not_matter(scale: float, block_rows: int | None) -> None:
    case = random_case((4, 5, 3), 8, 0.0, seed=1)
    cost = case.cost(block_rows=block_rows)
    with np.errstate(all="raise"):
        J, _ = cost(scale * case.theta_vec)
        assert cost.cost(scale * case.theta_vec) == J
        cost.formula_cost(case.theta_vec)
