"""Named arrays from a file: MAT v4 to v7, NPZ, or Octave's text format, told apart by their first bytes.

Every file of a user's is read by `read_file`, or its start by `read_start`: regular files only, and no more than fits.
"""

from __future__ import annotations

import gzip
import io
import math
import os
import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import FloatArray, InputError
from courseport.datasets.mat import parse_mat
from courseport.datasets.mat_v4 import Other, Value

Plain = NDArray[Any] | str | Other  # what is read of a file of data
Variables = dict[str, NDArray[Any]]

LIMIT = "COURSEPORT_MAX_DATA_MB"  # the environment variable, and its default
_DEFAULT_MB = 2048
_MEGABYTE = 1 << 20

_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF"
_OCTAVE_BINARY = b"Octave-1-"
_OCTAVE_TEXT = (b"# Created by Octave", b"# name:")
_MARKS = (b"MATLAB 5.0", b"MATLAB 7.3", _ZIP, _HDF5, _OCTAVE_BINARY, *_OCTAVE_TEXT)
_FOREIGN = {
    b"version https://git-lfs": "a Git-LFS pointer, which stands for the file: git lfs pull fetches it",
    b"<!doctype html": "a web page: the download got a page in place of the file",
    b"<html": "a web page: the download got a page in place of the file",
}


def load_variables(path: str | os.PathLike[str]) -> Variables:
    """Return the arrays of numbers in a MAT file (v4 to v7), an NPZ file or an Octave text file, by name.

    The format is told from the first bytes. A gzipped file is unpacked on the way. Sparse matrices are filled in;
    texts, cells, structs and complex numbers are left out.

    Raises
    ------
    OSError
        The file cannot be opened.
    """
    return {
        name: value
        for name, value in read_variables(_checks.path("path", path)).items()
        if isinstance(value, np.ndarray)
    }


def read_variables(path: Path) -> dict[str, Plain]:
    """Return all variables in a file: arrays of real numbers, texts, and of others what they are."""
    return {name: _real(f"{name} in {path}", value) for name, value in read_values(path).items()}


def _real(name: str, value: Value) -> Plain:
    if isinstance(value, (str, Other)):
        return value
    if isinstance(value, dict) or value.dtype.names is not None:
        return Other("a struct")
    if value.dtype.kind in "OSc":
        return Other({"O": "a cell", "S": "a table of characters", "c": "complex numbers"}[value.dtype.kind])
    if isinstance(value, np.ndarray):
        return value
    if 8 * math.prod(value.shape) > limit_bytes():
        raise InputError(f"{name} takes more memory than allowed; the environment's {LIMIT} sets the limit")
    return value.toarray()


def read_values(path: Path) -> dict[str, Value]:
    """Return all variables in a file, as `courseport.octave.values` has them; what has no form there is an Other."""
    content = read_file(path)
    if content.startswith(_HDF5) or content[512:].startswith(_HDF5):
        raise InputError(f"{path} is HDF5 (MATLAB's version 7.3), which is not read; save it with: save -v7")
    if content.startswith(_OCTAVE_BINARY):
        raise InputError(f"{path} is in Octave's binary format, which is not read; save it with: save -v7")
    tell_foreign(path, content)
    what = "MAT"
    try:
        if content.startswith(_ZIP):
            what = "NPZ"
            return _read_npz(content)
        if content.startswith(_OCTAVE_TEXT):
            what = "Octave text"
            return parse_octave_text(content.decode("utf-8").replace("\r\n", "\n"))
        return parse_mat(content, limit_bytes())
    except (ValueError, MemoryError) as error:
        start = content[:60].splitlines()[0]
        is_text = what == "MAT" and not start.startswith(_MARKS) and start.isascii() and start.decode().isprintable()
        begins = f": it is a text, which begins with {start.decode()!r}" if is_text else ""
        raise InputError(f"{path} cannot be read as {what}{begins}: {str(error) or 'it is too large'}") from error


def limit_bytes() -> int:
    """Return how many bytes one file may take in memory, unpacked: COURSEPORT_MAX_DATA_MB, or 2048 MB."""
    text = os.environ.get(LIMIT, str(_DEFAULT_MB))
    if not text.isdecimal() or not 1 <= int(text) <= 1 << 40:
        _checks.fail(LIMIT, "be a whole number of megabytes >= 1", repr(text))
    return int(text) * _MEGABYTE


def read_start(path: Path, size: int = 1024) -> bytes:
    """Return the first bytes of a file, unpacked where it is gzipped."""
    _check_regular(path)
    start = _guarded(path, lambda stream: stream.read(size))
    if not start:
        raise InputError(f"{path} is empty")
    return start


def read_file(path: Path) -> bytes:
    """Return the bytes of a file, unpacked where it is gzipped; what would take too much memory is refused before."""
    most = limit_bytes()

    def read(stream: io.BufferedIOBase) -> bytes:
        size = path.stat().st_size
        if isinstance(stream, gzip.GzipFile):  # counted first: a small file may unpack to more than there is memory
            size = 0
            while size <= most and (block := stream.read(_MEGABYTE)):
                size += len(block)
            stream.seek(0)
        check_size(path, size)
        return stream.read()

    read_start(path)
    return _guarded(path, read)


def check_size(path: Path, size: int) -> None:
    """Refuse what takes more bytes than are allowed."""
    if size > limit_bytes():
        allowed = limit_bytes() // _MEGABYTE
        raise InputError(f"{path} must hold at most {allowed} MB, unpacked; the environment's {LIMIT} sets the limit")


