"""What a network answers."""

from __future__ import annotations

import numpy as np
import pytest
from course_data import FOLDER, needs_course_data
from hypothesis import given, settings
from networks import Case, cases
from tolerances import ALGEBRA, FIGURE, assert_close

import courseport as cp


@needs_course_data
@pytest.mark.parametrize(
    ("lambda_", "expected"), [(0, 0.287629165161319), (1, 0.383769859090923), (3, 0.576051246950133)]
)
def test_the_course_s_weights_cost_what_the_handout_says(lambda_: float, expected: float) -> None:
    X, y = cp.load_data(FOLDER / "ex4data1.mat")
    theta_vec = cp.unroll(cp.load_theta(FOLDER / "ex4weights.mat"))
    assert_close(cp.nn_cost_function(theta_vec, (400, 25, 10), X, y, lambda_)[0], expected, FIGURE)


@needs_course_data
def test_the_course_s_weights_read_97_52_percent() -> None:
    X, y = cp.load_digits()
    theta_vec = cp.unroll(cp.load_theta(FOLDER / "ex4weights.mat"))
    assert round(cp.accuracy(cp.predict(theta_vec, (400, 25, 10), X), y), 2) == 97.52


@given(cases())
@settings(max_examples=30)
def test_the_activations_are_the_lecture_s(case: Case) -> None:
    activations = cp.forward_propagate(case.theta_vec, case.layer_sizes, case.X)
    expected = [case.X]
    for theta in cp.reshape_thetas(case.theta_vec, case.layer_sizes):
        expected.append(cp.sigmoid(np.column_stack([np.ones(len(case.X)), expected[-1]]) @ theta.T))
    for a, one in zip(activations, expected, strict=True):
        assert_close(a, one, ALGEBRA)
    assert_close(cp.hypothesis(case.theta_vec, case.layer_sizes, case.X), expected[-1], ALGEBRA)


def test_many_rows_are_read_block_by_block() -> None:
    X = np.random.default_rng(0).standard_normal((10_000, 3))
    theta_vec = cp.rand_initialize_weights((3, 2), 1.0, seed=1)
    whole = cp.forward_propagate(theta_vec, (3, 2), X)[-1]
    assert_close(cp.hypothesis(theta_vec, (3, 2), X), whole, ALGEBRA)
    assert np.array_equal(cp.predict(theta_vec, (3, 2), X), whole.argmax(axis=1) + 1)


def test_labels_are_1_to_k_and_the_first_of_equals() -> None:
    assert cp.predict(np.zeros(6), (1, 3), [[1.0]]).tolist() == [1]
    assert cp.predict([0, 0, 1, 0, 0, 0], (1, 3), [[1.0]]).tolist() == [3]


def test_one_unit_says_1_from_a_half() -> None:
    assert cp.predict([0.0, 1.0], (1, 1), [[-0.1], [0.0], [0.1]]).tolist() == [0, 1, 1]


def test_accuracy_is_a_percentage() -> None:
    assert cp.accuracy([1, 2, 3, 4], np.array([[1], [2], [3], [3]])) == 75.0


def test_saturated_outputs_are_still_told_apart() -> None:
    # h is 1.0 for both units; z is 50 and 60.
    assert cp.predict([50.0, 60.0, 0.0, 0.0], (1, 2), [[0.0]]).tolist() == [2]
