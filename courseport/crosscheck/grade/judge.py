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
    if part.check is not None:
        return _checked(part, answers)
    expected = [part.ours(*_copied(case.arguments)) for case in part.cases]
    required = [place for place, case in enumerate(part.cases) if case.required]
    failed = [place for place in required if answers[place].error]
    if _not_done(part, [(part.cases[place], answers[place]) for place in required]):
        return Judgement(NOT_DONE)
    if len(failed) == len(required):
        return Judgement(FAILED, _told(answers[failed[0]]))
    wrong = [place for place in required if difference(part, expected[place], answers[place])]
    if not wrong:
        return Judgement(RIGHT, notes=_notes(part, expected, answers, flat))
    for way in part.accepted:
        if _gives(way.wrong, part, required, answers, part.judged):
            return Judgement(RIGHT, notes=(way.name,))
    if without:
        base = [part.ours(*_without_lambda(part, case)) for case in part.cases]
        if all(_unchanged(part, answers[place], without[place]) for place in required):
            return Judgement(NOT_DONE, "its answer is the same with and without lambda")
        if not any(difference(part, *_changes(expected[p], base[p], answers[p], without[p])) for p in required):
            return Judgement(RIGHT, notes=("the penalty is right; what it is added to is judged above",))
    mistake = _explain(part, required, answers) if named else None
    place = wrong[0]
    why = _told(answers[place]) if answers[place].error else difference(part, expected[place], answers[place])
    seen = f"for {part.cases[place].name}: {why}"
    if len(wrong) < len(required):
        good = [part.cases[p].name for p in required if p not in wrong]
        seen += f" (right for {', '.join(good[:3])}{', ...' if len(good) > 3 else ''})"
    if mistake is None:
        return Judgement(WRONG, seen)
    return Judgement(WRONG, f"{mistake.name}; {seen}", mistake.remedy, mistake.name)


def difference(part: Part, expected: Outputs, answer: Answer) -> str:
    """Say where an answer differs from what is expected, or nothing."""
    if answer.error:
        return _told(answer)
    for place in part.judged:
        name = f"output {place + 1}" if part.outputs > 1 else "the answer"
        if place >= len(answer.outputs):
            return f"{name} was not returned"
        theirs, ours = _numbers(answer.outputs[place]), np.asarray(expected[place], dtype=np.float64)
        if theirs is None:
            return f"{name} is not numbers"
        if not _same_shape(theirs, ours):
            return f"{name} is {_shape(theirs)}, expected {_shape(ours)}"
        gap = np.abs(theirs.ravel(order="F") - ours.ravel(order="F"))
        allowed = part.rtol * np.max(np.abs(ours), initial=0.0, where=np.isfinite(ours)) + TINY
        bad = np.flatnonzero(
            ~((gap <= allowed) | (np.isnan(theirs.ravel(order="F")) & np.isnan(ours.ravel(order="F"))))
        )
        if bad.size:
            first = int(bad[0])
            got, wanted = theirs.ravel(order="F")[first], ours.ravel(order="F")[first]
            where = f" at {_index(ours, first)}" if ours.size > 1 else ""
            return f"{name} is {_number(got)}{where}, expected {_number(wanted)}"
    return ""


def _explain(part: Part, required: Sequence[int], answers: Sequence[Answer]) -> Mistake | None:
    """Return the known mistake that gives, in every case, the outputs that are wrong."""
    wrong = [place for place in part.judged if not _gives(part.ours, part, required, answers, [place])]
    if part.kind:
        return _cost_mistake(part, wrong[0], required, answers) or _factor(part, required, answers)
    for judged in (part.judged, wrong):  # one that gives all outputs comes before one that gives the wrong ones
        for mistake in part.mistakes:
            if mistake.seen is not None:
                known = all(_seen(mistake.seen, part.cases[place], answers[place]) for place in required)
            else:
                known = _gives(mistake.wrong, part, required, answers, judged)
            if known:
                return mistake
    return _factor(part, required, answers)


