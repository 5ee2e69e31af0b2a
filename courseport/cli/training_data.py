"""The examples that commands train on: where they come from, what their labels mean, and which are held out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import FloatArray
from courseport.cli.tables import say_warning
from courseport.datasets import load_digits, load_mnist
from courseport.datasets.own_files import read_examples
from courseport.network.rows import RowSource, ScaledRows

_MOST_CLASSES = 1000
_LARGE = 10.0  # beyond, with first weights in [-0.12, 0.12], hidden units are saturated from the start
_SMOOTH = 0.75  # of the differences between any two pixels, those of neighbours: digits 0.4 to 0.65, tables 0.8 to 1


@dataclass(frozen=True)
class Split:
    """Examples to train on, and those held out."""

    X: RowSource  # scaled
    y: NDArray[Any]  # labels 1..K, or 0 and 1
    X_test: RowSource | None
    y_test: NDArray[Any] | None
    source: str  # where they come from, in words
    units: int  # output units for all the labels, those held out among them
    order: str = "F"  # how images are unrolled: "F" column by column, "C" row by row; empty where rows are no images
    label: str = ""  # the name of the labels' column, where it has one
    classes: tuple[str | int, ...] = ()  # the user's labels for 1..K or 0 and 1; empty where `y` has them
    features: tuple[str, ...] = ()  # their names; empty where they have none
    fill: FloatArray | None = None  # what missing values were replaced by
    mu: FloatArray | None = None  # what features were shifted and divided by
    sigma: FloatArray | None = None
    notes: tuple[str, ...] = ()  # what the user should know


def load_split(
    data: Path | None,
    test_fraction: float,
    seed: int,
    *,
    reading: Mapping[str, Any] | None = None,
    standardize: bool = False,
    impute: bool = False,
) -> Split:
    """Return the shipped digits, a user's file, or MNIST's own files in a folder, split for training.

    `reading` holds the options of `read_examples`. Means and standard deviations are those of the training examples.
    """
    if not 0 <= test_fraction < 1:
        _checks.fail("--test-fraction", "be at least 0 and below 1", f"{test_fraction:g}")
    if data is not None and data.is_dir():
        return _load_folder(data, test_fraction)
    if data is None:
        X, y = load_digits()
        whole = Split(X, y, None, None, "the shipped 5000 digits, 20 x 20 grey values", 10)
        scaled = True
    else:
        whole, scaled = _load_file(data, reading or {}, impute=impute)
        X, y = np.asarray(whole.X), whole.y
    split = whole
    if test_fraction:
        m, held_out = len(y), round(len(y) * test_fraction)
        if not 1 <= held_out < m:
            _checks.fail("--test-fraction", f"leave examples on both sides of {m}", f"{test_fraction:g}")
        order = np.random.default_rng(seed).permutation(m)
        train, test = np.sort(order[held_out:]), np.sort(order[:held_out])
        split = replace(whole, X=X[train], y=y[train], X_test=X[test], y_test=y[test])
    split = _filled(split)
    if standardize:
        X = np.asarray(split.X)
        mu, sigma = X.mean(axis=0), X.std(axis=0, ddof=1 if len(X) > 1 else 0)
        sigma[sigma == 0] = 1.0  # a constant feature becomes 0
        X_test = None if split.X_test is None else (np.asarray(split.X_test) - mu) / sigma
        before = 1.0 if split.sigma is None else split.sigma  # by which pixels were divided
        split = replace(split, X=(X - mu) / sigma, X_test=X_test, mu=mu * before, sigma=sigma * before)
    largest = float(np.abs(np.asarray(split.X)).max())
    if not scaled and largest > _LARGE:
        advice = "--standardize of courseport train, which scales them, usually gives much better results"
        split = replace(split, notes=(*split.notes, f"features reach {largest:g}, far from 0 to 1: {advice}"))
    for note in split.notes:
        say_warning(note)
    return split


def _load_file(data: Path, reading: Mapping[str, Any], *, impute: bool) -> tuple[Split, bool]:
    """Return a file's examples, and whether they are pixels that were brought to 0 to 1."""
    examples = read_examples(data, **reading)
    if examples.missing and not (impute and not np.isinf(examples.X).any()):
        _checks.fail(f"X in {data}", "have finite values only", examples.missing)
    if examples.y is None:
        _checks.fail(str(data), "hold labels", "none")
    y, classes = _encode(examples.y)
    X = examples.X
    units = 1 if set(np.unique(y).tolist()) <= {0, 1} else int(y.max())
    order = _image_order(X, whole_bytes=bool(examples.names) or data.suffix != ".mat")
    named = f"; {len(classes)} classes: {', '.join(map(str, classes[:6]))}{', ...' if len(classes) > 6 else ''}"
    source = examples.source + (named if classes else "")
    told: Any = {"label": examples.label, "classes": classes, "features": examples.names, "notes": examples.notes}
    are_bytes = X.min() >= 0 and 1 < X.max() <= 255 and np.array_equal(X, np.trunc(X))
    if not order or examples.missing or not are_bytes:
        return Split(X, y, None, None, source, units, order, **told), False
    told |= {"mu": np.zeros(X.shape[1]), "sigma": np.full(X.shape[1], 255.0)}
    return Split(X / 255.0, y, None, None, f"{source}; pixels divided by 255", units, order, **told), True


