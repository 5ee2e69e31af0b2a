"""Unrolling and reshaping: exact round trips, column by column, views and not copies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import courseport as cp

layer_sizes = st.lists(st.integers(1, 9), min_size=2, max_size=6).map(tuple)


def test_the_lecture_s_example_has_231_elements() -> None:
    thetas = [np.full((10, 11), 1.0), np.full((10, 11), 2.0), np.full((1, 11), 3.0)]
    theta_vec = cp.unroll(thetas)
    assert theta_vec.shape == (231,)
    assert np.array_equal(theta_vec, np.repeat([1.0, 2.0, 3.0], [110, 110, 11]))
    for theta, back in zip(thetas, cp.reshape_thetas(theta_vec, (10, 10, 10, 1)), strict=True):
        assert np.array_equal(theta, back)


def test_a_matrix_is_unrolled_column_by_column() -> None:
    assert cp.unroll([[[1, 3, 5], [2, 4, 6]]]).tolist() == [1, 2, 3, 4, 5, 6]
    assert cp.reshape_thetas([1, 2, 3, 4, 5, 6], (2, 2))[0].tolist() == [[1, 3, 5], [2, 4, 6]]


@given(layer_sizes, st.integers(0, 2**32 - 1))
def test_round_trips_are_exact(sizes: tuple[int, ...], seed: int) -> None:
    layout = cp.ThetaLayout(sizes)
    theta_vec = np.random.default_rng(seed).standard_normal(layout.size)
    thetas = layout.reshape(theta_vec)
    assert [theta.shape for theta in thetas] == list(layout.shapes)
    assert np.array_equal(layout.unroll(thetas), theta_vec)
    assert np.array_equal(cp.unroll([np.ascontiguousarray(theta) for theta in thetas]), theta_vec)


@given(layer_sizes)
def test_every_entry_is_where_locate_says(sizes: tuple[int, ...]) -> None:
    layout = cp.ThetaLayout(sizes)
    thetas = layout.reshape(np.arange(layout.size))
    for index in range(layout.size):
        layer, row, column = layout.locate(index)
        assert thetas[layer - 1][row, column] == index


def test_reshaping_copies_nothing_and_unrolling_shares_nothing() -> None:
    theta_vec = np.arange(26.0)
    thetas = cp.reshape_thetas(theta_vec, (3, 4, 2))
    assert all(np.shares_memory(theta, theta_vec) for theta in thetas)
    assert not any(np.shares_memory(cp.unroll(thetas), theta) for theta in thetas)


def test_the_transposed_views_are_the_thetas() -> None:
    layout = cp.ThetaLayout((3, 4, 2))
    theta_vec = np.arange(26.0)
    for transposed, theta in zip(layout.transposed_views(theta_vec), layout.reshape(theta_vec), strict=True):
        assert np.array_equal(transposed.T, theta)
        assert np.shares_memory(transposed, theta_vec)
        assert transposed.flags.c_contiguous


@pytest.mark.parametrize(
    ("thetas", "message"),
    [
        ([], "thetas must hold at least one matrix, got none"),
        ([np.ones((2, 3)), np.ones((1, 4))], "Theta2 must have 3 columns, one more than Theta1 has rows, got 4"),
        ([np.ones((2, 1))], "Theta1 must have at least two columns, the bias and one input, got 1"),
        ([np.ones(3)], r"Theta1 must have shape \(m, n\), got \(3,\)"),
        ([[[1.0, np.nan]]], r"Theta1 must have finite values only, got nan at \[0, 1\]"),
    ],
)
def test_matrices_that_are_no_network_are_refused(thetas: list[np.ndarray], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cp.unroll(thetas)


def test_a_layout_refuses_matrices_of_another() -> None:
    layout = cp.ThetaLayout((3, 4, 2))
    with pytest.raises(ValueError, match=r"thetas must hold 2 matrices for layer sizes \(3, 4, 2\), got 1"):
        layout.unroll([np.ones((4, 4))])
    with pytest.raises(ValueError, match=r"Theta2 must have shape \(2, 5\), got \(5, 2\)"):
        layout.unroll([np.ones((4, 4)), np.ones((5, 2))])
