"""The forms in which people keep cases: variables named as the inputs, numbered ones, cells, struct arrays, lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from courseport import _checks
from courseport.datasets.mat_v4 import Other


class Given(NamedTuple):
    """A case as it was given: its name, the arguments in order or by name, and the number of outputs."""

    name: str
    arguments: tuple[Any, ...] | Mapping[str, Any]
    nout: int | None = None


def from_variables(variables: Mapping[str, Any], inputs: Sequence[str], where: str, notes: list[str]) -> list[Given]:
    """Return the cases in named values; what belongs to none is told in the notes, here or by `in_order`."""
    known = {name for name in variables if _place(name, inputs) is not None}
    numbered = {name: match for name in variables.keys() - known if (match := re.fullmatch(r"(.*?)_?(\d+)", name))}
    in_cases = sorted((int(match[2]), name) for name, match in numbered.items() if match[1].lower() == "case")
    of_inputs = {name: match for name, match in numbered.items() if _place(match[1], inputs) is not None}
    only = next(iter(variables.values())) if len(variables) == 1 else None
    cases: list[Given] = []
    if "cases" in variables.keys() - known:
        others = {name: value for name, value in variables.items() if name != "cases"}
        cases = _from_container(variables["cases"], inputs, where, notes)
        cases = [
            case if isinstance(case.arguments, tuple) else case._replace(arguments={**others, **case.arguments})
            for case in cases
        ]
        if all(isinstance(case.arguments, tuple) for case in cases):
            _tell(list(others), where, notes)
    elif in_cases:
        cases = [_given(variables[name], inputs, f"case {number}") for number, name in in_cases]
        _tell([name for name in variables if name not in dict(in_cases).values()], where, notes)
    elif of_inputs:
        shared = {name: value for name, value in variables.items() if name not in of_inputs}
        for number in sorted({int(match[2]) for match in of_inputs.values()}):
            own = {match[1]: variables[name] for name, match in of_inputs.items() if int(match[2]) == number}
            cases.append(Given(f"case {number}", {**shared, **own}))
    elif known:
        cases = [Given("case 1", variables)]
    elif len(numbered) == len(variables) and all(match[1] == "arr" for match in numbered.values()):  # np.savez's own
        places = sorted((int(match[2]), name) for name, match in numbered.items())
        cases = [Given("case 1", tuple(variables[name] for _, name in places))] if places else []
    elif _is_container(only):
        cases = _from_container(only, inputs, where, notes)
    elif all(map(_is_container, variables.values())):
        cases = [_given(value, inputs, name) for name, value in variables.items()]
    if not cases:
        _checks.fail(
            f"cases{where}", f"hold {', '.join(inputs) or 'arguments'}, or cases", ", ".join(variables) or "nothing"
        )
    return cases


def _is_container(value: Any) -> bool:
    return isinstance(value, (list, Mapping)) or (isinstance(value, np.ndarray) and value.dtype.kind in "OV")


def _from_container(value: Any, inputs: Sequence[str], where: str, notes: list[str]) -> list[Given]:
    """Return the cases in a cell, a struct array, a list, or the rows of a matrix."""
    if isinstance(value, Mapping):
        by_name = any(_place(name, inputs) is not None for name in value)
        return [_given(value, inputs, "case 1")] if by_name else from_variables(value, inputs, where, notes)
    if isinstance(value, list):
        return from_list(value, inputs)
    if not isinstance(value, np.ndarray):
        _checks.fail_type(f"cases{where}", "be a cell, a struct array or a list", value)
    if value.dtype.names is not None:
        return from_list([{name: one[name] for name in value.dtype.names} for one in value.ravel("F")], inputs)
    if value.dtype.kind == "O" and any(map(_is_container, value.ravel())):
        return from_list(value.ravel("F"), inputs)
    rows = value.reshape((len(value), -1), order="F") if value.ndim else value.reshape((1, 1))
    if len(inputs) == 1 and (rows.shape[1] > 1 or value.dtype.kind != "O"):
        one_each = value.ravel("F") if value.dtype.kind == "O" else rows[:, None, :]
        return from_list([(one,) for one in one_each], inputs)
    return from_list(list(map(tuple, rows)), inputs)


def from_list(cases: Iterable[Any], inputs: Sequence[str]) -> list[Given]:
    """Return the cases in a list, each in one of the forms of a single case."""
    return [_given(case, inputs, f"case {number}") for number, case in enumerate(cases, start=1)]


def _given(case: Any, inputs: Sequence[str], name: str) -> Given:
    """Return one case: a tuple of arguments, a dict of them by name, or the argument of a function of one."""
    if isinstance(case, np.ndarray) and case.dtype.kind == "O":
        case = list(case.ravel("F"))
    if isinstance(case, np.ndarray) and case.dtype.names is not None and case.size == 1:
        case = {field: case.ravel()[0][field] for field in case.dtype.names}
    if isinstance(case, Mapping):
        known = [key for key in case if _place(key, inputs) is not None]
        rest = {key: value for key, value in case.items() if key not in known}
        name = rest.pop("name") if isinstance(rest.get("name"), str) else name
        nout = rest.pop("nout", None)
        nout = None if nout is None else int(np.asarray(nout).item())
        if known:
            return Given(name, {**{key: case[key] for key in known}, **rest}, nout)
        if isinstance(listed := rest.get("args"), (list, tuple, np.ndarray)):
            return Given(name, tuple(listed.ravel("F")) if isinstance(listed, np.ndarray) else tuple(listed), nout)
        return Given(name, (case,) if len(inputs) <= 1 else case)
    if isinstance(case, tuple) and not isinstance(case, Other) and not hasattr(case, "_fields"):
        return Given(name, case)
    if isinstance(case, list) and (len(inputs) != 1 or len(case) == 1 or inputs[-1] == "varargin"):
        return Given(name, tuple(case))
    return Given(name, (case,))


def _place(name: str, inputs: Sequence[str]) -> int | None:
    """Return which input a name means: the same, or else the only one that differs in case or underscores alone."""
    if name in inputs:
        return list(inputs).index(name)
    plain = [one.replace("_", "").lower() for one in inputs]
    wanted = name.replace("_", "").lower()
    return plain.index(wanted) if wanted and plain.count(wanted) == 1 else None


def in_order(case: Given, inputs: Sequence[str], where: str, notes: list[str]) -> tuple[Any, ...]:
    """Return the arguments in the order of the inputs; those at the end may be missing."""
    open_ended = not inputs or inputs[-1] == "varargin"
    if isinstance(case.arguments, tuple):
        if len(case.arguments) > len(inputs) and not open_ended:
            expected = f"have at most {len(inputs)} arguments ({', '.join(inputs)})"
            _checks.fail(f"{case.name}{where}", expected, len(case.arguments))
        return case.arguments
    values: dict[int, Any] = {}
    for name, value in case.arguments.items():
        place = _place(name, inputs)
        if place is None:
            _tell([name], where, notes)
        elif open_ended and place == len(inputs) - 1:
            parts = value.ravel("F") if isinstance(value, np.ndarray) and value.dtype.kind == "O" else value
            values.update(enumerate(parts if isinstance(parts, (list, tuple, np.ndarray)) else [parts], start=place))
        else:
            values[place] = value
    last = max(values, default=-1)
    missing = [inputs[place] for place in range(last) if place not in values and inputs[place] != "~"]
    if missing or last < 0:
        holds = ", ".join(case.arguments) or "nothing"
        _checks.fail(f"{case.name}{where}", f"hold {', '.join(missing or inputs)}", holds)
    return tuple(values.get(place, []) for place in range(last + 1))


def _tell(names: Sequence[str], where: str, notes: list[str]) -> None:
    for name in names:
        note = f"{name}{where} is no input of the function, and left out"
        notes += [note] if note not in notes else []