def _cost_mistake(part: Part, output: int, required: Sequence[int], answers: Sequence[Answer]) -> Mistake | None:
    """Return what the cross-check of cost functions knows to give this output, J or the gradient, of every case."""
    trials = []
    for place in required:
        given = [_numbers(value) for value in answers[place].outputs[: output + 1]]
        if len(given) <= output or (theirs := given[output]) is None:
            return None
        vector = theirs.ravel(order="F")
        case = CostCase(part.cases[place].name, _values(part, part.cases[place]))
        trials.append(Trial(case, float(vector[0]), None) if output == 0 else Trial(case, None, vector))
        if output == 0 and vector.size != 1:
            return None
    where = (J, GRADIENT)[output]
    explanations = explain(KINDS[part.kind], where, trials)
    if not 0 < len(explanations) <= 2:
        return None
    findings = [sorted(combo, key=lambda mistake: mistake.name) for combo in explanations]
    names = (" + ".join(str(Finding(mistake, (where,))) for mistake in combo) for combo in findings)
    remedies = dict.fromkeys(mistake.remedy for combo in findings for mistake in combo)
    return Mistake(", or ".join(names), " ".join(remedies), part.ours)


def _values(part: Part, case: Case) -> dict[str, Any]:
    """Return a case's arguments by what they stand for, as the cross-check has them."""
    named = {"lambda": 0.0, **dict(zip(part.inputs, case.arguments, strict=True))}
    theta = next(np.ravel(named[name]) for name in ("theta", "nn_params", "params") if name in named)
    sizes = [named[name] for name in ("input_layer_size", "hidden_layer_size", "num_labels") if name in named]
    data = {"y": named["y"].ravel()} if "y" in named else {}
    return {**named, **data, "theta": theta, "layer_sizes": sizes}


def _gives(
    way: Callable[..., Outputs], part: Part, required: Sequence[int], answers: Sequence[Answer], judged: Sequence[int]
) -> bool:
    """Tell whether a way gives these outputs of every case; a way that has nothing to say of them does not."""
    with np.errstate(all="ignore"):
        outputs = [way(*_copied(part.cases[place].arguments)) for place in required]
    told = all(values[place] is not None for values in outputs for place in judged)
    pairs = zip(outputs, required, strict=True)
    return told and not any(_differs(part, judged, values, answers[place]) for values, place in pairs)


def _seen(seen: Callable[[tuple[Any, ...], Outputs], bool], case: Case, answer: Answer) -> bool:
    outputs = tuple(_numbers(value) for value in answer.outputs)
    return not answer.error and all(value is not None for value in outputs) and seen(case.arguments, outputs)


def _checked(part: Part, answers: Sequence[Answer]) -> Judgement:
    """Judge a part that has a property to keep, not one right answer."""
    assert part.check is not None  # noqa: S101 - told to the type checker
    if _not_done(part, list(zip(part.cases, answers, strict=True))):
        return Judgement(NOT_DONE)
    errors = [_told(answer) for answer in answers if answer.error]
    if errors:
        return Judgement(FAILED, errors[0])
    outputs = [tuple(_numbers(value) for value in answer.outputs) for answer in answers]
    if any(value is None for values in outputs for value in values) or not all(outputs):
        return Judgement(WRONG, "the answer is not numbers")
    why = part.check(outputs)
    return Judgement(WRONG, why) if why else Judgement(RIGHT)


def _differs(part: Part, judged: Sequence[int], outputs: Outputs, answer: Answer) -> bool:
    if answer.error or len(answer.outputs) <= max(judged):
        return True
    for place in judged:
        theirs, wrong = _numbers(answer.outputs[place]), np.asarray(outputs[place], dtype=np.float64)
        if theirs is None or theirs.size != wrong.size:
            return True
        scale = max(float(np.max(np.abs(wrong), initial=0.0, where=np.isfinite(wrong))), TINY)
        if not np.allclose(
            theirs.ravel(order="F"), wrong.ravel(order="F"), rtol=0, atol=max(part.rtol, 1e-8) * scale, equal_nan=True
        ):
            return True
    return False


def _factor(part: Part, required: Sequence[int], answers: Sequence[Answer]) -> Mistake | None:
    """Return the mistake of a constant factor, where one gives the judged output of every case."""
    if len(part.judged) != 1 or any(answers[place].error for place in required):
        return None
    place, factors = part.judged[0], []
    for number in required:
        ours = np.ravel(np.asarray(part.ours(*_copied(part.cases[number].arguments))[place], dtype=np.float64))
        theirs = _numbers(answers[number].outputs[place]) if place < len(answers[number].outputs) else None
        if theirs is None or theirs.size != ours.size or not np.any(ours):
            return None
        factor = float(np.dot(theirs.ravel(order="F"), ours) / np.dot(ours, ours))
        if not np.allclose(theirs.ravel(order="F"), factor * ours, rtol=1e-6, atol=1e-9):
            return None
        factors.append(factor)
    if not np.allclose(factors, factors[0], rtol=1e-6) or abs(factors[0]) < TINY:
        return None
    return Mistake(f"it is {factors[0]:.6g} times what it should be", "Look for this factor.", lambda *_: ())


