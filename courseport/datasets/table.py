"""Tables of numbers as text: CSV and its relatives, with or without a header line."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import numpy as np

from courseport._checks import FloatArray
from courseport.datasets.packed import read_packed

Row = tuple[int, str]  # the line's number in the file, for messages, and its text


def load_table(path: Path) -> FloatArray:
    """Return the numbers in a text file as a matrix, one line a row; a gzipped file is unpacked.

    Fields are separated by semicolons, commas, tabs or spaces, whichever of them the first line has, in this order.
    A first line in which no field is a number is a header and is left out. ``#`` begins a comment.

    Raises
    ------
    ValueError
        The file is no text or holds no numbers, a field is no number, or the lines differ in their number of fields;
        the message gives the line.
    OSError
        The file cannot be opened.
    """
    rows = _read_rows(path)
    delimiter = next((mark for mark in ";,\t" if rows and mark in rows[0][1]), None)
    if rows and not any(_is_number(field) for field in rows[0][1].split(delimiter)):
        del rows[0]
    if not rows:
        raise ValueError(f"{path} holds no numbers")
    try:
        return np.loadtxt([text for _, text in rows], delimiter=delimiter, ndmin=2)
    except ValueError as error:
        _explain(path, rows, delimiter, error)


def _read_rows(path: Path) -> list[Row]:
    try:
        text = read_packed(path).decode("utf-8-sig")  # Excel puts a byte order mark in front
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} must be a MAT, NPZ, Octave or text file, got bytes that are no text: {error}"
        ) from error
    bare = ((number, line.partition("#")[0]) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, line) for number, line in bare if line.strip()]


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _explain(path: Path, rows: list[Row], delimiter: str | None, error: ValueError) -> NoReturn:
    """Raise an error that gives the first line at fault, as a person counts lines and fields."""
    width = len(rows[0][1].split(delimiter))
    for number, text in rows:
        fields = text.split(delimiter)
        for position, field in enumerate(fields, start=1):
            if not _is_number(field):
                raise ValueError(f"{path}, line {number}: field {position} must be a number, got {field.strip()!r}")
        if len(fields) != width:
            raise ValueError(f"{path}, line {number} must have {width} fields as the first has, got {len(fields)}")
    raise ValueError(f"{path} cannot be read as a table of numbers: {error}") from error
