"""A Python function as a target: described and evaluated in another process."""

from __future__ import annotations

import json
import re
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

from courseport import _checks
from courseport.crosscheck.limits import Limits, run_limited
from courseport.crosscheck.scratch import scratch
from courseport.crosscheck.targets import Target, arguments_of, kind_of
from courseport.octave.signature import ROLE_OF


class _Parameter(NamedTuple):
    """One parameter: Python's name for its kind, and what its default is: "none", "flag" or "value"."""

    name: str
    kind: str
    default: str

    @property
    def role(self) -> str:
        return ROLE_OF.get(self.name.lower(), "")


def python_target(reference: str, limits: Limits, *, call: str | None = None, kind: str | None = None) -> Target:
    """Return the target for ``module:function`` or ``file.py:function``; the module is imported in another process.

    Raises
    ------
    ValueError
        There is no such function, importing it fails, or its arguments are not understood.
    """
    module, _, function = reference.rpartition(":")
    if not module or not function.isidentifier():
        _checks.fail("--python", "be module:function, such as port:nn_cost_function", repr(reference))
    parameters = _describe(reference, module, function, limits)
    if call is None:
        passed = _understood(parameters)
        names, roles = arguments_of(function, tuple(p.name for p in passed), None)
        _check_no_lambda_is_missed(function, roles, [p for p in parameters if p not in passed], names)
        keywords = ["" if p.kind != "KEYWORD_ONLY" and p.default == "none" else p.name for p in passed]
    else:
        names, roles, keywords = _called(function, call)
    return Target(
        source=reference,
        signature=f"{function}({', '.join(p.name for p in parameters)})",
        names=names,
        roles=roles,
        expression="",
        nout=2,
        kind=kind_of(function, roles, kind),
        prepare=partial(_worker, "evaluate", module, function, ",".join(keywords)),
    )


def _describe(reference: str, module: str, function: str, limits: Limits) -> list[_Parameter]:
    with scratch() as own:
        outcome = run_limited(_worker("describe", module, function, "", own.folder), own, limits)
        answer = own.folder / "signature.json"
        if not answer.exists():
            reason = "took too long" if outcome.timed_out else outcome.output.strip().rpartition("\n")[2]
            raise ValueError(f"{reference} could not be imported: {reason}")
        return [_Parameter(*described) for described in json.loads(answer.read_text())]


def _understood(parameters: list[_Parameter]) -> list[_Parameter]:
    """Return the parameters that are passed: those that must be, and optional ones whose names say what they are."""
    passed = [p for p in parameters if p.default == "none"]
    for p in parameters:
        taken = {other.role for other in passed}
        # One by position alone cannot be passed where another one before it is not.
        if p.default != "none" and p.role and p.role not in taken and p.kind != "POSITIONAL_ONLY":
            passed.append(p)
    return passed


def _check_no_lambda_is_missed(
    function: str, roles: tuple[str, ...], left: list[_Parameter], names: tuple[str, ...]
) -> None:
    """Refuse to guess: an optional argument with any name may be lambda where no other argument is."""
    unclear = [p.name for p in left if p.default == "value"]
    if unclear and "lambda" not in roles:
        plain = ", ".join(names)
        raise ValueError(
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


def _worker(task: str, module: str, function: str, keywords: str, folder: Path) -> list[str]:
    script = Path(__file__).with_name("python_worker.py")  # by its path: importing this package takes a second
    return [sys.executable, str(script), task, module, function, keywords, str(folder), str(Path.cwd()), *sys.path]
