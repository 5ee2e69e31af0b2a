"""Cross-checking through the shared Octave session, not a process for each file: the same code, a tenth of the time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from courseport.crosscheck.answers import read_answers, write_cases
from courseport.crosscheck.cases import Case
from courseport.crosscheck.check import judge
from courseport.crosscheck.limits import Limits, Outcome
from courseport.crosscheck.octave_target import octave_target
from courseport.crosscheck.report import Report
from courseport.octave import OctaveSession

DONE = Outcome(returncode=0, timed_out=False, output="")


def check_in_session(octave: OctaveSession, file: Path, cases: Sequence[Case], folder: Path) -> Report:
    """Have the session answer the cases, in a new `folder`, and return the report on its answers."""
    target = octave_target(file)
    folder.mkdir()
    write_cases(folder, target, cases)
    octave.eval("clear functions;")
    octave.feval("addpath", str(file.parent), nout=0)
    try:
        octave.feval("courseport_batch", str(folder), nout=0)
    finally:
        octave.feval("rmpath", str(file.parent), nout=0)
    return judge(target, cases, read_answers(folder, len(cases)), DONE, Limits())
