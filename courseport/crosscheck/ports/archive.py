"""The two formats of golden files: a text, and values by their names, sealed with a checksum.

A value that the format keeps bit by bit is itself in the file, for whoever opens it. Any other one is there as bytes,
as `courseport.octave.values` writes them, under its name and ``_bytes``. Nothing is pickled or packed: no file can take
more memory than it has bytes, a few times over. A SHA-256 over all other bytes tells a file that is damaged.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import scipy.io
import scipy.sparse

from courseport._checks import InputError
from courseport._files import MARK
from courseport.datasets.mat import parse_mat
from courseport.datasets.variables import limit_bytes
from courseport.octave.values import UNREADABLE, read, value_bytes

SUFFIXES = (".npz", ".mat")
# What `unpack` raises where it is given something else, or what a hostile hand has made.
BROKEN = (*UNREADABLE, MemoryError, RuntimeError, zipfile.BadZipFile)
_SEAL = f"{MARK} sha256 ".encode()  # and 64 digits: in a .mat file at the end of its heading, in an .npz at its end
_HEADING = b"MATLAB 5.0 MAT-file ".ljust(116 - len(_SEAL) - 64) + _SEAL
_DIGITS = b"0" * 64
_ZIP = b"PK"
_BYTES = "_bytes"


def pack(about: str, values: Mapping[str, Any], suffix: str) -> bytes:
    """Return the bytes of a file: the same ones for the same values, whenever and wherever they are written."""
    entries = {}
    for name, value in values.items():
        if _keeps(value, suffix):
            entries[name] = value
        else:
            entries[name + _BYTES] = np.frombuffer(value_bytes([value]), np.uint8)[None, :]
    content = (_npz if suffix == ".npz" else _mat)(about, entries)
    digits = _digits(content)
    return content[: digits.start] + _checksum(content) + content[digits.stop :]


def is_whole(content: bytes) -> bool:
    """Tell whether the checksum is the one of the bytes."""
    digits = _digits(content)
    return content[digits] == _checksum(content[: digits.start] + _DIGITS + content[digits.stop :])


def unpack(content: bytes) -> tuple[str, dict[str, Any]]:
    """Return the text and the values in the bytes of a file.

    Raises
    ------
    One of BROKEN
        There is something else.
    """
    about, entries = _read_npz(content) if content.startswith(_ZIP) else _read_mat(content)
    return about, {
        name.removesuffix(_BYTES): from_bytes(np.asarray(kept, np.uint8).tobytes()) if name.endswith(_BYTES) else kept
        for name, kept in entries.items()
    }


def from_bytes(content: bytes) -> Any:
    """Return the value that stands in bytes."""
    stream = io.BytesIO(content)
    value = read(stream)
    if stream.read(1):
        raise InputError("there are bytes after a value")
    return value


def _digits(content: bytes) -> slice:
    """Return where the digits of the checksum are; nowhere, if there are none."""
    at = content.rfind(_SEAL) if content.startswith(_ZIP) else content.find(_SEAL, 0, 116)
    return slice(at + len(_SEAL), at + len(_SEAL) + 64) if at >= 0 else slice(0, 0)


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _keeps(value: Any, suffix: str) -> bool:
    """Tell whether the format keeps a value bit by bit as its own kind of value."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return True
    # Octave reads sparse logicals in a MAT file as numbers.
    if scipy.sparse.issparse(value) and value.dtype == np.bool_:  # type: ignore[attr-defined] # all have one
        return False
    if suffix == ".npz":
        is_text = isinstance(value, str) and bool(value) and value.isascii() and value.isprintable()
        return is_text or (isinstance(value, np.ndarray) and value.dtype.kind == "c")
    try:
        with warnings.catch_warnings(action="error"):  # SciPy warns of fields that it leaves out
            _, entries = _read_mat(_mat("", {"value": value}))
        return value_bytes([entries["value"]]) == value_bytes([value])
    except (*UNREADABLE, Warning):
        return False


def _npz(about: str, entries: dict[str, Any]) -> bytes:
    """Return an archive without compression, and with one date: np.load reads it, and git sees what has changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, value in [("about.json", about), *entries.items()]:
            member = io.BytesIO()
            if name == "about.json":
                member.write(about.encode())
            else:
                np.lib.format.write_array(member, np.asarray(value), (1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(name if name == "about.json" else f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same wherever it is written
            archive.writestr(info, member.getvalue())
        archive.comment = _SEAL + _DIGITS
    return stream.getvalue()


def _read_npz(content: bytes) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        # Nothing that we write is packed: no file can take more memory than it has bytes, a few times over.
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise InputError("it holds packed data")
        if sum(member.file_size for member in members) > len(content):
            raise InputError("its parts are larger than the file")
        contents = {member.filename: archive.read(member) for member in members}
        about = contents.pop("about.json")
        return about.decode(), {name.removesuffix(".npy"): _read_array(array) for name, array in contents.items()}


def _read_array(content: bytes) -> Any:
    """Return the array in the bytes of an .npy file; np.load would take the memory its heading asks for."""
    stream = io.BytesIO(content)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise InputError("an array has an unknown heading")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.kind not in "biufcU" or dtype.hasobject:
        raise InputError(f"an array has the dtype {dtype}")
    array = np.frombuffer(content, dtype, offset=stream.tell()).reshape(shape, order="F" if by_columns else "C")
    return str(array) if dtype.kind == "U" else np.array(array, order="F")


def _mat(about: str, entries: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, {"about": about, **entries})  # type: ignore[arg-type] # it takes open files, too
    # SciPy's heading has the time.
    return _HEADING + _DIGITS + stream.getvalue()[116:]


def _read_mat(content: bytes) -> tuple[str, dict[str, Any]]:
    entries = dict(parse_mat(content, limit_bytes()))
    return str(entries.pop("about")), entries
