"""Digits and iris: what the package brings, checked on every load; MNIST's own files; images as the course has them.

IDX, the format MNIST is published in, is a header with type and shape, then big-endian values, last axis fastest.
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.datasets.mat import parse_mat
from courseport.datasets.variables import check_size, is_gzipped, read_file, read_start

FEATURE_SIDE = 20  # the course's images are 20 x 20
_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_LONGEST_HEADER = 4 + 4 * 255  # the number of axes is one byte
_PREFIXES = {"train": "train", "test": "t10k"}


def load_digits() -> tuple[FloatArray, IntArray]:
    """Return the course's 5000 digits, X of shape (5000, 400) and y, equal to its ``ex4data1.mat`` within 1e-13.

    The images are the first 500 training images of each class of MNIST, resized to 20 x 20 as MATLAB does and unrolled
    column by column. They are ordered by class: 0, 1, ..., 9, with digit 0 labelled 10.
    """
    images, y = load_digit_images()
    return course_features(images), y


def load_digit_images() -> tuple[NDArray[np.uint8], IntArray]:
    """Return the 5000 digits as MNIST has them, upright bytes of shape (5000, 28, 28), and their labels 1 to 10."""
    contents: dict[str, Any] = parse_mat(_read_shipped("digits.mat"), 1 << 30)
    images: NDArray[np.uint8] = np.ascontiguousarray(contents["images"].transpose(2, 0, 1))
    return images, contents["labels"].ravel().astype(np.intp)


def load_iris() -> tuple[FloatArray, IntArray]:
    """Return Fisher's iris: sepal length and width, petal length and width in cm, and the species.

    Returns
    -------
    X : ndarray of float64, shape (150, 4)
    y : ndarray of int, shape (150,)
        1 setosa, 2 versicolor, 3 virginica; 50 rows each, in this order.
    """
    text = _read_shipped("iris.csv").decode("ascii")
    table = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=1)
    return np.ascontiguousarray(table[:, :-1]), table[:, -1].astype(np.intp)


def _read_shipped(name: str) -> bytes:
    """Return the bytes of a shipped file, after comparing them with the registry."""
    content = (_folder() / name).read_bytes()
    expected = tomllib.loads((_folder() / "registry.toml").read_text(encoding="utf-8"))[name]["sha256"]
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise _checks.InputError(
            f"the shipped file {_folder() / name} must have SHA-256 {expected}, got {found} "
            f"({len(content)} bytes): it was changed or damaged; reinstall courseport"
        )
    return content


def _folder() -> Traversable:
    """Return the folder of the shipped data: inside the installed package, beside it in a checkout."""
    packaged = files("courseport") / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def resize_matrix(n_out: int, n_in: int) -> FloatArray:
    """Return the matrix R, shape (n_out, n_in), that resizes a line of pixels as MATLAB's ``imresize`` does.

    Bicubic: the kernel of R. G. Keys (IEEE Trans. ASSP 29, 1981) with a = -1/2, widened by ``n_in / n_out`` when the
    line gets shorter (antialiasing), the weights of each output pixel normalised to sum 1, and the border replicated.
    An image is resized on both sides: ``R_rows @ image @ R_columns.T``.
    """
    n_out = _checks.whole_number("n_out", n_out, 1)
    n_in = _checks.whole_number("n_in", n_in, 1)
    scale = n_in / n_out
    width = max(scale, 1.0)
    centre = (np.arange(n_out) + 0.5) * scale - 0.5
    first = np.floor(centre - 2.0 * width).astype(np.intp)
    taps = first[:, None] + np.arange(int(np.ceil(4.0 * width)) + 2)
    x = np.abs((centre[:, None] - taps) / width)
    inner, outer = (1.5 * x - 2.5) * x * x + 1.0, ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    weights = np.where(x <= 1.0, inner, np.where(x < 2.0, outer, 0.0))  # Keys' kernel
    weights /= weights.sum(axis=1, keepdims=True)
    matrix = np.zeros((n_out, n_in))
    # Several taps fall on the same border pixel: add.at sums them, which is what replicating the border means.
    np.add.at(matrix, (np.arange(n_out)[:, None], np.clip(taps, 0, n_in - 1)), weights)
    return matrix


def course_features(images: ArrayLike) -> FloatArray:
    """Return images of bytes as rows of the course's X: divided by 255, resized to 20 x 20, unrolled column by column.

    `images` has the shape (m, height, width), as `load_digit_images` gives them, or MNIST's ``X.reshape(-1, 28, 28)``.
    X has the shape (m, 400); bicubic interpolation overshoots: values lie a little outside 0 to 1.
    """
    array = np.asarray(images)
    if array.dtype != np.uint8:
        raise _checks.InputTypeError(f"images must be an array of uint8, got dtype {array.dtype}")
    if array.ndim != 3 or array.size == 0:
        _checks.fail("images", "have shape (m, height, width), none of them 0", array.shape)
    m, height, width = array.shape
    rows, columns = resize_matrix(FEATURE_SIDE, height), resize_matrix(FEATURE_SIDE, width)
    # R @ image @ R.T as two products over all images at once; the swap between them makes the result column-major.
    narrow = (array.reshape(m * height, width) / 255.0) @ columns.T
    upright = narrow.reshape(m, height, FEATURE_SIDE).transpose(0, 2, 1).reshape(m * FEATURE_SIDE, height)
    return (upright @ rows.T).reshape(m, FEATURE_SIDE * FEATURE_SIDE)


def load_idx(path: str | os.PathLike[str]) -> NDArray[Any]:
    """Return the array in an IDX file, read-only, with the shape and the type in the file's header.

    A plain file is mapped, as a `numpy.memmap`, not read: values come from the disk when they are used. A gzipped one
    is unpacked in memory.
    """
    path = _checks.path("path", path)
    start = read_start(path, _LONGEST_HEADER)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in _DTYPES or not 1 <= start[3] <= 32:
        _checks.fail(str(path), "be an IDX file, which begins with 0, 0, a type and 1 to 32 axes", start[:4])
    offset = 4 + 4 * start[3]
    if len(start) < offset:
        _checks.fail(str(path), f"have a header of {offset} bytes", f"{len(start)} bytes in all")
    dtype = np.dtype(_DTYPES[start[2]])
    shape = tuple(int(n) for n in np.frombuffer(start, ">u4", count=start[3], offset=4))
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
    """Return digits 0 to 9, shape (m,), as the course's labels 1 to 10, with 0 as 10."""
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
