"""What a value is, in words: its class and shape in Octave and in Python."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.sparse

from courseport.crosscheck.ports.conventions import Conventions


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


def python_class(value: Any) -> str:
    """Return the type of a plain value of Python's, for an array its dtype."""
    if scipy.sparse.issparse(value):
        return f"sparse {value.dtype}"  # type: ignore[attr-defined] # every csc_array has it
    return f"{value.dtype} array" if isinstance(value, np.ndarray) else type(value).__name__


def size_of(value: Any) -> int:
    """Return how many entries a value has."""
    return len(value) if isinstance(value, (str, list, tuple, dict)) else math.prod(value.shape)


def octave_shape(value: Any) -> tuple[int, ...]:
    """Return the shape of a value as Octave counts."""
    if isinstance(value, str):
        return (1, len(value)) if value else (0, 0)
    return (1, 1) if isinstance(value, dict) else tuple(value.shape)


def python_shape(value: Any) -> tuple[int, ...]:
    """Return the shape of a plain value of Python's, for a list or text its length."""
    if value is None or isinstance(value, (list, tuple, str)):
        return () if value is None else (len(value),)
    return tuple(value.shape) if hasattr(value, "shape") else ()


def times(shape: tuple[int, ...]) -> str:
    """Return a shape as Octave says it, such as 2 x 3."""
    return " x ".join(map(str, shape))


def same_shape(octave: tuple[int, ...], python: tuple[int, ...], conventions: Conventions) -> bool:
    """Tell whether a shape of Python's is one of Octave's by the convention on vectors."""
    shape = python
    while len(shape) > 2 and shape[-1] == 1:  # Octave keeps no such dimension
        shape = shape[:-1]
    if conventions.vectors == "exact":
        return shape == octave or (shape == () and octave == (1, 1))
    if len(shape) < 2:
        return math.prod(octave) == math.prod(shape) and sum(size != 1 for size in octave) <= 1
    return shape == octave or math.prod(octave) == math.prod(shape) == 1


def class_difference(octave: Any, python: Any, conventions: Conventions) -> str:
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


def is_number(value: Any) -> bool:
    """Tell whether a value of Python's is one number."""
    return isinstance(value, (bool, int, float, complex, np.generic))


def told(value: Any) -> str:
    """Say what a value of Python's is, in a few words."""
    if value is None:
        return "None"
    if is_number(value) or isinstance(value, str):
        return f"{value!r}"[:60]
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, dict):
        return f"a dict of {', '.join(list(value)[:5]) or 'nothing'}"
    return f"{'sparse' if scipy.sparse.issparse(value) else 'an array'} of shape {value.shape}, {value.dtype}"
