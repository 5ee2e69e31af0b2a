"""Octave's own text format, which ``save file X y`` writes unless told otherwise."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport._checks import FloatArray

_VARIABLE = re.compile(r"^# name: (?P<name>.*)\n# type: (?P<type>.*)\n", re.MULTILINE)
_NUMBERS = re.compile(r"(global )?(float |bool |u?int\d+ )?(scalar|matrix|bool)")
_RANGES = ("range", "double_range")
_CONTAINERS = ("cell", "struct", "object")


def parse_octave_text(text: str) -> dict[str, NDArray[Any]]:
    """Return the real matrices, scalars and ranges of an Octave text file, all as float64, by name.

    Texts and complex or sparse variables are left out.

    Raises
    ------
    ValueError
        A variable has fewer values than its size says, a value is no number, or the file holds a cell or a struct,
        whose members cannot be told from variables.
    """
    found = list(_VARIABLE.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    variables: dict[str, NDArray[Any]] = {}
    for match, end in zip(found, ends, strict=True):
        name, kind = match["name"], match["type"]
        body = text[match.end() : end]
        if any(container in kind for container in _CONTAINERS):
            raise ValueError(f"{name} is a {kind}, which is not read from Octave text; save it with: save -v7")
        if _NUMBERS.fullmatch(kind):
            variables[name] = _parse_numbers(name, body)
        elif kind in _RANGES:
            variables[name] = _parse_range(name, body)
    return variables


def _parse_numbers(name: str, body: str) -> FloatArray:
    header = dict(re.findall(r"^# (\w+): (\d+)$", body, re.MULTILINE))
    values = _floats(name, body)
    if "ndims" in header:  # the sizes come first, then the values column by column
        n_axes = int(header["ndims"])
        shape = tuple(int(size) for size in values[:n_axes])
        return _checked(name, values[n_axes:], shape).reshape(shape, order="F")
    shape = (int(header.get("rows", 1)), int(header.get("columns", 1)))
    return _checked(name, values, shape).reshape(shape)


def _parse_range(name: str, body: str) -> FloatArray:
    base, limit, increment = map(float, _checked(name, _floats(name, body), (3,)))
    steps = math.floor((limit - base) / increment * (1.0 + np.finfo(np.float64).eps))
    values = base + increment * np.arange(steps + 1, dtype=np.float64)
    # Octave lets no element pass the limit: 0:0.1:0.3 ends in 0.3, not in 3 * 0.1
    return np.clip(values, min(base, limit), max(base, limit))[None, :]


def _floats(name: str, body: str) -> FloatArray:
    lines = (line for line in body.splitlines() if not line.startswith("#"))
    try:
        return np.array([float(word) for line in lines for word in line.split()])
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _checked(name: str, values: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    if len(values) != math.prod(shape):
        size = " x ".join(map(str, shape))
        raise ValueError(
            f"{name} must have {math.prod(shape)} values ({size}), got {len(values)}: truncated or damaged"
        )
    return values
