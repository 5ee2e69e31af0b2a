"""Tables as text: CSV and its relatives, as spreadsheets, pandas, R and people write them."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from courseport._checks import FloatArray, InputError
from courseport.datasets.variables import read_file, tell_foreign

Text = NDArray[np.str_]

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "."})
_SAMPLE = 50  # rows by which the form is told
_INDEX_NAMES = ("", "unnamed: 0", "index", "row", "rownames", "row.names", "id")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+([eE][-+]?\d+)?")


@dataclass(frozen=True)
class Table:
    """A table, and what was understood of its form."""

    numbers: FloatArray  # the columns, shape (m, n); NaN where a value is missing, and throughout a column of texts
    texts: dict[int, Text]  # the columns of texts, shape (m,)
    names: list[str]  # the columns'; empty without a header
    lines: list[int]  # the line of each row, as an editor counts
    notes: list[str] = field(default_factory=list)  # what was left out or guessed

    def title(self, column: int) -> str:
        """Return a column's name, or its number where there is no header."""
        return repr(self.names[column]) if self.names else str(column)


def load_table(path: Path, header: bool | None = None) -> Table:
    """Return the table in a text file; a gzipped one is unpacked.

    Fields are separated by semicolons, tabs, commas, bars or spaces, and may be quoted. ``#`` begins a comment. Decimal
    commas are understood where the comma does not separate. The first line is a header where it has texts over columns
    of numbers, or is 0, 1, 2, ... as pandas numbers columns; `header` says it for certain. A column that only numbers
    the rows is left out where its name says so.
    """
    lines, numbers = _text_lines(path)
    if not lines:
        raise InputError(f"{path} holds no numbers")
    delimiter = _delimiter(lines[:_SAMPLE])
    sample = [_fields(line, delimiter) for line in lines[:_SAMPLE]]
    comma = delimiter != "," and any(_DECIMAL_COMMA.fullmatch(cell) for row in sample for cell in row)
    notes: list[str] = []
    has_header = _has_header(sample, notes, decimal_comma=comma) if header is None else header
    names = sample[0] if has_header else []
    body, numbers = (lines[1:], numbers[1:]) if has_header else (lines, numbers)
    if not body:
        raise InputError(f"{path} holds no numbers")
    if names and len(_fields(body[0], delimiter)) == len(names) + 1:
        names = ["", *names]  # as R writes row names
    # Most tables are plain numbers, which numpy's own reader takes much faster.
    table = None
    if not comma:
        with contextlib.suppress(ValueError):
            values = np.loadtxt(body, delimiter=delimiter, quotechar='"', comments=None, ndmin=2)
            table = Table(values, {}, names, numbers)
    if table is None:
        table = _read_cells(path, body, numbers, delimiter, names, decimal_comma=comma)
    if names and len(names) != table.numbers.shape[1]:
        raise InputError(f"{path} must have {len(names)} fields a line, as its header, got {table.numbers.shape[1]}")
    table.notes.extend(notes)
    return _without_row_numbers(table)


def _text_lines(path: Path) -> tuple[list[str], list[int]]:
    """Return the lines with something in them, and their numbers."""
    content = read_file(path)
    tell_foreign(path, content)
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"  # as spreadsheets mark them
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as old ones write
    control = next((character for character in text if character < " " and character not in "\t\n\r\f\v"), None)
    if control is not None or "\ufffd" in text:
        raise InputError(f"{path} must be a MAT, NPZ, Octave or text file, got bytes that are no text")
    lines, numbers = [], []
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        bare = line.rstrip("\n") if '"' in line and not line.startswith("#") else line.partition("#")[0].rstrip("\n")
        if bare.strip():
            lines.append(bare)
            numbers.append(number)
    return lines, numbers


def _fields(line: str, delimiter: str | None) -> list[str]:
    if delimiter is None:
        return [cell.strip('"') for cell in line.split()]
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))]
    except csv.Error as error:
        raise InputError(f"a line of {len(line)} characters cannot be read as a table's: {error}") from error


def _delimiter(sample: Sequence[str]) -> str | None:
    """Return the mark between fields: the first with which all lines have equally many; None for spaces."""
    spaced = [line.split() for line in sample[1:] or sample]
    even = len({len(cells) for cells in spaced}) == 1 and len(spaced[0]) > 1
    if even and all(_is_number(cell.replace(",", ".")) for cells in spaced for cell in cells):
        return None
    for mark in ";\t,|":
        counts = {len(_fields(line, mark)) for line in sample[1:] or sample}
        if len(counts) == 1 and counts != {1}:
            return mark
    return next((mark for mark in ";\t,|" if mark in sample[0]), None)


