"""One student's assignments: every part called, judged, and judged once more with ours in the place of the others."""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from courseport import _checks
from courseport.crosscheck.grade.assignments import ASSIGNMENTS, by_function
from courseport.crosscheck.grade.judge import FAILED, NOT_DONE, RIGHT, WRONG, Judgement, judge, without_penalty
from courseport.crosscheck.grade.parts import Case, Part
from courseport.crosscheck.grade.record import Grade, PartGrade
from courseport.crosscheck.grade.submission import Submission, find_submissions
from courseport.crosscheck.grade.ways import FLAT, presented, translated, ways_of
from courseport.crosscheck.running.calls import (
    TOO_LONG,
    Answer,
    Call,
    Program,
    make_calls,
    octave_program,
    python_program,
)
from courseport.crosscheck.running.calls_worker import answer_of
from courseport.crosscheck.running.limits import Limits
from courseport.octave import reference_path
from courseport.octave.signature import plain_name

DEFAULTS = Limits(seconds=30.0)


def grade(
    folder: str | os.PathLike[str],
    *,
    exercise: str | None = None,
    limits: Limits = DEFAULTS,
    cancelled: threading.Event | None = None,
) -> Grade:
    """Grade the assignments in a folder: the course's ex1 to ex5 and ex8, in Octave or in Python.

    The files run in another process, with limits on time and memory, and with your rights.

    Parameters
    ----------
    folder : path
        The folder of one assignment, or one with several in it, however deep.
    exercise : str, optional
        "ex1", ..., "ex5" or "ex8", where the files do not tell.
    limits : Limits
        Seconds and megabytes that one assignment may take.
    cancelled : threading.Event, optional
        Ends the run when it is set.

    Returns
    -------
    Grade
        A part of which nothing is there is "not done yet".

    Raises
    ------
    OSError
        If the folder cannot be read.
    OctaveNotFoundError
        Octave is not installed, and the files are Octave's.
    """
    place = Path(folder)
    if exercise is not None:
        _checks.choice("exercise", exercise, tuple(ASSIGNMENTS))
    submissions = find_submissions(place, exercise)
    if not submissions:
        return Grade(str(folder), error="no function of an assignment was found")
    results: dict[str, list[PartGrade]] = {}
    for submission in submissions:
        graded = grade_submission(submission, limits.ended_by(cancelled))
        known = results.get(submission.exercise)
        # What is there twice, in two languages or two copies, counts once: the better one.
        if known is None or sum(part.points for part in graded) > sum(part.points for part in known):
            results[submission.exercise] = graded
    return Grade(str(folder), tuple(part for name in ASSIGNMENTS for part in results.get(name, ())))


def grade_functions(functions: Mapping[str, Any], exercise: str) -> Grade:
    """Grade Python functions of this process, such as a notebook's: ``grade_functions(globals(), "ex1")``.

    Parameters
    ----------
    functions : mapping
        Functions by name, the course's or in snake_case; whatever else is in it is left aside.
    exercise : str
        "ex1", ..., "ex5" or "ex8".
    """
    parts = ASSIGNMENTS[_checks.choice("exercise", exercise, tuple(ASSIGNMENTS))]
    known = {plain_name(name): value for name, value in functions.items() if inspect.isfunction(value)}
    graded = []
    for part in parts:
        function, found = known.get(plain_name(part.function)), Judgement(NOT_DONE)
        if function is not None:
            asked = [(part, way, case) for way in ways_of(part) for case in _cases(part)]
            answers = [_called(function, part, presented(part, case, way)) for _, way, case in asked]
            found = _judge_all(asked, answers, flat=True)[part.title]
        graded.append(_graded(part, found))
    return Grade(exercise, tuple(graded))


def _called(function: Any, part: Part, arguments: tuple[Any, ...]) -> Answer:
    try:
        seconds, outputs = answer_of(function, arguments, part.outputs, part.inputs)
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its answer
        return Answer(error=f"{type(error).__name__}: {error}")
    return Answer(tuple(outputs), seconds=seconds)


