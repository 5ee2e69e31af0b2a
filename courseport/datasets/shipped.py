"""The data that come with the package, checked against the registry on every load; images made as the course's are."""

from __future__ import annotations

import hashlib
import io
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.datasets.mat import parse_mat

FEATURE_SIDE = 20  # the course's images are 20 x 20


def load_digits() -> tuple[FloatArray, IntArray]:
    """Return the course's 5000 digits, equal to its ``ex4data1.mat`` within 1e-13.

    The images are the first 500 training images of each class of MNIST, resized to 20 x 20 as MATLAB does and unrolled
    column by column. They are ordered by class: 0, 1, ..., 9, with digit 0 labelled 10.

    Returns
    -------
    X : ndarray of float64, shape (5000, 400)
    y : ndarray of int, shape (5000,)
        Labels 1 to 10.

    Raises
    ------
    ValueError
        The shipped file is not the registered one.
    FileNotFoundError
        The shipped files are missing.
    """
    images, y = load_digit_images()
    return course_features(images), y


def load_digit_images() -> tuple[NDArray[np.uint8], IntArray]:
    """Return the 5000 digits as MNIST has them, upright, and their labels.

    Returns
    -------
    images : ndarray of uint8, shape (5000, 28, 28)
        ``images[i]`` is one image, row by row; 0 is the background.
    y : ndarray of int, shape (5000,)
        Labels 1 to 10; digit 0 is 10.
    """
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
    expected = _registry()[name]["sha256"]
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise _checks.InputError(
            f"the shipped file {_folder() / name} must have SHA-256 {expected}, got {found} "
            f"({len(content)} bytes): it was changed or damaged; reinstall courseport"
        )
    return content


@cache
def _registry() -> dict[str, Any]:
    return tomllib.loads((_folder() / "registry.toml").read_text(encoding="utf-8"))


def _folder() -> Traversable:
    """Return the folder of the shipped data: inside the installed package, beside it in a checkout."""
    packaged = files("courseport") / "_data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def resize_matrix(n_out: int, n_in: int) -> FloatArray:
    """Return the matrix R that resizes a line of `n_in` pixels to `n_out` as MATLAB's ``imresize`` does.

    Bicubic: the kernel of R. G. Keys (IEEE Trans. ASSP 29, 1981) with a = -1/2, widened by ``n_in / n_out`` when the
    line gets shorter (antialiasing), the weights of each output pixel normalised to sum 1, and the border replicated.
    An image is resized on both sides: ``R_rows @ image @ R_columns.T``.

    Parameters
    ----------
    n_out, n_in : int
        Numbers of pixels, at least 1.

    Returns
    -------
    ndarray of float64, shape (n_out, n_in)
        The rows sum to 1.
    """
    n_out = _checks.whole_number("n_out", n_out, 1)
    n_in = _checks.whole_number("n_in", n_in, 1)
    scale = n_in / n_out
    width = max(scale, 1.0)
    centre = (np.arange(n_out) + 0.5) * scale - 0.5
    first = np.floor(centre - 2.0 * width).astype(np.intp)
    taps = first[:, None] + np.arange(int(np.ceil(4.0 * width)) + 2)
    weights = _keys_kernel((centre[:, None] - taps) / width)
    weights /= weights.sum(axis=1, keepdims=True)
    matrix = np.zeros((n_out, n_in))
    # Several taps fall on the same border pixel: add.at sums them, which is what replicating the border means.
    np.add.at(matrix, (np.arange(n_out)[:, None], np.clip(taps, 0, n_in - 1)), weights)
    return matrix


def _keys_kernel(x: FloatArray) -> FloatArray:
    """Return Keys' cubic kernel with a = -1/2; it is 0 from |x| = 2 on."""
    x = np.abs(x)
    inner = (1.5 * x - 2.5) * x * x + 1.0
    outer = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    return np.where(x <= 1.0, inner, np.where(x < 2.0, outer, 0.0))


def course_features(images: ArrayLike) -> FloatArray:
    """Return images of bytes as rows of the course's X: divided by 255, resized to 20 x 20, unrolled column by column.

    Parameters
    ----------
    images : array_like of uint8, shape (m, height, width)
        For example `load_digit_images` or MNIST rows as ``X.reshape(-1, 28, 28)``.

    Returns
    -------
    ndarray of float64, shape (m, 400)
        Bicubic interpolation overshoots: values lie a little outside 0 to 1.

    Raises
    ------
    ValueError, TypeError
        `images` has another shape or dtype.
    """
    array = np.asarray(images)
    if array.dtype != np.uint8:
        raise _checks.InputTypeError(f"images must be an array of uint8, got dtype {array.dtype}")
    if array.ndim != 3 or array.size == 0:
        _checks.fail("images", "have shape (m, height, width), none of them 0", array.shape)
    return _resize_and_unroll(array)


def _resize_and_unroll(images: NDArray[np.uint8]) -> FloatArray:
    m, height, width = images.shape
    rows, columns = resize_matrix(FEATURE_SIDE, height), resize_matrix(FEATURE_SIDE, width)
    # R @ image @ R.T as two products over all images at once; the swap between them makes the result column-major.
    narrow = (images.reshape(m * height, width) / 255.0) @ columns.T
    upright = narrow.reshape(m, height, FEATURE_SIDE).transpose(0, 2, 1).reshape(m * FEATURE_SIDE, height)
    return (upright @ rows.T).reshape(m, FEATURE_SIDE * FEATURE_SIDE)
