"""The verdict on what a file has answered: what is right, what is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, takewhile
from typing import Any

import numpy as np

from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.compare import AGREE, BELONGS, Comparison, close
from courseport.crosscheck.costs.diagnosis import diagnose
from courseport.crosscheck.costs.kinds import KINDS, blocks_of, parts
from courseport.crosscheck.costs.meanings import error_meaning
from courseport.crosscheck.costs.presentations import AS_COLUMN, USUAL, Presentation, by_rows
from courseport.crosscheck.costs.report import AGREES, BY_ROWS, DISAGREES, FAILED, NOT_DONE, Report
from courseport.crosscheck.costs.submission import Answer, Replies, Submission
from courseport.crosscheck.running.limits import Limits

ENOUGH = 3  # cases: the numbers of fewer may fit a mistake by accident
NEARLY = 1e-4  # relative: a difference that small is not one of formulas
OWN_CASES = 3  # of the exercise's own size: that many must agree
ROW_BY_ROW = (
    "row by row. Convert a theta from Octave with np.concatenate([Theta1.ravel(), Theta2.ravel()]), "
    "or say --order C where this is wanted"
)
WORDS = {  # is J right, is the gradient right (None: there is none)
    (True, True): "J and the gradient are right",
    (True, None): "J is right; it returns no gradient",
    (None, True): "the gradient is right; it returns no J",
    (False, True): "J is wrong and the gradient is right",
    (False, None): "J is wrong; it returns no gradient",
    (None, False): "the gradient is wrong; it returns no J",
    (None, None): "it returns neither J nor a gradient",
}


def judge(  # noqa: PLR0911 - a verdict is the first of these that holds
    submission: Submission, cases: Sequence[Case], replies: Replies, limits: Limits, shown: Presentation = USUAL
) -> Report:
    """Return the report on what a submission of one kind has answered to these cases, handed over as `shown`."""
    answers = _gradients_alone(cases, list(takewhile(lambda answer: not answer.ended, replies.answers)))
    everything = [_compared(submission, *pair, shown) for pair in zip(cases, answers, strict=False)]
    comparisons = [c for c in everything if not c.case.aside]
    asides = [
        f"{c.case.aside} it {'fails' if c.error else 'is wrong'}: the course's learningCurve begins so"
        for c in everything
        if c.case.aside and not c.agrees
    ]
    missing = semicolons(submission, replies.printed)
    remarks = dict.fromkeys(c.answer.remark for c in comparisons if c.answer.remark)
    report = Report(
        submission.source,
        submission.signature,
        submission.kinds[0],
        FAILED,
        "",
        comparisons=tuple(comparisons),
        notes=(*submission.notes, *shown.notes, *remarks, *missing),
        output="" if missing else replies.printed,
    )
    ended = next((number for number, answer in enumerate(replies.answers) if answer.ended), None)
    end = [] if ended is None else [f"{replies.answers[ended].message}, in the case {cases[ended].name}"]
    errors = [c for c in comparisons if c.error]
    if len(errors) == len(comparisons) or (
        2 * len(errors) > len(comparisons) and not any(c.agrees for c in comparisons)
    ):
        return replace(report, finding=error_meaning(submission, errors[0], limits) if errors else end[0])
    undone = "" if errors else undone_words(submission, comparisons)
    if undone:
        return replace(report, status=NOT_DONE, finding=undone)
    if not comparisons[0].answer.repeats:
        return replace(report, status=DISAGREES, finding="its answer is another one on every call")
    finding = wording(comparisons)
    changed = dict.fromkeys(name for c in comparisons for name in c.answer.changed)
    faults = [f"it changes its argument {' and '.join(changed)} in place: it must work on a copy"] if changed else []
    if all(c.agrees for c in comparisons):
        report = replace(report, finding=finding, notes=(*report.notes, *asides))
        if end:
            return replace(report, finding=end[0])
        if faults:
            return replace(report, status=DISAGREES, finding=f"{finding}, but {faults[0]}")
        if shown.by_rows:
            return replace(report, status=BY_ROWS, finding=f"{finding}, but for the order of theta: {ROW_BY_ROW}")
        return replace(report, status=AGREES)
    own_size = own_size_words(submission, comparisons)
    if own_size:
        return replace(report, status=AGREES, finding=own_size)
    facts = facts_of(comparisons, submission)
    if errors:
        finding = some_errors(submission, comparisons, limits)
    enough = len(comparisons) - len(errors) >= ENOUGH
    answered = ([c.case for c in comparisons], [c.answer for c in comparisons])
    diagnosis = diagnose(KINDS[submission.kinds[0]], *answered) if enough else None
    return replace(report, status=DISAGREES, finding=finding, diagnosis=diagnosis, facts=(*facts, *faults, *end))


def _gradients_alone(cases: Sequence[Case], answers: Sequence[Answer]) -> Sequence[Answer]:
    """Return the answers of a function that returns one thing, of theta's size wherever it is called, as gradients."""
    sizes = [case.values["theta"].size for case, _ in zip(cases, answers, strict=False)]
    one_thing = all(answer.grad_class == "none" and not answer.message for answer in answers[: len(sizes)])
    if not one_thing or any(a.J is None or a.J.size != size for a, size in zip(answers, sizes, strict=False)):
        return answers
    nothing: dict[str, Any] = {"J": None, "J_shape": (), "J_class": "none"}
    return [replace(a, grad=a.J, grad_shape=a.J_shape, grad_class=a.J_class, **nothing) for a in answers]