def _not_done(part: Part, pairs: Sequence[tuple[Case, Answer]]) -> bool:
    """Tell whether every judged output is never set, zeros, or an argument as it came: what a starter returns."""
    for case, answer in pairs:
        if answer.error:
            return False
        given = [np.asarray(value) for value in case.arguments]
        first = part.judged[0]
        for place in part.judged:
            value = _numbers(answer.outputs[place]) if place < len(answer.outputs) else None
            blank = value is None or value.size == 0 or not np.any(value)
            same = value is not None and any(_same(value, argument) for argument in given)
            if (
                not blank
                and not same
                and (
                    place == first
                    or part.function
                    not in ("gradientDescent", "gradientDescentMulti", "featureNormalize", "validationCurve")
                )
            ):
                return False
    return True


def _same(value: FloatArray, argument: Any) -> bool:
    return (
        argument.size == value.size and argument.size > 1 and bool(np.array_equal(np.ravel(value), np.ravel(argument)))
    )


def _unchanged(part: Part, answer: Answer, without: Answer) -> bool:
    place = part.judged[0]
    if answer.error or without.error or place >= min(len(answer.outputs), len(without.outputs)):
        return False
    one, other = _numbers(answer.outputs[place]), _numbers(without.outputs[place])
    return (
        one is not None
        and other is not None
        and one.size == other.size
        and bool(np.allclose(one, other, rtol=1e-12, atol=0))
    )


def _changes(expected: Outputs, base: Outputs, answer: Answer, without: Answer) -> tuple[Outputs, Answer]:
    """Return the expected and the given change of the outputs by lambda."""
    if answer.error or without.error or len(answer.outputs) != len(without.outputs):
        return expected, Answer(error=answer.error or without.error or "outputs are missing")
    try:
        given = tuple(np.subtract(one, other) for one, other in zip(answer.outputs, without.outputs, strict=True))
    except ValueError:
        return expected, Answer(error="the outputs' shapes change with lambda")
    return tuple(np.subtract(one, other) for one, other in zip(expected, base, strict=True)), Answer(given)


def without_penalty(part: Part) -> list[Case]:
    """Return the cases of a part about a penalty with lambda 0."""
    return [Case(case.name, _without_lambda(part, case), case.required) for case in part.cases]


def _without_lambda(part: Part, case: Case) -> tuple[Any, ...]:
    arguments = list(case.arguments)
    if part.without is not None:
        arguments[part.without] = 0.0
    return tuple(arguments)


def _notes(part: Part, expected: Sequence[Outputs], answers: Sequence[Answer], flat: bool) -> tuple[str, ...]:
    notes = []
    for case, ours, answer in zip(part.cases, expected, answers, strict=True):
        found = "" if case.required else difference(part, ours, answer)
        if found:
            notes.append(f"for {case.name}: {found}")
    turned = [
        f"output {place + 1} is {_shape(value)}, the assignment's is {_shape(np.asarray(expected[0][place]))}"
        for place in part.judged
        if not flat
        for value in [_numbers(answers[0].outputs[place])]
        if value is not None and value.shape != np.atleast_2d(np.asarray(expected[0][place])).shape
    ]
    return (*notes, *turned)


def _numbers(value: Any) -> FloatArray | None:
    """Return an output as an array of numbers, or None."""
    if hasattr(value, "toarray"):
        value = value.toarray()
    array = np.asarray(value)
    if array.dtype.kind not in "biufc" or (array.dtype.kind == "c" and np.any(array.imag)):
        return None
    return np.atleast_2d(array.real.astype(np.float64))


def _same_shape(theirs: FloatArray, ours: FloatArray) -> bool:
    """Tell whether the shapes agree; a vector is a vector, in a row or a column."""
    ours = np.atleast_2d(ours)
    vectors = max(theirs.shape) == theirs.size and max(ours.shape) == ours.size
    return theirs.shape == ours.shape or (vectors and theirs.size == ours.size)


def _told(answer: Answer) -> str:
    return answer.error + (f" ({answer.where})" if answer.where else "")


def _shape(array: Any) -> str:
    return "x".join(map(str, np.atleast_2d(array).shape))


def _index(array: FloatArray, place: int) -> str:
    """Return Octave's index of an entry."""
    shape = np.atleast_2d(array).shape
    if 1 in shape:
        return f"({place + 1})"
    row, column = np.unravel_index(place, shape, order="F")
    return f"({row + 1}, {column + 1})"


def _number(value: float) -> str:
    return f"{value:.6g}"


def _copied(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments)
