"""Cases without writing them twice: Python values, files of MATLAB's, NumPy's and JSON's, and hypothesis strategies.

A case is a tuple of arguments, a dict of them by name, or, of a function of one argument, its value. A file is read in
the forms that people have:

- variables named as the function's inputs, ``x`` and ``y``: one case;
- the same with a number, ``x1``, ``y1``, ``x2``, ``y2`` or ``x_1``, ...: a case for each number; what has no number
  belongs to all;
- ``cases``, or any one variable: a cell with a case in each part or row, or a struct array with a case in each element;
- ``case1``, ``case2``, ...: each a cell of arguments, or a struct of them by name;
- JSON: the same by the names of an object; or a list of cases; or an object of cases by their names. ``NaN`` and
  ``Infinity`` are numbers, ``{"real": 1, "imag": 2}`` is a complex one, ``null`` is ``[]``, and NaN among numbers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from courseport import _checks
from courseport._checks import InputError
from courseport.crosscheck.ports.case_forms import from_list, from_variables, in_order
from courseport.crosscheck.ports.conventions import USUAL, Conventions, for_octave, for_python
from courseport.crosscheck.ports.recording import Case
from courseport.crosscheck.running.calls import Call, make_calls, octave_program
from courseport.datasets.mat_v4 import Other
from courseport.datasets.variables import read_file, read_start, read_values
from courseport.octave.values import EXACT_INTEGER

COUNT = 50  # cases that are drawn
ONLY_OCTAVE_READS = (b"Octave-1-", b"# Created by Octave", b"# name:")


def read_cases(
    cases: Any, inputs: Sequence[str], conventions: Conventions = USUAL, notes: list[str] | None = None
) -> list[Case]:
    """Return cases that are given as Python values, or in a file.

    Parameters
    ----------
    cases : iterable or path-like
        Each a tuple of arguments, a dict of them by name, or the one argument; or a MAT, NPZ, JSON or Octave file.
    inputs : sequence of str
        The names of the function's inputs; empty where they are not known.
    conventions : Conventions
        How the arguments go to the other side.
    notes : list of str, optional
        What is to be told is appended, such as variables that are no inputs.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    notes = [] if notes is None else notes
    kind = where = ""
    if isinstance(cases, (str, os.PathLike)):
        path = _checks.path("cases", cases)
        kind, found = _read_file(path)
        where = f" in {path}"
        given = from_variables(found, inputs, where, notes) if isinstance(found, dict) else from_list(found, inputs)
    else:
        if isinstance(cases, (Mapping, np.ndarray)) or not isinstance(cases, Iterable):
            _checks.fail_type("cases", "be a list of argument tuples, or the path of a file", cases)
        listed = list(cases)
        if listed and all(isinstance(case, Case) for case in listed):
            return listed
        given = from_list(listed, inputs)
    if not given:
        _checks.fail("cases", f"hold at least one case{where}", "none")
    made = []
    for case in given:
        octave: list[Any] = []
        python: list[Any] = []
        for number, value in enumerate(in_order(case, inputs, where, notes)):
            name = f"{inputs[number] if number < len(inputs) else f'argument {number + 1}'} of {case.name}{where}"
            if kind == "octave":
                _check_crossing(name, value)
                octave.append(value)
                python.append(for_python(value, conventions))
                continue
            given_value = _from_json(value) if kind == "json" else value
            nothing = isinstance(given_value, list) and not given_value
            octave.append(np.zeros((0, 0)) if nothing else for_octave(given_value, conventions, name))
            python.append(np.zeros(0) if nothing else given_value)
        made.append(Case(case.name, tuple(octave), tuple(python), case.nout))
    return made


