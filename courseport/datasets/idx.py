"""IDX, the format MNIST is published in: a header with type and shape, then big-endian values, last axis fastest."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import IntArray
from courseport.datasets.variables import check_size, is_gzipped, read_file, read_start

_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_LONGEST_HEADER = 4 + 4 * 255  # the number of axes is one byte
_PREFIXES = {"train": "train", "test": "t10k"}


def load_idx(path: str | os.PathLike[str]) -> NDArray[Any]:
    """Return the array in an IDX file, gzipped or not.

    Parameters
    ----------
    path : path-like
        The file. A plain file is mapped, not read: values come from the disk when they are used. A gzipped one is
        unpacked in memory.

    Returns
    -------
    ndarray
        Read-only, with the shape and the type in the file's header; a `numpy.memmap` where the file is not gzipped.

    Raises
    ------
    ValueError
        The file is no IDX file, or its length is not what its header says.
    OSError
        The file cannot be opened.
    """
    path = _checks.path("path", path)
    dtype, shape, offset = _read_header(path, read_start(path, _LONGEST_HEADER))
    expected = offset + dtype.itemsize * math.prod(shape)
    zipped = is_gzipped(path)
    if zipped:
        check_size(path, expected)
    content = read_file(path) if zipped else b""
    total = len(content) if zipped else path.stat().st_size
    if total != expected:
        _checks.fail(str(path), f"have {expected} bytes for shape {shape}", f"{total} bytes: truncated or damaged")
    if zipped:
        return np.frombuffer(content, dtype, offset=offset).reshape(shape)
    if 0 in shape:
        return np.empty(shape, dtype)  # nothing to map
    return np.memmap(path, dtype, mode="r", offset=offset, shape=shape)


def load_mnist(folder: str | os.PathLike[str], split: str = "train") -> tuple[NDArray[np.uint8], IntArray]:
    """Return MNIST (or a set published in its form, such as Fashion-MNIST) from its IDX files in `folder`.

    Parameters
    ----------
    folder : path-like
        Holds ``train-images-idx3-ubyte`` and ``train-labels-idx1-ubyte`` (or ``t10k-...`` for the test set), each
        plain or with ``.gz``.
    split : {"train", "test"}

    Returns
    -------
    X : ndarray of uint8, shape (m, 784)
        One image a row, unrolled row by row, values 0 to 255; a `numpy.memmap` where the file is not gzipped.
        ``course_features(X.reshape(-1, 28, 28))`` turns it into the course's 400 features.
    y : ndarray of int, shape (m,)
        The course's labels 1 to 10; digit 0 is 10.

    Raises
    ------
    FileNotFoundError
        One of the two files is not in `folder`.
    ValueError
        A file is damaged, is not what its name says, or the two differ in their number of examples.
    """
    prefix = _PREFIXES[_checks.choice("split", split, _PREFIXES)]
    images = load_idx(_find(_checks.path("folder", folder), f"{prefix}-images", "idx3-ubyte"))
    labels = load_idx(_find(_checks.path("folder", folder), f"{prefix}-labels", "idx1-ubyte"))
    if images.dtype != np.uint8 or images.ndim != 3:
        _checks.fail("the image file", "hold uint8 of shape (m, height, width)", f"{images.dtype} of {images.shape}")
    if labels.shape != images.shape[:1]:
        _checks.fail("the label file", f"hold one label for each of {len(images)} images", f"shape {labels.shape}")
    return images.reshape(len(images), math.prod(images.shape[1:])), course_labels(labels)


def course_labels(y: ArrayLike) -> IntArray:
    """Return digits 0 to 9 as the course's labels 1 to 10, with 0 as 10.

    Raises
    ------
    ValueError, TypeError
        `y` is not a vector of whole numbers 0 to 9.
    """
    digits = _checks.real_array("y", y, "a vector of digits 0 to 9")
    if digits.ndim != 1:
        _checks.fail("y", "have shape (m,)", digits.shape)
    wrong = ~np.isin(digits, np.arange(10))
    if wrong.any():
        _checks.fail("y", "hold digits 0 to 9 only", f"{digits[wrong][0]} at [{int(np.argmax(wrong))}]")
    labels = digits.astype(np.intp)
    labels[labels == 0] = 10
    return labels


def _find(folder: Path, stem: str, kind: str) -> Path:
    """Return the first of the names under which MNIST's files are found in the wild."""
    names = [f"{stem}{separator}{kind}{suffix}" for separator in "-." for suffix in ("", ".gz")]
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{folder} must hold {names[0]} or {names[1]}, and holds neither")


def _read_header(path: Path, start: bytes) -> tuple[np.dtype[Any], tuple[int, ...], int]:
    """Return type, shape and offset of the values."""
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _DTYPES or not 1 <= start[3] <= 32:
        _checks.fail(str(path), "be an IDX file, which begins with 0, 0, a type and 1 to 32 axes", start[:4])
    offset = 4 + 4 * start[3]
    if len(start) < offset:
        _checks.fail(str(path), f"have a header of {offset} bytes", f"{len(start)} bytes in all")
    dtype = np.dtype(_DTYPES[start[2]])
    shape = tuple(int(n) for n in np.frombuffer(start, ">u4", count=start[3], offset=4))
    return dtype, shape, offset
