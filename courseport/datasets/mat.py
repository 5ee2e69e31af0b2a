"""MAT files of versions 4 and 5 to 7: every value that Octave has, read so that no damaged file can harm.

SciPy's reader ends the interpreter for some damaged files, and recurses into nested cells. Here every length is checked
against the bytes that are there, the memory and the depth are bounded, and functions and objects are told by what they
are. The values are those of `courseport.octave.values`.
"""

from __future__ import annotations

import math
import struct
import zlib
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from courseport._checks import InputError
from courseport.datasets.mat_v4 import TOO_LARGE, Other, Value, parse_v4, sparse_array

# Types of stored values, by their number in the file, and classes of arrays that are read.
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_MATRIX, _COMPRESSED = 14, 15
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
_CELL, _STRUCT, _CHAR, _SPARSE, _OPAQUE = 1, 2, 4, 5, 17
_TEXTS = {1: "latin-1", 2: "utf-8", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_KINDS = {3: "an object", 16: "a function", 17: "an object"}
_DEEPEST = 50  # cells and structs inside one another: Python's recursion ends at about 300 of them


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
            return parse_v4(content, most)
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
                    raise InputError(TOO_LARGE)
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

    def matrix(self, data: bytes, depth: int = 0) -> tuple[str, Value]:
        """Return a variable's name and value; a part of a cell or struct has no name."""
        if depth and not data:  # MATLAB writes so what was never set
            return "", np.zeros((0, 0))
        _, flags, at = self.element(data, 0)
        (word,) = struct.unpack_from(self.order + "I", flags)
        kind, is_complex, is_logical = word & 0xFF, bool(word & 0x800), bool(word & 0x200)
        if kind == _OPAQUE:  # MATLAB's new objects have no size
            _, name, _ = self.element(data, at)
            return name.decode("utf-8"), Other(_KINDS[kind])
        _, sizes, at = self.element(data, at)
        _, name, at = self.element(data, at)
        shape = tuple(int(size) for size in np.frombuffer(sizes, self.order + "i4"))
        if len(shape) < 2 or min(shape) < 0 or len(shape) > 32:
            raise InputError("truncated or damaged (an array without a size)")
        if not depth and not name:
            return "", Other("MATLAB's own")
        if kind in (_CELL, _STRUCT):
            value = self.container(data, at, kind, shape, depth + 1)
        elif kind == _CHAR:
            value = self.text(data, at, shape)
        elif kind == _SPARSE:
            value = self.sparse(data, at, shape, is_complex=is_complex, is_logical=is_logical)
        elif kind in _CLASSES:
            # Whole doubles are stored as bytes: the class says what they are.
            stored, _ = self.parts(data, at, is_complex=is_complex)
            self.spend(stored.size * 8 * (1 + is_complex))
            dtype = np.result_type(_CLASSES[kind], "c8") if is_complex else np.dtype(_CLASSES[kind])
            if stored.size == math.prod(shape):
                value = stored.astype(bool if is_logical else dtype).reshape(shape, order="F")
            elif is_logical:  # Octave calls a sparse matrix of logicals uint8, and stores it as a sparse one
                value = self.sparse(data, at, shape, is_complex=False, is_logical=True)
            else:
                raise InputError(f"truncated or damaged ({stored.size} values for shape {shape})")
        else:
            value = Other(_KINDS.get(kind, f"of an unknown class {kind}"))
        return name.decode("utf-8"), value

    def container(self, data: bytes, at: int, kind: int, shape: tuple[int, ...], depth: int) -> Value:
        """Return a cell or a struct, whose parts are matrices one after the other."""
        if depth > _DEEPEST:
            return Other(f"nested deeper than {_DEEPEST} levels")
        fields: list[str] = []
        if kind == _STRUCT:
            _, width, at = self.element(data, at)
            _, names, at = self.element(data, at)
            (length,) = struct.unpack_from(self.order + "i", width)
            if length < 1 or len(names) % length:
                raise InputError("truncated or damaged (names of a struct's fields)")
            cut = [names[begin : begin + length] for begin in range(0, len(names), length)]
            fields = [name.split(b"\0")[0].decode("utf-8") for name in cut]
            if len(set(fields)) < len(fields) or "" in fields:
                raise InputError("truncated or damaged (names of a struct's fields)")
        size = math.prod(shape)
        count = size * len(fields) if kind == _STRUCT else size
        if count > (len(data) - at) // 8 or (size > len(data) and kind == _STRUCT):  # a part takes 8 bytes at least
            raise InputError("truncated or damaged (parts of a cell or struct)")
        self.spend(128 * (size + count))
        parts = np.empty(count, object)
        for index in range(count):
            part_kind, part, at = self.element(data, at)
            if part_kind != _MATRIX:
                raise InputError("truncated or damaged (parts of a cell or struct)")
            parts[index] = self.matrix(part, depth)[1]
        if kind == _CELL:
            return parts.reshape(shape, order="F")
        if shape == (1, 1):
            return dict(zip(fields, parts, strict=True))
        records = np.empty(size, [(name, object) for name in fields])
        for place, name in enumerate(fields):
            records[name] = parts[place :: len(fields)]
        return records.reshape(shape, order="F")

    def text(self, data: bytes, at: int, shape: tuple[int, ...]) -> Value:
        """Return one line as a str; of several, each character is a byte, as in Octave."""
        kind, text, _ = self.element(data, at)
        if kind not in _TEXTS:
            return Other("a table of characters")
        little = {"<": "-le", ">": "-be"}[self.order] if _TEXTS[kind] in ("utf-16", "utf-32") else ""
        line = text.decode(_TEXTS[kind] + little)
        self.spend(8 * len(line))
        if shape == (0, 0) or (len(shape) == 2 and shape[0] == 1 and line):
            return line
        if not line.isascii() or len(line) != math.prod(shape):
            return Other("a table of characters")
        return np.frombuffer(line.encode("ascii"), "S1").reshape(shape, order="F")

    def sparse(
        self, data: bytes, at: int, shape: tuple[int, ...], *, is_complex: bool, is_logical: bool
    ) -> scipy.sparse.csc_array:
        rows, at = self.numbers(data, at)
        starts, at = self.numbers(data, at)
        values, _ = self.parts(data, at, is_complex=is_complex)
        counts: NDArray[Any] = np.diff(starts.astype(np.int64))
        total = int(starts[-1]) if starts.size == shape[1] + 1 and starts[0] == 0 and (counts >= 0).all() else -1
        if not 0 <= total <= min(rows.size, values.size):  # repeat() takes the memory that the counts ask for
            raise InputError("truncated or damaged (columns of a sparse matrix)")
        self.spend(8 * shape[1] + 32 * total)
        kept = values[:total].astype(bool if is_logical else np.complex128 if is_complex else np.float64)
        return sparse_array(shape, rows[:total], np.repeat(np.arange(shape[1]), counts), kept)

    def parts(self, data: bytes, at: int, *, is_complex: bool) -> tuple[NDArray[Any], int]:
        """Return numbers, which are stored as their real and then their imaginary parts where they are complex."""
        real, at = self.numbers(data, at)
        if not is_complex:
            return real, at
        imaginary, at = self.numbers(data, at)
        if imaginary.size != real.size:
            raise InputError("truncated or damaged (imaginary parts)")
        values = np.empty(real.size, np.complex128)
        values.real, values.imag = real, imaginary
        return values, at

    def numbers(self, data: bytes, at: int) -> tuple[NDArray[Any], int]:
        kind, values, at = self.element(data, at)
        dtype = np.dtype(self.order + _TYPES[kind]) if kind in _TYPES else None
        if dtype is None or len(values) % dtype.itemsize:
            raise InputError("truncated or damaged (values of an unknown type)")
        return np.frombuffer(values, dtype), at

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InputError(TOO_LARGE)
