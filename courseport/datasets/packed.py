"""Reading files that may be gzipped: told from their first two bytes, and unpacked on the way."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


def is_gzipped(path: Path) -> bool:
    """Return whether the file begins as gzip files do."""
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def open_packed(path: Path) -> io.BufferedIOBase:
    """Open a file for reading bytes, unpacked."""
    return gzip.open(path) if is_gzipped(path) else path.open("rb")


def read_packed(path: Path, size: int = -1) -> bytes:
    """Return the first `size` bytes of a file, or all, unpacked; a damaged gzip file is a ValueError."""
    with open_packed(path) as stream:
        try:
            return stream.read(size)
        except _DAMAGE as error:
            raise ValueError(f"{path} is a damaged gzip file: {error}") from error
