"""The values that cross between Python and Octave, every class of Octave's exactly as it is.

====================  =========================================================================
Octave                Python
====================  =========================================================================
double ... uint64     array of the same dtype, of two dimensions or more; complex likewise
logical               array of bool
char, one row         str (Octave's bytes are UTF-8); ``''`` is 0 x 0
char, any other size  array of dtype S1
cell                  array of dtype object
struct, 1 x 1         dict
struct array          array with named fields of dtype object
sparse                scipy.sparse.csc_array of float64, complex128 or bool
====================  =========================================================================

The other way, an array of shape (n,) is sent as a column, one of shape () as 1 x 1, a Python number as a double, True
as a logical, a list of numbers as the array it spells and any other list as a 1 x n cell. Bits are kept: NA, the sign
of a zero, 64-bit integers, denormals.

The format, written by `encode` here and by courseport_write.m: a value is the doubles (class, number of dimensions,
dimensions) followed by its numbers column by column, in a complex array first the real parts. The class counts from 1
in `CLASSES`; a complex array has 100 added.
"""

from __future__ import annotations

import io
import math
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import repeat
from typing import IO, Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks

Sendable = ArrayLike | str
Received = float | str | NDArray[Any] | dict[str, Any]

_DTYPES = {
    "double": np.float64,
    "single": np.float32,
    **{f"{sign}int{bits}": np.dtype(f"{sign}int{bits}").type for sign in ("", "u") for bits in (8, 16, 32, 64)},
    "logical": np.bool_,
    "char": np.dtype("S1").type,
}
CLASSES = (*_DTYPES, "cell", "struct", "sparse")
_COMPLEX = 100
# What `read` raises where a file holds something else.
UNREADABLE = (ValueError, TypeError, IndexError, KeyError, AttributeError, EOFError, OverflowError, RecursionError)
_MOST_EMPTY, _MOST_COLUMNS = 1 << 20, 1 << 27  # structs without fields, sparse columns: they need no bytes in a file
_LEAST = 16  # bytes of the smallest value
EXACT_INTEGER = 2**53  # the largest below which a double holds every integer


def encode(chunks: list[Any], value: Any, name: str) -> None:
    """Append the bytes of `value`; an error names the part that Octave has nothing for, such as ``argument 1['f']``."""
    if isinstance(value, str):
        text = np.frombuffer(value.encode("utf-8", "surrogateescape"), "S1")
        _encode_numbers(chunks, "char", text.reshape((1, -1) if value else (0, 0)))
    elif isinstance(value, (bool, int, float, complex)):
        if isinstance(value, int) and abs(value) > EXACT_INTEGER:
            _checks.fail(name, "be a number that a double holds exactly (or np.int64, np.uint64)", value)
        array = np.array(value)
        _encode_numbers(chunks, *_numbers(array.astype(np.float64) if array.dtype.kind == "i" else array, name))
    elif isinstance(value, dict):
        for key in value:
            if not isinstance(key, str) or not key.isidentifier() or not key.isascii():
                _checks.fail(name, "have keys that can name the fields of a struct", repr(key))
        _encode_struct(chunks, tuple(value), (1, 1), list(value.values()), name)
    elif isinstance(value, (list, tuple)):
        if _all_numbers(value):
            array = _rectangular(name, value)
            encode(chunks, array.astype(np.float64) if array.dtype.kind == "i" else array, name)
        else:
            _encode_cell(chunks, (1, len(value)), list(value), name)
    elif _is_sparse(value):
        _encode_sparse(chunks, value, name)
    elif isinstance(value, (np.ndarray, np.generic)):
        _encode_array(chunks, np.asanyarray(value), name)
    else:
        _refuse(name, value)


def value_bytes(values: Sequence[Any], name: str = "the value") -> bytes:
    """Return the bytes of values, one after another: equal for equal values only, bit by bit."""
    chunks: list[Any] = []
    for value in values:
        encode(chunks, value, name)
    return b"".join(bytes(chunk.data) for chunk in chunks)


def encode_call(function: str, nout: int, args: Sequence[Any], *, exact: bool) -> list[Any]:
    """Return the bytes of a request: the cell {function, nout, arguments ...}, numbers as doubles unless `exact`."""
    chunks: list[Any] = []
    _head(chunks, "cell", (1, 2 + len(args)))
    encode(chunks, function, "function")
    encode(chunks, float(nout), "nout")
    for position, value in enumerate(args, start=1):
        name = f"argument {position}"
        encode(chunks, value if exact else as_doubles(value, name), name)
    return chunks


