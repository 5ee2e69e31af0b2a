"""Cross-checking through the shared Octave session, not a process for each file: the same code, a tenth of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from courseport.crosscheck.costs.answers import Replies, read_answers
from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.check import judge
from courseport.crosscheck.costs.octave import octave_submission, write_cases
from courseport.crosscheck.costs.report import Report
from courseport.crosscheck.running.limits import Limits, Outcome
from courseport.octave import OctaveSession

DONE = Outcome(returncode=0, timed_out=False, output="")


def check_in_session(
    octave: OctaveSession, file: Path, cases: Sequence[Case], folder: Path, kind: str | None = None
) -> Report:
    """Have the session answer the cases, in a new `folder`, and return the report on its answers."""
    submission = replace(octave_submission(file, kind=kind), helpers=())
    folder.mkdir()
    write_cases(folder, submission, [case.values for case in cases], [case.numeric for case in cases])
    octave.eval("clear functions;")
    octave.feval("addpath", str(file.parent), nout=0)
    try:
        octave.feval("courseport_batch", str(folder), nout=0)
    finally:
        octave.feval("rmpath", str(file.parent), nout=0)
    return judge(submission, cases, Replies(read_answers(folder, len(cases)), DONE), Limits())
