"""The examples of `courseport train` and `predict`: where they come from, and which are held out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import IntArray
from courseport.datasets import load_data, load_digits, load_mnist
from courseport.network.rows import RowSource, ScaledRows


@dataclass(frozen=True)
class Split:
    """Examples to train on, and those held out.

    Attributes
    ----------
    X, y : row source and ndarray
        The examples to train on.
    X_test, y_test : the same, or None
        Held out.
    source : str
        Where they come from, in words.
    order : str
        How images are unrolled: "F" column by column, "C" row by row.
    units : int
        Output units for all the labels, those held out among them.
    """

    X: RowSource
    y: NDArray[Any]
    X_test: RowSource | None
    y_test: NDArray[Any] | None
    source: str
    order: str
    units: int


def load_split(data: Path | None, test_fraction: float, seed: int) -> Split:
    """Return the shipped digits, a user's file, or MNIST's own files in a folder, split for training."""
    _check_fraction(test_fraction)
    if data is not None and data.is_dir():
        return _load_folder(data, test_fraction)
    X, y = load_digits() if data is None else load_data(data)
    y = labels_of(y)
    source = "the shipped 5000 digits, 20 x 20 grey values" if data is None else str(data)
    if test_fraction == 0:
        return Split(X, y, None, None, source, "F", count_labels(y))
    train, test = _shuffled_parts(len(y), test_fraction, seed)
    return Split(X[train], y[train], X[test], y[test], source, "F", count_labels(y))


def count_labels(y: NDArray[Any]) -> int:
    """Return the number of output units for labels `y`: one for 0/1, else the largest label."""
    labels = np.asarray(y)
    if set(np.unique(labels).tolist()) <= {0, 1}:
        return 1
    largest = labels.max()
    if not 1 <= largest <= 10_000:
        _checks.fail("y", "hold labels 0/1 or 1..K", f"a largest label of {largest:g}")
    return int(largest)


def labels_of(y: NDArray[Any]) -> NDArray[Any]:
    """Return the labels of a matrix with one 1 in each row, the course's Y; labels as they are."""
    if y.ndim != 2 or y.shape[1] == 1:
        return y
    if not (((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all()):
        _checks.fail("y", "hold labels, or one 1 and else 0 in each row", f"other values in shape {y.shape}")
    labels: NDArray[Any] = y.argmax(axis=1) + 1
    return labels


def _load_folder(folder: Path, test_fraction: float) -> Split:
    if test_fraction:
        _checks.fail("--test-fraction", "be left out for a folder, whose test set is held out", f"{test_fraction:g}")
    X, y = load_mnist(folder, "train")
    source = f"{len(y)} images of {folder}"
    try:
        X_test, y_test = load_mnist(folder, "test")
    except FileNotFoundError:
        return Split(ScaledRows(X, 1 / 255), y, None, None, source, "C", count_labels(y))
    if X_test.shape[1] != X.shape[1]:
        _checks.fail("the test images", f"have {X.shape[1]} pixels like the training images", X_test.shape[1])
    return Split(ScaledRows(X, 1 / 255), y, ScaledRows(X_test, 1 / 255), y_test, source, "C", count_labels(y))


def _check_fraction(test_fraction: float) -> None:
    if not 0 <= test_fraction < 1:
        _checks.fail("--test-fraction", "be at least 0 and below 1", f"{test_fraction:g}")


def _shuffled_parts(m: int, test_fraction: float, seed: int) -> tuple[IntArray, IntArray]:
    held_out = round(m * test_fraction)
    if not 1 <= held_out < m:
        _checks.fail("--test-fraction", f"leave examples on both sides of {m}", f"{test_fraction:g}")
    order = np.random.default_rng(seed).permutation(m)
    return np.sort(order[held_out:]), np.sort(order[:held_out])
