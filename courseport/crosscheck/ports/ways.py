"""Other ways to give the same arguments, tried where a function fails or differs on the usual one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from courseport.crosscheck.ports.python_calls import call_python
from courseport.crosscheck.ports.recording import Case
from courseport.crosscheck.ports.report import PortReport
from courseport.crosscheck.running.calls import Answer
from courseport.crosscheck.running.limits import Limits

AS_INT = "whole numbers were given to Python as int, because it takes no float there"
AS_ROWS = "vectors were sent to Octave as rows: Conventions(send_vectors='row')"
AS_MATRICES = "vectors were given to Python as n x 1 and 1 x n, as Octave has them: Conventions(vectors='exact')"


def with_whole_numbers(
    python: Callable[..., Any] | str,
    cases: Sequence[Case],
    theirs: Sequence[Answer],
    ours: Sequence[Answer],
    limits: Limits,
) -> list[Answer]:
    """Return Python's answers; where it failed for want of an int, its answers to whole numbers as int.

    Octave has one class for both, so that a case that was recorded there does not say which is meant.
    """
    answers = list(ours)
    # Numbers alone at first: an array of int would divide otherwise than Octave's.
    for arrays in (False, True):
        wanting = [
            number
            for number, (one, other) in enumerate(zip(theirs, answers, strict=True))
            if other.identifier in ("TypeError", "IndexError") and not one.error
        ]
        changed = {number: _as_int(cases[number], arrays=arrays) for number in wanting}
        tried = [number for number in wanting if changed[number] is not None]
        again = call_python(python, [case for number in tried if (case := changed[number])], limits) if tried else []
        for number, answer in zip(tried, again, strict=True):
            if not answer.error:
                answers[number] = replace(answer, notes=(*answer.notes, AS_INT))
    return answers


def _as_int(case: Case, *, arrays: bool) -> Case | None:
    """Return the case with whole numbers as int, those in arrays too if asked; None where there are none."""

    def whole(value: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if arrays and isinstance(value, np.ndarray) and value.dtype.kind == "f" and np.all(np.mod(value, 1) == 0):
            return value.astype(np.int64)
        return value

    python = tuple(map(whole, case.python))
    keywords = {name: whole(value) for name, value in case.keywords.items()}
    pairs = zip([*python, *keywords.values()], [*case.python, *case.keywords.values()], strict=True)
    changed = any(one is not other for one, other in pairs)
    return case._replace(python=python, keywords=keywords) if changed else None


def as_rows(cases: Sequence[Case]) -> list[Case] | None:
    """Return the cases with each column that is an (n,) in Python sent as a row; None where there is none."""
    return _turned(cases, lambda sent, given: (sent.reshape((1, -1)), given))


def as_matrices(cases: Sequence[Case]) -> list[Case] | None:
    """Return the cases with each (n,) given to Python as Octave has it; None where there is none."""
    return _turned(cases, lambda sent, given: (sent, given.reshape(sent.shape)))


def _turned(cases: Sequence[Case], turn: Callable[[Any, Any], tuple[Any, Any]]) -> list[Case] | None:
    found, turned = [], 0
    for case in cases:
        octave, python = list(case.octave), list(case.python)
        for place, (sent, given) in enumerate(zip(octave, python, strict=False)):
            vector = isinstance(given, np.ndarray) and given.ndim == 1 and given.size > 1
            if vector and isinstance(sent, np.ndarray) and sent.size == given.size:
                octave[place], python[place] = turn(sent, given)
                turned += 1
        found.append(case._replace(octave=tuple(octave), python=tuple(python)))
    return found if turned else None


def better(usual: PortReport, other: PortReport, language: str, note: str) -> PortReport:
    """Return the report of the other way, with a note, where it agrees and the language failed on the usual way.

    Where it agrees, and the usual way gave other values, the note alone is added: which way is meant is not known.
    """
    if not other.agrees:
        return usual
    wrong = [case for case in usual.cases if not case.agrees]
    errors = [(case.octave_error, case.python_error)[:: 1 if language == "Octave" else -1] for case in wrong]
    # An error on the usual way says nothing against the port; other values might, and are not explained away.
    if all(own and not others for own, others in errors):
        return replace(other, notes=(*other.notes, note))
    return replace(usual, notes=(*usual.notes, f"it agrees where {note}"))
