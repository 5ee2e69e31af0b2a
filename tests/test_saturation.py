"""Saturated units: J is finite and right, where the formula with log(h) gives NaN or infinity."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from networks import Case, random_case
from scipy.special import expit
from tolerances import ROUNDING, assert_close

import courseport as cp


def cost_with_50_digits(case: Case) -> float:
    """The formula as it stands, -y log h - (1 - y) log(1 - h), where 50 digits are not enough to lose: 2000 are."""
    with mpmath.workdps(2000):
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
@pytest.mark.parametrize("block_rows", [None, 2], ids=["tiny", "blocks"])
def test_j_equals_its_value_to_many_digits(
    sizes: tuple[int, ...], scale: float, lambda_: float, block_rows: int | None
) -> None:
    case = random_case(sizes, 4, lambda_, seed=len(sizes))
    signs = np.where(case.theta_vec < 0, -scale, scale)
    saturated = Case(signs, sizes, case.X, case.y, lambda_)
    with np.errstate(all="raise"):  # how the caller wants to hear of overflow is no concern of ours
        J, grad_vec = saturated.cost(block_rows=block_rows)(signs)
    assert np.isfinite(grad_vec).all()
    assert_close(J, cost_with_50_digits(saturated), ROUNDING)


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
