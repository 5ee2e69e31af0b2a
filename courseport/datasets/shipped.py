"""The data that come with the package, checked against the registry on every load."""

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
import scipy.io
from numpy.typing import NDArray

from courseport._checks import FloatArray, IntArray
from courseport.datasets.images import course_features


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
    stream = io.BytesIO(_read_shipped("digits.mat"))
    contents = scipy.io.loadmat(stream)  # type: ignore[arg-type]  # an open file is documented, the stubs leave it out
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
        raise ValueError(
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
