"""The verdict in words: what is right, what is wrong, where, and what the errors of a file that cannot be run mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.compare import AGREE, BELONGS, Comparison, close
from courseport.crosscheck.costs.kinds import parts
from courseport.crosscheck.costs.submission import Answer, Submission
from courseport.crosscheck.running.calls import MEMORY
from courseport.crosscheck.running.limits import Limits

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
# What an error says -> what it means. The first that is found counts; {0}, {1} are its groups.
MEANINGS = (
    (MEMORY, "it asks for more memory than the limit of {megabytes:g} MB"),
    (r"(?:parse|syntax) error.* near line (\d+) of file \S*/(\w+\.m)", "it has a syntax error in {1}, line {0}"),
    (r"parse error|SyntaxError", "it has a syntax error: {message}"),
    (r"nobody is there", "it waits for a user: {message}"),
    (r"'(\w+)' undefined", ""),  # a helper or a variable: the code tells
    (
        r"(operator \S+|\w+): nonconformant arguments \(op1 is (\d+x\d+), op2 is (\d+x\d+)\)",
        "two matrices do not fit: {0}: {1} and {2}",
    ),
    (r"(called with too many inputs|takes \d+ positional.*)", "it does not take the arguments of its call: {message}"),
    (r"max_recursion_depth|RecursionError", "it calls itself without end"),
    (r"No space left|Disk quota", "it found no room to write: {message}"),
)
# Met in files from MATLAB; Octave 7 has none of them.
_MATLAB = (
    "height width string strings contains sumsqr logsig tansig dlarray table readmatrix readtable softmax onehotencode"
)


def wording(comparisons: Sequence[Comparison]) -> str:  # noqa: PLR0911 - the first of these that holds
    """Return what is right and what is wrong, over all cases."""
    found = [c for c in comparisons if not c.error]
    J_right, gradient_right = (_over([getattr(c, name) for c in found]) for name in ("J_right", "gradient_right"))
    if gradient_right is False and all(c.only_shape_wrong or c.gradient_right for c in found):
        return "J and the numbers of the gradient are right, but not the gradient's shape"
    unusable = [c.gradient_trouble for c in found if c.gradient_trouble and c.their_gradient is None]
    if unusable and len(unusable) == len(found) and J_right is not None:
        return f"J is {'right' if J_right else 'wrong'}; {unusable[0]}"
    words = WORDS.get((J_right, gradient_right))
    if words is not None:
        return words
    belongs = gradient_belongs(found)
    if J_right:
        return "J is right and the gradient is wrong" + (": it does not belong to J" if belongs is False else "")
    if belongs is None:
        return "J and the gradient are wrong"
    if belongs:
        return "J is wrong, and the gradient belongs to that J: another cost function, rightly differentiated"
    return "J and the gradient are wrong, and the gradient does not belong to that J"


def _over(verdicts: Sequence[bool | None]) -> bool | None:
    told = [verdict for verdict in verdicts if verdict is not None]
    return all(told) if told else None


def gradient_belongs(comparisons: Sequence[Comparison]) -> bool | None:
    """Tell whether the gradient is the slope of the file's own J; None where that is not known."""
    known = [c.belongs for c in comparisons if c.belongs is not None]
    return all(value <= BELONGS for value in known) if known else None


def faults_of(comparisons: Sequence[Comparison]) -> list[str]:
    """Return what is wrong beyond the numbers: arguments that are changed."""
    changed = dict.fromkeys(name for c in comparisons for name in c.changed)
    return [f"it changes its argument {' and '.join(changed)} in place: it must work on a copy"] if changed else []


def where_wrong(cases: Sequence[Case], wrong: Sequence[bool]) -> str:
    """Say in words where a file is wrong or fails, if what is special about the cases tells; else name one of them."""
    if all(wrong):
        return ""
    traits = [case.traits for case in cases]
    known = sorted(frozenset().union(*traits))
    for together in (*((trait,) for trait in known), *combinations(known, 2)):
        if [found >= set(together) for found in traits] == list(wrong):
            return f"where {' and '.join(together)}"
    first = next(case.name for case, is_wrong in zip(cases, wrong, strict=True) if is_wrong)
    return f"in {sum(wrong)} of {len(wrong)} cases, such as {first}"


def facts_of(cases: Sequence[Case], comparisons: Sequence[Comparison], submission: Submission) -> list[str]:
    """Return what was seen beyond right and wrong: troubles, the parts that are right, differences that are small."""
    troubles = [t for c in comparisons for t in (c.J_trouble, c.gradient_trouble) if t]
    facts = list({re.sub(r"\d+", "", t): t for t in reversed(troubles)}.values())[::-1]  # one example of each
    if not submission.python and any(
        "gradient has shape 1x" in c.gradient_trouble and c.only_shape_wrong for c in comparisons
    ):
        facts.append("a row: fminunc takes it; fmincg and grad + a column do not. Say grad = grad(:)")
    if any(c.constant and c.J_right is False for c in comparisons):
        facts.append("J does not depend on theta: it is the same wherever theta is")
    place = where_wrong(cases, [not c.agrees for c in comparisons])
    if place and not any(c.error for c in comparisons):
        facts.append(f"it is wrong only {place}")
    wrong = [c for c in comparisons if not c.agrees and not c.error]
    if wrong and all(_nearly(c) for c in wrong) and not all(c.only_shape_wrong for c in wrong):
        facts.append("the differences are small: an epsilon inside a logarithm, or single precision?")
    return facts + _parts([c for c in wrong if c.their_gradient is not None])


