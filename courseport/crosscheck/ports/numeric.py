"""Numbers of Octave's and of Python's, entry by entry: which differ, where, and by how much."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from courseport.crosscheck.ports.conventions import Conventions
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
        None is 1e-9, 1e-5 where Octave's are single, 32 eps where both sides hold whole numbers only, and 0 where both
        are of integer classes.
    atol : float or None
        None is 1e-13 (at the most rtol) of the largest entry of the same row or column of a matrix, of a vector, or of
        the same output in any case as far as the case's arguments are as large; and what the arguments' own rounding
        leaves, where that is below rtol of the output in any case. 0 for whole numbers.
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


class Entries(NamedTuple):
    """What was found of the entries: the worst, how many are outside the tolerance, of how many, and in words."""

    worst: Worst
    differing: int
    size: int
    why: str
    note: str


def compare_entries(
    octave: Any, python: Any, conventions: Conventions, tolerances: Tolerances, path: str = ""
) -> Entries:
    """Compare the numbers of two arrays, full or sparse, of which Python's has the shape of Octave's or is a vector."""
    theirs, ours, places = _entries(octave, python)
    a, b = (x.astype(np.complex128 if x.dtype.kind == "c" else np.float64) for x in (theirs, ours))
    single = theirs.real.dtype == np.float32
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
        allowed, rtol = _allowed(theirs, ours, octave.shape if places is None else (), tolerances, path)
        bad = odd | (gap > allowed)
        greater = np.maximum(np.abs(a), np.abs(b))
        relative = np.where(gap > 0, gap / greater, 0.0)
        ulps = gap / np.spacing(greater.astype(np.float32 if single else np.float64))
        excess = np.where(odd, np.inf, np.where(gap > 0, gap / np.maximum(allowed, 1e-300), 0.0))
        rounding = int(np.count_nonzero((gap > rtol * np.abs(a)) & ~bad))
        measures = [float(np.max(x, initial=0.0, where=np.isfinite(x))) for x in (gap, relative, ulps)]
    at = int(np.argmax(excess))
    linear = at if places is None else int(places[at])
    shape = tuple(getattr(python, "shape", ()))
    worst = Worst(
        absolute=measures[0],
        relative=measures[1],
        ulp=measures[2],
        octave_index=tuple(int(i) + 1 for i in np.unravel_index(linear, octave.shape, order="F")),
        linear=linear + 1,
        python_index=tuple(int(i) for i in np.unravel_index(linear, shape, order="F")) if shape else (),
        octave=theirs[at].item(),
        python=ours[at].item(),
    )
    count = int(np.count_nonzero(bad))
    note = why = ""
    if tolerances.atol is None and not single and rounding:
        note = f"{rounding} of {a.size} entries differ by what rounding leaves of the largest; atol=0 judges them"
    if count:
        if a.size > 1:
            index, python_index = (", ".join(map(str, x)) for x in (worst.octave_index, worst.python_index))
            why = f"{count} of {a.size} entries differ, most at ({index}), Python's [{python_index}]: "
        why += f"{worst.octave!r} in Octave, {worst.python!r} in Python"
        if not odd[at]:
            why += f" (absolute {gap[at]:.2g}, relative {relative[at]:.2g}, {ulps[at]:.2g} ulp)"
    return Entries(worst, count, a.size, why, note)


def largest(array: NDArray[Any]) -> float:
    """Return the largest finite magnitude in an array; 0 where there is none."""
    magnitudes = np.abs(array.astype(np.complex128 if array.dtype.kind == "c" else np.float64))
    return float(np.max(magnitudes, initial=0.0, where=np.isfinite(magnitudes)))


def _allowed(
    theirs: NDArray[Any], ours: NDArray[Any], shape: tuple[int, ...], tolerances: Tolerances, path: str
) -> tuple[NDArray[Any], float]:
    """Return how far each entry may be from Octave's, and the relative part of it."""
    integers = theirs.dtype.kind in "biu" and ours.dtype.kind in "biu"
    single = theirs.real.dtype == np.float32  # a single in the place of a double is a mistake to be found
    numbers = np.concatenate([theirs, ours])
    finite = numbers[np.isfinite(numbers)]
    whole = bool(np.all(finite == np.round(finite.real)) and np.all(np.abs(finite) < EXACT_INTEGER))
    usual = 0.0 if integers else WHOLE_RTOL if whole else SINGLE_RTOL if single else RTOL
    rtol = usual if tolerances.rtol is None else tolerances.rtol
    # As doubles first: the smallest int8 has no magnitude of its own class.
    magnitudes = np.abs(np.where(np.isfinite(theirs), theirs * 1.0, 0.0)).astype(np.float64)
    if tolerances.atol is not None or (tolerances.rtol is None and (integers or whole)):
        return (tolerances.atol or 0.0) + rtol * magnitudes, rtol
    scale: Any = np.max(magnitudes)
    if len(shape) == 2 and min(shape) > 1:
        # The columns of a table may be of different units.
        table = magnitudes.reshape(shape, order="F")
        scale = np.minimum(table.max(axis=0), table.max(axis=1, keepdims=True)).ravel(order="F")
    everywhere = tolerances.scales.get(path, 0.0)
    scale = np.maximum(scale, min(everywhere, tolerances.arguments))
    # A residual that is 0 but for rounding is as large as the rounding of what cancels in it.
    eps = float(np.finfo(np.float32 if single else np.float64).eps)
    cancelled = min(8 * eps * tolerances.arguments, rtol * everywhere)
    noise = np.maximum(min(SINGLE_ROUNDING if single else ROUNDING, rtol) * scale, cancelled)
    return np.asarray(noise + rtol * magnitudes), rtol


def _entries(octave: Any, given: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.intp] | None]:
    """Return the entries to compare, column by column, and their places where only those stored are compared."""
    if not scipy.sparse.issparse(octave) and not scipy.sparse.issparse(given):
        return octave.ravel(order="F"), np.asarray(given).ravel(order="F"), None
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
