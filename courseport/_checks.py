"""Every check of an argument, and the wording of its error.

A message names the argument, what was expected and what came:
``theta_vec must have shape (26,) for layer sizes (3, 4, 2), got (25,)``.
Each check returns the value in the form the package computes with, and never changes what it was given.
"""

from __future__ import annotations

import importlib
import operator
import os
import re
from collections.abc import Collection, Sequence
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
MOST_LAYERS = 10_000


class InputError(ValueError):
    """Bad input: an argument, an option or a file of the user's. The command line shows its message alone."""


class InputTypeError(InputError, TypeError):
    """Bad input of another type than expected."""


def fail(name: str, expected: str, got: object) -> NoReturn:
    """Raise the InputError ``<name> must <expected>, got <got>``."""
    raise InputError(f"{name} must {expected}, got {got}")


def fail_type(name: str, expected: str, value: object) -> NoReturn:
    """Raise the InputTypeError ``<name> must <expected>, got <type of value>``."""
    raise InputTypeError(f"{name} must {expected}, got {type(value).__name__}")


def choice(name: str, value: Any, allowed: Collection[str]) -> Any:
    """Return `value` if it is one of `allowed`; typed Any, for what takes a Literal."""
    if not isinstance(value, str) or value not in allowed:
        fail(name, f"be one of {', '.join(map(repr, allowed))}", repr(value))
    return value


def whole_number(name: str, value: Any, minimum: int) -> int:
    """Return `value` as an int that is at least `minimum`; 3.0 is refused, as by range()."""
    if isinstance(value, (bool, np.bool_)):
        fail_type(name, f"be a whole number >= {minimum}", value)
    try:
        number = operator.index(value)
    except TypeError:
        fail(name, f"be a whole number >= {minimum}", repr(value))
    if number < minimum:
        fail(name, f"be a whole number >= {minimum}", number)
    return number


def number(name: str, value: Any, *, above: float | None = None, minimum: float | None = None) -> float:
    """Return `value` as a finite float, optionally bounded from below (`above` is strict)."""
    bound = f" > {above:g}" if above is not None else f" >= {minimum:g}" if minimum is not None else ""
    expected = f"be a finite real number{bound}"
    try:
        array = np.asarray(value)
    except (ValueError, MemoryError):
        # A ragged list, or a range without end.
        fail(name, expected, type(value).__name__)
    if array.ndim != 0 or array.dtype.kind not in "iuf":
        fail(name, expected, repr(value))
    result = float(array)
    too_small = (above is not None and result <= above) or (minimum is not None and result < minimum)
    if not np.isfinite(result) or too_small:
        fail(name, expected, repr(value))
    return result


def lambda_(value: Any) -> float:
    """Return the regularisation strength as a float >= 0."""
    return number("lambda_", value, minimum=0.0)


def layer_sizes(value: Any) -> tuple[int, ...]:
    """Return layer sizes as a tuple of at least two whole numbers >= 1."""
    expected = "be a sequence of at least two whole numbers >= 1, such as (400, 25, 10)"
    listed = isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes, memoryview))
    if not listed or (isinstance(value, np.ndarray) and value.ndim != 1) or len(value) < 2:
        fail("layer_sizes", expected, repr(value))
    if len(value) > MOST_LAYERS:
        fail("layer_sizes", f"have at most {MOST_LAYERS} layers", len(value))
    return tuple(whole_number(f"layer_sizes[{i}]", size, 1) for i, size in enumerate(value))


def array(name: str, value: ArrayLike, shape: str = "an array") -> NDArray[Any]:
    """Return `value` as an array of any type; `shape` words what is expected."""
    unmasked(name, value)
    try:
        return np.asarray(value)
    except ValueError:  # a ragged nested sequence
        fail(name, f"be {shape}", "a ragged sequence")
    except MemoryError:
        fail(name, f"be {shape} that fits in memory", type(value).__name__)


def path(name: str, value: Any) -> Path:
    """Return `value` as a path of the file system."""
    if not isinstance(value, (str, os.PathLike)):
        fail_type(name, "be a path", value)
    if "\0" in str(value) or not str(value):
        fail(name, "be a path", repr(value))
    return Path(value)


