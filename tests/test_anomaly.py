"""estimate_gaussian and select_threshold: the verified figures, Octave, and bad input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tolerances import ALGEBRA, TWELVE_DIGITS, assert_close

import courseport as cp

MAGIC4 = np.array([[16.0, 2, 3, 13], [5, 11, 10, 8], [9, 7, 6, 12], [4, 14, 15, 1]])


def plain_threshold(yval: np.ndarray, pval: np.ndarray) -> tuple[float, float]:
    best = (0.0, 0.0)
    for step in range(1001):
        epsilon = pval.min() + (pval.max() - pval.min()) / 1000 * step
        called = pval < epsilon
        tp, fp, fn = (called & (yval == 1)).sum(), (called & (yval == 0)).sum(), (~called & (yval == 1)).sum()
        if tp and 2 * tp / (2 * tp + fp + fn) > best[1]:
            best = (epsilon, 2 * tp / (2 * tp + fp + fn))
    return best


def test_the_verified_figures() -> None:
    mu, sigma2 = cp.regression.estimate_gaussian(np.sin(MAGIC4)[:, :3])
    assert_close(mu, [-0.397877900349, 0.389225293672, -0.008007190218], TWELVE_DIGITS)
    assert_close(sigma2, [0.277947113181, 0.658437807686, 0.204141165269], TWELVE_DIGITS)
    epsilon, F1 = cp.regression.select_threshold([1, 0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5])
    assert_close(epsilon, 0.4004, ALGEBRA)
    assert_close(F1, 4 / 7, ALGEBRA)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_the_threshold_is_that_of_the_plain_loop(examples: list[tuple[int, float]]) -> None:
    yval, pval = np.array([y for y, _ in examples]), np.array([p for _, p in examples])
    assert cp.regression.select_threshold(yval, pval) == pytest.approx(plain_threshold(yval, pval), rel=1e-12)


def test_bad_input_names_the_argument() -> None:
    with pytest.raises(ValueError, match="yval must hold 0 and 1"):
        cp.regression.select_threshold([2.0], [0.5])
    with pytest.raises(ValueError, match="yval must have shape"):
        cp.regression.select_threshold([1.0, 0.0], [0.5])
    with pytest.raises(ValueError, match="pval must have at least one"):
        cp.regression.select_threshold([], [])
    with pytest.raises(ValueError, match="X must have"):
        cp.regression.estimate_gaussian([])
