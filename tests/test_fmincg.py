"""fmincg against the course's figures and Octave's steps, and its line search rule by rule."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import random_case
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize, rosen, rosen_der
from tolerances import FMINCG_50, FMINCG_STEPS, MINIMUM, ROUNDING, assert_close

import courseport as cp
from courseport.octave import OctaveSession
from courseport.training.fmincg import Point, extrapolate, interpolate

Vector = NDArray[np.float64]


def rosenbrock(x: Vector) -> tuple[float, Vector]:
    return float(rosen(x)), rosen_der(x)


def lowered(result: OptimizeResult) -> Vector:
    """Return J after each line search that succeeded: Octave's fX."""
    history = result.history
    return history[1:][np.diff(history) < 0]


@pytest.mark.parametrize("scale", [1e10, 1e14, 1e20])
def test_a_scale_that_is_at_fault_is_told(scale: float) -> None:
    result = minimize(lambda x: (scale * float(x @ x), 2 * scale * x), np.ones(3), jac=True, method=cp.fmincg)
    assert (result.status, result.success) == (2, False)
    assert "J's scale is at fault" in result.message
    factor = float(result.message.rstrip(".").rpartition("by ")[2])
    again = minimize(
        lambda x: (scale / factor * float(x @ x), 2 * scale / factor * x), np.ones(3), jac=True, method=cp.fmincg
    )
    assert again.success
    wrong = minimize(lambda x: (float(x @ x), -2 * x), np.ones(3), jac=True, method=cp.fmincg)
    assert "the gradient is wrong" in wrong.message


def test_the_course_run_on_the_digits() -> None:
    X, y = cp.load_digits()
    cost = cp.NeuralNetworkCost((400, 25, 10), X, y, lambda_=1.0)
    theta0 = cp.debug_initialize_weights((400, 25, 10))
    result = minimize(cost, theta0, jac=True, method=cp.fmincg, options={"maxiter": 50})
    J = {1: 3.30326187239382, 5: 2.80349129234025, 10: 2.39778254124904, 20: 1.38388115993824}
    assert_close(result.history[list(J)], list(J.values()), FMINCG_STEPS)
    assert_close(result.history[50], 0.538981681550077, FMINCG_50)
    assert (result.nit, result.nfev) == (50, 78)
    assert 100 * np.mean(cp.predict(result.x, (400, 25, 10), X) == y) == pytest.approx(94.36, abs=0.06)


@pytest.mark.octave
@settings(max_examples=25)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_the_steps_are_octaves(octave: OctaveSession, layer_sizes: list[int], m: int, seed: int) -> None:
    case = random_case(tuple(layer_sizes), m, 0.5, seed)
    for name, value in {"x0": case.theta_vec, "X": case.X, "y": case.y}.items():
        octave.push(name, value)
    for searches in (1, 6):
        function = f"@(t) nnCostFunction(t, {layer_sizes}, X, y, 0.5)"
        octave.eval(f"[x, fX, i, evaluations] = fmincg({function}, x0, struct('MaxIter', {searches}));")
        ours = minimize(case.cost(), case.theta_vec, jac=True, method=cp.fmincg, options={"maxiter": searches})
        assert (ours.nit, ours.nfev) == (octave.pull("i"), octave.pull("evaluations"))
        # Of the scale of J and theta: of what comes close to 0 only the first digits are the same.
        lower, theirs = lowered(ours), np.ravel(octave.pull("fX"))
        assert lower.shape == theirs.shape
        assert np.max(np.abs(lower - theirs), initial=0.0) <= FMINCG_STEPS.rtol * ours.history[0]
        x = np.ravel(octave.pull("x"))
        scale = max(np.linalg.norm(x), np.linalg.norm(case.theta_vec))
        assert np.linalg.norm(ours.x - x) <= FMINCG_STEPS.rtol * scale


@pytest.mark.octave
def test_the_steps_down_a_valley_are_octaves(octave: OctaveSession) -> None:
    octave.eval("J = @(x) 100 * (x(2) - x(1) ^ 2) ^ 2 + (1 - x(1)) ^ 2;")
    octave.eval("slope = @(x) [-400 * x(1) * (x(2) - x(1) ^ 2) - 2 * (1 - x(1)); 200 * (x(2) - x(1) ^ 2)];")
    octave.eval("[x, fX, i, evaluations] = fmincg(@(x) deal(J(x), slope(x)), [-1.2; 1], struct('MaxIter', 12));")
    ours = minimize(rosenbrock, [-1.2, 1], jac=True, method=cp.fmincg, options={"maxiter": 12})
    assert (ours.nit, ours.nfev) == (octave.pull("i"), octave.pull("evaluations"))
    assert_close(lowered(ours), np.ravel(octave.pull("fX")), FMINCG_STEPS)


eighths = st.integers(-40, 40).map(lambda k: k / 8)  # exact, so that both take the same branch
falls = st.integers(-40, -1).map(lambda k: k / 8)
rises = st.integers(1, 40).map(lambda k: k / 8)


def points(slopes: st.SearchStrategy[float]) -> st.SearchStrategy[Point]:
    return st.builds(lambda value, slope: Point(np.empty(0), value, np.empty(0), slope), eighths, slopes)


