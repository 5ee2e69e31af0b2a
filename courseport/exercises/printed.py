"""Figures from printed numbers: each is held to its own last digit."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport.exercises.record import Figure

EXACT = 1e-12  # no optimiser between


def printed(
    exercise: str, name: str, text: str, ours: ArrayLike, *, known: bool = True, rtol: float = EXACT
) -> list[Figure]:
    """Return a figure for each printed number: `name`, or ``name[0]``, ``name[1]``, ... where there are several.

    Parameters
    ----------
    exercise, name : str
    text : str
        The expected numbers, separated by spaces. Their zeros at the end count.
    ours : array_like
        As many numbers.
    known : bool
        False where ours are of other data than the printed ones: nothing is then expected.
    rtol : float
        The relative difference allowed, where half a unit of the last digit is not more.
    """
    numbers, values = text.split(), np.ravel(ours)
    if len(numbers) != values.size:
        _checks.fail(name, f"have the {len(numbers)} entries of the printed figure", values.size)
    names = [name] if values.size == 1 else [f"{name}[{index}]" for index in range(values.size)]
    return [
        Figure(exercise, each, float(number) if known else None, float(value), max(rtol, half_a_unit(number)))
        for each, number, value in zip(names, numbers, values, strict=True)
    ]


def half_a_unit(number: str) -> float:
    """Return half a unit of the last digit after the point, relative to the number; 0 for a whole number."""
    value = Decimal(number)
    places = value.as_tuple().exponent
    if not value or not isinstance(places, int) or places >= 0:
        return 0.0
    return float(Decimal(5).scaleb(places - 1) / abs(value))
