"""What counts as the same value in Octave and in Python, and how the arguments go there and back."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from numbers import Number
from types import SimpleNamespace
from typing import Any

import numpy as np
import scipy.sparse

from courseport import _checks
from courseport.octave.values import EXACT_INTEGER


@dataclasses.dataclass(frozen=True)
class Conventions:
    """The conventions of a port.

    Attributes
    ----------
    vectors : {"either", "exact"}
        Whether an array of shape (n,) is n x 1 or 1 x n, whichever Octave has, and () or (1,) a 1 x 1; or whether the
        shapes must be equal, where only a number is a 1 x 1.
    send_vectors : {"column", "row"}
        What an argument of shape (n,) becomes in Octave.
    classes : {"values", "exact"}
        Whether only values count, so that int64 is a double, True is 1 and complex numbers without imaginary parts are
        real ones; or whether the classes must be the same.
    integers : {"usual", "exact"}
        Whether Python's and NumPy's default integers are sent as doubles, where doubles hold them; or int64 as int64.
    na : bool
        Whether NA differs from NaN.
    signed_zero : bool
        Whether -0 differs from 0.
    errors_agree : bool
        Whether an error in Octave where Python raises one is agreement.
    printed : bool
        Whether what is printed is compared.
    """

    vectors: str = "either"
    send_vectors: str = "column"
    classes: str = "values"
    integers: str = "usual"
    na: bool = False
    signed_zero: bool = False
    errors_agree: bool = False
    printed: bool = False

    def __post_init__(self) -> None:
        _checks.choice("vectors", self.vectors, ("either", "exact"))
        _checks.choice("send_vectors", self.send_vectors, ("column", "row"))
        _checks.choice("classes", self.classes, ("values", "exact"))
        _checks.choice("integers", self.integers, ("usual", "exact"))
        for name in ("na", "signed_zero", "errors_agree", "printed"):
            if not isinstance(getattr(self, name), bool):
                _checks.fail_type(name, "be True or False", getattr(self, name))


USUAL = Conventions()


class Record(dict[str, Any]):
    """A named tuple: its values by name, and in its order."""


class Opaque(str):
    """In the place of a Python value that Octave has nothing like: the name of its class."""


def plain(value: Any) -> Any:
    """Return a Python value in plain form: None, numbers, str, arrays, sparse arrays, lists, tuples and dicts of them.

    Masked values become NaN, a data frame its values, a generator a list, a dataclass a dict.
    """
    if isinstance(value, np.str_):
        return str(value)
    if value is None or isinstance(value, (str, bool, int, float, complex, np.bool_, np.number)):
        return value
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8", "surrogateescape")
    # What Octave code marks by NaN, ports mark by a mask.
    if isinstance(value, np.ma.MaskedArray):
        if not np.ma.is_masked(value):
            return np.asarray(value.data)
        return np.ma.filled(value if value.dtype.kind in "fc" else value.astype(np.float64), np.nan)
    if scipy.sparse.issparse(value):
        sparse: Any = value
        return scipy.sparse.csc_array(sparse) if sparse.ndim == 2 else sparse.toarray()
    if isinstance(value, np.void) and value.dtype.names is not None:
        return {name: plain(value[name]) for name in value.dtype.names}
    if isinstance(value, np.ndarray):
        if value.dtype.names is not None:
            return plain([plain(one) for one in value.ravel(order="F")])
        if value.dtype.kind in "mMV":
            return Opaque(f"{value.dtype} array")
        if value.dtype.kind not in "OSU":
            return np.asarray(value)
        parts = np.empty(value.shape, object)
        for index, part in np.ndenumerate(value):
            parts[index] = plain(part)
        return parts[()] if value.ndim == 0 else parts
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return Record(zip(value._fields, map(plain, value), strict=True))
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value)) if type(value) in (list, tuple) else [plain(part) for part in value]
    if isinstance(value, Mapping):
        return {f"{key:g}" if isinstance(key, float) else str(key): plain(part) for key, part in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, SimpleNamespace):
        return plain(vars(value))
    if isinstance(value, (range, Iterator)) or type(value).__name__ in ("dict_keys", "dict_values", "dict_items"):
        return plain(list(value))
    if isinstance(value, Number):  # a Fraction, a Decimal
        return float(value)  # type: ignore[arg-type] # both have a float
    if (
        not inspect.isclass(value)
        and not callable(value)
        and (hasattr(value, "to_numpy") or hasattr(value, "__array__"))
    ):
        return plain(value.to_numpy() if hasattr(value, "to_numpy") else np.asarray(value))
    if isinstance(value, (set, frozenset)):  # in the order in which Octave's unique has it
        return plain(sorted(value, key=lambda part: (isinstance(part, str), part)))
    if not callable(value) and not inspect.ismodule(value) and getattr(value, "__dict__", None):
        return plain({name: part for name, part in vars(value).items() if not name.startswith("_")})
    return Opaque(type(value).__name__)


def for_octave(value: Any, conventions: Conventions = USUAL, name: str = "argument") -> Any:
    """Return an argument of the Python function as `courseport.octave.values` sends it.

    None and an empty list are ``[]``, numbers in a list a vector or matrix, dicts of the same keys in a list a struct
    array, any other list a 1 x n cell, a dict, dataclass or named tuple a struct.

    Raises
    ------
    InputTypeError
        Octave has nothing like it; the message names the part.
    """
    given = plain(value)
    if isinstance(given, Opaque):
        raise _checks.InputTypeError(f"{name} must be a value that Octave has, got a {given}")
    if given is None or (isinstance(given, (list, tuple)) and not given):
        return np.zeros((0, 0))
    if isinstance(given, dict):
        return {key: for_octave(part, conventions, f"{name}[{key!r}]") for key, part in given.items()}
    if isinstance(given, (list, tuple)):
        array = as_array(given)
        if array is None:
            parts = [for_octave(part, conventions, f"{name}[{index}]") for index, part in enumerate(given)]
            if all(isinstance(part, dict) and part.keys() == parts[0].keys() for part in parts) and parts[0]:
                struct = np.empty((1, len(parts)), [(key, object) for key in parts[0]])
                for index, part in enumerate(parts):
                    for key in part:
                        struct[0, index][key] = part[key]
                return struct
            given = np.empty((1, len(parts)), object)
            for index, part in enumerate(parts):
                given[0, index] = part
            return given
        given = array
    if isinstance(given, np.ndarray) and given.dtype.kind in "OU":
        cell = np.empty(given.shape, object)
        for place, part in np.ndenumerate(given):
            cell[place] = for_octave(part, conventions, f"{name}[{', '.join(map(str, place))}]")
        return cell.reshape((1, -1)) if given.ndim == 1 else cell
    # NumPy's default integer is no wish for Octave's int64, which would round every quotient.
    if isinstance(given, (np.ndarray, np.integer)) and given.dtype == np.int64 and conventions.integers == "usual":
        doubles = np.abs(given.astype(np.float64)) < EXACT_INTEGER
        given = given.astype(np.float64) if np.all(doubles) else given
    if isinstance(given, np.ndarray) and given.ndim == 1:
        return given.reshape((1, -1) if conventions.send_vectors == "row" else (-1, 1))
    return given


def for_python(value: Any, conventions: Conventions = USUAL) -> Any:
    """Return a value of Octave's as the Python function takes it.

    A 1 x 1 is a number, and a row or column has shape (n,) unless vectors are exact; a cell is a list (of lists, where
    it has rows and columns), a struct a dict, a struct array a list of dicts, a matrix of characters a list of str.
    """
    if isinstance(value, str) or scipy.sparse.issparse(value):
        return value
    if isinstance(value, dict):
        return {name: for_python(part, conventions) for name, part in by_key(value).items()}
    if value.dtype.names is not None:
        return [{name: for_python(one[name], conventions) for name in value.dtype.names} for one in value.ravel("F")]
    if value.dtype.kind == "S":
        return text_rows(value) if value.size else ""
    if value.dtype.kind == "O":
        if min(value.shape, default=0) <= 1 or value.ndim > 2:
            return [for_python(part, conventions) for part in value.ravel(order="F")]
        return [[for_python(part, conventions) for part in row] for row in value]
    if value.size == 1:
        # Integers and single keep their class: as Python's own numbers they would compute otherwise.
        return value.item() if value.dtype.kind in "fcb" and value.dtype.itemsize in (1, 8, 16) else value.ravel()[0]
    if conventions.vectors == "either" and value.ndim == 2 and (1 in value.shape or value.shape == (0, 0)):
        return value.ravel(order="F")
    return value


def by_key(value: dict[str, Any]) -> dict[str, Any]:
    """Return a struct; a containers.Map, which comes as a struct of its keys and values, by its keys."""
    if value.keys() != {"courseport_keys", "courseport_values"}:
        return value
    keys = [key if isinstance(key, str) else f"{key.item():g}" for key in value["courseport_keys"].ravel()]
    return dict(zip(keys, value["courseport_values"].ravel(), strict=True))


def cannot_cross(value: Any) -> str:
    """Return the class of a value of Octave's that stands for one that cannot cross; empty for any other."""
    return str(value.get("courseport_cannot_cross", "")) if isinstance(value, dict) else ""


def as_array(value: Any) -> np.ndarray[Any, Any] | None:
    """Return nested lists of numbers as an array; None where they hold anything else, or rows of several lengths."""

    def numbers(part: Any) -> bool:
        if isinstance(part, (list, tuple)):
            return all(map(numbers, part))
        return isinstance(part, (bool, int, float, complex, np.number, np.bool_))

    if not numbers(value):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return None if array.dtype.kind == "O" else array


def text_rows(value: np.ndarray[Any, Any]) -> list[str]:
    """Return the rows of a matrix of characters, without the blanks that fill them up."""
    rows = value.reshape((value.shape[0], -1))
    return [b"".join(row).decode("utf-8", "surrogateescape").rstrip() for row in rows]