@given(eighths, points(eighths), points(falls), falls)
def test_interpolation_stays_in_the_bracket(f1: float, two: Point, three: Point, z3: float) -> None:
    assert 0.9 * z3 <= interpolate(f1, two, three, z3) <= 0.1 * z3


@given(rises, points(falls), points(falls), falls, st.none() | rises)
def test_extrapolation_leads_onwards(z1: float, two: Point, three: Point, z3: float, beyond: float | None) -> None:
    assert extrapolate(z1, two, three, z3, None if beyond is None else z1 + beyond) > 0


def test_a_step_by_hand() -> None:
    # J = x^2 from 1: s = -2, d1 = -4, z1 = 1/5 leads to 0.6; the cubic leads from there to 0, the third evaluation.
    result = cp.fmincg(lambda x: (float(x @ x), 2 * x), [1.0], jac=True, maxiter=1)
    assert abs(result.x[0]) < 1e-13
    assert (result.nit, result.nfev) == (1, 3)
    assert result.message == "The maximum of 1 line searches was reached."


def table(rows: list[tuple[float, float, float]]) -> Callable[[Vector], tuple[float, Vector]]:
    """Return a function of one number that is constant, with J and slope, up to and at each row's first entry."""

    def fun(x: Vector) -> tuple[float, Vector]:
        _, J, slope = next(row for row in rows if x[0] <= row[0])
        return J, np.array([slope])

    return fun


@pytest.mark.parametrize(
    ("J", "slope", "accepted"),
    [
        (-0.0051, 0.49, True),  # from slope -1 the first step is 1/2: J falls by more than 0.01 / 2
        (-0.0049, 0.0, False),
        (-0.0075, 0.49, True),  # and the slope is at most half of the first one, either way
        (-0.0075, 0.51, False),
        (-0.0075, -0.49, True),
        (-0.0075, -0.51, False),
        (-3.0, 0.0, True),
        (-3.0, 0.1, True),
    ],
)
def test_the_conditions_of_wolfe_and_powell(J: float, slope: float, accepted: bool) -> None:
    result = cp.fmincg(table([(0.0, 0.0, -1.0), (np.inf, J, slope)]), [0.0], jac=True, maxiter=1)
    assert (result.nfev == 2) is accepted


def test_after_a_failure_the_direction_is_against_the_last_gradient() -> None:
    rows = [(0.0, 0.0, -1.0), (0.3, 0.0, -0.5), (0.45, -5.0, 0.0), (np.inf, 0.0, -0.5)]
    result = cp.fmincg(table(rows), [0.0], jac=True, maxiter=1)
    assert (result.x[0], result.jac[0], result.nfev, result.state["failures"]) == (0.0, -1.0, 22, 1)
    assert (result.state["direction"][0], result.state["slope"], result.state["step"]) == (0.5, -0.25, 1 / 1.25)


def test_a_minimum_ends_with_success() -> None:
    result = minimize(rosenbrock, [-1.2, 1.0], jac=True, method=cp.fmincg, options={"maxiter": 500})
    assert (result.status, result.success, result.state["failures"]) == (0, True, 2)
    assert result.nit < 100
    assert result.message.startswith("Two line searches in a row failed; the relative gradient is ")
    assert result.message.endswith(": a minimum.")
    assert_close(result.x, np.ones(2), MINIMUM)


def test_a_wrong_gradient_ends_without_success_where_it_began() -> None:
    result = cp.fmincg(lambda x: (float(x @ x), -2 * x), [1.0, 2.0], jac=True)
    assert (result.status, result.success, result.nit) == (2, False, 2)
    assert np.array_equal(result.x, [1.0, 2.0])
    assert np.array_equal(result.jac, [-2.0, -4.0]), "the gradient at x, not the one evaluated last"
    assert "the relative gradient is 1.6: the gradient is wrong, or J has no lower bound" in result.message


@pytest.mark.parametrize("beyond", [np.inf, np.nan, -np.inf])
def test_the_search_turns_back_where_the_cost_is_not_finite(beyond: float) -> None:
    def barrier(x: Vector) -> tuple[float, Vector]:
        inside = bool(np.all(x > 0))
        J = float(np.sum(x - np.log(np.maximum(x, 1e-300)))) if inside else beyond
        return J, 1 - 1 / x if inside else np.full_like(x, beyond)

    result = minimize(barrier, [40.0, 30.0], jac=True, method=cp.fmincg, options={"maxiter": 200})
    assert result.success
    assert_close(result.x, np.ones(2), MINIMUM)


def test_a_function_without_a_lower_bound_is_no_success() -> None:
    straight = cp.fmincg(lambda x: (-float(x.sum()), -np.ones(2)), np.zeros(2), jac=True)
    assert (straight.nit, straight.nfev, straight.status) == (2, 1 + 2 * 21, 2)
    ever_steeper = cp.fmincg(lambda x: (-float(x @ x), -2 * x), np.ones(2), jac=True)
    assert not ever_steeper.success


def test_the_scale_of_the_first_step_is_the_originals() -> None:
    result = cp.fmincg(lambda x: (float(x @ x), 2 * x), [1.0], jac=True, maxiter=0)
    assert_close(result.state["step"], 1 / (1 + 4), ROUNDING)
    assert result.state["slope"] == -4.0