def read(stream: IO[bytes]) -> Any:
    """Read one value from a file that Octave has written.

    Raises
    ------
    One of UNREADABLE
        The file holds something else.
    """
    code, dimensions = map(int, _take(stream, np.float64, 2))
    shape = tuple(map(int, _take(stream, np.float64, dimensions)))
    size = math.prod(shape)
    kind = CLASSES[code % _COMPLEX - 1]
    if kind == "cell":
        _check_room(stream, size, _LEAST)
        cell = np.empty(size, object)
        for index in range(size):
            cell[index] = read(stream)
        return cell.reshape(shape, order="F")
    if kind == "struct":
        names, values = [str(name) for name in read(stream).ravel()], read(stream)
        if size > _MOST_EMPTY and not names:
            raise ValueError(f"it has {size} structs without a field")
        if shape == (1, 1):
            return dict(zip(names, values.ravel(), strict=True))
        struct = np.empty(size, [(name, object) for name in names])
        for name, column in zip(names, values.reshape(len(names), size, order="F"), strict=True):
            struct[name] = column
        return struct.reshape(shape, order="F")
    if kind == "sparse":
        if shape[1] > _MOST_COLUMNS:
            raise ValueError(f"it has {shape[1]} sparse columns")
        rows, columns, numbers = (read(stream).ravel() for _ in range(3))
        with np.errstate(invalid="ignore"):  # places that are no numbers: the matrix refuses them
            places = (rows.astype(np.intp) - 1, columns.astype(np.intp) - 1)
        return import_module("scipy.sparse").csc_array((numbers, places), (shape[0], shape[1]))
    array = _take(stream, _DTYPES[kind], size)
    if code > _COMPLEX:
        real, array = array, np.empty(size, np.complex128 if kind == "double" else np.complex64)
        array.real, array.imag = real, _take(stream, _DTYPES[kind], size)
    if kind == "char" and (shape == (0, 0) or (shape[0] == 1 and len(shape) == 2 and size)):
        return array.tobytes().decode("utf-8", "surrogateescape")
    return array.reshape(shape, order="F")


def _take(stream: IO[bytes], dtype: Any, size: int) -> NDArray[Any]:
    """Read so many numbers, if so many are there: what runs in Octave may have written anything."""
    _check_room(stream, size, np.dtype(dtype).itemsize)
    array = np.empty(size, dtype)
    if stream.readinto(array.view(np.uint8)) != array.nbytes:  # type: ignore[attr-defined] # of every binary file
        raise EOFError("the answer is cut short")
    return array


def _check_room(stream: IO[bytes], size: int, itemsize: int) -> None:
    there = stream.getbuffer().nbytes if isinstance(stream, io.BytesIO) else os.fstat(stream.fileno()).st_size
    if not 0 <= size * itemsize <= there - stream.tell():
        raise EOFError("the answer is cut short")


def as_doubles(value: Any, name: str) -> Any:
    """Return what to send where every number shall be a double, as the course's functions expect.

    Octave takes an int64 scalar as an order to compute in integers and a float32 as one to compute in single precision.
    """
    if isinstance(value, np.ma.MaskedArray):
        _checks.fail_type(name, "be an array without a mask", value)
    if value is None or callable(value):
        _checks.fail_type(name, "be numbers or text", value)
    if isinstance(value, (str, dict)) or _is_sparse(value):
        return value
    if isinstance(value, (list, tuple)) and not _all_numbers(value):
        return value
    array = _rectangular(name, value)
    if array.dtype.kind in "biuf":
        return array.astype(np.float64, copy=False)
    if array.dtype.kind == "O" and not isinstance(value, np.ndarray):
        _refuse(name, value)
    return array


def plain(value: Any) -> Any:  # noqa: PLR0911 - one for each class
    """Return what came with each number as a float, each array of them as float64, and each text as a str."""
    if _is_sparse(value):
        return plain(value.toarray())
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if not isinstance(value, np.ndarray) or value.dtype.names is not None:
        return value
    if value.dtype == object:
        cell = np.empty(value.shape, object)
        for index, part in np.ndenumerate(value):
            cell[index] = plain(part)
        return cell
    if value.dtype.kind == "S":
        return "\n".join(b"".join(row).decode("utf-8", "surrogateescape").rstrip() for row in value)
    if value.dtype.kind == "c":
        return value.astype(np.complex128, copy=False)
    return float(value.item()) if value.shape == (1, 1) else value.astype(np.float64, copy=False)