def holds_names(start: bytes, suffix: str) -> bool:
    """Tell a file of named arrays from a table of text, by its first bytes, or its suffix: MAT v4 has no mark."""
    return start.startswith(_MARKS) or suffix.lower() in (".mat", ".npz")


def tell_foreign(path: Path, content: bytes) -> None:
    """Refuse what is often found in place of data, saying what it is."""
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, what in _FOREIGN.items():
        if start.startswith(mark):
            raise InputError(f"{path} is {what}")


def is_gzipped(path: Path) -> bool:
    """Return whether the file begins as gzip files do."""
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _check_regular(path: Path) -> None:
    # Opening a pipe waits for its writer, and a device may never end: they are told before they are opened.
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(f"{path} is a folder, not a file; a folder of MNIST's IDX files is read by load_mnist")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} must be a regular file, got a pipe or a device; save its contents to a file first")


def _guarded(path: Path, read: Any) -> bytes:
    with gzip.open(path) if is_gzipped(path) else path.open("rb") as stream:
        try:
            content: bytes = read(stream)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"{path} is a damaged gzip file: {error}") from error
        return content


def _read_npz(content: bytes) -> dict[str, Value]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size <= limit_bytes():
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return {name: _npz_value(arrays[name]) for name in arrays.files}
    except Exception as error:
        raise InputError(f"truncated or damaged, or no NPZ ({error})") from error
    raise InputError(f"it takes more memory than allowed; the environment's {LIMIT} sets the limit")


def _npz_value(value: Any) -> Value:
    if not isinstance(value, np.ndarray):
        return Other("no array")  # a member that numpy did not write
    if value.dtype.kind == "U":
        return str(value) if value.ndim == 0 else value.astype(object)
    return value if value.dtype.kind in "biufc" or value.dtype == "S1" else Other(f"of dtype {value.dtype}")


_VARIABLE = re.compile(r"^# name: (?P<name>.*)\n# type: (?P<type>.*)\n", re.MULTILINE)
_NUMBERS = re.compile(r"(global )?(float |bool |u?int\d+ )?(scalar|matrix|bool)")
_RANGES = ("range", "double_range")
_CONTAINERS = ("cell", "struct", "object")


def parse_octave_text(text: str) -> dict[str, Value]:
    """Return the real matrices, scalars and ranges of an Octave text file as float64, and its one-line texts, by name.

    Raises
    ------
    ValueError
        A variable has fewer values than its size says, a value is no number, or the file holds a cell or a struct,
        whose members cannot be told from variables.
    """
    found = list(_VARIABLE.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    variables: dict[str, Value] = {}
    for match, end in zip(found, ends, strict=True):
        name, kind = match["name"], match["type"]
        body = text[match.end() : end]
        if any(container in kind for container in _CONTAINERS):
            raise InputError(f"{name} is a {kind}, which is not read from Octave text; save it with: save -v7")
        if _NUMBERS.fullmatch(kind):
            variables[name] = _parse_numbers(name, body)
        elif kind in _RANGES:
            variables[name] = _parse_range(name, body)
        elif "string" in kind and body.startswith("# elements: 1\n"):
            variables[name] = body.split("\n", 2)[2].rstrip("\n")
        else:
            variables[name] = Other(f"a {kind}")
        if sum(value.nbytes for value in variables.values() if isinstance(value, np.ndarray)) > limit_bytes():
            raise InputError(f"it takes more memory than allowed; the environment's {LIMIT} sets the limit")
    return variables


def _parse_numbers(name: str, body: str) -> FloatArray:
    header = dict(re.findall(r"^# (\w+): (\d+)$", body, re.MULTILINE))
    values = _floats(name, body)
    if "ndims" in header:  # the sizes come first, then the values column by column
        sizes, values = np.split(values, [min(int(header["ndims"]), values.size)])
        if not all(0 <= size < 2**31 for size in sizes) or sizes.size > 32:
            raise InputError(f"{name} must have sizes that are whole numbers: truncated or damaged")
        shape = tuple(int(size) for size in sizes)
        return _checked(name, values, shape).reshape(shape, order="F")
    shape = (int(header.get("rows", 1)), int(header.get("columns", 1)))
    return _checked(name, values, shape).reshape(shape)


def _parse_range(name: str, body: str) -> FloatArray:
    base, limit, increment = map(float, _checked(name, _floats(name, body), (3,)))
    if not np.isfinite([base, limit, increment]).all() or increment == 0:
        raise InputError(f"{name} must be a range of finite numbers with an increment, got {base}:{increment}:{limit}")
    steps = (limit - base) / increment * (1.0 + np.finfo(np.float64).eps)
    if not steps < limit_bytes() / 8:
        raise InputError(f"{name} must be a range that fits into memory, got {base:g}:{increment:g}:{limit:g}")
    values = base + increment * np.arange(math.floor(steps) + 1, dtype=np.float64)
    # Octave lets no element pass the limit: 0:0.1:0.3 ends in 0.3, not in 3 * 0.1
    return np.clip(values, min(base, limit), max(base, limit))[None, :]


def _floats(name: str, body: str) -> FloatArray:
    lines = (line for line in body.splitlines() if not line.startswith("#"))
    try:
        return np.array([float(word) for line in lines for word in line.split()])
    except ValueError as error:
        raise InputError(f"{name}: {error}") from error


def _checked(name: str, values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    if len(values) != math.prod(shape):
        size = " x ".join(map(str, shape))
        raise InputError(
            f"{name} must have {math.prod(shape)} values ({size}), got {len(values)}: truncated or damaged"
        )
    return values
