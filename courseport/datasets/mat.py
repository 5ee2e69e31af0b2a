"""MAT files of versions 4 and 5 to 7: numbers and one-line texts, read so that no damaged file can harm.

SciPy's reader ends the interpreter for some damaged files, and recurses into nested cells. Here every length is checked
against the bytes that are there; cells, structs and functions are skipped by their length and told by what they are.
"""

from __future__ import annotations

import math
import struct
import zlib
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from courseport._checks import InputError

# Types of stored values, by their number in the file, and classes of arrays that are read.
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_MATRIX, _COMPRESSED = 14, 15
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_CHAR, _SPARSE = 4, 5
_TEXTS = {1: "latin-1", 2: "utf-8", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_KINDS = {1: "a cell", 2: "a struct", 3: "an object", 16: "a function", 17: "an object"}
_TOO_LARGE = "it takes more memory than allowed"
_V4_TYPES = ("f8", "f4", "i4", "i2", "u2", "u1")


class Other(NamedTuple):
    """A variable that is not read: what it is, in words."""

    kind: str


Value = NDArray[Any] | str | Other


def parse_mat(content: bytes, most: int) -> dict[str, Value]:
    """Return the variables in the bytes of a MAT file, by name; `most` bounds the bytes they take.

    Raises
    ------
    ValueError
        The file is damaged, truncated or no MAT file, or takes more memory than `most`.
    """
    try:
        with np.errstate(all="ignore"):  # only a damaged file holds values that their class has not
            if content[124:128] in (b"\x00\x01IM", b"\x01\x00MI"):
                return _Version5(content, most).variables()
            return _parse_v4(content, most)
    except (struct.error, IndexError, UnicodeDecodeError, zlib.error) as error:
        raise InputError(f"truncated or damaged ({error})") from error


class _Version5:
    """Versions 5 to 7: elements with a tag of type and length, each matrix made of elements."""

    def __init__(self, content: bytes, most: int) -> None:
        self.content, self.left = content, most
        self.order = "<" if content[126:128] == b"IM" else ">"

    def variables(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        at = 128
        while at < len(self.content):
            kind, data, at = self.element(self.content, at, padded=False)
            if kind == _COMPRESSED:
                unpacker = zlib.decompressobj()
                plain = unpacker.decompress(data, self.left + 1)
                if len(plain) > self.left:
                    raise InputError(_TOO_LARGE)
                if not unpacker.eof:
                    raise InputError("truncated or damaged (packed data end early)")
                kind, data, _ = self.element(plain, 0)
            if kind == _MATRIX:
                name, value = self.matrix(data)
                if name:  # without a name it is MATLAB's own, for objects
                    found[name] = value
        return found

    def element(self, data: bytes, at: int, *, padded: bool = True) -> tuple[int, bytes, int]:
        """Return an element's type, its bytes, and where the next one begins."""
        kind, size = struct.unpack_from(self.order + "II", data, at)
        if kind >> 16:  # a small element has its length in the tag and its bytes in the other half
            kind, size, begin, end = kind & 0xFFFF, kind >> 16, at + 4, at + 8
            if size > 4:
                raise InputError("truncated or damaged (a small element is too long)")
        else:
            begin = at + 8
            end = begin + size + (-size % 8 if padded else 0)
        if begin + size > len(data):
            raise InputError("truncated or damaged (an element ends after the file)")
        return kind, data[begin : begin + size], end

    def matrix(self, data: bytes) -> tuple[str, Value]:
        _, flags, at = self.element(data, 0)
        (word,) = struct.unpack_from(self.order + "I", flags)
        kind, is_complex, is_logical = word & 0xFF, bool(word & 0x800), bool(word & 0x200)
        if kind == 17:  # MATLAB's new objects have no size
            _, name, _ = self.element(data, at)
            return name.decode("utf-8"), Other(_KINDS[kind])
        _, sizes, at = self.element(data, at)
        _, name, at = self.element(data, at)
        shape = tuple(int(size) for size in np.frombuffer(sizes, self.order + "i4"))
        if len(shape) < 2 or min(shape) < 0 or len(shape) > 32:
            raise InputError("truncated or damaged (an array without a size)")
        return name.decode("utf-8"), self.value(data, at, kind, shape, is_complex=is_complex, is_logical=is_logical)

    def value(
        self, data: bytes, at: int, kind: int, shape: tuple[int, ...], *, is_complex: bool, is_logical: bool
    ) -> Value:
        if is_complex:
            return Other("complex numbers")
        if kind == _SPARSE:
            rows, at = self.numbers(data, at)
            starts, at = self.numbers(data, at)
            values, _ = self.numbers(data, at)
            counts: NDArray[Any] = np.diff(starts.astype(np.int64))
            total = int(starts[-1]) if starts.size == shape[1] + 1 and starts[0] == 0 and (counts >= 0).all() else -1
            if not 0 <= total <= min(rows.size, values.size):  # repeat() takes the memory that the counts ask for
                raise InputError("truncated or damaged (columns of a sparse matrix)")
            self.spend(8 * math.prod(shape))
            return _fill_sparse(shape, rows[:total], np.repeat(np.arange(shape[1]), counts), values[:total])
        if kind == _CHAR:
            text_kind, text, _ = self.element(data, at)
            if shape[0] > 1 or len(shape) > 2 or text_kind not in _TEXTS:
                return Other("a table of characters")
            little = {"<": "-le", ">": "-be"}[self.order] if _TEXTS[text_kind] in ("utf-16", "utf-32") else ""
            return text.decode(_TEXTS[text_kind] + little)
        if kind not in _CLASSES:
            return Other(_KINDS.get(kind, f"of an unknown class {kind}"))
        stored, _ = self.numbers(data, at)
        if stored.size != math.prod(shape):
            raise InputError(f"truncated or damaged ({stored.size} values for shape {shape})")
        self.spend(stored.size * 8)
        # Whole doubles are stored as bytes: the class says what they are.
        values = stored.astype(bool if is_logical else _CLASSES[kind])
        return values.reshape(shape, order="F")

    def numbers(self, data: bytes, at: int) -> tuple[NDArray[Any], int]:
        kind, values, at = self.element(data, at)
        dtype = np.dtype(self.order + _TYPES[kind]) if kind in _TYPES else None
        if dtype is None or len(values) % dtype.itemsize:
            raise InputError("truncated or damaged (values of an unknown type)")
        return np.frombuffer(values, dtype), at

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InputError(_TOO_LARGE)


def _fill_sparse(
    shape: tuple[int, ...], rows: NDArray[Any], columns: NDArray[Any], values: NDArray[Any]
) -> NDArray[Any]:
    """Return the whole matrix; values of one place add up."""
    inside = len(shape) == 2 and rows.size == columns.size == values.size
    if not inside or ((rows < 0) | (rows >= shape[0])).any() or ((columns < 0) | (columns >= shape[1])).any():
        raise InputError("truncated or damaged (indices of a sparse matrix)")
    matrix = np.zeros(shape)
    np.add.at(matrix, (rows.astype(np.intp), columns.astype(np.intp)), values)
    return matrix


def _parse_v4(content: bytes, most: int) -> dict[str, Value]:
    """Return the variables of a version 4 file: each five whole numbers, a name, and the values column by column."""
    found: dict[str, Value] = {}
    at = 0
    while at < len(content):
        order = "<" if 0 <= struct.unpack_from("<i", content, at)[0] < 5000 else ">"
        mark, n_rows, n_columns, is_complex, name_length = struct.unpack_from(order + "5i", content, at)
        thousands, rest = divmod(mark, 1000)
        precision, matrix_kind = divmod(rest, 10)
        known = thousands == (order == ">") and precision < len(_V4_TYPES) and matrix_kind in (0, 1, 2)
        if not known or min(n_rows, n_columns) < 0 or is_complex not in (0, 1) or not 2 <= name_length <= 256:
            raise InputError("no MAT file of a known version")
        dtype = np.dtype(order + _V4_TYPES[precision])
        begin = at + 20 + name_length
        at = begin + n_rows * n_columns * dtype.itemsize * (1 + is_complex)
        if at > len(content):
            raise InputError("truncated or damaged (a matrix ends after the file)")
        name = content[begin - name_length : begin].rstrip(b"\0").decode("ascii")
        values = np.frombuffer(content, dtype, n_rows * n_columns, begin).reshape(n_rows, n_columns, order="F")
        if is_complex:
            found[name] = Other("complex numbers")
        elif matrix_kind == 2:
            found[name] = _v4_sparse(values, most)
        elif matrix_kind == 1:
            one_line = n_rows == 1
            found[name] = bytes(values.astype(np.uint8).ravel()).decode("latin-1") if one_line else Other("a text")
        else:
            found[name] = values.astype(dtype.newbyteorder("="))
    return found


def _v4_sparse(triples: NDArray[Any], most: int) -> Value:
    """Return a sparse matrix of version 4: rows of (i, j, value) counted from 1, the size in the last one."""
    if triples.shape[0] < 1 or triples.shape[1] != 3 or not np.isfinite(triples[:, :2]).all():
        return Other("a sparse matrix of an unknown form")
    size = tuple(int(number) for number in triples[-1, :2])
    if min(size) < 0 or 8 * math.prod(size) > most:
        raise InputError(_TOO_LARGE)
    rows, columns = (triples[:-1, side].astype(np.int64) - 1 for side in (0, 1))
    return _fill_sparse(size, rows, columns, triples[:-1, 2])
