"""Cross-checking through the shared Octave session, not a process for each file: the same code, a tenth of the time.

What each wrong way gives on a case does not depend on the file that is judged, so it is computed once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.kinds import KINDS
from courseport.crosscheck.costs.mistakes.formulas import Result, Values, Ways
from courseport.crosscheck.costs.octave import octave_submission
from courseport.crosscheck.costs.report import Report
from courseport.crosscheck.costs.submission import Replies, read_answer
from courseport.crosscheck.costs.verdict import judge
from courseport.crosscheck.running import calls
from courseport.crosscheck.running.limits import Limits
from courseport.octave import OctaveEvaluationError, OctaveSession


def check_in_session(octave: OctaveSession, file: Path, cases: Sequence[Case], kind: str | None = None) -> Report:
    """Have the session answer the cases, and return the report on its answers."""
    submission = replace(octave_submission(file, kind=kind), helpers=())
    octave.eval("clear functions;")
    octave.feval("addpath", str(file.parent), nout=0)
    answers = []
    try:
        for number, case in enumerate(cases):
            call = submission.call(submission, case, number == 0)
            try:
                answer = calls.Answer((octave.feval(call.function, *call.arguments),))
            except OctaveEvaluationError as error:
                answer = calls.Answer(error=error.message, where=error.where[0] if error.where else "")
            answers.append(read_answer(answer))
    finally:
        octave.feval("rmpath", str(file.parent), nout=0)
    return judge(submission, cases, Replies(answers, "", []), Limits())


def remember_what_formulas_give(patch: pytest.MonkeyPatch) -> None:
    """Have each kind's formula keep its results, by the case's values and the wrong ways, the same objects."""
    for name, kind in KINDS.items():
        known: dict[Any, tuple[Values, Ways, Result | ValueError]] = {}

        def formula(values: Values, ways: Ways, kind=kind, known=known) -> Result:  # type: ignore[no-untyped-def]
            key = id(values), frozenset((part, id(way)) for part, way in ways.items())
            if key not in known:
                try:
                    known[key] = values, ways, kind.formula(values, ways)
                except ValueError as error:  # the ways do not go together
                    known[key] = values, ways, error
            result = known[key][2]
            if isinstance(result, ValueError):
                raise result
            return result

        patch.setitem(KINDS, name, replace(kind, formula=formula))
