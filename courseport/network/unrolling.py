"""Unrolling: Theta1, Theta2, ... to one vector and back, exactly as Octave's ``[Theta1(:); Theta2(:)]``; first weights.

Conventions
-----------
``layer_sizes = (s_1, ..., s_L)`` counts the units of each layer without the bias unit. ``Theta_l`` has shape
``(s_{l+1}, s_l + 1)``, column 0 for the bias unit, and ``theta_vec`` has shape ``(sum of s_{l+1} (s_l + 1),)``: each
Theta column by column, one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from math import isfinite
from sys import maxsize
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray

FLOAT64 = np.dtype(np.float64)
LARGEST = maxsize // 8
Seed = int | Sequence[int] | np.random.Generator | np.random.RandomState | None
Rng = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator | None


@dataclass(frozen=True)
class ThetaLayout:
    """Where each Theta stands in ``theta_vec``.

    Parameters
    ----------
    layer_sizes : sequence of int
        Units per layer without bias, at least two layers.

    Examples
    --------
    >>> ThetaLayout((10, 10, 10, 1)).size
    231
    """

    layer_sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        # The way to set a field of a frozen dataclass in its own constructor.
        object.__setattr__(self, "layer_sizes", _checks.layer_sizes(self.layer_sizes))
        if self.size > LARGEST:
            _checks.fail("layer_sizes", f"give at most {LARGEST} parameters, which memory can address", self.size)

    @cached_property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Shape ``(s_{l+1}, s_l + 1)`` of each Theta."""
        return tuple((rows, columns + 1) for columns, rows in pairwise(self.layer_sizes))

    @cached_property
    def size(self) -> int:
        """Number of parameters, the length of ``theta_vec``."""
        return sum(rows * columns for rows, columns in self.shapes)

    @cached_property
    def _spans(self) -> tuple[slice, ...]:
        counts = (rows * columns for rows, columns in self.shapes)
        return tuple(slice(*ends) for ends in pairwise(accumulate(counts, initial=0)))

    def check(self, theta_vec: ArrayLike, name: str = "theta_vec") -> FloatArray:
        """Return `theta_vec` as a finite float64 array of shape ``(size,)``, or raise ValueError or TypeError."""
        # Squares of finite numbers have a finite sum, unless it overflows: one product is the quickest look at all.
        if (
            type(theta_vec) is np.ndarray
            and theta_vec.dtype is FLOAT64
            and theta_vec.shape == (self.size,)
            and theta_vec.flags.c_contiguous
            and isfinite(theta_vec.dot(theta_vec))
        ):
            return theta_vec
        # Contiguous, so that a strided vector gives the same bits.
        return np.ascontiguousarray(
            _checks.real_vector(name, theta_vec, self.size, f" for layer sizes {self.layer_sizes}")
        )

    def reshape(self, theta_vec: ArrayLike) -> list[FloatArray]:
        """Return Theta_l of shape ``(s_{l+1}, s_l + 1)`` from `theta_vec`, shape (size,).

        They are Fortran-ordered views of a float64 `theta_vec`: copy one before writing into it.
        """
        vector = self.check(theta_vec)
        return [vector[span].reshape(shape, order="F") for span, shape in zip(self._spans, self.shapes, strict=True)]

    def unroll(self, thetas: Sequence[ArrayLike]) -> FloatArray:
        """Return `thetas`, in the shapes of this layout, as one fresh vector: the inverse of `reshape`."""
        if len(thetas) != len(self.shapes):
            _checks.fail("thetas", f"hold {len(self.shapes)} matrices for layer sizes {self.layer_sizes}", len(thetas))
        vector = np.empty(self.size)
        for index, (theta, span, shape) in enumerate(zip(thetas, self._spans, self.shapes, strict=True)):
            matrix = _checks.real_matrix(f"Theta{index + 1}", theta)
            if matrix.shape != shape:
                _checks.fail(f"Theta{index + 1}", f"have shape {shape}", matrix.shape)
            vector[span] = matrix.ravel(order="F")
        return vector

    def transposed_views(self, vector: FloatArray) -> list[FloatArray]:
        """Return every Theta transposed, as C-ordered views of shape ``(s_l + 1, s_{l+1})``: nothing is copied.

        Column by column is row by row of the transpose: row 0 holds the biases, the other rows the weights.
        """
        return [vector[span].reshape(shape[::-1]) for span, shape in zip(self._spans, self.shapes, strict=True)]

    def locate(self, index: int) -> tuple[int, int, int]:
        """Return (layer, row, column) of entry `index` of ``theta_vec``; layer counts from 1, row and column from 0."""
        _checks.whole_number("index", index, 0)
        for layer, (span, (rows, _)) in enumerate(zip(self._spans, self.shapes, strict=True), start=1):
            if index < span.stop:
                column, row = divmod(index - span.start, rows)
                return layer, row, column
        return _checks.fail("index", f"be below {self.size}", index)


def unroll(thetas: Sequence[ArrayLike]) -> FloatArray:
    """Return Theta1, Theta2, ... as one fresh vector, Octave's ``[Theta1(:); Theta2(:); ...]``.

    There is at least one matrix; consecutive ones must fit a network (Theta2 has one column more than Theta1 has rows).
    """
    return ThetaLayout(layer_sizes_of(thetas)).unroll(thetas)


def reshape_thetas(theta_vec: ArrayLike, layer_sizes: Sequence[int]) -> list[FloatArray]:
    """Return Theta1, Theta2, ... of `theta_vec`; see `ThetaLayout.reshape`."""
    return ThetaLayout(_checks.layer_sizes(layer_sizes)).reshape(theta_vec)


def layer_sizes_of(thetas: Sequence[ArrayLike]) -> tuple[int, ...]:
    """Return the layer sizes that `thetas` belong to, or raise ValueError where they do not fit one another."""
    matrices = check_thetas(thetas)
    return (matrices[0].shape[1] - 1, *map(len, matrices))


def check_thetas(thetas: Sequence[ArrayLike], where: str = "") -> list[FloatArray]:
    """Return matrices of float64 that fit one another; `where` says in errors where they are, " in theta.mat"."""
    given: Any = thetas
    listed = isinstance(given, Sequence) or getattr(given, "ndim", 0) > 0
    if not listed or isinstance(given, (str, bytes, memoryview)):
        _checks.fail_type("thetas", "be a sequence of matrices", thetas)
    if len(thetas) == 0:
        _checks.fail("thetas", "hold at least one matrix", "none")
    matrices = [_checks.real_matrix(f"Theta{i}{where}", theta) for i, theta in enumerate(thetas, start=1)]
    for i, (before, after) in enumerate(pairwise(matrices), start=1):
        if after.shape[1] != len(before) + 1:
            expected = f"have {len(before) + 1} columns, one more than Theta{i} has rows"
            _checks.fail(f"Theta{i + 1}{where}", expected, after.shape[1])
    if matrices[0].shape[1] < 2:
        _checks.fail(f"Theta1{where}", "have at least two columns, the bias and one input", matrices[0].shape[1])
    return matrices


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
