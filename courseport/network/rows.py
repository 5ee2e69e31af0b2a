"""The examples X as rows to be read block by block, wherever they lie: in memory, in a mapped file, in bytes."""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray

FLOAT64 = np.dtype(np.float64)
CONVERT_AT_ONCE = 64 * 2**20  # bytes as floats up to which X of another type is converted when it is given
CHECK_ELEMENTS = 2**20  # elements that are checked at once


class RowSource(Protocol):
    """Anything two-dimensional whose rows can be sliced: an array, a memory map, an HDF5 data set."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""
        ...

    def __getitem__(self, rows: slice, /) -> Any:
        """Return the rows as an array."""
        ...


@dataclass(frozen=True)
class ScaledRows:
    """Rows of a large array times a number, computed as they are read: bytes of 0 to 255 as grey values of 0 to 1.

    The array, of shape (m, n), holds real numbers of any type; it may be a memory map.
    """

    array: NDArray[Any]
    scale: float

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self.array.shape

    @property
    def ndim(self) -> int:
        """Number of dimensions, 2."""
        return self.array.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the scaled numbers."""
        return np.dtype(np.float64)

    def __getitem__(self, rows: slice, /) -> FloatArray:
        """Return the scaled rows."""
        scaled: FloatArray = np.multiply(self.array[rows], self.scale, dtype=np.float64)
        return scaled


def check_rows(
    X: ArrayLike | RowSource, columns: int, why: str, first_row: int = 0, dtype: np.dtype[Any] = FLOAT64
) -> RowSource:
    """Return `X` as a checked source of rows for numbers of type `dtype`; errors count the rows from `first_row`.

    An array of this type, a memory map among them, is kept as it is, not copied: it must not change while it is used.
    What is small and of another type is converted once, and so is an array in memory that becomes smaller; what is
    large else is converted block by block at every reading.
    """
    if hasattr(X, "todense"):
        _checks.fail_type("X", "be dense: give X.toarray()", X)
    expected = f"a matrix of shape (m, {columns})"
    plain = isinstance(X, (np.ndarray, np.generic)) or not isinstance(getattr(X, "dtype", None), np.dtype)
    sliced = not plain and hasattr(X, "shape") and hasattr(X, "__getitem__")
    rows: Any = X if sliced else _checks.real_array("X", cast(ArrayLike, X), f"{expected}{why}")
    shape = tuple(rows.shape)
    if len(shape) != 2 or shape[1] != columns:
        _checks.fail("X", f"have shape (m, {columns}){why}", shape)
    if shape[0] == 0:
        _checks.fail("X", "have at least one row", f"shape {shape}")
    if rows.dtype.kind not in "biuf":
        _checks.fail_dtype("X", expected, rows.dtype)
    narrows = rows.dtype.kind == "f" and rows.dtype.itemsize > dtype.itemsize
    if rows.dtype.kind == "f":
        # In pieces: a mapped file may be larger than memory.
        step = max(1, CHECK_ELEMENTS // columns)
        for start in range(0, shape[0], step):
            piece = _checks.finite("X", np.asarray(rows[start : start + step]), start + first_row)
            if narrows and np.abs(piece).max() > np.finfo(dtype).max:
                largest = f"one of size {np.abs(piece).max():.3g} in rows from {start + first_row}"
                _checks.fail("X", f"hold numbers of at most {np.finfo(dtype).max:.3g} for dtype {dtype}", largest)
    small = rows.size * dtype.itemsize <= CONVERT_AT_ONCE if isinstance(rows, np.ndarray) else False
    base = rows
    while isinstance(base, np.ndarray):
        base = base.base
    in_memory = isinstance(rows, np.ndarray) and not isinstance(base, mmap)  # and no view of a mapped file
    if small or (narrows and in_memory):
        with np.errstate(under="ignore"):
            rows = rows.astype(dtype, copy=False)
        if not _multiplies_in_place(rows):
            rows = np.ascontiguousarray(rows)
    source: RowSource = rows
    return source


def needs_conversion(source: RowSource, dtype: np.dtype[Any] = FLOAT64) -> bool:
    """Return whether blocks of `source` are copied into a buffer of type `dtype`, rather than used where they lie."""
    return not (isinstance(source, np.ndarray) and source.dtype == dtype and _multiplies_in_place(source))


def _multiplies_in_place(array: NDArray[Any]) -> bool:
    """Return whether the BLAS takes row slices of `array` as they lie: unit stride along one axis."""
    small, large = sorted(array.strides)
    return small == array.itemsize and large >= array.itemsize and large % array.itemsize == 0
