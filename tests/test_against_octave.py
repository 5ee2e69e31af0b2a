"""The cross-check: unrolling, costs, gradients and predictions against the Octave reference, through oct2py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import Case, cases, check_network
from tolerances import OCTAVE_COST, OCTAVE_GRADIENT, assert_close

import courseport as cp
from courseport.octave import OctaveSession

pytestmark = pytest.mark.octave


def sizes_of(case: Case) -> np.ndarray:
    return np.array(case.layer_sizes, dtype=np.float64)


@given(cases())
@settings(max_examples=40)
def test_unrolling_and_reshaping_are_exactly_equal(octave: OctaveSession, case: Case) -> None:
    layout = cp.ThetaLayout(case.layer_sizes)
    octave.push("theta_vec", case.theta_vec)
    octave.eval(f"Thetas = reshapeThetas (theta_vec, {list(case.layer_sizes)});")
    for layer, ours in enumerate(layout.reshape(case.theta_vec), start=1):
        octave.eval(f"Theta = Thetas{{{layer}}};")
        assert np.array_equal(ours, np.atleast_2d(octave.pull("Theta")))
    theta_vec = octave.feval("unroll", *layout.reshape(case.theta_vec))
    assert np.array_equal(np.ravel(theta_vec), case.theta_vec)


def test_the_lecture_s_example(octave: OctaveSession) -> None:
    theta_vec, *thetas = octave.feval("unrollingExample", nout=4)
    ours = [np.full((10, 11), 1.0), np.full((10, 11), 2.0), np.full((1, 11), 3.0)]
    assert np.array_equal(cp.unroll(ours), np.ravel(theta_vec))
    for back, theirs in zip(cp.reshape_thetas(np.ravel(theta_vec), (10, 10, 10, 1)), thetas, strict=True):
        assert np.array_equal(back, theirs)


@pytest.mark.parametrize("reference", ["nnCostFunction", "nnCostFunctionLoop"])
@given(case=cases())
@settings(max_examples=50)
def test_cost_and_gradient(octave: OctaveSession, reference: str, case: Case) -> None:
    J, grad = octave.feval(reference, case.theta_vec, sizes_of(case), case.X, case.y, case.lambda_, nout=2)
    our_J, our_grad = cp.nn_cost_function(case.theta_vec, *case.arguments)
    assert_close(our_J, J, OCTAVE_COST)
    assert_close(our_grad, np.ravel(grad), OCTAVE_GRADIENT)


@given(case=cases())
@settings(max_examples=40)
def test_predictions_are_equal(octave: OctaveSession, case: Case) -> None:
    theirs = octave.feval("predict", case.theta_vec, sizes_of(case), case.X)
    assert np.array_equal(cp.predict(case.theta_vec, case.layer_sizes, case.X), np.ravel(theirs))


def test_the_numerical_gradient_loop(octave: OctaveSession) -> None:
    case = check_network(1.0)
    octave.push("X", case.X)
    octave.push("y", case.y)
    octave.push("theta_vec", case.theta_vec)
    octave.eval("numgrad = computeNumericalGradient (@(t) nnCostFunction (t, [3 5 3], X, y, 1), theta_vec);")
    ours = cp.compute_numerical_gradient(case.cost(), case.theta_vec)
    # Both divide rounding errors of J, 2e-16, by the step 2e-4.
    np.testing.assert_allclose(ours, np.ravel(octave.pull("numgrad")), rtol=0, atol=2e-11)


def test_the_debug_weights(octave: OctaveSession) -> None:
    theirs = octave.feval("debugInitializeThetas", np.array([3.0, 5.0, 3.0]))
    np.testing.assert_allclose(cp.debug_initialize_weights((3, 5, 3)), np.ravel(theirs), rtol=1e-15, atol=0)


@given(st.lists(st.floats(-800, 800), min_size=1, max_size=20))
@settings(max_examples=30)
def test_the_sigmoid_and_its_gradient(octave: OctaveSession, values: list[float]) -> None:
    z = np.array(values)
    np.testing.assert_allclose(cp.sigmoid(z), np.ravel(octave.feval("sigmoid", z)), rtol=1e-14, atol=1e-300)
    # The course's g (1 - g) has the rounding error of 1 - g, one unit in the last place of 1.
    np.testing.assert_allclose(
        cp.sigmoid_gradient(z), np.ravel(octave.feval("sigmoidGradient", z)), rtol=1e-14, atol=2.3e-16
    )


@pytest.mark.parametrize("lambda_", [0.0, 1.0])
def test_the_5000_digits(octave: OctaveSession, lambda_: float) -> None:
    X, y = cp.load_digits()
    sizes = (400, 25, 10)
    theta_vec = cp.rand_initialize_weights(sizes, epsilon=0.5, seed=3)
    octave.push("digits_X", X)
    octave.push("digits_y", y)
    octave.push("theta_vec", theta_vec)
    octave.eval(f"[J, grad] = nnCostFunction (theta_vec, [400 25 10], digits_X, digits_y, {lambda_});")
    octave.eval("labels = predict (theta_vec, [400 25 10], digits_X);")
    J, grad_vec = cp.nn_cost_function(theta_vec, sizes, X, y, lambda_)
    assert_close(J, octave.pull("J"), OCTAVE_COST)
    assert_close(grad_vec, np.ravel(octave.pull("grad")), OCTAVE_GRADIENT)
    assert np.array_equal(cp.predict(theta_vec, sizes, X), np.ravel(octave.pull("labels")))
