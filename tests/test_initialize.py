"""Where training starts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tolerances import ROUNDING, assert_close

import courseport as cp

SIZES = (400, 25, 10)


@pytest.mark.parametrize(
    ("epsilon", "widths"),
    [(0.12, (0.12, 0.12)), (0.5, (0.5, 0.5)), ("glorot", (np.sqrt(6) / np.sqrt(425), np.sqrt(6) / np.sqrt(35)))],
)
def test_weights_fill_their_interval(epsilon: float | str, widths: tuple[float, ...]) -> None:
    thetas = cp.reshape_thetas(cp.rand_initialize_weights(SIZES, epsilon, seed=1), SIZES)
    for theta, width in zip(thetas, widths, strict=True):
        assert np.abs(theta).max() <= width
        assert np.abs(theta).max() > 0.95 * width
        assert abs(theta.mean()) < 5 * width / np.sqrt(3 * theta.size)


def test_a_seed_repeats_and_none_does_not() -> None:
    assert np.array_equal(cp.rand_initialize_weights((3, 2), seed=4), cp.rand_initialize_weights((3, 2), seed=4))
    assert not np.array_equal(cp.rand_initialize_weights((3, 2)), cp.rand_initialize_weights((3, 2)))


def test_a_generator_is_drawn_from() -> None:
    generator = np.random.default_rng(4)
    first = cp.rand_initialize_weights((3, 2), seed=generator)
    assert np.array_equal(first, cp.rand_initialize_weights((3, 2), seed=4))
    assert not np.array_equal(first, cp.rand_initialize_weights((3, 2), seed=generator))


@pytest.mark.parametrize("draw", [cp.rand_initialize_weights, cp.network.small_random_weights])
def test_rng_is_another_name_of_seed(draw: Any) -> None:
    for rng in (4, [4], np.random.SeedSequence(4), np.random.PCG64(4), np.random.default_rng(4)):
        assert np.array_equal(draw((3, 2), rng=rng), draw((3, 2), seed=4 if rng != [4] else [4]))
    with pytest.raises(ValueError, match="rng must stand in place of seed, got both"):
        draw((3, 2), seed=1, rng=1)
    with pytest.raises(ValueError, match=r"rng must be None, a whole number >= 0, .* got 'x'"):
        draw((3, 2), rng="x")


def test_debug_weights_begin_again_for_each_theta() -> None:
    Theta1, Theta2 = cp.reshape_thetas(cp.debug_initialize_weights((3, 5, 3)), (3, 5, 3))
    assert_close(Theta1[:2, 0], np.sin([1, 2]) / 10, ROUNDING)
    assert_close(Theta1[0, 1], np.sin(6) / 10, ROUNDING)
    assert_close(Theta2[0, 0], np.sin(1) / 10, ROUNDING)


def test_small_random_weights_have_zero_biases() -> None:
    thetas = cp.reshape_thetas(cp.network.small_random_weights(SIZES, seed=2), SIZES)
    assert all(np.array_equal(theta[:, 0], np.zeros(len(theta))) for theta in thetas)
    assert abs(thetas[0][:, 1:].std() - 0.01) < 0.001


def test_zeros() -> None:
    assert np.array_equal(cp.network.zero_weights((3, 4, 2)), np.zeros(26))
