"""The judgement on one part: right, wrong, not done yet, or not to be run, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from courseport.crosscheck.grade.compare import (
    Given,
    difference,
    error_of,
    explain_part,
    gives,
    numbers_of,
    output_of,
    outputs_of,
    shape_of,
)
from courseport.crosscheck.grade.parts import Case, Outputs, Part
from courseport.crosscheck.running.calls import Answer

RIGHT, WRONG, NOT_DONE, FAILED = "right", "wrong", "not done yet", "could not be run"


@dataclass(frozen=True)
class Judgement:
    """What was found about a part.

    Attributes
    ----------
    status : str
        "right", "wrong", "not done yet" or "could not be run".
    why : str
        What is wrong, or what the error was; empty where it is right.
    remedy : str
        What to do about it, where the mistake is known.
    mistake : str
        The known mistake's name.
    notes : tuple of str
        What is odd and costs no points.
    """

    status: str
    why: str = ""
    remedy: str = ""
    mistake: str = ""
    notes: tuple[str, ...] = ()


def judge(  # noqa: PLR0911 - one for each thing that can be found
    part: Part, answers: Sequence[Answer], *, without: Sequence[Answer] = (), flat: bool = False, named: bool = True
) -> Judgement:
    """Judge the answers to a part's cases.

    Parameters
    ----------
    part : Part
    answers : sequence of Answer
        To each of its cases.
    without : sequence of Answer
        For a part about a penalty, the answers where lambda is 0.
    flat : bool
        Whether vectors come as (n,), as Python's do.
    named : bool
        Whether a known mistake is looked for where it is wrong, which takes most of the time.
    """
    given = [(case, answer) for case, answer in zip(part.cases, answers, strict=True) if case.required]
    failed = [error_of(answer) for _, answer in given if answer.error]
    if _not_done(part, given):
        return Judgement(NOT_DONE)
    if len(failed) == len(given) or (failed and part.check is not None):
        return Judgement(FAILED, failed[0])
    if part.check is not None:  # a property to keep, not one right answer
        outputs = [tuple(numbers_of(value) for value in answer.outputs) for answer in answers]
        numbers = all(outputs) and not any(value is None for values in outputs for value in values)
        why = part.check(outputs) if numbers else "the answer is not numbers"
        return Judgement(WRONG, why) if why else Judgement(RIGHT)
    differences = [difference(part, outputs_of(part.ours, case), answer) for case, answer in given]
    if not any(differences):
        return Judgement(RIGHT, notes=_notes(part, answers, flat))
    for way in part.accepted:
        if gives(way.wrong, part, given):
            return Judgement(RIGHT, notes=(way.name,))
    if without:
        pairs = [
            (case, answer, one)
            for case, answer, one in zip(without_penalty(part), answers, without, strict=True)
            if case.required
        ]
        if all(_unchanged(part, answer, one) for _, answer, one in pairs):
            return Judgement(NOT_DONE, "its answer is the same with and without lambda")
        changes = (
            (_change(outputs_of(part.ours, case), outputs_of(part.ours, base)), _change_of(answer, one))
            for (case, _), (base, answer, one) in zip(given, pairs, strict=True)
        )
        if not any(difference(part, wanted, change) for wanted, change in changes):
            return Judgement(RIGHT, notes=("the penalty is right; what it is added to is judged above",))
    mistake = explain_part(part, given) if named else None
    right = [case.name for (case, _), found in zip(given, differences, strict=True) if not found]
    first = next(place for place, found in enumerate(differences) if found)
    seen = f"for {given[first][0].name}: {differences[first]}"
    if right:
        seen += f" (right for {', '.join(right[:3])}{', ...' if len(right) > 3 else ''})"
    if mistake is None:
        return Judgement(WRONG, seen)
    return Judgement(WRONG, f"{mistake.name}; {seen}", mistake.remedy, mistake.name)


def _not_done(part: Part, given: Given) -> bool:
    """Tell whether every judged output is never set, zeros, or an argument as it came: what a starter returns."""
    # Of these the starter makes the further outputs from its arguments: the first one tells.
    first_alone = part.function.startswith(("gradientDescent", "featureNormalize", "validationCurve"))
    for case, answer in given:
        if answer.error:
            return False
        for place in part.judged[: 1 if first_alone else None]:
            value = output_of(answer, place)
            if value is None or not np.any(value):
                continue
            came = (np.asarray(one) for one in case.arguments)
            if not any(one.size == value.size > 1 and np.array_equal(value.ravel(), one.ravel()) for one in came):
                return False
    return True


def _unchanged(part: Part, answer: Answer, without: Answer) -> bool:
    """Tell whether the judged output is the same with lambda and without."""
    one, other = output_of(answer, part.judged[0]), output_of(without, part.judged[0])
    if one is None or other is None or one.size != other.size:
        return False
    return bool(np.allclose(one, other, rtol=1e-12, atol=0))


def _change(outputs: Outputs, others: Outputs) -> Outputs:
    return tuple(np.subtract(one, other) for one, other in zip(outputs, others, strict=True))


def _change_of(answer: Answer, without: Answer) -> Answer:
    """Return by how much lambda changes the outputs, as an answer."""
    try:
        return Answer(_change(answer.outputs, without.outputs), answer.error or without.error)
    except (ValueError, TypeError):
        return Answer(error="the outputs change their shapes with lambda, or are missing")


def without_penalty(part: Part) -> list[Case]:
    """Return the cases of a part about a penalty with lambda 0."""
    cases = []
    for case in part.cases:
        arguments = [0.0 if place == part.without else value for place, value in enumerate(case.arguments)]
        cases.append(case._replace(arguments=tuple(arguments)))
    return cases


def _notes(part: Part, answers: Sequence[Answer], flat: bool) -> tuple[str, ...]:
    """Say what is odd in right answers: further cases, and vectors that lie the other way."""
    expected = [outputs_of(part.ours, case) for case in part.cases]
    notes = []
    for case, ours, answer in zip(part.cases, expected, answers, strict=True):
        found = "" if case.required else difference(part, ours, answer)
        if found:
            notes.append(f"for {case.name}: {found}")
    for place in part.judged if not flat else ():
        theirs, wanted = output_of(answers[0], place), np.atleast_2d(np.asarray(expected[0][place]))
        if theirs is not None and theirs.shape != wanted.shape:
            notes.append(f"output {place + 1} is {shape_of(theirs)}, the assignment's is {shape_of(wanted)}")
    return tuple(notes)
