"""A port compared: an Octave function and a Python function, called with the same arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from courseport import _checks
from courseport._checks import InputError
from courseport._files import StrPath
from courseport.crosscheck.ports.cases import draw_cases, read_cases
from courseport.crosscheck.ports.conventions import USUAL, Conventions, Record
from courseport.crosscheck.ports.golden import replay, update_golden
from courseport.crosscheck.ports.judge import Judge, output_name
from courseport.crosscheck.ports.octave_calls import OctaveFunction, call_octave, find_octave_function, folders_of
from courseport.crosscheck.ports.python_calls import call_python, python_name
from courseport.crosscheck.ports.recording import Case, Recording, hashes_of
from courseport.crosscheck.ports.report import NOT_RUN, PortReport
from courseport.crosscheck.ports.scripts import has_tests
from courseport.crosscheck.ports.slips import RunMutants, name_slips, octave_runner
from courseport.crosscheck.ports.watch import watch
from courseport.crosscheck.ports.ways import AS_MATRICES, AS_ROWS, as_matrices, as_rows, better, with_whole_numbers
from courseport.crosscheck.running.calls import DEFAULTS, Answer
from courseport.crosscheck.running.limits import Limits
from courseport.octave.finding import find_octave, octave_version
from courseport.octave.signature import NoFunctionError

OWN_TESTS = "{}.m, call "  # how the names of cases begin that are the calls of a .m file's own tests


def record_port(
    octave: StrPath,
    cases: Any = None,
    *,
    strategies: Any = None,
    record: StrPath | None = None,
    nout: int | Sequence[int] | None = None,
    conventions: Conventions = USUAL,
    setup: str = "",
    folders: Sequence[StrPath] = (),
    limits: Limits = DEFAULTS,
) -> Recording:
    """Call an Octave function with each case, and return what it gave.

    Parameters
    ----------
    nout : int or sequence of int, optional
        The outputs to ask for, in each case; without it, those that the .m file declares.
    octave, cases, strategies, record, conventions, setup, folders, limits
        As `compare_port` has them.
    """
    function = find_octave_function(octave)
    if is_watched(function, cases, strategies, record):
        return watch(octave, record, conventions=conventions, setup=setup, folders=folders, limits=limits)
    found, notes = cases_of(function, cases, strategies, conventions)
    asked = function.declared_outputs if nout is None else nout
    answers = call_octave(function, found, asked, setup=setup, folders=folders, limits=limits)
    source = "" if function.file is None else str(octave)
    hashed, helpers = hashes_of(function.file)
    version = octave_version(find_octave())
    return Recording(
        function.name, source, hashed, function.outputs, version, tuple(found), tuple(answers), notes, helpers
    )


def is_watched(function: OctaveFunction, cases: Any, strategies: Any, record: StrPath | None) -> bool:
    """Tell whether the calls of a script, or of the function's own ``%!`` blocks, are the cases."""
    if sum(given is not None for given in (cases, strategies, record)) > 1:
        _checks.fail("cases", "be given in one way", "more than one of cases, strategies and record")
    if record is not None:
        return True
    return cases is None and strategies is None and (function.file is None or has_tests(function.file.read_bytes()))


def cases_of(
    function: OctaveFunction, cases: Any, strategies: Any, conventions: Conventions
) -> tuple[list[Case], tuple[str, ...]]:
    """Return the cases that are given, or drawn, and what is to be told of them."""
    inputs = function.signature.inputs if function.signature else ()
    if strategies is not None:
        return draw_cases(strategies, inputs, conventions), ()
    if cases is None and inputs:
        _checks.fail("cases", "be given, or a script to record, for a function without %! blocks", "neither")
    notes: list[str] = []
    return read_cases([()] if cases is None else cases, inputs, conventions, notes), tuple(notes)


