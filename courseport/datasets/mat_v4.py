"""MAT files of version 4, and what both readers of MAT files give: values as `courseport.octave.values` has them."""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from courseport._checks import InputError

TOO_LARGE = "it takes more memory than allowed"
_TYPES = ("f8", "f4", "i4", "i2", "u2", "u1")


class Other(NamedTuple):
    """A variable that is not read: what it is, in words."""

    kind: str


Value = NDArray[Any] | str | dict[str, Any] | scipy.sparse.csc_array | Other


def sparse_array(
    shape: tuple[int, ...], rows: NDArray[Any], columns: NDArray[Any], values: NDArray[Any]
) -> scipy.sparse.csc_array:
    """Return the matrix; values of one place add up."""
    inside = rows.size == columns.size == values.size
    if (
        len(shape) != 2
        or not inside
        or ((rows < 0) | (rows >= shape[0])).any()
        or ((columns < 0) | (columns >= shape[1])).any()
    ):
        raise InputError("truncated or damaged (indices of a sparse matrix)")
    places = (rows.astype(np.intp), columns.astype(np.intp))
    matrix = scipy.sparse.csc_array((values, places), (shape[0], shape[1]))
    matrix.sum_duplicates()
    return matrix


def parse_v4(content: bytes, most: int) -> dict[str, Value]:
    """Return the variables of a version 4 file: each five whole numbers, a name, and the values column by column."""
    found: dict[str, Value] = {}
    at = 0
    while at < len(content):
        order = "<" if 0 <= struct.unpack_from("<i", content, at)[0] < 5000 else ">"
        mark, n_rows, n_columns, is_complex, name_length = struct.unpack_from(order + "5i", content, at)
        thousands, rest = divmod(mark, 1000)
        precision, matrix_kind = divmod(rest, 10)
        known = thousands == (order == ">") and precision < len(_TYPES) and matrix_kind in (0, 1, 2)
        if not known or min(n_rows, n_columns) < 0 or is_complex not in (0, 1) or not 2 <= name_length <= 256:
            raise InputError("no MAT file of a known version")
        dtype = np.dtype(order + _TYPES[precision])
        begin = at + 20 + name_length
        size = n_rows * n_columns
        at = begin + size * dtype.itemsize * (1 + is_complex)
        if at > len(content):
            raise InputError("truncated or damaged (a matrix ends after the file)")
        name = content[begin - name_length : begin].rstrip(b"\0").decode("ascii")
        stored = np.frombuffer(content, dtype, size * (1 + is_complex), begin).astype(dtype.newbyteorder("="))
        values = stored[:size]
        if is_complex:
            values = np.empty(size, np.complex128)
            values.real, values.imag = stored[:size], stored[size:]
        values = values.reshape(n_rows, n_columns, order="F")
        if matrix_kind == 2:
            found[name] = _sparse_of(values, most)
        elif matrix_kind == 1:
            codes: NDArray[Any] = values.real.astype(np.uint8)
            one_line = n_rows == 1 or not size
            found[name] = codes.tobytes().decode("latin-1") if one_line else codes.view("S1")
        else:
            found[name] = values
    return found


def _sparse_of(triples: NDArray[Any], most: int) -> Value:
    """Return a sparse matrix of version 4: rows of (i, j, value) counted from 1, the size in the last one.

    Of complex numbers the imaginary parts are a fourth column.
    """
    if triples.shape[0] < 1 or triples.shape[1] not in (3, 4) or not np.isfinite(triples[:, :2]).all():
        return Other("a sparse matrix of an unknown form")
    size = tuple(int(number) for number in triples[-1, :2].real)
    if min(size) < 0 or size[0] >= 1 << 48 or 8 * size[1] > most:
        raise InputError(TOO_LARGE)
    rows, columns = (triples[:-1, side].real.astype(np.int64) - 1 for side in (0, 1))
    values = triples[:-1, 2]
    return sparse_array(size, rows, columns, values + 1j * triples[:-1, 3] if triples.shape[1] == 4 else values)
