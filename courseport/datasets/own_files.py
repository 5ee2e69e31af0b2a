"""A user's own examples: X and y from a MAT, NPZ, Octave text or CSV file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.datasets.table import load_table
from courseport.datasets.variables import Variables, holds_names, load_variables, read_start

_IDX_START = b"\0\0\x08"


def load_data(
    path: str | os.PathLike[str], *, x_name: str = "X", y_name: str = "y", label_column: int = -1
) -> tuple[FloatArray, IntArray | FloatArray]:
    """Return the examples in a file: X, one example a row, and y.

    Parameters
    ----------
    path : path-like
        A MAT file (v4 to v7), an NPZ file or an Octave text file with X and y in it; or a table of numbers as text, CSV
        or separated by semicolons, tabs or spaces, with the labels in one of its columns and a header line or none.
    x_name, y_name : str
        The names of X and y in a file that has names.
    label_column : int
        The column of y in a table, counted from 0, or from the end with -1, -2, ...; the others are X.

    Returns
    -------
    X : ndarray of float64, shape (m, n)
    y : ndarray, shape (m,) or (m, K)
        A row, a column or a vector of m values comes as (m,), of int where all are whole numbers (labels), of float64
        otherwise. A matrix of K targets a row comes as float64.

    Raises
    ------
    ValueError, TypeError
        The file is damaged or of no known format, X or y is not in it, they are no finite real numbers, or differ in
        their number of examples.
    OSError
        The file cannot be opened.
    """
    path = Path(path)
    start = read_start(path)
    if holds_names(start, path.suffix):
        variables = load_variables(path)
        X, y = (_variable(path, variables, name, option) for name, option in ((x_name, "x_name"), (y_name, "y_name")))
    elif start.startswith(_IDX_START):
        raise ValueError(f"{path} is one of MNIST's IDX files; load_mnist reads images and labels from their folder")
    else:
        x_name, y_name = "X", "y"
        X, y = _split_columns(path, load_table(path), label_column)
    X = np.ascontiguousarray(_checks.real_matrix(f"{x_name} in {path}", X))
    return X, _targets(f"{y_name} in {path}", y, len(X))


def _variable(path: Path, variables: Variables, name: str, option: str) -> NDArray[Any]:
    if name not in variables:
        sizes = [f"{key} ({' x '.join(map(str, np.shape(value)))})" for key, value in variables.items()]
        holds = ", ".join(sizes) or "no variables"
        raise ValueError(f"{path} must hold {name}, and holds {holds}; {option} chooses another name")
    return variables[name]


def _split_columns(path: Path, table: FloatArray, label_column: int) -> tuple[FloatArray, FloatArray]:
    n_columns = table.shape[1]
    if n_columns < 2:
        _checks.fail(str(path), "have at least two columns, features and labels", n_columns)
    column = _checks.whole_number("label_column", label_column, -n_columns)
    if column >= n_columns:
        _checks.fail("label_column", f"be at most {n_columns - 1}, the last column of {path}", column)
    return np.delete(table, column, axis=1), table[:, column]


def _targets(name: str, y: NDArray[Any], m: int) -> IntArray | FloatArray:
    values = _checks.real_array(name, y, "a vector of labels or a matrix of targets").astype(np.float64)
    if values.size == m:
        values = values.ravel()
    elif values.ndim != 2 or values.shape[0] != m:
        _checks.fail(name, f"have one value or one row for each of the {m} rows of X", f"shape {values.shape}")
    _checks.finite(name, values)
    whole = values.ndim == 1 and np.array_equal(values, np.trunc(values)) and bool(np.all(np.abs(values) < 2.0**53))
    return values.astype(np.intp) if whole else values
