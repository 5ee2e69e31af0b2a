"""The verdict in words: what is right, what is wrong, and what the errors of a file that cannot be run mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from courseport.crosscheck.blocks import parts
from courseport.crosscheck.compare import AGREE, BELONGS, Comparison, close
from courseport.crosscheck.limits import Limits, Outcome
from courseport.crosscheck.targets import Target

NEARLY = 1e-4  # relative: a difference that small is not one of formulas
WORDS = {  # is J right, is the gradient right, does the gradient belong to the file's J
    (True, True): "J and the gradient are right",
    (True, False): "J is right and the gradient is wrong: it does not belong to J",
    (False, True): "J is wrong and the gradient is right",
}
# What an error says -> what it means. The first that is found counts; {0}, {1} are its groups.
MEANINGS = (
    (r"out of memory|Cannot allocate|MemoryError", "it asks for more memory than the limit of {megabytes:g} MB"),
    (r"parse error|SyntaxError", "it has a syntax error: {message}"),
    (r"nobody is there", "it waits for a user: {message}"),
    (r"'(\w+)' undefined", None),  # a helper or a variable: the code tells
    (
        r"nonconformant arguments \(op1 is (\d+)x(\d+), op2 is (\d+)x(\d+)\)",
        "two matrices do not fit: one is {0}x{1}, the other {2}x{3}",
    ),
    (r"called with too many inputs|takes \d+ positional", "it does not take the arguments of its call: {message}"),
    (r"max_recursion_depth|RecursionError", "it calls itself without end"),
)


def wording(comparisons: Sequence[Comparison], nout: int) -> str:
    """Return what is right and what is wrong, over all cases."""
    J_right = all(c.J_right for c in comparisons)
    if nout < 2:
        return "J is right" if J_right else "J is wrong"
    gradient_right = all(c.gradient_right for c in comparisons)
    if J_right and not gradient_right and all(c.only_shape_wrong or c.gradient_right for c in comparisons):
        return "J and the numbers of the gradient are right, but not the gradient's shape"
    words = WORDS.get((J_right, gradient_right))
    if words is not None:
        return words
    belongs = gradient_belongs(comparisons)
    if belongs is None:
        return "J and the gradient are wrong"
    if belongs:
        return "J is wrong, and the gradient belongs to that J: another cost function, rightly differentiated"
    return "J and the gradient are wrong, and the gradient does not belong to that J"


def gradient_belongs(comparisons: Sequence[Comparison]) -> bool | None:
    """Tell whether the gradient is the slope of the file's own J; None where that is not known."""
    known = [c.belongs for c in comparisons if c.belongs is not None]
    return all(value <= BELONGS for value in known) if known else None


def faults_of(comparisons: Sequence[Comparison]) -> list[str]:
    """Return what is wrong beyond the numbers: arguments that are changed, and answers that change."""
    changed = dict.fromkeys(name for c in comparisons for name in c.changed)
    faults = [f"it changes its argument {' and '.join(changed)} in place: it must work on a copy"] if changed else []
    if all(c.agrees for c in comparisons) and gradient_belongs(comparisons) is False:
        faults.append("the gradient does not belong to J: J is another one when it is called again")
    return faults


def facts_of(comparisons: Sequence[Comparison]) -> list[str]:
    """Return what was seen beyond right and wrong: troubles, the parts that are right, differences that are small."""
    troubles = [t for c in comparisons for t in (c.J_trouble, c.gradient_trouble) if t]
    facts = list({re.sub(r"\d+", "", t): t for t in reversed(troubles)}.values())[::-1]  # one example of each
    wrong = [c for c in comparisons if not c.agrees]
    if wrong and len(wrong) < len(comparisons):
        facts.append(f"{len(comparisons) - len(wrong)} of {len(comparisons)} cases agree; wrong: {wrong[0].case}")
    if all(_nearly(c) for c in wrong) and not all(c.only_shape_wrong for c in wrong):
        facts.append("the differences are small: an epsilon inside a logarithm, or single precision?")
    return facts + _parts([c for c in wrong if c.their_gradient is not None])


def error_meaning(target: Target, message: str, limits: Limits) -> str:
    """Return what an error of Octave's or Python's means for a cost function."""
    for pattern, meaning in MEANINGS:
        match = re.search(pattern, message)
        if match and meaning is None:
            return _undefined(target, match[1])
        if match and meaning is not None:
            return meaning.format(*match.groups(), message=message, megabytes=limits.megabytes)
    return f"it fails: {message}"


def ending(target: Target, outcome: Outcome, limits: Limits, case: str) -> str:
    """Say why a file has not answered all the cases."""
    who = "Python" if target.python else "Octave"
    if outcome.timed_out:
        return f"it did not end within {limits.seconds:g} s, in the case {case}"
    if re.search("out of memory|Cannot allocate|MemoryError|bad_alloc", outcome.output):
        return f"it asks for more memory than the limit of {limits.megabytes:g} MB"
    if outcome.returncode < 0:
        return f"it crashed {who} (signal {-outcome.returncode}), in the case {case}"
    last = outcome.output.strip().rpartition("\n")[2]
    if outcome.returncode and last:
        return f"it ended {who} with status {outcome.returncode}, in the case {case}: {last}"
    return f"it ended {who} (exit or quit), in the case {case}"


def _undefined(target: Target, name: str) -> str:
    called = re.search(rf"\b{name}\s*\(", target.code) and not re.search(rf"\b{name}\s*=[^=]", target.code)
    if called and name not in target.names:
        return f"it needs {name}.m, which is neither beside it nor part of Octave"
    return f"it uses {name} before setting it"


def _nearly(comparison: Comparison) -> bool:
    if comparison.theirs is None or comparison.ours is None or not close(comparison.theirs, comparison.ours, NEARLY):
        return False
    ours, theirs = comparison.our_gradient, comparison.their_gradient
    return theirs is None or (ours is not None and close(theirs, ours, NEARLY))


def _parts(wrong: Sequence[Comparison]) -> list[str]:
    """Say which parts of the gradient are right in every case, if not all of them are wrong."""
    verdicts: dict[str, bool] = {}
    for c in wrong:
        if c.our_gradient is None or c.their_gradient is None or c.gradient_right:
            continue
        theirs, scale = parts(c.blocks, c.their_gradient), float(np.abs(c.our_gradient).max())
        for name, ours in parts(c.blocks, c.our_gradient).items():
            right = bool(np.abs(ours - theirs[name]).max() <= AGREE * scale)
            verdicts[name] = verdicts.get(name, True) and right
    if all(verdicts.values()) or not any(verdicts.values()):
        return []
    right_ones, wrong_ones = ([name for name, right in verdicts.items() if right is wanted] for wanted in (True, False))
    return [f"right in the gradient: {', '.join(right_ones)}; wrong: {', '.join(wrong_ones)}"]