def _encode_array(chunks: list[Any], array: NDArray[Any], name: str) -> None:
    if isinstance(array, np.ma.MaskedArray):
        _checks.fail_type(name, "be an array without a mask", array)
    shape = (*array.shape, *repeat(1, 2 - array.ndim))
    flat = array.ravel(order="F")
    if array.dtype.names is not None:
        parts = [flat[key][index] for index in range(flat.size) for key in array.dtype.names]
        _encode_struct(chunks, array.dtype.names, shape, parts, name)
    elif array.dtype.kind == "O":
        _encode_cell(chunks, shape, list(flat), name)
    elif array.dtype.kind == "U" and array.ndim == 0:
        encode(chunks, str(array), name)
    elif array.dtype.kind == "U":
        _encode_cell(chunks, shape, [str(text) for text in flat], name)
    else:
        _encode_numbers(chunks, *_numbers(array.reshape(shape), name))


def _numbers(array: NDArray[Any], name: str) -> tuple[str, NDArray[Any]]:
    """Return the class of an array of numbers, and the array with the byte order of this machine."""
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if array.dtype == "S1":
        return "char", array
    real = np.empty(0, array.dtype).real.dtype
    kind = next((kind for kind, dtype in _DTYPES.items() if real == dtype), None)
    if kind is None:
        _refuse(name, array.dtype)
    return kind, array


def _head(chunks: list[Any], kind: str, shape: tuple[int, ...], extra: int = 0) -> None:
    chunks.append(np.array([CLASSES.index(kind) + 1 + extra, len(shape), *shape], np.float64))


def _encode_numbers(chunks: list[Any], kind: str, array: NDArray[Any]) -> None:
    shape = (*array.shape, *repeat(1, 2 - array.ndim))
    if array.dtype.kind == "c":
        _head(chunks, kind, shape, _COMPLEX)
        chunks += [array.real.ravel(order="F"), array.imag.ravel(order="F")]
    else:
        _head(chunks, kind, shape)
        chunks.append(array.ravel(order="F"))


def _encode_cell(chunks: list[Any], shape: tuple[int, ...], parts: list[Any], name: str) -> None:
    _head(chunks, "cell", shape)
    for index, part in enumerate(parts):
        encode(chunks, part, f"{name}[{index}]")


def _encode_struct(
    chunks: list[Any], fields: tuple[str, ...], shape: tuple[int, ...], parts: list[Any], name: str
) -> None:
    """Write the names as a cell, and the values as one with a row for each field and a column for each element."""
    _head(chunks, "struct", shape)
    _encode_cell(chunks, (len(fields), 1), list(fields), name)
    _head(chunks, "cell", (len(fields), math.prod(shape)))
    for index, part in enumerate(parts):
        encode(chunks, part, f"{name}[{fields[index % len(fields)]!r}]")


def _encode_sparse(chunks: list[Any], value: Any, name: str) -> None:
    if value.ndim != 2:
        _checks.fail(name, "have two dimensions where it is sparse", value.shape)
    columns = import_module("scipy.sparse").csc_array(value, copy=True)
    columns.sum_duplicates()
    kind = columns.dtype.kind
    dtype = np.bool_ if kind == "b" else np.complex128 if kind == "c" else np.float64
    if columns.dtype not in (np.bool_, np.float64, np.complex128):
        _checks.fail(name, "be sparse of float64, complex128 or bool, as Octave's are", columns.dtype)
    places = columns.tocoo()
    _head(chunks, "sparse", value.shape)
    for part in (places.row + 1.0, places.col + 1.0, places.data.astype(dtype)):
        _encode_numbers(chunks, *_numbers(part, name))


def _is_sparse(value: Any) -> bool:
    # It takes a tenth of a second to import: who has such a matrix has imported it.
    return "scipy.sparse" in sys.modules and bool(sys.modules["scipy.sparse"].issparse(value))


def _all_numbers(value: Any) -> bool:
    """Tell whether a list, however nested, holds Python's or NumPy's numbers and nothing else."""
    if isinstance(value, (list, tuple)):
        return all(map(_all_numbers, value)) and len(value) > 0
    return isinstance(value, (bool, int, float, complex, np.number, np.bool_))


def _rectangular(name: str, value: Any) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError:
        _checks.fail(name, "have rows of one length", "a ragged sequence")


def _refuse(name: str, value: object) -> NoReturn:
    what = str(value) if isinstance(value, np.dtype) else type(value).__name__
    raise _checks.InputTypeError(
        f"{name} must be numbers, text, a list, a dict or sparse to cross to Octave, got {what}"
    )