def _has_header(sample: Sequence[Sequence[str]], notes: list[str], *, decimal_comma: bool) -> bool:
    head, rest = sample[0], sample[1:]

    def is_value(cell: str) -> bool:
        return _is_number(cell.replace(",", ".") if decimal_comma else cell)

    if not rest:
        return not any(is_value(cell) for cell in head)
    shifted = len(rest[0]) - len(head) == 1  # a header without a name for the row names
    columns = [[row[place + shifted] for row in rest if len(row) > place + shifted] for place in range(len(head))]
    of_numbers = [
        place
        for place, cells in enumerate(columns)
        if any(map(is_value, cells)) and all(is_value(cell) or cell.lower() in MISSING for cell in cells)
    ]
    worded = [place for place in of_numbers if not is_value(head[place])]
    if 2 * len(worded) > len(of_numbers):
        return True
    counted = head[1:] if not head[0] else head
    if counted == [str(number) for number in range(len(counted))] and len(counted) > 1:
        notes.append(f"its first line, {', '.join(counted[:3])}, ..., was taken for the names of its columns")
        return True
    return False


def _read_cells(
    path: Path, body: Sequence[str], lines: list[int], delimiter: str | None, names: list[str], *, decimal_comma: bool
) -> Table:
    """Return a table with quotes, decimal commas, missing values or texts, or say what is wrong with it."""
    rows: list[list[str]] = []
    places: list[int] = []
    if delimiter is None:
        rows, places = [_fields(line, None) for line in body], lines
    else:
        reader = csv.reader(body, delimiter=delimiter, skipinitialspace=True)
        try:
            for row in reader:  # a quoted field may go over several lines
                rows.append([cell.strip() for cell in row])
                places.append(lines[reader.line_num - 1])
        except csv.Error as error:
            raise InputError(f"{path} cannot be read as a table: {error}") from error
    for row, line in zip(rows, places, strict=True):
        if len(row) != len(rows[0]):
            raise InputError(f"{path}, line {line} must have {len(rows[0])} fields as the first has, got {len(row)}")
    numbers = np.full((len(rows), len(rows[0])), np.nan)
    texts: dict[int, Text] = {}
    for place, cells in enumerate(zip(*rows, strict=True)):
        wrong = []
        for at, cell in enumerate(cells):
            try:
                numbers[at, place] = float(cell.replace(",", ".") if decimal_comma else cell)
            except ValueError:
                if cell.lower() not in MISSING:
                    wrong.append(at)
        there = sum(cell.lower() not in MISSING for cell in cells)
        if wrong and 2 * len(wrong) <= there:  # most are numbers: a slip, and no column of texts
            at = wrong[0]
            way_out = "; if this line is the header, say header=True (--header)" if at == 0 and not names else ""
            where = f"{path}, line {places[at]}: field {place + 1}"
            raise InputError(f"{where} must be a number, got {cells[at]!r}{way_out}")
        if wrong:
            numbers[:, place] = np.nan
            texts[place] = np.array(cells)
    return Table(numbers, texts, names, places)


def _without_row_numbers(table: Table) -> Table:
    """Leave out a first column that only numbers the rows."""
    first, n_columns = table.numbers[:, 0], table.numbers.shape[1]
    if n_columns < 2:
        return table
    if not table.names:
        counted = len(first) > 2 and len(np.unique(first)) == len(first) and np.array_equal(first, np.trunc(first))
        others = table.numbers[:, 1:]
        if counted and ((np.diff(first) == 1).all() or not np.array_equal(others, np.trunc(others))):
            table.notes.append("its first column may be a number of the row: another in each; --drop 0 leaves it out")
        return table
    name = table.names[0].lower()
    unnamed = name in ("", "unnamed: 0")
    if not unnamed and (name not in _INDEX_NAMES and not name.endswith("id")):
        return table
    if not unnamed and (0 in table.texts or len(np.unique(first)) < len(first)):
        return table
    texts = {place - 1: column for place, column in table.texts.items() if place}
    note = f"column {table.title(0)}, which numbers the rows, was left out"
    return Table(table.numbers[:, 1:], texts, table.names[1:], table.lines, [*table.notes, note])


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