def _encode(y: NDArray[Any]) -> tuple[NDArray[Any], tuple[str | int, ...]]:
    """Return labels as the network takes them, 1..K or 0 and 1, and what they stand for where they were others."""
    if y.ndim == 2 and y.shape[1] > 1:
        if not (((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all()):
            _checks.fail("y", "hold labels, or one 1 and else 0 in each row", f"other values in shape {y.shape}")
        return y.argmax(axis=1) + 1, ()
    y = y.ravel()
    if y.dtype.kind == "f":
        _checks.fail("y", "hold labels: whole numbers or texts", f"{y[y != np.trunc(y)][0]:g}")
    kinds, codes = np.unique(y, return_inverse=True)
    if len(kinds) > _MOST_CLASSES:
        expected = f"hold labels of at most {_MOST_CLASSES} kinds"
        _checks.fail("y", expected, f"{len(kinds)}: a quantity, or another column")
    if kinds.dtype.kind != "U":
        found = kinds.tolist()
        if set(found) <= {0, 1} or found == list(range(1, len(found) + 1)):
            return y, ()
    if len(kinds) < 2:
        _checks.fail("y", "hold at least two kinds of labels", f"{kinds[0]} alone")
    return codes + (len(kinds) > 2), tuple(kinds.tolist())


def _image_order(X: FloatArray, *, whole_bytes: bool) -> str:
    """Tell whether rows are square images, by neighbours that are alike, and how they are unrolled."""
    side = round(X.shape[1] ** 0.5)
    if side < 8 or side * side != X.shape[1] or not np.isfinite(X).all():
        return ""
    some = X[:: max(1, len(X) // 500)].reshape(-1, side, side)
    near = (np.abs(np.diff(some, axis=1)).mean() + np.abs(np.diff(some, axis=2)).mean()) / 2
    flat = some.reshape(len(some), -1)
    far = np.abs(flat - flat[:, np.random.default_rng(0).permutation(side * side)]).mean()
    if near >= _SMOOTH * far:
        return ""
    return "C" if whole_bytes else "F"


def _filled(split: Split) -> Split:
    """Return the examples with the training columns' means in place of missing values."""
    parts = [np.asarray(part) for part in (split.X, split.X_test) if part is not None]
    if not any(np.isnan(part).any() for part in parts):
        return split
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a column without any value is told below
        fill = np.nanmean(parts[0], axis=0)
    if np.isnan(fill).any():
        _checks.fail("X", "have a value in each column", f"none in column {int(np.argmax(np.isnan(fill)))}")
    filled = [np.where(np.isnan(part), fill, part) for part in parts]
    X_test = filled[1] if len(filled) > 1 else None
    return replace(split, X=filled[0], X_test=X_test, fill=fill)


def _load_folder(folder: Path, test_fraction: float) -> Split:
    if test_fraction:
        _checks.fail("--test-fraction", "be left out for a folder, whose test set is held out", f"{test_fraction:g}")
    X, y = load_mnist(folder, "train")
    source = f"{len(y)} images of {folder}"
    pixels: dict[str, Any] = {"mu": np.zeros(X.shape[1]), "sigma": np.full(X.shape[1], 255.0)}
    split = Split(ScaledRows(X, 1 / 255), y, None, None, source, int(y.max()), "C", **pixels)
    try:
        X_test, y_test = load_mnist(folder, "test")
    except FileNotFoundError:
        return split
    if X_test.shape[1] != X.shape[1]:
        _checks.fail("the test images", f"have {X.shape[1]} pixels like the training images", X_test.shape[1])
    units = max(split.units, int(y_test.max()))
    return replace(split, X_test=ScaledRows(X_test, 1 / 255), y_test=y_test, units=units)