def draw_cases(
    strategies: Any,
    inputs: Sequence[str],
    conventions: Conventions = USUAL,
    count: int = COUNT,
    seed: int = 0,
) -> list[Case]:
    """Return cases drawn from hypothesis strategies: the same ones for the same seed.

    Shapes that must match come from ``st.shared(..., key=...)``, or from one strategy of whole tuples.

    Parameters
    ----------
    strategies : dict, sequence or SearchStrategy
        A strategy for each argument, by its name or in their order; or one that gives tuples, or dicts, of all.
    inputs : sequence of str
        The names of the function's inputs; empty where they are not known.
    conventions : Conventions
        How the arguments go to Octave.
    count : int
        The most cases; fewer where the strategies have no more.
    seed : int
    """
    hypothesis = _checks.require("hypothesis", "ports", "drawing cases from strategies")
    count = _checks.whole_number("count", count, 1)
    seed = _checks.whole_number("seed", seed, 0)
    st = hypothesis.strategies
    if isinstance(strategies, Mapping):
        parts, whole = list(strategies.values()), st.fixed_dictionaries(dict(strategies))
    elif isinstance(strategies, Sequence):
        parts, whole = list(strategies), st.tuples(*strategies)
    else:
        parts, whole = [strategies], strategies
    for part in parts:
        if not isinstance(part, st.SearchStrategy):
            _checks.fail_type("strategies", "be hypothesis strategies by argument, or one of whole tuples", part)
    drawn: list[Any] = []

    # No database and no health check: a user's strategy may be slow, and another run must draw the same.
    settings = hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )

    def draw(case: Any) -> None:
        drawn.append(case)

    try:
        hypothesis.seed(seed)(settings(hypothesis.given(whole)(draw)))()
    except hypothesis.errors.HypothesisException as error:
        raise InputError(f"strategies must give at least one case, got: {error}") from error
    return read_cases(drawn[:count], inputs, conventions)


def _read_file(path: Path) -> tuple[str, Any]:
    """Return whose values a file holds, octave's, numpy's or json's, and the values: by name, or a list of JSON's."""
    start = read_start(path)
    if start.startswith(ONLY_OCTAVE_READS):
        program = octave_program({"all": []}, called=["load"])
        answer = make_calls(program, [Call("load", (str(path.resolve()),))])[0][0]
        if answer.error:
            raise InputError(f"{path} cannot be read by Octave: {answer.error}")
        return "octave", answer.outputs[0]
    if path.suffix.lower() == ".json" or start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        try:
            found = json.loads(read_file(path).decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path} cannot be read as JSON: {error}") from error
        if not isinstance(found, (list, dict)):
            _checks.fail(str(path), "hold a list or an object of cases", type(found).__name__)
        return "json", found
    return "numpy" if start.startswith(b"PK\x03\x04") else "octave", read_values(path)


def _check_crossing(name: str, value: Any) -> None:
    """Refuse a value of a MAT file that Octave could not be given."""
    if isinstance(value, Other):
        raise _checks.InputTypeError(f"{name} must be a value that crosses to Octave, got {value.kind}")
    if isinstance(value, dict):
        for field, part in value.items():
            _check_crossing(f"{name}.{field}", part)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "OV":
        for field in value.dtype.names or (None,):
            for part in value.ravel("F") if field is None else value[field].ravel("F"):
                _check_crossing(name, part)


def _from_json(value: Any) -> Any:
    """Return a value of JSON's: numbers in lists as arrays, of doubles where they are not all true or false."""
    if isinstance(value, dict):
        by_name = {name: _from_json(part) for name, part in value.items()}
        numbers = [part for part in by_name.values() if isinstance(part, (int, float, np.ndarray))]
        if by_name.keys() == {"real", "imag"} and len(numbers) == 2 and np.shape(numbers[0]) == np.shape(numbers[1]):
            number = np.array(by_name["real"], np.complex128)
            number.imag = by_name["imag"]
            return number if number.ndim else complex(number)
        return by_name
    if isinstance(value, list):
        parts = [_from_json(part) for part in value]
        entries = [np.nan if part is None else part for part in parts]
        plain = all(isinstance(part, (bool, int, float, complex, np.ndarray, np.generic)) for part in entries)
        if plain and len({np.shape(part) for part in entries}) == 1 and any(part is not None for part in parts):
            array = np.asarray(entries)
            return array if array.dtype.kind in "bcuO" else array.astype(np.float64)
        return parts
    if isinstance(value, int) and abs(value) > EXACT_INTEGER and -(2**63) <= value < 2**64:
        return np.int64(value) if value < 2**63 else np.uint64(value)
    return value