def compare_port(
    octave: StrPath,
    python: Callable[..., Any] | str,
    cases: Any = None,
    *,
    strategies: Any = None,
    record: StrPath | None = None,
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
    cases : iterable or path, optional
        Tuples of arguments, or a file of them: see `courseport.crosscheck.ports.cases`. Without cases, strategies and
        record, the calls that the .m file's own ``%!`` blocks make.
    strategies : dict, sequence or SearchStrategy, optional
        Hypothesis strategies that the cases are drawn from, by argument: see `draw_cases` there.
    record : path, optional
        An Octave script that calls the function: its calls are the cases.
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
    name = python_name(python)
    nout = None if nout is None else _checks.whole_number("nout", nout, 0)
    if golden is not None and not update:
        recording, notes = replayed(golden, octave, cases, conventions, nout)
        report = compare_recording(recording, python, rtol=rtol, atol=atol, conventions=conventions, limits=limits)
        return replace(report, notes=(*notes, *report.notes))
    try:
        function = find_octave_function(octave)
    except NoFunctionError as error:
        return PortReport(Path(octave).name, name, NOT_RUN, f"{str(error).partition(';')[0]}, and no function")
    rows = None
    asked: int | list[int] = nout or 0
    if is_watched(function, cases, strategies, record):
        recording = watch(octave, record, conventions=conventions, setup=setup, folders=folders, limits=limits)
        if not recording.cases:
            return PortReport(Path(octave).name, name, NOT_RUN, "; ".join(recording.notes))
        answers = call_python(python, recording.cases, limits)
        recording = with_outputs(recording, max(most_outputs(function, answers)) if nout is None else nout)
    else:
        found, notes = cases_of(function, cases, strategies, conventions)
        found = [case._replace(nout=nout) if case.nout is None else case for case in found]
        # The Python function comes first: Octave is asked for as many outputs as it returns.
        answers = call_python(python, found, limits)
        asked = most_outputs(function, answers) if nout is None else nout
        recording = record_port(
            octave, found, nout=asked, conventions=conventions, setup=setup, folders=folders, limits=limits
        )
        recording = replace(recording, notes=notes)
        if conventions.send_vectors == "column" and not isinstance(cases, (str, Path)):
            rows = as_rows(found)
    run = octave_runner(first=folders_of(function, folders), setup=setup, limits=limits)
    judged: dict[str, Any] = {"rtol": rtol, "atol": atol, "conventions": conventions, "limits": limits}
    report = compare_recording(recording, python, **judged, answers=answers, run=run)
    if not report.agrees and not report.slips and rows:
        turned = call_octave(function, rows, asked, setup=setup, folders=folders, limits=limits)
        other = replace(recording, cases=tuple(rows), answers=tuple(turned))
        report = better(report, compare_recording(other, python, **judged, answers=answers), "Octave", AS_ROWS)
        recording = other if AS_ROWS in report.notes else recording
    if golden is not None and (report.status != NOT_RUN or not all(answer.error for answer in recording.answers)):
        told = [f"golden file {golden}: {line}" for line in update_golden(golden, recording)]
        report = replace(report, notes=(*told, *report.notes))
    return report


def replayed(
    golden: StrPath, octave: StrPath, cases: Any, conventions: Conventions, nout: int | None
) -> tuple[Recording, tuple[str, ...]]:
    """Return the recording in a golden file, and what is to be told of it; `compare_port` has the arguments."""
    given = None
    if cases is not None:  # those that were drawn or recorded are in the file
        try:
            function = find_octave_function(octave)
        except (NoFunctionError, InputError):  # a golden file does without its .m file
            function = OctaveFunction(Path(octave).stem, None, None)
        given = cases_of(function, cases, None, conventions)[0]
    try:
        recording, notes = replay(golden, octave, given, conventions)
    except InputError:
        if given is None or not (rows := as_rows(given)):
            raise
        recording, notes = replay(golden, octave, rows, conventions)  # they were recorded as rows
        notes = (*notes, AS_ROWS)
    if nout is not None:
        cut = [replace(answer, outputs=answer.outputs[:nout]) for answer in recording.answers]
        asked = [case._replace(nout=nout) for case in recording.cases]
        recording = replace(recording, cases=tuple(asked), answers=tuple(cut))
    return recording, notes


def with_outputs(recording: Recording, most: int) -> Recording:
    """Return a recording of no more outputs than so many: a script may ask for those that a port leaves out."""
    cases = [case._replace(nout=None if case.nout is None else min(case.nout, most)) for case in recording.cases]
    answers = [replace(answer, outputs=answer.outputs[:most]) for answer in recording.answers]
    return replace(recording, cases=tuple(cases), answers=tuple(answers))


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
    given = call_python(python, recording.cases, limits) if answers is None else list(answers)
    given = with_whole_numbers(python, recording.cases, recording.answers, given, limits)
    if all(case.name.startswith(OWN_TESTS.format(recording.function)) for case in recording.cases):
        conventions = replace(conventions, errors_agree=True)  # an %!error block asks for the error
    judge = Judge(recording, given, conventions, rtol, atol)
    report = judge.report(python_name(python))
    cases = as_matrices(recording.cases) if conventions.vectors == "either" else None
    if cases and any(case.python_error and not case.octave_error for case in report.cases):
        matrices = replace(recording, cases=tuple(cases))
        other = Judge(matrices, call_python(python, cases, limits), conventions, rtol, atol)
        report = better(report, other.report(report.python), "Python", AS_MATRICES)
    if any(not output.agrees for case in report.cases for output in case.outputs):
        by_index = name_slips(recording, judge.answers, judge.same, run)
        slips = {output_name(recording.outputs, index): slip for index, slip in by_index.items()}
        report = replace(report, slips=slips)
    return report


def most_outputs(function: OctaveFunction, answers: Sequence[Answer]) -> list[int]:
    """Return how many outputs to ask for in each case: as many as the .m file declares and Python returns.

    Of a function that declares no number, as many as Python returns in that case; of any other, in any case.
    """
    declared = function.declared_outputs
    returned = []
    for answer in answers:
        value: Any = answer.outputs[0] if answer.outputs else None
        listed = isinstance(value, (list, dict)) and len(value) == declared > 1
        returned.append(max(1, len(value)) if listed or isinstance(value, (tuple, Record)) else 1)
    if all(answer.error for answer in answers):
        return [declared] * len(answers)
    if function.signature is None or "varargout" in function.outputs:
        return returned
    return [min(declared, max(returned))] * len(answers)
