"""A user's own examples: X and y from a MAT, NPZ, Octave text or CSV file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import FloatArray, InputError
from courseport.datasets.tables import MISSING, Table, load_table
from courseport.datasets.variables import Plain, holds_names, read_start, read_variables

_IDX_START = b"\0\0\x08"
_LABEL_NAMES = ("label", "labels", "y", "class", "target", "species", "digit", "category", "outcome", "diagnosis")

_SMALLEST_IMAGE = 64  # pixels

Column = str | int


class DataWarning(UserWarning):
    """A file was read in a way that may not be the one meant; the message says how to say it for certain."""


@dataclass(frozen=True)
class Examples:
    """The examples in a file, and how it was understood."""

    X: FloatArray  # shape (m, n), NaN where a value is missing
    # Labels, whole numbers or texts, or other numbers, shape (m,); a matrix of targets; None where the file has none.
    y: NDArray[Any] | None
    names: tuple[str, ...]  # the features'; empty where the file has none
    source: str  # the file, and what was understood of it, in one line
    missing: str = ""  # where values are missing, in words; empty where none is
    notes: tuple[str, ...] = ()  # what was left out or guessed
    label: str = ""  # the name of the labels' column, where it has one


class Trained(NamedTuple):
    """The columns that a network was trained with: their number, and their names where it has them."""

    inputs: int | None = None
    features: tuple[str, ...] = ()
    label: str = ""


def load_data(
    path: str | os.PathLike[str],
    *,
    x_name: str = "X",
    y_name: str = "y",
    label: Column | None = None,
    header: bool | None = None,
    drop: Sequence[Column] = (),
) -> tuple[FloatArray, NDArray[Any]]:
    """Return the examples in a file: X, one example a row, and y.

    Parameters
    ----------
    path : path-like
        A MAT file (v4 to v7), an NPZ file or an Octave text file with X and y in it; or a table as text, CSV or
        separated by semicolons, tabs or spaces, with the labels in one of its columns and a header line or none.
    x_name, y_name : str
        The names of X and y in a file that has names.
    label : str or int, optional
        The column of y in a table: its name, "first", "last", or its number, counted from 0 or from the end with -1,
        -2, ... Without it a column named label, y, class, target, ... is it, or the only column of texts, or the last.
    header : bool, optional
        Whether a table's first line holds names; told from the lines without it.
    drop : sequence of str or int
        Columns of a table to leave out.

    Returns
    -------
    X : ndarray of float64, shape (m, n)
    y : ndarray, shape (m,) or (m, K)
        A row, a column or a vector of m values comes as (m,), of int where all are whole numbers (labels), of str where
        they are texts, of float64 otherwise. A matrix of K targets a row comes as float64.

    """
    names: Any = {"x_name": x_name, "y_name": y_name}
    examples = read_examples(_checks.path("path", path), label=label, header=header, drop=drop, **names)
    for note in examples.notes:
        warnings.warn(f"{path}: {note}", DataWarning, stacklevel=2)
    if examples.missing:
        _checks.fail(f"{x_name} in {path}", "have finite values only", examples.missing)
    if examples.y is None:
        _checks.fail(str(path), f"hold {y_name}", "none")
    return examples.X, examples.y


def read_examples(
    path: Path,
    *,
    x_name: str = "X",
    y_name: str = "y",
    label: Column | None = None,
    header: bool | None = None,
    drop: Sequence[Column] = (),
    trained: Trained | None = None,
) -> Examples:
    """Return the examples in a file with all that was understood.

    For a network that was `trained`, y may be missing; a table's columns are chosen by the names it was trained with,
    where the table has them all, else by their number.
    """
    start = read_start(path)
    if holds_names(start, path.suffix):
        return _named_examples(path, x_name, y_name, needs_y=trained is None)
    if start.startswith(_IDX_START):
        raise InputError(f"{path} is one of MNIST's IDX files; load_mnist reads images and labels from their folder")
    table = load_table(path, header)
    return _table_examples(path, table, label, drop, trained or Trained())


def _named_examples(path: Path, x_name: str, y_name: str, *, needs_y: bool) -> Examples:
    variables = read_variables(path)
    where = f"{x_name} in {path}"
    given = _numbers(path, variables, x_name, "x_name (--x-name)")
    X = _checks.real_array(where, given, "a matrix of shape (m, n)")
    if X.ndim != 2:
        _checks.fail(where, "have shape (m, n)", X.shape)
    if X.size == 0:
        _checks.fail(where, "have at least one row and one column", f"shape {X.shape}")
    X = np.ascontiguousarray(X, dtype=np.float64)
    y = None
    if needs_y or y_name in variables:
        y = _targets(f"{y_name} in {path}", _numbers(path, variables, y_name, "y_name (--y-name)"), len(X))
    source = f"{path}: {len(X)} examples of {X.shape[1]} numbers, {x_name}" + ("" if y is None else f" and {y_name}")
    return Examples(X, y, (), source, _first_missing(X, None))


def _numbers(path: Path, variables: dict[str, Plain], name: str, option: str) -> NDArray[Any]:
    kinds = {}
    for key, value in variables.items():
        size = " x ".join(map(str, value.shape)) if isinstance(value, np.ndarray) else ""
        kinds[key] = size or ("a text" if isinstance(value, str) else getattr(value, "kind", ""))
    if name not in variables:
        holds = ", ".join(f"{key} ({kind})" for key, kind in kinds.items()) or "no variables"
        raise InputError(f"{path} must hold {name}, and holds {holds}; {option} chooses another name")
    found = variables[name]
    if not isinstance(found, np.ndarray):
        raise _checks.InputTypeError(f"{name} in {path} must be an array of real numbers, got {kinds[name]}")
    return found


def _table_examples(
    path: Path, table: Table, label: Column | None, drop: Sequence[Column], trained: Trained
) -> Examples:
    dropped = {_find_column(path, table, column, "drop") for column in drop}
    kept = [place for place in range(table.numbers.shape[1]) if place not in dropped]
    place = None if label is None else _find_column(path, table, label, "label")
    if trained.features and set(trained.features) <= set(table.names):
        features = [table.names.index(name) for name in trained.features]
        if place is None and trained.label in table.names:
            place = table.names.index(trained.label)
    else:
        if place is None and len(kept) != trained.inputs:
            if len(kept) < 2:
                _checks.fail(str(path), "have at least two columns, features and labels", len(kept))
            place = _label_column(table, kept)
        features = [column for column in kept if column != place]
    for column in features:
        if column in table.texts:
            seen = table.texts[column][0]
            way_out = f"--label or --drop {table.names[column] if table.names else column}"
            name = f"{path}: column {table.title(column)}"
            _checks.fail(name, f"hold numbers ({way_out})", f"texts such as {seen!r}")
    X = np.ascontiguousarray(table.numbers[:, features])
    y = None if place is None else _labels(f"y in {path}", table, place)
    names = tuple(table.names[column] for column in features) if table.names else ()
    told = "" if place is None else f"; label: column {table.title(place)}"
    header = "with" if table.names else "without"
    source = f"{path}: {len(X)} examples of {len(features)} numbers, {header} a header{told}"
    missing = _first_missing(X, table.lines, [table.title(column) for column in features])
    label_name = table.names[place] if table.names and place is not None else ""
    return Examples(X, y, names, source, missing, tuple(table.notes), label_name)


def _find_column(path: Path, table: Table, column: Column, option: str) -> int:
    """Return the place of a column given by name or number."""
    n_columns: int = table.numbers.shape[1]
    if isinstance(column, str):
        if column in table.names:
            return table.names.index(column)
        if column in ("first", "last"):
            return 0 if column == "first" else n_columns - 1
        if not (column.removeprefix("-").isdecimal() and column.isascii()):
            known = f"one of {', '.join(table.names)}, " if table.names else ""
            _checks.fail(option, f"be {known}first, last, or a number", repr(column))
        column = int(column)
    place = _checks.whole_number(option, column, -n_columns)
    if place >= n_columns:
        _checks.fail(option, f"be at most {n_columns - 1}, the last column of {path}", place)
    return int(place) % n_columns


def _label_column(table: Table, kept: Sequence[int]) -> int:
    """Return the column that most likely holds the labels: by its name, as the only one of texts, or the last."""
    named = [place for place in kept if table.names and table.names[place].lower() in _LABEL_NAMES]
    texts = [place for place in kept if place in table.texts]
    for sure in (named, texts):
        if len(sure) == 1:
            return sure[0]
    first, last = table.numbers[:, kept[0]], table.numbers[:, kept[-1]]
    # Pictures have black borders: where the last column is one and the same number, the labels stand in the first.
    if len(kept) > _SMALLEST_IMAGE and not table.names and (last == last[0]).all() and (first == np.trunc(first)).all():
        return kept[0] if (first != first[0]).any() else kept[-1]
    return kept[-1]


def _labels(where: str, table: Table, place: int) -> NDArray[Any]:
    if place in table.texts:
        labels = table.texts[place]
        for row in np.flatnonzero([label.lower() in MISSING - {"none", "-"} for label in labels]):
            _checks.fail(where, "have a label in each line", f"{str(labels[row])!r} in line {table.lines[row]}")
        return labels
    values = table.numbers[:, place]
    missing = np.flatnonzero(np.isnan(values))
    if missing.size:
        _checks.fail(where, "have finite values only", f"nan or nothing in line {table.lines[missing[0]]}")
    return _targets(where, values, len(values))


def _first_missing(X: FloatArray, lines: list[int] | None, titles: Sequence[str] = ()) -> str:
    """Say where values are missing; infinite ones are refused by the same words."""
    bad = np.argwhere(~np.isfinite(X))
    if not bad.size:
        return ""
    row, column = (int(place) for place in bad[0])
    if lines is None:
        return f"{X[row, column]} at [{row}, {column}]"
    rows = sorted({lines[int(at)] for at, _ in bad})
    columns = list(dict.fromkeys(titles[int(at)] for _, at in bad))
    some, others = (", ".join([*map(str, all_[:5]), *(["..."] if len(all_) > 5 else [])]) for all_ in (rows, columns))
    return f"{len(bad)} missing or infinite in lines {some}, columns {others}; --impute mean fills in the column's mean"


def _targets(name: str, y: NDArray[Any], m: int) -> NDArray[Any]:
    values = _checks.real_array(name, y, "a vector of labels or a matrix of targets").astype(np.float64)
    if values.size == m:
        values = values.ravel()
    elif values.ndim != 2 or values.shape[0] != m:
        _checks.fail(name, f"have one value or one row for each of the {m} rows of X", f"shape {values.shape}")
    _checks.finite(name, values)
    whole = values.ndim == 1 and np.array_equal(values, np.trunc(values)) and bool(np.all(np.abs(values) < 2.0**53))
    return values.astype(np.intp) if whole else values
