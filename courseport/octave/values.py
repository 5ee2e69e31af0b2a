"""What crosses the bridge: float64 arrays and ASCII text, nothing that Octave would read as something else.

Octave takes an int64 scalar as an order to compute in integers, a float32 as one to compute in single precision, and
a (n,) array as a row. So every number is sent as a double and every vector as a column.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks

Sendable = ArrayLike | str
Received = float | str | NDArray[np.float64] | NDArray[np.complex128]


def to_octave(name: str, value: Sendable) -> NDArray[np.float64] | str | float:
    """Return `value` as what is sent: text, a float, or a float64 array of two or more dimensions.

    Raises
    ------
    TypeError, ValueError
        For anything Octave would not receive as what it is: masked arrays, complex numbers, None, callables,
        text that is not ASCII.
    """
    if isinstance(value, str):
        if not value.isascii():
            _checks.fail(name, "be ASCII text (Octave counts bytes, not characters)", ascii(value))
        return value
    if isinstance(value, np.ma.MaskedArray):
        _checks.fail_type(name, "be an array without a mask", value)
    if value is None:
        _checks.fail_type(name, "be numbers or text", value)
    array = _checks.real_array(name, value, "an array").astype(np.float64, copy=False)
    if array.ndim == 0:
        return float(array)
    return array[:, np.newaxis] if array.ndim == 1 else array


def from_octave(value: object) -> Received:
    """Return what came back: a float for 1x1, text as str, otherwise an array of two or more dimensions."""
    if isinstance(value, (str, float)):
        return value
    if isinstance(value, complex):
        return np.array([[value]])
    if isinstance(value, list) and not value:  # how oct2py hands over zeros(0, 0)
        return np.empty((0, 0))
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return value
    raise TypeError(f"Octave returned {type(value).__name__}, which is neither numbers nor text")


def all_to_octave(values: Sequence[Sendable]) -> list[NDArray[np.float64] | str | float]:
    """Return the arguments of one call as what is sent."""
    return [to_octave(f"argument {position}", value) for position, value in enumerate(values, start=1)]
