"""Whether a value of Octave's and one of Python's are the same, and if not, where and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from courseport.crosscheck.ports.conventions import (
    USUAL,
    Conventions,
    Opaque,
    Record,
    as_array,
    by_key,
    cannot_cross,
    plain,
    text_rows,
)
from courseport.crosscheck.ports.kinds import (
    class_difference,
    is_number,
    octave_class,
    octave_shape,
    python_class,
    python_shape,
    same_shape,
    size_of,
    times,
    told,
)
from courseport.crosscheck.ports.numeric import Tolerances, Worst, compare_entries


@dataclass(frozen=True)
class Comparison:
    """What was found of one value, or of one part of a cell or struct.

    Attributes
    ----------
    path : str
        Which part, as Octave writes it, such as ``{2}.name``; empty for the whole value.
    agrees : bool
    why : str
        What differs, in plain words; empty where nothing does.
    octave_shape, python_shape : tuple
    octave_class, python_class : str
    worst : Worst or None
        None where there are no numbers to compare.
    differing, size : int
        How many entries are outside the tolerance, and how many there are.
    notes : tuple of str
    """

    path: str
    agrees: bool
    why: str
    octave_shape: tuple[int, ...]
    python_shape: tuple[int, ...]
    octave_class: str
    python_class: str
    worst: Worst | None = None
    differing: int = 0
    size: int = 0
    notes: tuple[str, ...] = ()


def compare_values(
    octave: Any, python: Any, conventions: Conventions = USUAL, tolerances: Tolerances | None = None, path: str = ""
) -> list[Comparison]:
    """Compare a value as `courseport.octave.values` reads it with what a Python function returned, part by part."""
    # Octave's value decides what is compared: it has one class, where Python has several forms for each.
    python = plain(python)
    tolerances = tolerances or Tolerances()
    if kind := cannot_cross(octave):
        return [_found(octave, python, path, notes=(f"a {kind} cannot be compared",))]
    if isinstance(python, Opaque):
        return [_found(octave, python, path, f"Octave has nothing like Python's {python}")]
    if isinstance(octave, dict):
        return _compare_structs(by_key(octave), python, conventions, tolerances, path)
    if size_of(octave) == 0:
        return [_compare_empty(octave, python, conventions, path)]
    if isinstance(octave, np.ndarray) and (octave.dtype.names is not None or octave.dtype == object):
        return _compare_lists(octave, python, conventions, tolerances, path)
    if isinstance(octave, str) or (isinstance(octave, np.ndarray) and octave.dtype.kind == "S"):
        return [_compare_texts(octave, python, conventions, path)]
    return [_compare_numbers(octave, python, conventions, tolerances, path)]


def numeric_parts(value: Any, path: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """Give the numbers in a value of Octave's, each array with its path; of a sparse array the stored ones."""
    if scipy.sparse.issparse(value):
        yield path, value.data  # type: ignore[attr-defined] # every csc_array has them
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from numeric_parts(part, f"{path}.{name}")
    elif isinstance(value, np.ndarray) and value.dtype.names is not None:
        for number, one in enumerate(value.ravel(order="F"), start=1):
            for name in value.dtype.names:
                yield from numeric_parts(one[name], f"{path}({number}).{name}")
    elif isinstance(value, np.ndarray) and value.dtype == object:
        for number, part in enumerate(value.ravel(order="F"), start=1):
            yield from numeric_parts(part, f"{path}{{{number}}}")
    elif not isinstance(value, str) and np.asarray(value).dtype.kind in "biufc":
        yield path, np.asarray(value)


def _found(octave: Any, python: Any, path: str, why: str = "", **more: Any) -> Comparison:
    shapes = octave_shape(octave), python_shape(python)
    return Comparison(path, not why, why, *shapes, octave_class(octave), python_class(python), **more)


def _compare_empty(octave: Any, python: Any, conventions: Conventions, path: str) -> Comparison:
    """Compare an empty value: '' with [], and any other one that has no more rows or columns than Octave's."""
    if python is not None and not is_number(python) and size_of(python) == 0:
        shapes = octave_shape(octave), python_shape(python)
        listed = not isinstance(python, np.ndarray) or len(shapes[1]) < 2
        if conventions.vectors == "exact":
            same = listed or shapes[0] == shapes[1]
        else:
            same = listed or shapes[0] == shapes[1] or (0, 0) in shapes or max(map(max, shapes)) <= 1
        why = "" if same else f"it is {times(shapes[0])} in Octave, and has shape {shapes[1]} in Python"
        difference = class_difference(octave, python, conventions)
        if conventions.classes == "exact":
            why = why or difference
        return _found(octave, python, path, why, notes=(difference,) if difference else ())
    if python is None:
        return _found(octave, python, path)
    return _found(octave, python, path, f"it is empty in Octave, and {told(python)} in Python")


