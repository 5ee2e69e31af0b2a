"""Slips that are fitted to the outputs: single precision, a constant factor or offset, a factor that depends on n.

A factor or an offset needs at least two entries in which Octave has different values other than 0, and three where all
the values are whole numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import e, inf, log, pi, sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from courseport.crosscheck.ports.slips.by_outputs import numbers
from courseport.crosscheck.ports.slips.slip import NamedSlip, named
from courseport.crosscheck.ports.slips.table import SLIPS

Array = NDArray[Any]

# A factor that is known, the slip it tells of, and the words of which the source must hold one.
NAMED = (
    ("radians-for-degrees", pi / 180, ()),
    ("degrees-for-radians", 180 / pi, ()),
    ("natural-log", log(10), ("log10",)),
    ("natural-log", log(2), ("log2",)),
    ("log10-for-log", 1 / log(10), ("log",)),
    ("log2-for-log", 1 / log(2), ("log",)),
    ("log2-for-log", log(10) / log(2), ("log10",)),
    ("log10-for-log", log(2) / log(10), ("log2",)),
)
KNOWN = {
    "pi / 180": pi / 180,
    "180 / pi": 180 / pi,
    "log(10)": log(10),
    "1 / log(10)": 1 / log(10),
    "log(2)": log(2),
    "1 / log(2)": 1 / log(2),
    "log10(2)": log(2) / log(10),
    "2 pi": 2 * pi,
    "1 / (2 pi)": 0.5 / pi,
    "pi": pi,
    "e": e,
    "sqrt(2)": sqrt(2),
    "1 / sqrt(2)": sqrt(0.5),
    "1 / 3": 1 / 3,
}
OF_N: dict[str, Callable[[float], float]] = {
    "n": lambda n: n,
    "1 / n": lambda n: 1 / n,
    "sqrt(n)": lambda n: n**0.5,
    "1 / sqrt(n)": lambda n: n**-0.5,
    "n - 1": lambda n: n - 1,
    "1 / (n - 1)": lambda n: 1 / (n - 1) if n > 1 else inf,
    "(n - 1) / n": lambda n: (n - 1) / n,
    "n / (n - 1)": lambda n: n / (n - 1) if n > 1 else inf,
    "sqrt((n - 1) / n)": lambda n: ((n - 1) / n) ** 0.5,
    "sqrt(n / (n - 1))": lambda n: (n / (n - 1)) ** 0.5 if n > 1 else inf,
}
_SINGLE = 1e-4  # of the largest entry: what rounding in float32 may add up to
_SAME = 1e-9


# Of a function from the case to a factor and an offset: whether they give what the port gave in every case.
Gives = Callable[[Callable[[int], tuple[float, float]]], bool]


class Pair(NamedTuple):
    """One output of one case: Octave's and the port's entries, and the arguments."""

    right: Array
    theirs: Array
    arguments: tuple[Any, ...]


def pairs_of(right: Sequence[Any], theirs: Sequence[Any], arguments: Sequence[tuple[Any, ...]]) -> list[Pair] | None:
    """Return the entries of one output, where in every case they are numbers and as many on both sides."""
    found = []
    for ours, other, given in zip(right, theirs, arguments, strict=True):
        one, two = numbers(ours), numbers(other)
        if one is None or two is None or one.size != two.size:
            return None
        kind = np.complex128 if "c" in (one.dtype.kind, two.dtype.kind) else np.float64
        found.append(Pair(one.ravel("F").astype(kind), two.ravel("F").astype(kind), given))
    return found


def single_precision(pairs: Sequence[Pair]) -> bool:
    """Tell whether every entry of the port is one of float32, near Octave's, and at least two of Octave's are not."""
    right, theirs = (
        np.concatenate(parts) for parts in zip(*[(pair.right, pair.theirs) for pair in pairs], strict=True)
    )
    finite = np.isfinite(right)
    if not np.array_equal(finite, np.isfinite(theirs)):
        return False
    right, theirs = right[finite], theirs[finite]
    single = np.complex64 if right.dtype.kind == "c" else np.float32
    with np.errstate(over="ignore"):
        rounded = [values.astype(single).astype(values.dtype) for values in (right, theirs)]
    scale = np.max(np.abs(right), initial=0.0)
    near = bool(np.all(np.abs(theirs - right) <= _SINGLE * scale))
    return near and bool(np.all(rounded[1] == theirs)) and bool(np.count_nonzero(rounded[0] != right) >= 2)


def fitted(pairs: Sequence[Pair], gives: Gives, text: str) -> NamedSlip | None:
    """Return the factor or offset that gives every entry of the port.

    `gives` tells whether the port agrees in every case; `text` is the Octave source, as far as it is known.
    """
    right, theirs = (
        np.concatenate(parts) for parts in zip(*[(pair.right, pair.theirs) for pair in pairs], strict=True)
    )
    known = np.isfinite(right) & np.isfinite(theirs)
    values = np.unique(right[known & (right != 0)])
    whole = bool(np.all(right[known] == np.round(right[known])) and np.all(theirs[known] == np.round(theirs[known])))
    integers = np.all(right[known] == np.round(right[known].real))
    if integers and np.all(right[known].real >= 1) and values.size > 1 and gives(lambda _: (1.0, -1.0)):
        return named(next(slip for slip in SLIPS if slip.name == "index-one-off"))
    if values.size < (3 if whole else 2):
        return _of_n(pairs, gives)
    largest = int(np.argmax(np.where(known, np.abs(right), -1.0)))
    factor = theirs[largest] / right[largest]
    if factor.imag == 0 and factor not in (0, 1) and gives(lambda _: (float(factor.real), 0.0)):
        return _of_n(pairs, gives) or _factor(float(factor.real), text)
    smallest = int(np.argmin(np.where(known, np.abs(right), inf)))
    offset = theirs[smallest] - right[smallest]
    if offset.imag == 0 and gives(lambda _: (1.0, float(offset.real))):
        told = f"{'plus' if offset.real > 0 else 'minus'} {abs(offset.real):.10g}"
        return NamedSlip("constant-offset", f"Every value is Octave's {told}.", "Look for this offset.")
    return _of_n(pairs, gives)


def _factor(factor: float, text: str) -> NamedSlip:
    words = set(re.findall(r"\w+", text))
    for name, value, wanted in NAMED:
        if abs(factor / value - 1) < _SAME and (not wanted or words & set(wanted)):
            return named(next(slip for slip in SLIPS if slip.name == name))
    if factor == -1:
        return NamedSlip(
            "constant-factor", "Every value has the opposite sign: its factor is -1.", "Look for the sign."
        )
    told = f"{factor:.10g}"
    for name, value in KNOWN.items():
        if abs(abs(factor) / value - 1) < _SAME:
            told += f", which is {'-' * (factor < 0)}{name}"
    inverse = 1 / factor
    if abs(factor) < 1 and abs(inverse - round(inverse)) < _SAME * abs(inverse):
        told += f", which is 1 / {round(inverse)}"
    return NamedSlip("constant-factor", f"Every value is Octave's times {told}.", "Look for this factor.")


def _of_n(pairs: Sequence[Pair], gives: Gives) -> NamedSlip | None:
    """Return the factor that depends on a size n of an argument, which must not be the same in every case."""
    for what, sizes in _sizes(pairs):
        if len(set(sizes)) < 2 or min(sizes) < 1:
            continue
        for name, function in OF_N.items():
            factors = [function(float(n)) for n in sizes]
            if np.all(np.isfinite(factors)) and gives(lambda case, factors=factors: (factors[case], 0.0)):  # type: ignore[misc] # bound at once
                meaning = f"Every value is Octave's times {name}, where n is {what}."
                return NamedSlip("factor-of-n", meaning, "Look for what divides by n or n - 1, and for its root.")
    return None


def _sizes(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[int]]]:
    """Yield the sizes of the arguments, and of the output, in each case."""
    shapes = [[np.shape(value) for value in pair.arguments if np.ndim(value) > 0] for pair in pairs]
    for place in range(min(map(len, shapes), default=0)):
        argument = f"argument {place + 1}"
        own = [shape[place] for shape in shapes]
        yield f"the number of entries of {argument}", [int(np.prod(shape)) for shape in own]
        yield f"the number of rows of {argument}", [shape[0] for shape in own]
        yield f"the number of columns of {argument}", [shape[-1] for shape in own]
    yield "the number of entries of the output", [pair.right.size for pair in pairs]
