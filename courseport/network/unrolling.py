"""Unrolling: Theta1, Theta2, ... to one vector and back, exactly as Octave's ``[Theta1(:); Theta2(:)]``.

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
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray

FLOAT64 = np.dtype(np.float64)
LARGEST = maxsize // 8


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