def error_meaning(submission: Submission, error: Comparison, limits: Limits) -> str:
    """Return what an error of Octave's or Python's means for a cost function, and the line it stands in."""
    message, meaning = error.error, f"it fails: {error.error}"
    syntax = None
    for pattern, words in MEANINGS:
        match = re.search(pattern, message, re.DOTALL)
        if match is None:
            continue
        shown = re.sub(r"\S*/(\w+\.m)\b", r"\1", message)[:160]
        meaning = words.format(*match.groups(), message=shown, megabytes=limits.megabytes)
        meaning = meaning or _undefined(submission, match[1])
        syntax = match if words.startswith("it has a syntax error in") else None
        break
    if syntax is not None:
        return meaning + _line(submission, syntax[2].removesuffix(".m"), int(syntax[1]))
    place = re.match(r"(\w+), line (\d+)$", error.where)
    if place is not None:
        return f"{meaning}; {error.where}{_line(submission, place[1], int(place[2]))}"
    return f"{meaning}; {error.where[:120]}" if error.where else meaning


def undone_words(submission: Submission, comparisons: Sequence[Comparison], answers: Sequence[Answer]) -> str:
    """Say what of a file is not done yet; empty where all is."""
    J_zero, grad_zero = (_all_zero([getattr(answer, name) for answer in answers]) for name in ("J", "grad"))
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


def _all_zero(arrays: Sequence[NDArray[Any] | None]) -> bool:
    return all(array is not None and not array.any() for array in arrays)


def own_size_words(submission: Submission, cases: Sequence[Case], comparisons: Sequence[Comparison]) -> str:
    """Say that a file is right where its exercise asks, with so many features, and wrong elsewhere; empty if not so."""
    features, words = submission.own_size
    sizes = [case.values["theta"].size for case in cases]
    own = [c.agrees for size, c in zip(sizes, comparisons, strict=False) if size == features + 1]
    if len(own) < OWN_CASES or not all(own) or any(c.error and not c.where for c in comparisons):
        return ""
    last = "theta(1) and theta(2)" if features == 1 else f"theta(1) to theta({features + 1})"
    return f"right with {words}; with more it uses {last} only"


def some_errors(
    submission: Submission, cases: Sequence[Case], comparisons: Sequence[Comparison], limits: Limits
) -> str:
    """Say what an error means that some cases raise, where it does, and how the others are."""
    errors = [c for c in comparisons if c.error]
    others = [c for c in comparisons if not c.error]
    rest = "and agrees elsewhere" if all(c.agrees for c in others) else f"and elsewhere {wording(others)}"
    where = where_wrong(cases, [bool(c.error) for c in comparisons])
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


def _line(submission: Submission, function: str, number: int) -> str:
    """Return a line of the file's own, if the function is in it."""
    lines = submission.code.split("\n")
    own = re.search(rf"function\b[^\n]*\b{function}\b", submission.code)
    if submission.python or own is None or not 0 < number <= len(lines) or not lines[number - 1].strip():
        return ""
    return f": {lines[number - 1].strip().rstrip(';')[:80]}"


def _undefined(submission: Submission, name: str) -> str:
    code = submission.code
    called = re.search(rf"\b{name}\s*\(", code) and not re.search(rf"\b{name}\s*=[^=]", code)
    if name in _MATLAB.split() and name not in submission.names:
        return f"{name} is MATLAB's: Octave does not have it"
    if called and name not in submission.names:
        return f"it needs {name}.m, which is neither beside it nor part of Octave"
    return f"it uses {name} before setting it"


def _nearly(comparison: Comparison) -> bool:
    if comparison.theirs is None or comparison.ours is None or not close(comparison.theirs, comparison.ours, NEARLY):
        return False
    ours, theirs = comparison.our_gradient, comparison.their_gradient
    if theirs is None:
        return comparison.gradient_right is None
    return ours is not None and close(theirs, ours, NEARLY)


def _parts(wrong: Sequence[Comparison]) -> list[str]:
    """Say which parts of the gradient are right in every case, if not all of them are wrong."""
    verdicts: dict[str, bool] = {}
    for c in wrong:
        if c.our_gradient is None or c.their_gradient is None or c.gradient_right:
            continue
        theirs, scale = parts(c.blocks, c.their_gradient), float(np.abs(c.our_gradient).max())
        for name, ours in parts(c.blocks, c.our_gradient).items():
            right = bool(np.abs(ours - theirs[name]).max(initial=0.0) <= AGREE * scale)
            verdicts[name] = verdicts.get(name, True) and right
    if all(verdicts.values()) or not any(verdicts.values()):
        return []
    right_ones, wrong_ones = ([name for name, right in verdicts.items() if right is wanted] for wanted in (True, False))
    return [f"right in the gradient: {', '.join(right_ones)}; wrong: {', '.join(wrong_ones)}"]
