"""Whether a value of Octave's and one of Python's are the same, and if not, where and by how much."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
from courseport.octave.values import EXACT_INTEGER

RTOL, SINGLE_RTOL = 1e-9, 1e-5
# Of the largest entry: what rounding leaves where large numbers cancel.
ROUNDING, SINGLE_ROUNDING = 1e-13, 1e-6
# Sums of whole numbers round in their last bits only, and one more or less is an error.
WHOLE_RTOL = 32 * float(np.finfo(np.float64).eps)
DENSE = 1 << 24  # entries up to which sparse arrays are compared as full ones
_NA = {np.dtype(np.float64): (np.uint64, 0x7FF840F440000000), np.dtype(np.float32): (np.uint32, 0x7FC207A2)}


@dataclass(frozen=True)
class Tolerances:
    """How far apart numbers may be: ``atol + rtol * abs(Octave's)``.

    Attributes
    ----------
    rtol : float or None
        None is 1e-9, 1e-5 where either side is single, 32 eps where both sides hold whole numbers only, and 0 where
        both are of integer classes.
    atol : float or None
        None is 1e-13 (at the most rtol) of the largest entry of the same row or column of a matrix, of a vector, or of
        the same output in any case as far as the case's arguments are as large; 0 for whole numbers.
    scales : mapping
        By the path of a part of the output, its largest finite entry in any case.
    arguments : float
        The largest finite entry of the case's arguments.
    """

    rtol: float | None = None
    atol: float | None = None
    scales: Mapping[str, float] = field(default_factory=dict)
    arguments: float = 0.0


class Worst(NamedTuple):
    """The largest differences between the finite entries, and the place where the tolerance is exceeded most.

    `octave_index` counts from 1 and `linear` runs column by column, as in Octave; `python_index` counts from 0.
    """

    absolute: float
    relative: float
    ulp: float
    octave_index: tuple[int, ...]
    linear: int
    python_index: tuple[int, ...]
    octave: Any
    python: Any


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
    python = plain(python)
    tolerances = tolerances or Tolerances()
    if kind := cannot_cross(octave):
        return [_found(octave, python, path, notes=(f"a {kind} cannot be compared",))]
    if isinstance(python, Opaque):
        return [_found(octave, python, path, f"Octave has nothing like Python's {python}")]
    if isinstance(octave, dict):
        return _compare_structs(by_key(octave), python, conventions, tolerances, path)
    if _size(octave) == 0:
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


def largest(array: NDArray[Any]) -> float:
    """Return the largest finite magnitude in an array; 0 where there is none."""
    magnitudes = np.abs(array.astype(np.complex128 if array.dtype.kind == "c" else np.float64))
    return float(np.max(magnitudes, initial=0.0, where=np.isfinite(magnitudes)))


def octave_class(value: Any) -> str:
    """Return the class of a value as Octave names it, with sparse or complex before it."""
    if isinstance(value, str):
        return "char"
    if isinstance(value, dict) or getattr(value.dtype, "names", None) is not None:
        return "struct"
    if value.dtype == object:
        return "cell"
    if value.dtype.kind == "S":
        return "char"
    name = {"float64": "double", "float32": "single", "bool": "logical"}.get(value.real.dtype.name, value.dtype.name)
    return f"{'sparse ' if scipy.sparse.issparse(value) else ''}{'complex ' if value.dtype.kind == 'c' else ''}{name}"


def _python_class(value: Any) -> str:
    if scipy.sparse.issparse(value):
        return f"sparse {value.dtype}"  # type: ignore[attr-defined] # every csc_array has it
    return f"{value.dtype} array" if isinstance(value, np.ndarray) else type(value).__name__


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (str, list, tuple, dict)) else math.prod(value.shape)


def _shape(value: Any) -> tuple[int, ...]:
    """Return the shape of a value as Octave counts."""
    if isinstance(value, str):
        return (1, len(value)) if value else (0, 0)
    return (1, 1) if isinstance(value, dict) else tuple(value.shape)


def _python_shape(value: Any) -> tuple[int, ...]:
    if value is None or isinstance(value, (list, tuple, str)):
        return () if value is None else (len(value),)
    return tuple(value.shape) if hasattr(value, "shape") else ()


def _found(octave: Any, python: Any, path: str, why: str = "", **more: Any) -> Comparison:
    shapes = _shape(octave), _python_shape(python)
    return Comparison(path, not why, why, *shapes, octave_class(octave), _python_class(python), **more)


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _same_shape(octave: tuple[int, ...], python: tuple[int, ...], conventions: Conventions) -> bool:
    shape = python
    while len(shape) > 2 and shape[-1] == 1:  # Octave keeps no such dimension
        shape = shape[:-1]
    if conventions.vectors == "exact":
        return shape == octave or (shape == () and octave == (1, 1))
    if len(shape) < 2:
        return math.prod(octave) == math.prod(shape) and sum(size != 1 for size in octave) <= 1
    return shape == octave or math.prod(octave) == math.prod(shape) == 1


def _compare_empty(octave: Any, python: Any, conventions: Conventions, path: str) -> Comparison:
    """Compare an empty value: '' with [], and any other one that has no more rows or columns than Octave's."""
    if python is not None and not _is_number(python) and _size(python) == 0:
        shapes = _shape(octave), _python_shape(python)
        listed = not isinstance(python, np.ndarray) or len(shapes[1]) < 2
        if conventions.vectors == "exact":
            same = listed or shapes[0] == shapes[1]
        else:
            same = listed or shapes[0] == shapes[1] or (0, 0) in shapes or max(map(max, shapes)) <= 1
        why = "" if same else f"it is {_times(shapes[0])} in Octave, and has shape {shapes[1]} in Python"
        return _found(octave, python, path, why or _class_difference(octave, python, conventions))
    if python is None:
        return _found(octave, python, path)
    return _found(octave, python, path, f"it is empty in Octave, and {_told(python)} in Python")


def _compare_structs(
    octave: dict[str, Any], python: Any, conventions: Conventions, tolerances: Tolerances, path: str
) -> list[Comparison]:
    if isinstance(python, (list, tuple)) and len(python) == 1:
        python = python[0]
    if not isinstance(python, dict):
        return [_found(octave, python, path, f"it is a struct in Octave, and {_told(python)} in Python")]
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
        return [_found(octave, python, path, f"it is a {kind} in Octave, and {_told(python)} in Python")]
    if given.ndim > 1 and given.dtype != object and len(given) == octave.size and given.shape != octave.shape:
        given = np.array([None, *given], object)[1:]  # rows in a cell each
    if not _same_shape(octave.shape, given.shape, conventions) and not (
        given.ndim == 1 and sum(size != 1 for size in octave.shape) <= 1 and given.size == octave.size
    ):
        why = f"it is a {kind} of {_times(octave.shape)} in Octave, and has shape {given.shape} in Python"
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
    return _found(octave, python, path, f"it is {_told(theirs)} in Octave, and {_told(given)} in Python")


def _compare_numbers(
    octave: Any, python: Any, conventions: Conventions, tolerances: Tolerances, path: str
) -> Comparison:
    given = as_array(python) if isinstance(python, (list, tuple)) else python
    if isinstance(given, np.ndarray) and given.dtype == object:
        given = as_array(given.tolist())
    if given is None or isinstance(given, (str, dict)):
        return _found(octave, python, path, f"it is {octave_class(octave)} in Octave, and {_told(python)} in Python")
    shape = _python_shape(given)
    if not _same_shape(octave.shape, shape, conventions):
        return _found(octave, given, path, f"it is {_times(octave.shape)} in Octave, and has shape {shape} in Python")
    places = None
    if scipy.sparse.issparse(octave) or scipy.sparse.issparse(given):
        theirs, ours, places = _stored(octave, given)
    else:
        theirs, ours = octave.ravel(order="F"), np.asarray(given).ravel(order="F")
    difference = _class_difference(octave, given, conventions)
    if difference and conventions.classes == "exact":
        return _found(octave, given, path, difference)
    return _numbers_found(octave, given, path, theirs, ours, places, conventions, tolerances, difference)


def _numbers_found(
    octave: Any,
    given: Any,
    path: str,
    theirs: NDArray[Any],
    ours: NDArray[Any],
    places: NDArray[Any] | None,
    conventions: Conventions,
    tolerances: Tolerances,
    difference: str,
) -> Comparison:
    a, b = (x.astype(np.complex128 if x.dtype.kind == "c" else np.float64) for x in (theirs, ours))
    with np.errstate(all="ignore"):
        odd = (np.isnan(a) != np.isnan(b)) | ((np.isinf(a) | np.isinf(b)) & (a != b) & ~(np.isnan(a) & np.isnan(b)))
        if conventions.na:
            odd |= _is_na(theirs) != _is_na(ours)
        if conventions.signed_zero:
            zeros = (a == 0) & (b == 0)
            odd |= zeros & ((np.signbit(a.real) != np.signbit(b.real)) | (np.signbit(a.imag) != np.signbit(b.imag)))
        gap = np.abs(a - b)
        if any(x.dtype.kind in "iu" and largest(x) >= EXACT_INTEGER for x in (theirs, ours)):
            gap = np.array([_exact_gap(x, y) for x, y in zip(theirs, ours, strict=True)])
        gap = np.where(np.isfinite(a) & np.isfinite(b), gap, 0.0)
        allowed = _allowed(octave, path, theirs, ours, a, b, tolerances, places is not None)
        bad = odd | (gap > allowed)
        greater = np.maximum(np.abs(a), np.abs(b))
        relative = np.where(gap > 0, gap / greater, 0.0)
        single = np.float32 in (theirs.real.dtype, ours.real.dtype)
        ulps = gap / np.abs(np.spacing(np.abs(a).astype(np.float32 if single else np.float64)))
        excess = np.where(odd, np.inf, np.where(gap > 0, gap / np.maximum(allowed, 1e-300), 0.0))
        finite = [np.where(np.isfinite(x), x, 0.0) for x in (gap, relative, ulps)]
    at = int(np.argmax(excess))
    linear = int(places[at]) if places is not None else at
    shape = _python_shape(given)
    worst = Worst(
        float(np.max(finite[0])),
        float(np.max(finite[1])),
        float(np.max(finite[2])),
        tuple(int(i) + 1 for i in np.unravel_index(linear, octave.shape, order="F")),
        linear + 1,
        tuple(int(i) for i in np.unravel_index(linear, shape, order="F")) if shape else (),
        theirs[at].item(),
        ours[at].item(),
    )
    count = int(np.count_nonzero(bad))
    notes = [difference] if difference else []
    rounding = (gap > (tolerances.rtol if tolerances.rtol is not None else RTOL) * np.abs(a)) & ~bad
    if tolerances.atol is None and not single and np.any(rounding):
        notes.append(
            f"{np.count_nonzero(rounding)} of {a.size} entries differ by what rounding leaves "
            "of the largest; atol=0 judges them"
        )
    why = ""
    if count:
        index = ", ".join(map(str, worst.octave_index))
        python_index = ", ".join(map(str, worst.python_index))
        which = (
            f"{count} of {a.size} entries differ, most at ({index}), Python's [{python_index}]: " if a.size > 1 else ""
        )
        why = f"{which}{worst.octave!r} in Octave, {worst.python!r} in Python"
        if not odd[at]:
            why += f" (absolute {gap[at]:.2g}, relative {relative[at]:.2g}, {ulps[at]:.2g} ulp)"
    return _found(octave, given, path, why, worst=worst, differing=count, size=a.size, notes=tuple(notes))


def _allowed(
    octave: Any,
    path: str,
    theirs: NDArray[Any],
    ours: NDArray[Any],
    a: NDArray[Any],
    b: NDArray[Any],
    tolerances: Tolerances,
    sparse: bool,
) -> NDArray[Any]:
    """Return how far each entry may be from Octave's."""
    integers = theirs.dtype.kind in "biu" and ours.dtype.kind in "biu"
    single = np.float32 in (theirs.real.dtype, ours.real.dtype)
    finite = np.concatenate([x[np.isfinite(x)] for x in (a, b)])
    whole = bool(np.all(finite == np.round(finite.real)) and np.all(np.abs(finite) < EXACT_INTEGER))
    usual = 0.0 if integers else WHOLE_RTOL if whole else SINGLE_RTOL if single else RTOL
    rtol = usual if tolerances.rtol is None else tolerances.rtol
    magnitudes = np.where(np.isfinite(a), np.abs(a), 0.0)
    if tolerances.atol is not None:
        return tolerances.atol + rtol * magnitudes
    if tolerances.rtol is None and (integers or whole):
        return rtol * magnitudes
    scale: Any = np.max(magnitudes)
    if not sparse and min(octave.shape) > 1 and octave.ndim == 2:
        # The columns of a table may be of different units.
        table = magnitudes.reshape(octave.shape, order="F")
        scale = np.minimum(table.max(axis=0), table.max(axis=1, keepdims=True)).ravel(order="F")
    scale = np.maximum(scale, min(tolerances.scales.get(path, 0.0), tolerances.arguments))
    return np.asarray(min(SINGLE_ROUNDING if single else ROUNDING, rtol) * scale + rtol * magnitudes)


def _stored(octave: Any, given: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.intp] | None]:
    """Return the entries to compare of two arrays, of which one or both are sparse, and their places in the whole."""
    both: list[Any] = [octave, np.reshape(given, octave.shape) if isinstance(given, np.ndarray) else given]
    if math.prod(octave.shape) <= DENSE:
        full = [np.asarray(x.toarray() if hasattr(x, "toarray") else x) for x in both]
        return full[0].ravel(order="F"), full[1].ravel(order="F"), None
    one, other = (scipy.sparse.csc_array(x).tocoo() for x in both)
    keys = [part.row + part.col.astype(np.int64) * octave.shape[0] for part in (one, other)]
    places = np.union1d(*keys) if any(key.size for key in keys) else np.zeros(1, np.int64)
    values = []
    for part, key in zip((one, other), keys, strict=True):
        column = np.zeros(places.size, part.dtype)
        column[np.searchsorted(places, key)] = part.data
        values.append(column)
    return values[0], values[1], places