def _compare_structs(
    octave: dict[str, Any], python: Any, conventions: Conventions, tolerances: Tolerances, path: str
) -> list[Comparison]:
    if isinstance(python, (list, tuple)) and len(python) == 1:
        python = python[0]
    if not isinstance(python, dict):
        return [_found(octave, python, path, f"it is a struct in Octave, and {told(python)} in Python")]
    missing = [name for name in octave if name not in python]
    further = [name for name in python if name not in octave]
    found = [
        _found(octave, python, path, f"{where} has no field {', '.join(names)}")
        for where, names in (("Python's dict", missing), ("Octave's struct", further))
        if names
    ]
    for name in octave.keys() & python.keys():
        found += compare_values(octave[name], python[name], conventions, tolerances, f"{path}.{name}")
    return found or [_found(octave, python, path)]


def _compare_lists(
    octave: NDArray[Any], python: Any, conventions: Conventions, tolerances: Tolerances, path: str
) -> list[Comparison]:
    """Compare a cell or struct array with a list, or with lists of lists where it has rows and columns."""
    kind = "cell" if octave.dtype == object else "struct array"
    if isinstance(python, Record):
        python = list(python.values())
    given = python
    if isinstance(given, dict) and octave.size == 1:
        given = [given]
    if isinstance(given, (list, tuple)):
        rows = [row if isinstance(row, (list, tuple)) else None for row in given]
        if min(octave.shape) > 1 and all(row is not None and len(row) == octave.shape[1] for row in rows):
            array: NDArray[Any] = np.empty((len(given), octave.shape[1]), object)
            for index in np.ndindex(array.shape):
                array[index] = given[index[0]][index[1]]
        else:
            array = np.empty(len(given), object)
            for place, part in enumerate(given):
                array[place] = part
        given = array
    if not isinstance(given, np.ndarray) or given.ndim == 0:
        return [_found(octave, python, path, f"it is a {kind} in Octave, and {told(python)} in Python")]
    if given.ndim > 1 and given.dtype != object and len(given) == octave.size and given.shape != octave.shape:
        given = np.array([None, *given], object)[1:]  # rows in a cell each
    if not same_shape(octave.shape, given.shape, conventions) and not (
        given.ndim == 1 and sum(size != 1 for size in octave.shape) <= 1 and given.size == octave.size
    ):
        why = f"it is a {kind} of {times(octave.shape)} in Octave, and has shape {given.shape} in Python"
        return [_found(octave, python, path, why)]
    found: list[Comparison] = []
    pairs = zip(octave.ravel(order="F"), given.ravel(order="F"), strict=True)
    for number, (one, other) in enumerate(pairs, start=1):
        if octave.dtype == object:
            found += compare_values(one, other, conventions, tolerances, f"{path}{{{number}}}")
        else:
            struct = {name: one[name] for name in octave.dtype.names or ()}
            found += compare_values(struct, other, conventions, tolerances, f"{path}({number})")
    return found


def _compare_texts(octave: Any, python: Any, conventions: Conventions, path: str) -> Comparison:
    """Compare text: one row with a str, several with a list of str, blanks at their ends aside."""
    given = python
    if isinstance(given, np.ndarray) and given.dtype.kind == "O":
        given = given.ravel(order="F").tolist()
    if isinstance(given, (list, tuple)) and len(given) == 1:
        given = given[0]
    if isinstance(octave, str):
        theirs: Any = octave
    else:
        theirs = text_rows(octave)
        if isinstance(given, str) and min(octave.shape) == 1:  # a column of characters
            theirs = "".join(theirs) if conventions.vectors == "either" else theirs
        elif isinstance(given, (list, tuple)) and all(isinstance(row, str) for row in given):
            given = [row.rstrip() for row in given]
        elif len(theirs) == 1:
            theirs = theirs[0]
    if isinstance(given, (list, tuple)) and isinstance(theirs, str) and all(isinstance(row, str) for row in given):
        theirs = list(theirs) if all(len(row) == 1 for row in given) else theirs  # characters in a list
    if type(theirs) is type(given) and theirs == given:
        return _found(octave, python, path)
    if isinstance(theirs, str) and isinstance(given, str):
        place = next(
            (k for k, (a, b) in enumerate(zip(theirs, given, strict=False)) if a != b), min(len(theirs), len(given))
        )
        return _found(
            octave, python, path, f"{theirs[:60]!r} in Octave, {given[:60]!r} in Python, from character {place + 1} on"
        )
    return _found(octave, python, path, f"it is {told(theirs)} in Octave, and {told(given)} in Python")


def _compare_numbers(
    octave: Any, python: Any, conventions: Conventions, tolerances: Tolerances, path: str
) -> Comparison:
    given = as_array(python) if isinstance(python, (list, tuple)) else python
    if isinstance(given, np.ndarray) and given.dtype == object:
        given = as_array(given.tolist())
    if given is None or isinstance(given, (str, dict)):
        return _found(octave, python, path, f"it is {octave_class(octave)} in Octave, and {told(python)} in Python")
    shape = python_shape(given)
    if not same_shape(octave.shape, shape, conventions):
        return _found(octave, given, path, f"it is {times(octave.shape)} in Octave, and has shape {shape} in Python")
    difference = class_difference(octave, given, conventions)
    if difference and conventions.classes == "exact":
        return _found(octave, given, path, difference)
    found = compare_entries(octave, given, conventions, tolerances, path)
    notes = tuple(note for note in (difference, found.note) if note)
    return _found(
        octave, given, path, found.why, worst=found.worst, differing=found.differing, size=found.size, notes=notes
    )
