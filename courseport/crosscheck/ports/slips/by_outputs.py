"""Wrong ways by the outputs: from the value that Octave gives to the one that a port with the slip gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray


def numbers(value: Any) -> NDArray[Any] | None:
    """Return numbers as an array, sparse ones full; None for what holds no numbers."""
    if scipy.sparse.issparse(value):
        value = value.toarray()  # type: ignore[attr-defined] # every sparse array has it
    if isinstance(value, (bool, int, float, complex)):
        value = np.array(value)
    if not isinstance(value, (np.ndarray, np.generic)) or np.asarray(value).dtype.kind not in "biufc":
        return None
    array = np.asarray(value)
    return array if array.ndim >= 2 else array.reshape(-1, 1) if array.ndim == 1 else array.reshape(1, 1)


def of_numbers(change: Callable[[NDArray[Any]], Any]) -> Callable[[Any], Any]:
    """Return a way that leaves what holds no numbers alone."""

    def way(value: Any) -> Any:
        array = numbers(value)
        return value if array is None else change(array)

    return way


transposed = of_numbers(lambda array: array.T)
conjugated = of_numbers(np.conj)
real_part = of_numbers(np.real)
filled_by_rows = of_numbers(lambda array: array.ravel("F").reshape(array.shape))
read_by_rows = of_numbers(lambda array: array.ravel("C").reshape(array.shape, order="F"))
rows_reversed = of_numbers(lambda array: array[::-1] if len(array) > 1 else array[:, ::-1])
columns_reversed = of_numbers(lambda array: array[:, ::-1])


def times_plus(value: Any, factor: float, offset: float) -> Any:
    """Return numbers times a factor plus an offset."""
    array = numbers(value)
    if array is None or array.dtype.kind not in "fc":
        array = None if array is None else array.astype(np.float64)
    return value if array is None else array * factor + offset