def _exact_gap(one: Any, other: Any) -> float:
    """Return the difference of two numbers of which one is an integer that no double holds."""
    exact = [
        int(x) if x.dtype.kind in "biu" or (np.isfinite(x) and x == np.round(x)) else float(x) for x in (one, other)
    ]
    return float(abs(exact[0] - exact[1]))


def _is_na(array: NDArray[Any]) -> NDArray[np.bool_]:
    real = array.real
    if real.dtype not in _NA:
        return np.zeros(array.shape, np.bool_)
    integer, bits = _NA[real.dtype]
    return np.asarray(np.ascontiguousarray(real).view(integer) == bits)


def _class_difference(octave: Any, python: Any, conventions: Conventions) -> str:
    """Say how the classes differ, or nothing; with exact classes a Python number is double, as it is sent."""
    theirs = octave_class(octave)
    if isinstance(python, (bool, np.bool_)):
        ours = "logical"
    elif isinstance(python, (int, float)) and not isinstance(python, np.generic):
        ours = "double"
    elif isinstance(python, str):
        ours = "char"
    elif isinstance(python, (list, tuple, dict)) or getattr(python, "dtype", None) == np.dtype(object):
        ours = "struct" if isinstance(python, dict) else "cell"
        ours = theirs if not len(python) else ours  # an empty list is any empty value
    else:
        ours = octave_class(python if scipy.sparse.issparse(python) else np.asarray(python))
    if ours == theirs or (conventions.classes == "values" and ours.removeprefix("sparse ") == theirs):
        return ""
    return f"{theirs} in Octave, {ours} in Python"


def _is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float, complex, np.generic))


def _told(value: Any) -> str:
    """Say what a value of Python's is, in a few words."""
    if value is None:
        return "None"
    if _is_number(value) or isinstance(value, str):
        return f"{value!r}"[:60]
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, dict):
        return f"a dict of {', '.join(list(value)[:5]) or 'nothing'}"
    return f"{'sparse' if scipy.sparse.issparse(value) else 'an array'} of shape {value.shape}, {value.dtype}"
