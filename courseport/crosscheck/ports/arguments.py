"""What the arguments of a case are in Python, in JSON, given what Octave has: there an int and a float are one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse

from courseport import _checks
from courseport.crosscheck.ports.conventions import Conventions, for_octave, for_python
from courseport.crosscheck.ports.recording import Case
from courseport.octave.values import value_bytes

_SPARSE = {
    f"{form}_{kind}": getattr(scipy.sparse, f"{form}_{kind}")
    for form in ("csc", "csr", "coo", "bsr", "dia", "dok", "lil")
    for kind in ("array", "matrix")
}


def python_forms(case: Case, octave: Sequence[Any]) -> dict[str, Any]:
    """Return in JSON what a case's arguments are in Python; of those with names, also which of Octave's they are."""
    taken = len(case.python)
    keywords = {}
    for name, value in case.keywords.items():
        sent = [value_bytes([for_octave(value, Conventions(send_vectors=way))]) for way in ("column", "row")]
        places = [place for place in range(taken, len(octave)) if value_bytes([octave[place]]) in sent]
        # An argument by its name has no place of its own: it is where its value is.
        if not places:
            _checks.fail(f"{case.name}, {name}", "be one of the arguments that Octave gets", type(value).__name__)
        keywords[name] = [places[0], _form_or_none(value, octave[places[0]])]
    forms = [_form_or_none(*pair) for pair in zip(case.python, octave[:taken], strict=True)]
    return {"python": forms, "keywords": keywords}


def python_arguments(
    forms: dict[str, Any], octave: Sequence[Any], conventions: Conventions
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments that `python_forms` has told: those by position, and those by name."""

    def argument(form: Any, value: Any) -> Any:
        return for_python(value, conventions) if form is None else _formed(form, value)

    positional = tuple(argument(form, octave[place]) for place, form in enumerate(forms["python"]))
    return positional, {str(name): argument(form, octave[place]) for name, (place, form) in forms["keywords"].items()}


def _form_or_none(value: Any, octave: Any) -> Any:
    """Return what an argument is in Python where Octave's value does not tell it."""
    forms = []
    for given in (value, for_python(octave)):
        try:
            forms.append(_form(given, octave))
        except (TypeError, ValueError):  # such as a DataFrame: Octave's value stands for it
            forms.append(None)
    # What Octave's value tells by itself is left out: it comes to Python by the conventions of the replay.
    return None if json.dumps(forms[0]) == json.dumps(forms[1]) else forms[0]


def _form(value: Any, octave: Any) -> Any:
    """Return in JSON what an argument is in Python, given what it is in Octave.

    Raises
    ------
    TypeError
        JSON has nothing for it, or Octave's value does not tell its numbers.
    """
    kind = type(value)
    if kind in (bool, float, str):
        return {"plain": value}
    if kind is int:
        return {"int": str(value)}
    if value is None:
        return {"plain": None}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind in (list, tuple):
        return {kind.__name__: [_form(*pair) for pair in zip(value, _parts(octave, len(value)), strict=True)]}
    if kind is dict and all(isinstance(key, str) for key in value):
        return {"dict": [[key, _form(part, _field(octave, key))] for key, part in value.items()]}
    if scipy.sparse.issparse(value) and scipy.sparse.issparse(octave) and value.dtype == octave.dtype:  # type: ignore[attr-defined] # all have one
        return {"sparse": kind.__name__}
    if kind is np.ndarray or isinstance(value, np.generic):
        form = {"scalar" if isinstance(value, np.generic) else "array": list(value.shape), "dtype": value.dtype.str}
        # Octave's value has the numbers, if they give the same bits back.
        back = _formed(form, octave)
        if np.array(back).tobytes() == np.array(value).tobytes():
            return form
    raise TypeError(f"{kind.__name__} cannot be told")


def _parts(octave: Any, count: int) -> Sequence[Any]:
    """Return the elements of a cell, or of a vector; as many None where it has not so many."""
    inner: Any = octave.ravel(order="F") if isinstance(octave, np.ndarray) else []
    return list(inner) if len(inner) == count else [None] * count


def _field(octave: Any, key: str) -> Any:
    """Return the field of a struct, or of one in an array; None where there is none."""
    names = octave if isinstance(octave, dict) else getattr(getattr(octave, "dtype", None), "names", None) or ()
    return octave[key] if key in names else None


def _formed(form: Any, octave: Any) -> Any:
    """Return the argument that `_form` has told."""
    ((kind, told),) = ((kind, told) for kind, told in form.items() if kind != "dtype")
    if kind in ("array", "scalar"):
        numbers = np.asarray(octave)
        if numbers.dtype.kind not in "biufc":
            raise TypeError(f"{numbers.dtype} tells no numbers")
        with np.errstate(all="ignore"):
            array = numbers.astype(np.dtype(form["dtype"])).reshape(told, order="F")
        return array if kind == "array" else array[()]
    if kind in ("list", "tuple"):
        values = [_formed(*pair) for pair in zip(told, _parts(octave, len(told)), strict=True)]
        return tuple(values) if kind == "tuple" else values
    if kind == "dict":
        return {key: _formed(part, _field(octave, key)) for key, part in told}
    if kind == "sparse":
        return _SPARSE[told](octave)
    return int(told) if kind == "int" else complex(*told) if kind == "complex" else told