def grade_submission(submission: Submission, limits: Limits = DEFAULTS) -> list[PartGrade]:
    """Return the grades of all parts of one assignment."""
    parts = ASSIGNMENTS[submission.exercise]
    there = [part for part in parts if part.function in submission.functions]
    judged = _call_all(submission, there, "all", limits)
    # A part that leans on another one is called with ours in the other's place, so that one mistake costs one part.
    again = [
        part
        for part in there
        if judged[part.title].status in (WRONG, FAILED)
        and (submission.language == "python" or len(submission.functions) + len(submission.helpers) > 1)
        and not judged[part.title].why.startswith(TOO_LONG)  # once is enough
    ]
    for title, alone in _call_all(submission, again, "alone", limits).items():
        if alone.status == RIGHT:
            note = "right with our functions in the place of your other ones, one of which is wrong"
            judged[title] = replace(alone, notes=(*alone.notes, note))
        elif alone.mistake and not judged[title].mistake:
            judged[title] = alone  # its own mistake, without those of the others
    return [_graded(part, judged.get(part.title, Judgement(NOT_DONE))) for part in parts]


def _graded(part: Part, found: Judgement) -> PartGrade:
    points = part.points if found.status == RIGHT else 0
    told = (found.why, found.remedy, found.mistake, found.notes)
    return PartGrade(part.exercise, part.title, part.function, found.status, points, part.points, *told)


Asked = tuple[Part, str, Case]  # a part, the way to give it its data, and one of its cases


def _cases(part: Part) -> list[Case]:
    return [*part.cases, *(without_penalty(part) if part.without is not None else ())]


def _call_all(submission: Submission, parts: Sequence[Part], place: str, limits: Limits) -> dict[str, Judgement]:
    """Call all cases of the parts in one process, and judge each part."""
    python = submission.language == "python"
    asked = [
        (part, way, case) for part in parts for way in (ways_of(part) if python else ("",)) for case in _cases(part)
    ]
    calls = [
        Call(
            part.function,
            presented(part, case, way),
            part.outputs,
            place if place == "all" else f"{place}_{part.function}",
        )
        for part, way, case in asked
    ]
    program = (_python if python else _octave)(submission, [part.function for part in parts], place)
    answers, _ = make_calls(program, calls, limits)
    return _judge_all(asked, answers, flat=python)


def _judge_all(asked: Sequence[Asked], answers: Sequence[Answer], *, flat: bool) -> dict[str, Judgement]:
    """Judge each part, by its title, on the first way that is right, or on the one that tells most."""
    tries: dict[str, dict[str, list[Answer]]] = {}
    for (part, way, case), answer in zip(asked, answers, strict=True):
        tries.setdefault(part.title, {}).setdefault(way, []).append(translated(part, case, answer, way))
    return {
        part.title: _best(part, tries[part.title], flat=flat)
        for part in {part.title: part for part, _, _ in asked}.values()
    }


def _best(part: Part, ways: Mapping[str, list[Answer]], *, flat: bool) -> Judgement:
    # To name a mistake takes a second for each way, so it is done only where no way is right.
    for named in (False, True) if len(ways) > 1 else (True,):
        found: list[Judgement] = []
        for way, answers in ways.items():
            given, without = answers[: len(part.cases)], answers[len(part.cases) :]
            judgement = judge(part, given, without=without, flat=flat, named=named)
            note = () if way in ("", FLAT) else (f"it was given {way}",)
            found.append(replace(judgement, notes=(*judgement.notes, *note)))
            if judgement.status == RIGHT:
                return found[-1]
    return min(found, key=_rank)


def _rank(found: Judgement) -> tuple[int, bool]:
    """Return the order in which judgements are taken: right, or wrong with a name, before all else."""
    return (RIGHT, WRONG, NOT_DONE, FAILED).index(found.status), not found.mistake


def _octave(submission: Submission, called: Sequence[str], place: str) -> Program:
    helpers = [(path.stem, path) for path in submission.helpers if path.stem.isidentifier()]
    functions = [(name, file) for name, (_, file) in submission.functions.items()]
    places: dict[str, Sequence[tuple[str, Path]]] = {"all": [*helpers, *functions]}
    if place != "all":
        # The other graded functions are then found in the folder of ours, which comes last.
        helpers = [(name, path) for name, path in helpers if plain_name(name) not in by_function()]
        places = {f"alone_{name}": [*helpers, (name, submission.functions[name][1])] for name in called}
    return octave_program(places, [reference_path()], called=tuple(called))


def _python(submission: Submission, called: Sequence[str], place: str) -> Program:
    functions = [(name, own, file) for name, (own, file) in submission.functions.items()]
    inputs = {part.function: part.inputs for part in ASSIGNMENTS[submission.exercise]}
    places = {"all": functions} if place == "all" else {f"alone_{name}": functions for name in called}
    return python_program(places, inputs)