def real_array(name: str, value: ArrayLike, shape: str) -> NDArray[Any]:
    """Return `value` as an array of real numbers (not yet float64); `shape` words what is expected."""
    result = array(name, value, shape)
    if result.dtype.kind == "O":
        try:
            result = result.astype(np.float64)
        except (TypeError, ValueError):
            fail(name, f"be {shape} of real numbers", "objects that are not numbers")
        except OverflowError:
            fail(name, f"be {shape} of numbers that float64 can hold", "a larger one")
    if result.dtype.kind not in "biuf":
        fail_dtype(name, shape, result.dtype)
    return result


def unmasked(name: str, value: object) -> None:
    """Refuse an array with masked values: as a plain array it would show the numbers under the mask."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        fail(name, "have no masked values", int(np.ma.getmaskarray(value).sum()))


def fail_dtype(name: str, shape: str, dtype: np.dtype[Any]) -> NoReturn:
    """Raise the InputTypeError for values that are not real numbers."""
    raise InputTypeError(f"{name} must be {shape} of real numbers, got dtype {dtype}")


def finite(name: str, array: FloatArray, first_row: int = 0) -> FloatArray:
    """Return `array`, whose rows count from `first_row`, if all is finite; otherwise name the first that is not."""
    # The sum of finite values is finite unless it overflows: one pass, no temporary; the search below is rare.
    with np.errstate(over="ignore", invalid="ignore"):
        suspicious = not np.isfinite(array.sum())
    if suspicious:
        bad = np.argwhere(~np.isfinite(array))
        if bad.size:
            index = tuple(int(i) for i in bad[0])
            where = ", ".join(map(str, (index[0] + first_row, *index[1:]))) if index else ""
            fail(name, "have finite values only", f"{float(array[index])} at [{where}]")
    return array


def real_vector(name: str, value: ArrayLike, size: int | None = None, why: str = "", first_row: int = 0) -> FloatArray:
    """Return `value` as a finite float64 array of shape (n,), or (size,) where `size` is given."""
    expected = "(n,)" if size is None else f"({size},)"
    array = real_array(name, value, f"an array of shape {expected}{why}")
    if array.ndim != 1 or (size is not None and array.shape != (size,)):
        fail(name, f"have shape {expected}{why}", array.shape)
    return finite(name, array.astype(np.float64, copy=False), first_row)


def column_vector(name: str, value: ArrayLike, size: int | None = None, why: str = "") -> FloatArray:
    """Return `value`, of shape (m,) or (m, 1), as a finite float64 array of shape (m,)."""
    array = real_array(name, value, "an array of shape (m,) or (m, 1)")
    return real_vector(name, array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array, size, why)


def real_matrix(name: str, value: ArrayLike, columns: int | None = None, why: str = "") -> FloatArray:
    """Return `value` as a finite float64 array of shape (m, columns), m >= 1, without copying one that is."""
    expected = f"({'m' if columns is not None else 'm, n'}{f', {columns}' if columns is not None else ''})"
    array = real_array(name, value, f"a matrix of shape {expected}{why}")
    if array.ndim != 2 or (columns is not None and array.shape[1] != columns):
        fail(name, f"have shape {expected}{why}", array.shape)
    if array.size == 0:
        fail(name, "have at least one row and one column", f"shape {array.shape}")
    return finite(name, array.astype(np.float64, copy=False))


def function(name: str, value: object) -> None:
    """Refuse what cannot be called."""
    if not callable(value):
        fail_type(name, "be a function", value)


def pair(name: str, answer: object) -> tuple[Any, Any]:
    """Return J and its gradient where a cost function gave both."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        fail_type(name, "return (J, gradient)", answer)
    return answer[0], answer[1]


def require(module: str, extra: str, purpose: str) -> ModuleType:
    """Import an optional package at the moment it is used; its absence is one error that says what to install."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != top:
            raise  # the package is there, and something inside it is broken: not ours to explain
        raise ModuleNotFoundError(f"{purpose} needs {top}: {how_to_install(extra)}", name=error.name) from None


def how_to_install(extra: str) -> str:
    """Return the command that brings an extra's packages, whether courseport came from a clone or from a wheel."""
    try:
        wanted = metadata.requires("courseport") or []
    except metadata.PackageNotFoundError:
        wanted = []
    packages = [line.partition(";")[0].strip() for line in wanted if re.search(rf"extra == .{extra}\W", line)]
    return f"pip install {' '.join(map(repr, packages))}" if packages else f"in a clone, pip install '.[{extra}]'"
