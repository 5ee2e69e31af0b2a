"""The judgement on one part: right, wrong, not done yet, or not to be run, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import Case as CostCase
from courseport.crosscheck.costs.diagnosis import Finding, Trial, explain
from courseport.crosscheck.costs.kinds import KINDS
from courseport.crosscheck.costs.mistakes.mistake import GRADIENT, J
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part
from courseport.crosscheck.running.calls import Answer

RIGHT, WRONG, NOT_DONE, FAILED = "right", "wrong", "not done yet", "could not be run"
Given = Sequence[tuple[Case, Answer]]
TINY = 1e-12  # absolute: what rounding leaves of a 0


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
    failed = [_told(answer) for _, answer in given if answer.error]
    if _not_done(part, given):
        return Judgement(NOT_DONE)
    if len(failed) == len(given) or (failed and part.check is not None):
        return Judgement(FAILED, failed[0])
    if part.check is not None:  # a property to keep, not one right answer
        outputs = [tuple(_numbers(value) for value in answer.outputs) for answer in answers]
        numbers = all(outputs) and not any(value is None for values in outputs for value in values)
        why = part.check(outputs) if numbers else "the answer is not numbers"
        return Judgement(WRONG, why) if why else Judgement(RIGHT)
    differences = [difference(part, _outputs(part.ours, case), answer) for case, answer in given]
    if not any(differences):
        return Judgement(RIGHT, notes=_notes(part, answers, flat))
    for way in part.accepted:
        if _gives(way.wrong, part, given):
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
            (_change(_outputs(part.ours, case), _outputs(part.ours, base)), _change_of(answer, one))
            for (case, _), (base, answer, one) in zip(given, pairs, strict=True)
        )
        if not any(difference(part, wanted, change) for wanted, change in changes):
            return Judgement(RIGHT, notes=("the penalty is right; what it is added to is judged above",))
    mistake = _explain(part, given) if named else None
    right = [case.name for (case, _), found in zip(given, differences, strict=True) if not found]
    first = next(place for place, found in enumerate(differences) if found)
    seen = f"for {given[first][0].name}: {differences[first]}"
    if right:
        seen += f" (right for {', '.join(right[:3])}{', ...' if len(right) > 3 else ''})"
    if mistake is None:
        return Judgement(WRONG, seen)
    return Judgement(WRONG, f"{mistake.name}; {seen}", mistake.remedy, mistake.name)


def difference(part: Part, expected: Outputs, answer: Answer, judged: Sequence[int] = ()) -> str:
    """Say where an answer differs from what is expected in the outputs that are judged, or nothing."""
    if answer.error:
        return _told(answer)
    for place in judged or part.judged:
        name = f"output {place + 1}" if part.outputs > 1 else "the answer"
        if place >= len(answer.outputs):
            return f"{name} was not returned"
        theirs, ours = _numbers(answer.outputs[place]), np.atleast_2d(np.asarray(expected[place], dtype=np.float64))
        if theirs is None:
            return f"{name} is not numbers"
        # A vector is a vector, in a row or a column.
        vectors = max(theirs.shape) == theirs.size and max(ours.shape) == ours.size
        if theirs.shape != ours.shape and not (vectors and theirs.size == ours.size):
            return f"{name} is {_shape(theirs)}, expected {_shape(ours)}"
        got, wanted = theirs.ravel(order="F"), ours.ravel(order="F")
        allowed = part.rtol * np.max(np.abs(wanted), initial=0.0, where=np.isfinite(wanted)) + TINY
        bad = np.flatnonzero(~((np.abs(got - wanted) <= allowed) | (np.isnan(got) & np.isnan(wanted))))
        if bad.size:
            first = int(bad[0])
            row, column = np.unravel_index(first, ours.shape, order="F")
            index = f"({first + 1})" if 1 in ours.shape else f"({row + 1}, {column + 1})"
            where = f" at {index}" if ours.size > 1 else ""
            return f"{name} is {got[first]:.6g}{where}, expected {wanted[first]:.6g}"
    return ""


def _gives(way: Callable[..., Outputs], part: Part, given: Given, judged: Sequence[int] = ()) -> bool:
    """Tell whether a way gives these outputs of every case; a way that has nothing to say of them does not."""
    with np.errstate(all="ignore"):
        outputs = [_outputs(way, case) for case, _ in given]
    told = all(values[place] is not None for values in outputs for place in judged or part.judged)
    pairs = zip(outputs, given, strict=True)
    return told and not any(difference(part, values, answer, judged) for values, (_, answer) in pairs)


def _explain(part: Part, given: Given) -> Mistake | None:
    """Return the known mistake that gives, in every case, the outputs that are wrong; or their constant factor."""
    wrong = [place for place in part.judged if not _gives(part.ours, part, given, [place])]
    if part.kind:
        return _cost_mistake(part, wrong[0], given) or _factor(part, given)
    for judged in (part.judged, wrong):  # one that gives all outputs comes before one that gives the wrong ones
        for mistake in part.mistakes:
            if mistake.seen is not None:
                known = all(_seen(mistake.seen, case, answer) for case, answer in given)
            else:
                known = _gives(mistake.wrong, part, given, judged)
            if known:
                return mistake
    return _factor(part, given)


def _seen(seen: Callable[[tuple[Any, ...], Outputs], bool], case: Case, answer: Answer) -> bool:
    outputs = tuple(_numbers(value) for value in answer.outputs)
    return not answer.error and all(value is not None for value in outputs) and seen(case.arguments, outputs)


def _cost_mistake(part: Part, output: int, given: Given) -> Mistake | None:
    """Return what the cross-check of cost functions knows to give this output, J or the gradient, of every case."""
    trials = []
    for case, answer in given:
        theirs = _output(answer, output)
        if theirs is None or (output == 0 and theirs.size != 1):
            return None
        named = {"lambda": 0.0, **dict(zip(part.inputs, case.arguments, strict=True))}
        theta = next(np.ravel(named[name]) for name in ("theta", "nn_params", "params") if name in named)
        sizes = [named[name] for name in ("input_layer_size", "hidden_layer_size", "num_labels") if name in named]
        data = {"y": named["y"].ravel()} if "y" in named else {}
        known = CostCase(case.name, {**named, **data, "theta": theta, "layer_sizes": sizes})
        vector = theirs.ravel(order="F")
        trials.append(Trial(known, float(vector[0]), None) if output == 0 else Trial(known, None, vector))
    where = (J, GRADIENT)[output]
    explanations = explain(KINDS[part.kind], where, trials)
    if not 0 < len(explanations) <= 2:
        return None
    findings = [sorted(combo, key=lambda mistake: mistake.name) for combo in explanations]
    names = (" + ".join(str(Finding(mistake, (where,))) for mistake in combo) for combo in findings)
    remedies = dict.fromkeys(mistake.remedy for combo in findings for mistake in combo)
    return Mistake(", or ".join(names), " ".join(remedies), part.ours)


def _factor(part: Part, given: Given) -> Mistake | None:
    """Return the mistake of a constant factor, where one gives the judged output of every case."""
    place, factors = part.judged[0], []
    for case, answer in given:
        ours = np.ravel(np.asarray(_outputs(part.ours, case)[place], dtype=np.float64))
        theirs = _output(answer, place)
        if len(part.judged) != 1 or theirs is None or theirs.size != ours.size or not np.any(ours):
            return None
        factors.append(float(np.dot(theirs.ravel(order="F"), ours) / np.dot(ours, ours)))
        if not np.allclose(theirs.ravel(order="F"), factors[0] * ours, rtol=1e-6, atol=1e-9):
            return None
    if abs(factors[0]) < TINY:
        return None
    return Mistake(f"it is {factors[0]:.6g} times what it should be", "Look for this factor.", lambda *_: ())


def _not_done(part: Part, given: Given) -> bool:
    """Tell whether every judged output is never set, zeros, or an argument as it came: what a starter returns."""
    # Of these the starter makes the further outputs from its arguments: the first one tells.
    first_alone = part.function.startswith(("gradientDescent", "featureNormalize", "validationCurve"))
    for case, answer in given:
        if answer.error:
            return False
        for place in part.judged[: 1 if first_alone else None]:
            value = _output(answer, place)
            if value is None or not np.any(value):
                continue
            came = (np.asarray(one) for one in case.arguments)
            if not any(one.size == value.size > 1 and np.array_equal(value.ravel(), one.ravel()) for one in came):
                return False
    return True


def _unchanged(part: Part, answer: Answer, without: Answer) -> bool:
    """Tell whether the judged output is the same with lambda and without."""
    one, other = _output(answer, part.judged[0]), _output(without, part.judged[0])
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
    expected = [_outputs(part.ours, case) for case in part.cases]
    notes = []
    for case, ours, answer in zip(part.cases, expected, answers, strict=True):
        found = "" if case.required else difference(part, ours, answer)
        if found:
            notes.append(f"for {case.name}: {found}")
    for place in part.judged if not flat else ():
        theirs, wanted = _output(answers[0], place), np.atleast_2d(np.asarray(expected[0][place]))
        if theirs is not None and theirs.shape != wanted.shape:
            notes.append(f"output {place + 1} is {_shape(theirs)}, the assignment's is {_shape(wanted)}")
    return tuple(notes)


def _outputs(function: Callable[..., Outputs], case: Case) -> Outputs:
    """Return what a function gives for copies of a case's arguments."""
    return function(*(np.copy(value) if isinstance(value, np.ndarray) else value for value in case.arguments))


def _output(answer: Answer, place: int) -> FloatArray | None:
    """Return an output as an array of numbers, or None where it is none or was not set."""
    return None if answer.error or place >= len(answer.outputs) else _numbers(answer.outputs[place])


def _numbers(value: Any) -> FloatArray | None:
    """Return a value as an array of numbers, or None."""
    array = np.asarray(value.toarray() if hasattr(value, "toarray") else value)
    if array.dtype.kind not in "biufc" or (array.dtype.kind == "c" and np.any(array.imag)):
        return None
    return np.atleast_2d(array.real.astype(np.float64))


def _told(answer: Answer) -> str:
    return answer.error + (f" ({answer.where})" if answer.where else "")


def _shape(array: FloatArray) -> str:
    return "x".join(map(str, array.shape))