def _compared(submission: Submission, case: Case, answer: Answer, shown: Presentation) -> Comparison:
    """Return the comparison of an answer with ours, as we unroll it."""
    kind, size = submission.kinds[0], case.values["theta"].size
    if shown.by_rows:
        shapes = case.values["shapes"]
        grad, slope = (
            by_rows(vector, shapes, back=True) if vector is not None and vector.size == size else vector
            for vector in (answer.grad, answer.slope)
        )
        answer = replace(answer, grad=grad, slope=slope)
    shape = (size, 1) if not submission.python or shown.theta == AS_COLUMN else (size,)
    ours = KINDS[kind].formula(case.values, {})
    return Comparison(case, answer, *ours, blocks_of(kind, case.values), shape)


def wording(comparisons: Sequence[Comparison]) -> str:  # noqa: PLR0911 - the first of these that holds
    """Return what is right and what is wrong, over all cases."""
    found = [c for c in comparisons if not c.error]
    told = ([getattr(c, name) for c in found] for name in ("J_right", "gradient_right"))
    J_right, gradient_right = (None if set(one) <= {None} else all(right is not False for right in one) for one in told)
    if gradient_right is False and all(c.only_shape_wrong or c.gradient_right for c in found):
        return "J and the numbers of the gradient are right, but not the gradient's shape"
    unusable = [c.gradient_trouble for c in found if c.gradient_trouble and c.their_gradient is None]
    if unusable and len(unusable) == len(found) and J_right is not None:
        return f"J is {'right' if J_right else 'wrong'}; {unusable[0]}"
    words = WORDS.get((J_right, gradient_right))
    if words is not None:
        return words
    known = [c.belongs for c in found if c.belongs is not None]
    belongs = all(value <= BELONGS for value in known) if known else None  # is it the slope of the file's own J?
    if J_right:
        return "J is right and the gradient is wrong" + (": it does not belong to J" if belongs is False else "")
    if belongs is None:
        return "J and the gradient are wrong"
    if belongs:
        return "J is wrong, and the gradient belongs to that J: another cost function, rightly differentiated"
    return "J and the gradient are wrong, and the gradient does not belong to that J"


def where_wrong(comparisons: Sequence[Comparison], wrong: Sequence[bool]) -> str:
    """Say in words where a file is wrong or fails, if what is special about the cases tells; else name one of them."""
    if all(wrong):
        return ""
    traits = [c.case.traits for c in comparisons]
    known = sorted(frozenset().union(*traits))
    for together in (*((trait,) for trait in known), *combinations(known, 2)):
        if [found >= set(together) for found in traits] == list(wrong):
            return f"where {' and '.join(together)}"
    first = next(c.case.name for c, is_wrong in zip(comparisons, wrong, strict=True) if is_wrong)
    return f"in {sum(wrong)} of {len(wrong)} cases, such as {first}"


def facts_of(comparisons: Sequence[Comparison], submission: Submission) -> list[str]:
    """Return what was seen beyond right and wrong: troubles, the parts that are right, differences that are small."""
    troubles = [t for c in comparisons for t in (c.J_trouble, c.gradient_trouble) if t]
    facts = list({re.sub(r"\d+", "", t): t for t in reversed(troubles)}.values())[::-1]  # one example of each
    if not submission.python and any(
        "gradient has shape 1x" in c.gradient_trouble and c.only_shape_wrong for c in comparisons
    ):
        facts.append("a row: fminunc takes it; fmincg and grad + a column do not. Say grad = grad(:)")
    if any(c.J_right is False and c.answer.slope is not None and not c.answer.slope.any() for c in comparisons):
        facts.append("J does not depend on theta: it is the same wherever theta is")
    place = where_wrong(comparisons, [not c.agrees for c in comparisons])
    if place and not any(c.error for c in comparisons):
        facts.append(f"it is wrong only {place}")
    wrong = [c for c in comparisons if not c.agrees and not c.error]
    if wrong and all(_nearly(c) for c in wrong) and not all(c.only_shape_wrong for c in wrong):
        facts.append("the differences are small: an epsilon inside a logarithm, or single precision?")
    return facts + _parts([c for c in wrong if c.their_gradient is not None])


