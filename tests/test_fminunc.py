"""fminunc: Octave's names, what it returns, and the same minima as Octave's own."""

from __future__ import annotations

import numpy as np
import pytest
from course_data import FOLDER, needs_course_data
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import random_case
from numpy.typing import NDArray
from scipy.optimize import rosen, rosen_der
from tolerances import FORWARD_SOLUTION, MINIMUM, SOLUTION, assert_close

import courseport as cp
from courseport.octave import OctaveSession

Vector = NDArray[np.float64]
START = np.array([-1.2, 1.0])


def rosenbrock(x: Vector) -> tuple[float, Vector]:
    return float(rosen(x)), rosen_der(x)


def test_it_returns_what_octave_returns() -> None:
    calls = []

    def counted(x: Vector) -> tuple[float, Vector]:
        calls.append(x)
        return rosenbrock(x)

    theta, value, info, output = cp.fminunc(counted, START, {"GradObj": "on"})
    assert_close(theta, np.ones(2), MINIMUM)
    assert value == rosen(theta)
    assert isinstance(value, float)
    assert info == 1
    assert output.funcCount == len(calls)
    assert output["iterations"] == output.successful > 10
    assert np.array_equal(START, [-1.2, 1.0])
    assert not np.shares_memory(theta, START)


@pytest.mark.octave
@settings(max_examples=20)
@given(st.integers(1, 4), st.integers(5, 15), st.integers(0, 2**32 - 1), st.sampled_from(["on", "off"]))
def test_the_minimum_is_octaves(octave: OctaveSession, n: int, m: int, seed: int, gradient: str) -> None:
    X, y = random_case((n, 1), m, 1.0, seed).X, np.arange(m) % 2.0
    for name, value in {"X": X, "y": y, "x0": np.zeros(n + 1)}.items():
        octave.push(name, value)
    options = f"optimset('GradObj', '{gradient}', 'TolX', 1e-12, 'TolFun', 1e-12)"
    octave.eval(f"[theta, J, info] = fminunc(@(t) logisticCost(t, X, y, 1), x0, {options});")
    ours = cp.fminunc(
        lambda theta: cp.logistic_cost(theta, X, y, 1.0),
        np.zeros(n + 1),
        {"GradObj": gradient, "TolX": 1e-12, "TolFun": 1e-12},
    )
    assert_close(ours.value, octave.pull("J"), MINIMUM)
    assert_close(ours.theta, np.ravel(octave.pull("theta")), SOLUTION)


@needs_course_data
def test_the_course_run_on_admissions() -> None:
    data = np.loadtxt(FOLDER / "ex2data1.txt", delimiter=",")
    X, y = data[:, :2], data[:, 2]

    def cost(theta: Vector) -> tuple[float, Vector]:
        return cp.logistic_cost(theta, X, y)

    tight = {"GradObj": "on", "MaxIter": 400, "TolX": 1e-12, "TolFun": 1e-12}
    theta, J, _, _ = cp.fminunc(cost, np.zeros(3), tight)
    assert_close(J, 0.20349770158944, MINIMUM)
    assert_close(theta, [-25.1613335666396, 0.206231713293983, 0.201471600441963], SOLUTION)
    usual = cp.fminunc(cost, np.zeros(3), {"GradObj": "on", "MaxIter": 400})
    assert_close(usual.value, 0.203497701677466, MINIMUM)


def test_the_names_of_options_are_octaves_in_any_case() -> None:
    by_name = cp.fminunc(rosenbrock, START, {"GradObj": "on", "MaxIter": 7})
    other = cp.fminunc(rosenbrock, START, {"gradobj": "ON", "MAXITER": 7})
    assert by_name.theta.tobytes() == other.theta.tobytes()
    assert (other.info, other.output.iterations) == (0, 7)


def test_the_defaults_are_octaves() -> None:
    without = cp.fminunc(rosen, START)
    given_all = cp.fminunc(rosen, START, {"GradObj": "off", "MaxIter": 400, "TolX": 1e-6, "TolFun": 1e-6})
    assert without.theta.tobytes() == given_all.theta.tobytes()


