"""Cross-checking through the shared Octave session, not a process for each file: the same code, a tenth of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.check import judge
from courseport.crosscheck.costs.octave import octave_submission
from courseport.crosscheck.costs.report import Report
from courseport.crosscheck.costs.submission import Replies, read_answer
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
