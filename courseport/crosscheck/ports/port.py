"""A port compared: an Octave function and a Python function, called with the same arguments."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from courseport import _checks
from courseport._files import StrPath
from courseport.crosscheck.ports.conventions import USUAL, Conventions, Record, for_octave
from courseport.crosscheck.ports.golden import replay, update_golden
from courseport.crosscheck.ports.judge import Judge, notes_of, output_name, outputs_of, verdict
from courseport.crosscheck.ports.octave_calls import OctaveFunction, call_octave, find_octave_function, folders_of
from courseport.crosscheck.ports.python_calls import call_python
from courseport.crosscheck.ports.recording import Case, Recording
from courseport.crosscheck.ports.report import NOT_RUN, PortReport
from courseport.crosscheck.ports.slips import RunMutants, name_slips, octave_runner
from courseport.crosscheck.running.calls import DEFAULTS, Answer
from courseport.crosscheck.running.limits import Limits
from courseport.octave.finding import find_octave, octave_version
from courseport.octave.signature import NoFunctionError


def record_port(
    octave: StrPath,
    cases: Any,
    *,
    nout: int | None = None,
    conventions: Conventions = USUAL,
    setup: str = "",
    folders: Sequence[StrPath] = (),
    limits: Limits = DEFAULTS,
) -> Recording:
    """Call an Octave function with each case, and return what it gave.

    Parameters
    ----------
    nout : int, optional
        The outputs to ask for; without it, those that the .m file declares.
    octave, cases, conventions, setup, folders, limits
        As `compare_port` has them.
    """
    function = find_octave_function(octave)
    found = cases_of(cases, conventions)
    asked = function.declared_outputs if nout is None else nout
    answers = call_octave(function, found, asked, setup=setup, folders=folders, limits=limits)
    source = "" if function.file is None else str(octave)
    hashed = hashlib.sha256(function.file.read_bytes()).hexdigest() if function.file else ""
    version = octave_version(find_octave())
    return Recording(function.name, source, hashed, function.outputs, version, tuple(found), tuple(answers))


def cases_of(cases: Any, conventions: Conventions) -> list[Case]:
    """Return cases from tuples of arguments."""
    found = []
    for number, given in enumerate(cases, start=1):
        if isinstance(given, Case):
            found.append(given)
            continue
        arguments = tuple(given) if isinstance(given, (tuple, list)) else (given,)
        sent = tuple(
            for_octave(value, conventions, f"case {number}, argument {place}")
            for place, value in enumerate(arguments, start=1)
        )
        found.append(Case(f"case {number}", sent, arguments))
    if not found:
        _checks.fail("cases", "hold at least one case", 0)
    return found


def compare_port(
    octave: StrPath,
    python: Callable[..., Any] | str,
    cases: Any = None,
    *,
    nout: int | None = None,
    rtol: float | None = None,
    atol: float | None = None,
    conventions: Conventions = USUAL,
    setup: str = "",
    folders: Sequence[StrPath] = (),
    limits: Limits = DEFAULTS,
    golden: StrPath | None = None,
    update: bool = False,
) -> PortReport:
    """Call an Octave and a Python function with the same arguments, and compare what they give.

    Parameters
    ----------
    octave : path or str
        The .m file, or the name of one of Octave's own functions. What lies beside the file is found, too.
    python : callable or str
        The Python function. "module:function", "module:Class.method" or "file.py:function" is run in a process of its
        own, under limits.
    cases : iterable
        Tuples of arguments.
    nout : int, optional
        How many outputs to compare; without it, as many as both have. A tuple is several outputs.
    rtol, atol : float, optional
        See `courseport.crosscheck.ports.numeric.Tolerances`.
    conventions : Conventions, optional
    setup : str, optional
        Octave code that is run first, such as ``pkg load statistics``.
    folders : sequence of path, optional
        Folders with further functions that the .m file needs.
    limits : Limits, optional
        Of each process.
    golden : path, optional
        A golden file: what Octave answered is read from it, and no Octave is needed.
    update : bool
        Whether Octave is asked in any case, and the golden file written. The report's notes say what has changed.

    Returns
    -------
    PortReport

    Raises
    ------
    OctaveNotFoundError
        There is no Octave to be asked.
    """
    name = python if isinstance(python, str) else getattr(python, "__name__", type(python).__name__)
    nout = None if nout is None else _checks.whole_number("nout", nout, 0)
    if golden is not None and not update:
        given = None if cases is None else cases_of(cases, conventions)
        recording, notes = replay(golden, octave, given, conventions, nout)
        report = compare_recording(recording, python, rtol=rtol, atol=atol, conventions=conventions, limits=limits)
        return replace(report, python=name, notes=(*notes, *report.notes))
    try:
        function = find_octave_function(octave)
    except NoFunctionError as error:
        return PortReport(Path(octave).stem, name, NOT_RUN, f"{str(error).partition(';')[0]}, and no function")
    if cases is None:
        if function.signature is None or function.signature.inputs:
            _checks.fail("cases", "be given for a function with arguments", None)
        cases = [()]
    found = cases_of(cases, conventions)
    # The Python function comes first: Octave is asked for as many outputs as it returns.
    answers = call_python(python, found, limits)
    if nout is None:
        nout = most_outputs(function, answers)
    recording = record_port(
        octave, found, nout=nout, conventions=conventions, setup=setup, folders=folders, limits=limits
    )
    run = octave_runner(first=folders_of(function, folders), setup=setup, limits=limits)
    report = compare_recording(
        recording, python, rtol=rtol, atol=atol, conventions=conventions, answers=answers, run=run
    )
    if golden is not None and (report.status != NOT_RUN or not all(answer.error for answer in recording.answers)):
        told = [f"golden file {golden}: {line}" for line in update_golden(golden, recording)]
        report = replace(report, notes=(*told, *report.notes))
    return replace(report, python=name)


def compare_recording(
    recording: Recording,
    python: Callable[..., Any] | str,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    conventions: Conventions = USUAL,
    limits: Limits = DEFAULTS,
    answers: Sequence[Answer] | None = None,
    run: RunMutants | None = None,
) -> PortReport:
    """Compare what an Octave function gave with what the Python function gives now.

    Parameters
    ----------
    answers : sequence of Answer, optional
        What it gave, where it has been called before.
    run : callable, optional
        Runs changed copies of the .m file, to find slips; without it the outputs alone are looked at.
    recording, python, rtol, atol, conventions, limits
        As `compare_port` has them.
    """
    name = python if isinstance(python, str) else getattr(python, "__name__", type(python).__name__)
    given = call_python(python, recording.cases, limits) if answers is None else list(answers)
    split = [
        replace(ours, outputs=tuple(outputs_of(ours, theirs, recording.outputs)))
        for ours, theirs in zip(given, recording.answers, strict=True)
    ]
    judge = Judge(recording, split, conventions, rtol, atol)
    reports = [judge.case(number) for number in range(len(recording.cases))]
    slips = {}
    if any(not output.agrees for case in reports for output in case.outputs):
        by_index = name_slips(recording, split, judge.same, run)
        slips = {output_name(recording.outputs, index): slip for index, slip in by_index.items()}
    notes = notes_of(recording, given, split)
    status, finding = verdict(reports)
    return PortReport(recording.function, name, status, finding, tuple(reports), slips, notes)


def most_outputs(function: OctaveFunction, answers: Sequence[Answer]) -> int:
    """Return how many outputs to ask for: as many as Octave's function declares, and no more than Python returns."""
    returned = [answer.outputs[0] for answer in answers if not answer.error]
    declared = function.declared_outputs
    if not returned:
        return declared
    several = [len(value) for value in returned if isinstance(value, (tuple, Record))]
    listed = [len(value) for value in returned if isinstance(value, (list, dict)) and len(value) == declared > 1]
    most = max([*several, *listed, 1])
    if function.signature is None or "varargout" in function.outputs:
        return most
    return min(declared, most)