def test_without_a_gradient_a_pair_or_the_cost_alone_will_do() -> None:
    alone = cp.fminunc(rosen, START)
    wrong_gradient = cp.fminunc(lambda x: (rosen(x), -x), START, {"GradObj": "off"})
    assert alone.theta.tobytes() == wrong_gradient.theta.tobytes(), "the gradient is not looked at"
    assert_close(alone.theta, np.ones(2), FORWARD_SOLUTION)
    assert alone.output.funcCount > 3 * alone.output.iterations


def test_info_says_why_it_ended() -> None:
    assert cp.fminunc(rosenbrock, np.ones(2), {"GradObj": "on"}).info == 1
    assert cp.fminunc(rosenbrock, START, {"GradObj": "on", "MaxIter": 3}).info == 0
    assert cp.fminunc(rosenbrock, START, {"GradObj": "on", "TolX": 0.5, "TolFun": 0}).info == 2

    def flat(x: Vector) -> tuple[float, Vector]:
        return 1e6 + float(x[0] ** 2), 2 * x

    assert cp.fminunc(lambda x: (1e6 + x[0] ** 4, 4 * x**3 + 1e3), [1.0], {"GradObj": "on", "TolX": 0}).info in {-3, 3}
    assert cp.fminunc(flat, [1.0], {"GradObj": "on"}).info in {1, 3}
    assert cp.fminunc(lambda x: (float(x @ x), -2 * x), [1.0], {"GradObj": "on"}).info == -3, "no step lowers J"


def test_at_the_start_nothing_more_is_evaluated_where_the_gradient_is_zero() -> None:
    start = np.ones(2)
    theta, _, info, output = cp.fminunc(rosenbrock, start, {"GradObj": "on"})
    assert (info, output.iterations, output.funcCount) == (1, 0, 1)
    assert not np.shares_memory(theta, start)


def test_many_parameters_need_no_square_matrix() -> None:
    weights = np.linspace(1, 5, 2500)

    def bowl(x: Vector) -> tuple[float, Vector]:
        return float(weights @ (x - 1) ** 2), 2 * weights * (x - 1)

    theta, _, info, _ = cp.fminunc(bowl, np.zeros(2500), {"GradObj": "on", "TolX": 1e-12, "TolFun": 1e-9})
    assert info == 1
    assert_close(theta, np.ones(2500), MINIMUM)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"Display": "iter"}, "options must be among GradObj, MaxIter, TolX, TolFun, each once at most, got 'Display'"),
        ({"MaxIter": 5, "maxiter": 6}, "options must be among .* each once at most, got 'maxiter'"),
        ({"GradObj": "yes"}, r"options\['GradObj'\] must be one of 'on', 'off', got 'yes'"),
        ({"MaxIter": 0}, r"options\['MaxIter'\] must be a whole number >= 1, got 0"),
        ({"TolX": -1}, r"options\['TolX'\] must be a finite real number >= 0, got -1"),
        ({"TolFun": "small"}, r"options\['TolFun'\] must be a finite real number >= 0, got 'small'"),
    ],
)
def test_options_that_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cp.fminunc(rosenbrock, START, options)


def test_bad_arguments_are_named() -> None:
    with pytest.raises(TypeError, match=r"fun must return \(J, gradient\), got float"):
        cp.fminunc(rosen, START, {"GradObj": "on"})
    with pytest.raises(ValueError, match=r"initial_theta must have shape \(n,\), got \(2, 1\)"):
        cp.fminunc(rosenbrock, START[:, None])  # Octave's column
    with pytest.raises(ValueError, match=r"the gradient must have shape \(2,\), got \(2, 1\)"):
        cp.fminunc(lambda x: (rosen(x), rosen_der(x)[:, None]), START, {"GradObj": "on"})


def test_a_cost_that_is_not_finite_has_an_info_and_one_without_a_bound_does_not_converge() -> None:
    for J, slope in ((np.nan, 1.0), (np.inf, 1.0), (1.0, np.nan)):
        start = cp.fminunc(lambda t, J=J, slope=slope: (J, slope * t), [1.0, 2.0], {"GradObj": "on"})
        assert (start.info, start.output.iterations) == (-3, 0)
        assert np.array_equal(start.theta, [1.0, 2.0])
    with np.errstate(all="ignore"):
        found = cp.fminunc(lambda t: (float(-t.sum()), -np.ones(2)), [1.0, 2.0], {"GradObj": "on"})
    assert found.info != 2
