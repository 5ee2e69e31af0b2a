"""A Python function as a submission: described and evaluated in another process."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from courseport import _checks
from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.mistakes.formulas import Values
from courseport.crosscheck.costs.submission import Submission, arguments_of, kinds_of
from courseport.crosscheck.running.calls import Call, make_calls, python_program
from courseport.crosscheck.running.limits import Limits
from courseport.octave.signature import role_of

DESCRIBE, EVALUATE = (f"courseport.crosscheck.costs.evaluation:{name}" for name in ("describe", "evaluate"))
_THETAS = {"theta1": "Theta1", "theta2": "Theta2"}  # for functions that take the matrices apart


class _Parameter(NamedTuple):
    """One parameter: Python's name for its kind, and what its default is: "none", "flag" or "value"."""

    name: str
    kind: str
    default: str


def python_submission(
    reference: str, limits: Limits, *, call: str | None = None, kind: str | None = None
) -> Submission:
    """Return the submission for ``module:function`` or ``file.py:function``; the module is imported in another process.

    ``module:cost,gradient`` is one cost function made of two, as SciPy takes them; ``module:Class.method`` a method.

    Raises
    ------
    ValueError
        There is no such function, importing it fails, or its arguments are not understood.
    """
    module, _, function = reference.rpartition(":")
    if not module or not all(re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*", name) for name in function.split(",")):
        _checks.fail("--python", "be module:function, such as port:nn_cost_function", repr(reference))
    answers, _ = make_calls(python_program(), [Call(DESCRIBE, (reference,))], limits)
    if answers[0].error:
        told = answers[0].identifier == "InputError"
        start = "" if told else f"{reference} could not be imported: "
        raise _checks.InputError(start + answers[0].error.removeprefix("InputError: "))
    described = json.loads(str(answers[0].outputs[0]))
    parameters = [_Parameter(*parameter) for parameter in described["parameters"]]
    plain = function.partition(",")[0].rpartition(".")[2]
    own: Values | None = None
    names: tuple[str, ...]
    roles: tuple[str, ...]
    if call is None:
        passed = _understood(parameters)
        if [role_of(p.name) for p in passed] == ["theta"] and {"X", "y"} <= set(described["data"]):
            names, roles = (passed[0].name,), ("theta",)
            own = {role: np.array(value) for role, value in described["data"].items()}
        elif {"theta1", "theta2"} <= {p.name.lower() for p in passed}:
            names = tuple(p.name for p in passed)
            roles = tuple(_THETAS.get(name.lower()) or role_of(name) for name in names)
            if "" in roles:
                raise ValueError(f"the arguments of {plain}({', '.join(names)}) are not understood")
        else:
            names, roles = arguments_of(plain, tuple(p.name for p in passed), None)
            _check_no_lambda_is_missed(plain, roles, [p for p in parameters if p not in passed], names)
        keywords = ["" if p.kind != "KEYWORD_ONLY" and p.default == "none" else p.name for p in passed]
    else:
        names, roles, keywords = _called(plain, call)
    return Submission(
        source=reference,
        signature=f"{function}({', '.join(p.name for p in parameters)})",
        names=names,
        roles=roles,
        kinds=("network",) if "Theta1" in roles else kinds_of(plain, (*roles, *(own or {})), kind, described["code"]),
        program=python_program(),
        call=partial(_evaluation, reference, keywords),
        code=described["code"],
        python=True,
        own=own,
    )


def _evaluation(reference: str, keywords: Sequence[str], submission: Submission, case: Case, again: bool) -> Call:
    """Return the call that evaluates a case."""
    whole = {"layer_sizes", "y"} if "linear" not in submission.kinds[:1] else {"layer_sizes"}
    values = [_sent(case.values[role], role in whole) for role in submission.roles]
    theta = submission.roles.index("theta") if "theta" in submission.roles else None
    shapes = case.values.get("shapes") or [(np.size(case.values["theta"]), 1)]
    given = {"theta": theta, "shapes": shapes, "numeric": case.numeric, "again": again}
    return Call(EVALUATE, (reference, keywords, submission.names, values), keywords=given)


def _sent(value: Any, whole: bool) -> Any:
    """Return whole numbers as int, as somebody's own data would have them."""
    if isinstance(value, list):
        return value
    array = np.asarray(value)
    if array.ndim == 0:
        return int(array) if float(array).is_integer() else float(array)
    return array.astype(np.int64) if whole and (array == np.round(array)).all() else array


def _understood(parameters: list[_Parameter]) -> list[_Parameter]:
    """Return the parameters that are passed: those that must be, and optional ones whose names say what they are."""
    passed = [p for p in parameters if p.default == "none"]
    for p in parameters:
        taken = {role_of(other.name) for other in passed}
        # One by position alone cannot be passed where another one before it is not.
        role = role_of(p.name)
        if p.default != "none" and role and role not in taken and p.kind != "POSITIONAL_ONLY":
            passed.append(p)
    return passed


def _check_no_lambda_is_missed(
    function: str, roles: tuple[str, ...], left: list[_Parameter], names: tuple[str, ...]
) -> None:
    """Refuse to guess: an optional argument with any name may be lambda where no other argument is."""
    unclear = [p.name for p in left if p.default == "value"]
    if unclear and "lambda" not in roles:
        plain = ", ".join(names)
        raise _checks.InputError(
            f"{', '.join(unclear)} of {function} may be lambda or not: say so, with "
            f'--call "{function}({plain}, {unclear[0]}=lambda)", or --call "{function}({plain})" to keep the default'
        )


def _called(function: str, call: str) -> tuple[tuple[str, ...], tuple[str, ...], list[str]]:
    """Return the names of a call, their roles, and the keyword each goes by."""
    pieces = [piece.strip() for piece in call.partition("(")[2].rpartition(")")[0].split(",")]
    matches = [re.fullmatch(r"(?:(\w+)\s*=\s*)?(\w+)", piece) for piece in pieces]
    found = [(match[1] or "", match[2]) for match in matches if match is not None]
    names, roles = arguments_of(function, (), f"{function}({', '.join(name for _, name in found)})")
    if len(names) != len(pieces):
        _checks.fail("--call", "pass each name once, such as f(theta, X, y, strength=lambda)", repr(call))
    return names, roles, [keyword for keyword, _ in found]
