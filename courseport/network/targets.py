"""What a network is trained towards: labels or values, checked once, and handed out block by block.

Labels 1..K of K >= 2 output units and 0/1 of a single unit are kept as numbers, never expanded to the course's matrix
of 0s and 1s; a matrix of targets is kept as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray


@dataclass(frozen=True)
class Targets:
    """Targets of m examples and K output units, in exactly one of two forms.

    Attributes
    ----------
    units : int
        K.
    labels : ndarray of the smallest unsigned integers, shape (m,), or None
        For K >= 2 the true unit of each example, from 0; for K = 1 the class, 0 or 1.
    values : ndarray of float64, shape (m, K), or None
        Real targets.
    """

    units: int
    labels: NDArray[Any] | None = None
    values: FloatArray | None = None

    def matrix(self, start: int = 0, stop: int | None = None) -> FloatArray:
        """Return the targets of rows start..stop as a matrix, one example a row: the course's Y."""
        if self.values is not None:
            return self.values[start:stop]
        assert self.labels is not None  # noqa: S101 - one of the two forms is always there; told to the type checker
        labels = self.labels[start:stop]
        if self.units == 1:
            return labels[:, None].astype(np.float64)
        matrix = np.zeros((labels.size, self.units))
        matrix[np.arange(labels.size), labels] = 1.0
        return matrix


def check_targets(y: ArrayLike, rows: int, units: int, loss: str) -> Targets:
    """Check `y` against the number of examples, of output units and the loss.

    Parameters
    ----------
    y : array_like
        Shape (rows,) or (rows, 1): labels 1..K for K >= 2 units, or, for one unit, 0/1 (cross-entropy) or real values
        (squared error). Shape (rows, K): a matrix of targets, in [0, 1] for cross-entropy.
    rows, units : int
        m and K.
    loss : str
        "cross_entropy" or "squared_error".

    Raises
    ------
    ValueError, TypeError
        Naming y, what was expected and what came.
    """
    array = _checks.real_array("y", y, f"an array of shape ({rows},)")
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 2 and units > 1:
        return Targets(units, values=_check_matrix(array, rows, units, loss))
    if array.ndim != 1:
        expected = f"have shape ({rows},)" + (f" or ({rows}, {units})" if units > 1 else "")
        _checks.fail("y", f"{expected} for {_units(units)}", array.shape)
    if array.shape[0] != rows:
        _checks.fail("y", f"have {rows} entries, one for each row of X", array.shape[0])
    if units == 1 and loss == "squared_error":
        return Targets(1, values=_checks.finite("y", array.astype(np.float64))[:, None])
    return Targets(units, labels=_check_labels(array, units))


def _units(count: int) -> str:
    return "one output unit" if count == 1 else f"{count} output units"


def _check_matrix(array: NDArray[Any], rows: int, units: int, loss: str) -> FloatArray:
    if array.shape != (rows, units):
        _checks.fail("y", f"have shape ({rows},) or ({rows}, {units}) for {_units(units)}", array.shape)
    # A copy: like labels, a matrix of targets is the user's to change afterwards.
    values = _checks.finite("y", np.array(array, dtype=np.float64, order="C"))
    if loss == "cross_entropy" and (values.min() < 0 or values.max() > 1):
        worst = values.min() if values.min() < 0 else values.max()
        _checks.fail("y", "hold targets between 0 and 1 for the cross-entropy", f"{worst:g}")
    return values


def _check_labels(array: NDArray[Any], units: int) -> NDArray[Any]:
    low, high = (0, 1) if units == 1 else (1, units)
    expected = f"hold labels 0 or 1 for {_units(units)}" if units == 1 else f"hold whole labels 1..{units}"
    wrong = ~((array >= low) & (array <= high))
    if array.dtype.kind == "f":
        wrong |= array != np.floor(array)
    if wrong.any():
        row = int(np.argmax(wrong))
        hint = " (the course labels digit 0 as 10: relabel 0 as K)" if units > 1 and array[row] == 0 else ""
        _checks.fail("y", expected, f"{array[row]:g} in row {row}{hint}")
    labels = array.astype(np.min_scalar_type(high))  # a copy: one byte an example for up to 255 units
    if units > 1:
        labels -= 1
    return labels