def undone_words(submission: Submission, comparisons: Sequence[Comparison]) -> str:
    """Say what of a file is not done yet; empty where all is."""
    answers = [c.answer for c in comparisons]
    given = ([getattr(answer, name) for answer in answers] for name in ("J", "grad"))
    J_zero, grad_zero = (all(array is not None and not array.any() for array in arrays) for arrays in given)
    no_J, no_grad = (all(getattr(a, f"{name}_class") == "none" for a in answers) for name in ("J", "grad"))
    J_right, gradient_right = (all(getattr(c, f"{name}_right") for c in comparisons) for name in ("J", "gradient"))
    if no_J and no_grad:
        return "it returns nothing"
    if (J_zero or no_J) and (grad_zero or no_grad):
        what = "J and the gradient are" if J_zero and grad_zero else "J is" if J_zero else "the gradient is"
        return f"{what} 0, as in the file that the exercise begins with"
    if J_right and no_grad and submission.nout > 1 and not submission.python:
        return f"J is right; {submission.gradient_name} is announced and never set"
    if J_right and grad_zero:
        return "J is right; the gradient is 0 everywhere"
    return "the gradient is right; J is 0" if gradient_right and J_zero else ""


def own_size_words(submission: Submission, comparisons: Sequence[Comparison]) -> str:
    """Say that a file is right where its exercise asks, with so many features, and wrong elsewhere; empty if not so."""
    features, words = submission.own_size
    own = [c.agrees for c in comparisons if c.our_gradient.size == features + 1]
    if len(own) < OWN_CASES or not all(own) or any(c.error and not c.answer.where for c in comparisons):
        return ""
    last = "theta(1) and theta(2)" if features == 1 else f"theta(1) to theta({features + 1})"
    return f"right with {words}; with more it uses {last} only"


def some_errors(submission: Submission, comparisons: Sequence[Comparison], limits: Limits) -> str:
    """Say what an error means that some cases raise, where it does, and how the others are."""
    errors = [c for c in comparisons if c.error]
    others = [c for c in comparisons if not c.error]
    rest = "and agrees elsewhere" if all(c.agrees for c in others) else f"and elsewhere {wording(others)}"
    where = where_wrong(comparisons, [bool(c.error) for c in comparisons])
    meaning = error_meaning(submission, errors[0], limits).removeprefix("it fails: ")
    hint = re.search(r"length\s*\(\s*X\s*\)", submission.code) is not None
    words = f"it fails {where}, {rest}: {meaning}"
    return words + ("; length(X) is the longer side of X: m = size(X, 1)" if hint else "")


def semicolons(submission: Submission, output: str) -> list[str]:
    """Return the lines of a .m file whose missing semicolon makes it print, and what they print."""
    if submission.python:
        return []
    printed = set(re.findall(r"(?m)^([A-Za-z]\w*) =", output))
    found: dict[str, int] = {}
    for number, line in enumerate(submission.code.split("\n"), start=1):
        plain = re.sub(r"[%#].*", "", line).strip()
        match = re.match(r"(?:\[?([A-Za-z]\w*)[^=;]*=(?!=)|([A-Za-z]\w*)$)", plain)
        name = (match[1] or match[2]) if match else ""
        if name in printed and not plain.endswith((";", "...")):
            found.setdefault(name, number)
    return [f"a semicolon is missing in line {number}: it prints {name}" for name, number in found.items()]


def _nearly(comparison: Comparison) -> bool:
    if comparison.theirs is None or not close(comparison.theirs, comparison.ours, NEARLY):
        return False
    ours, theirs = comparison.our_gradient, comparison.their_gradient
    if theirs is None:
        return comparison.gradient_right is None
    return close(theirs, ours, NEARLY)


def _parts(wrong: Sequence[Comparison]) -> list[str]:
    """Say which parts of the gradient are right in every case, if not all of them are wrong."""
    verdicts: dict[str, bool] = {}
    for c in wrong:
        if c.their_gradient is None or c.gradient_right:
            continue
        theirs, scale = parts(c.blocks, c.their_gradient), float(np.abs(c.our_gradient).max())
        for name, ours in parts(c.blocks, c.our_gradient).items():
            right = bool(np.abs(ours - theirs[name]).max(initial=0.0) <= AGREE * scale)
            verdicts[name] = verdicts.get(name, True) and right
    if all(verdicts.values()) or not any(verdicts.values()):
        return []
    right_ones, wrong_ones = ([name for name, right in verdicts.items() if right is wanted] for wanted in (True, False))
    return [f"right in the gradient: {', '.join(right_ones)}; wrong: {', '.join(wrong_ones)}"]
