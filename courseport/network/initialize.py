"""Where training starts: random weights that break the symmetry, the course's debug weights, and zeros."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network.unrolling import ThetaLayout

Seed = int | Sequence[int] | np.random.Generator | np.random.RandomState | None
Rng = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | None


def rand_initialize_weights(
    layer_sizes: Sequence[int], epsilon: float | Literal["glorot"] = 0.12, seed: Seed = None, *, rng: Rng = None
) -> FloatArray:
    """Return random parameters, uniform in ``[-epsilon, epsilon]``, the course's randInitializeWeights.

    Parameters
    ----------
    layer_sizes : sequence of int
        Units per layer without bias.
    epsilon : float or "glorot", default 0.12
        Half the width of the interval, > 0; "glorot" takes ``sqrt(6) / sqrt(s_l + s_{l+1})`` for each Theta, the
        course's rule of thumb.
    seed : int, sequence of int, Generator, RandomState or None
        None draws differently each time. ``RandomState([s])`` draws the numbers of Octave's ``rand('twister', s)``.
    rng : whatever `numpy.random.default_rng` takes, optional
        In place of `seed`, under the name that SciPy has for it.

    Returns
    -------
    ndarray of float64, shape (n,)
        theta_vec, filled in its own order: column by column, one Theta after the other.
    """
    layout = ThetaLayout(_checks.layer_sizes(layer_sizes))
    if isinstance(epsilon, str):
        if epsilon != "glorot":
            _checks.fail("epsilon", "be a number > 0 or 'glorot'", repr(epsilon))
        each = [np.sqrt(6) / np.sqrt(rows + columns - 1) for rows, columns in layout.shapes]
    else:
        each = [_checks.number("epsilon", epsilon, above=0.0)] * len(layout.shapes)
    widths = np.concatenate([np.full(r * c, width) for width, (r, c) in zip(each, layout.shapes, strict=True)])
    # `random` of both kinds of source draws from [0, 1).
    theta_vec: FloatArray = random_source(seed, rng).random(layout.size) * 2 * widths - widths
    return theta_vec


def small_random_weights(
    layer_sizes: Sequence[int], scale: float = 0.01, seed: Seed = None, *, rng: Rng = None
) -> FloatArray:
    """Return `scale` times standard normal weights, with zero biases: the deep-learning notes' initialisation.

    layer_sizes, seed and rng are those of `rand_initialize_weights`; the vector has shape (n,).
    """
    layout = ThetaLayout(_checks.layer_sizes(layer_sizes))
    theta_vec = _checks.number("scale", scale, above=0.0) * random_source(seed, rng).standard_normal(layout.size)
    for transposed in layout.transposed_views(theta_vec):
        transposed[0] = 0.0
    return theta_vec


def zero_weights(layer_sizes: Sequence[int]) -> FloatArray:
    """Return zeros, shape (n,): hidden units that start equal stay equal, so this does not train a hidden layer."""
    return np.zeros(ThetaLayout(_checks.layer_sizes(layer_sizes)).size)


def debug_initialize_weights(layer_sizes: Sequence[int]) -> FloatArray:
    """Return the course's deterministic weights, shape (n,): each Theta is ``sin(1), sin(2), ... / 10`` by columns.

    The sequence starts at 1 again for each Theta, as debugInitializeWeights does.
    """
    layout = ThetaLayout(_checks.layer_sizes(layer_sizes))
    return np.concatenate([np.sin(np.arange(1, rows * columns + 1)) / 10 for rows, columns in layout.shapes])


def random_source(seed: Seed, rng: Rng = None) -> np.random.Generator | np.random.RandomState:
    """Return the source of random numbers that `seed` or `rng` stands for."""
    if isinstance(seed, (np.random.Generator, np.random.RandomState)) and rng is None:
        return seed
    if seed is not None and rng is not None:
        _checks.fail("rng", "stand in place of seed", "both")
    name, expected = ("seed", ", a Generator or a RandomState") if rng is None else ("rng", " or a Generator")
    try:
        return np.random.default_rng(seed if rng is None else rng)
    except (TypeError, ValueError):
        given = repr(seed if rng is None else rng)
        _checks.fail(name, f"be None, a whole number >= 0, a sequence of them{expected}", given)
