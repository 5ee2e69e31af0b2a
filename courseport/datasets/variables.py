"""Named arrays from a file: MAT v4 to v7, NPZ, or Octave's text format, told apart by their first bytes."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
from numpy.typing import NDArray

from courseport.datasets.octave_text import parse_octave_text
from courseport.datasets.packed import open_packed, read_packed

Variables = dict[str, NDArray[Any]]

# What scipy.io, zlib, zipfile and numpy raise on a truncated, damaged or foreign file.
_DAMAGE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
    RuntimeError,
    OSError,
    EOFError,
    NotImplementedError,
    zlib.error,
    zipfile.BadZipFile,
    scipy.io.matlab.MatReadError,
)
_ZIP = b"PK\x03\x04"
_HDF5 = b"\x89HDF"
_OCTAVE_BINARY = b"Octave-1-"
_OCTAVE_TEXT = (b"# Created by Octave", b"# name:")
_MARKS = (b"MATLAB 5.0", b"MATLAB 7.3", _ZIP, _HDF5, _OCTAVE_BINARY, *_OCTAVE_TEXT)


def load_variables(path: str | os.PathLike[str]) -> Variables:
    """Return the arrays in a MAT file (v4 to v7), an NPZ file or an Octave text file, by name.

    The format is told from the first bytes. A gzipped file is unpacked on the way. Sparse matrices are filled in; what
    is no array of numbers (texts, cells, structs) is left as SciPy gives it.

    Raises
    ------
    ValueError
        The file is damaged, truncated, or of no known format. The message says what to do with a MAT file of version
        7.3 and with Octave's binary and HDF5 formats.
    OSError
        The file cannot be opened.
    """
    path = Path(path)
    start = read_start(path)
    kind, read = _format_of(path, start)
    with open_packed(path) as stream:
        try:
            return read(stream)
        except _DAMAGE as error:
            raise ValueError(f"{path} cannot be read as {kind}: {error}") from error


def read_start(path: Path) -> bytes:
    """Return the first 1024 bytes of a file, unpacked where it is gzipped."""
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, not a file; a folder of MNIST's IDX files is read by load_mnist")
    start = read_packed(path, 1024)
    if not start:
        raise ValueError(f"{path} is empty")
    return start


def holds_names(start: bytes, suffix: str) -> bool:
    """Tell a file of named arrays from a table of text, by its first bytes, or its suffix: MAT v4 has no mark."""
    return start.startswith(_MARKS) or suffix.lower() in (".mat", ".npz")


def _format_of(path: Path, start: bytes) -> tuple[str, Callable[[io.BufferedIOBase], Variables]]:
    if start.startswith(_HDF5) or start[512:].startswith(_HDF5):
        raise ValueError(f"{path} is HDF5 (MATLAB's version 7.3), which is not read; save it with: save -v7")
    if start.startswith(_OCTAVE_BINARY):
        raise ValueError(f"{path} is in Octave's binary format, which is not read; save it with: save -v7")
    if start.startswith(_ZIP):
        return "NPZ (a damaged file, or no NPZ)", _read_npz
    if start.startswith(_OCTAVE_TEXT):
        return "Octave text", _read_octave_text
    return "MAT (a damaged or truncated file, or another format)", _read_mat


def _read_mat(stream: io.BufferedIOBase) -> Variables:
    contents: dict[str, Any] = scipy.io.loadmat(stream)  # type: ignore[arg-type]  # the stubs leave open files out
    return {
        name: value.toarray() if hasattr(value, "toarray") else value  # a sparse matrix
        for name, value in contents.items()
        if not name.startswith("__")  # SciPy's own entries
    }


def _read_npz(stream: io.BufferedIOBase) -> Variables:
    with np.load(stream, allow_pickle=False) as archive:
        return dict(archive.items())


def _read_octave_text(stream: io.BufferedIOBase) -> Variables:
    return parse_octave_text(stream.read().decode("utf-8").replace("\r\n", "\n"))
