"""Naming the mistake: which known mistakes, one or two in J and one or two in the gradient, give these very numbers.

J and the gradient are explained apart, because a file may compute them apart. A mistake is named only if it reproduces
every number of every case to rounding. Of several explanations the shortest counts; if several are as short, all are
told. Where nothing fits, the answer is "unknown".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.compare import close
from courseport.crosscheck.costs.kinds import Kind
from courseport.crosscheck.costs.mistakes.formulas import Result
from courseport.crosscheck.costs.mistakes.mistake import GRADIENT, J, Mistake
from courseport.crosscheck.costs.submission import Answer

Combination = frozenset[Mistake]
RIGHT: list[Combination] = [frozenset()]  # nothing needs to be explained
_SHAPES = re.compile("shape|dimension|broadcast|matmul|mismatch")
SURE, SEVERAL, PARTLY, UNKNOWN = "sure", "one of several", "in part", "unknown"


@dataclass(frozen=True)
class Finding:
    """A mistake that was found, and where: in J, in the gradient, or in both."""

    mistake: Mistake
    places: tuple[str, ...]

    def __str__(self) -> str:
        return self.mistake.says(self.places)


@dataclass(frozen=True)
class Diagnosis:
    """What explains the numbers.

    Attributes
    ----------
    certainty : str
        "sure": one explanation gives every number. "one of several": so many explanations do. "in part": only J, or
        only the gradient, is explained. "unknown": neither is.
    explanations : tuple of tuples of Finding
        The explanations; each is a set of mistakes made together.
    unexplained : tuple of str
        "J", "gradient": what is wrong and not explained.
    cases : int
        The number of cases that every explanation reproduces.
    """

    certainty: str
    explanations: tuple[tuple[Finding, ...], ...]
    unexplained: tuple[str, ...]
    cases: int

    def in_words(self) -> list[str]:
        """Return each explanation in one line; mistakes made together are joined, and what is unknown is said."""
        unknown = [f"unknown in {'J' if place == J else 'the gradient'}" for place in self.unexplained]
        return [" + ".join([*map(str, explanation), *unknown]) for explanation in self.explanations]


@dataclass(frozen=True)
class Trial:
    """The numbers to be explained in one case; None where there are none."""

    case: Case
    J: float | None
    gradient: FloatArray | None


def diagnose(kind: Kind, cases: Sequence[Case], answers: Sequence[Answer]) -> Diagnosis | None:
    """Return what explains the answers, or None where there is nothing wrong or nothing to go by."""
    trials = [_trial(case, answer) for case, answer in zip(cases, answers, strict=False) if case.small]
    # The quickest first that tells most mistakes apart: where lambda is 0 those in the penalty do not show.
    trials = sorted(trials, key=lambda t: (t.case.values["lambda"] == 0, np.size(t.case.values["theta"])))
    kind = replace(kind, mistakes=_distinct(kind, trials))
    explained = {place: explain(kind, place, trials) for place in (J, GRADIENT) if _asked(place, trials)}
    if RIGHT not in explained.values() and len(explained) == 2:
        _share(kind, trials, explained)
    wrong = [place for place, combos in explained.items() if combos != RIGHT]
    if not wrong:
        return None
    missing = tuple(place for place, combos in explained.items() if not combos)
    pairs = [(a, b) for a in explained.get(J) or RIGHT for b in explained.get(GRADIENT) or RIGHT]
    found = _together(_likely(pairs) if explained.get(GRADIENT) else pairs)
    explanations = () if set(wrong) <= set(missing) else tuple(found)
    certainty = UNKNOWN if not explanations else PARTLY if missing else SURE if len(explanations) == 1 else SEVERAL
    return Diagnosis(certainty, explanations, missing, len(trials))


def _distinct(kind: Kind, trials: Sequence[Trial]) -> list[Mistake]:
    """Return the mistakes that show in these trials, one of each: where there is no penalty some are the same."""
    if not trials:
        return []
    combos: dict[str, list[Combination]] = {}
    first = {combo: _predict(kind.formula, trials[0], combo) for combo in [RIGHT[0], *map(_alone, kind.mistakes)]}
    for mistake in kind.mistakes:
        combo, others = _alone(mistake), combos.setdefault(mistake.part, [RIGHT[0]])
        alike = [other for other in others if _same(first[combo], first[other])]
        if not any(
            all(_same(_predict(kind.formula, trial, combo), _predict(kind.formula, trial, other)) for trial in trials)
            for other in alike
        ):
            others.append(combo)
    return [mistake for mistake in kind.mistakes if _alone(mistake) in combos[mistake.part]]


def _alone(mistake: Mistake) -> Combination:
    return frozenset({mistake})


def _same(a: Result | None, b: Result | None) -> bool:
    return a is None or b is None or (close(a[0], b[0]) and close(a[1], b[1]))


def _share(kind: Kind, trials: Sequence[Trial], explained: dict[str, list[Combination]]) -> None:
    """Add explanations of J that hold what explains the gradient, and the other way, unless they need more mistakes."""
    for place, other in ((J, GRADIENT), (GRADIENT, J)):
        fewest = min((len(a | b) for a in explained[J] for b in explained[GRADIENT]), default=4)
        for base in explained[other]:
            for combo in explain(kind, place, trials, [base], most=min(2, fewest - len(base))):
                if combo not in explained[place]:
                    explained[place] = [*explained[place], combo]


def explain(
    kind: Kind, place: str, trials: Sequence[Trial], bases: Sequence[Combination] = (frozenset(),), most: int = 2
) -> list[Combination]:
    """Return the smallest sets of mistakes that give every J, or every gradient; the empty set if they are right.

    A set is one of `bases` and at most `most` mistakes more.
    """
    candidates = [mistake for mistake in kind.mistakes if place in mistake.places]
    for size in range(most + 1):
        combos = dict.fromkeys(combo for base in bases for combo in _combos(candidates, size, base))
        fits = [combo for combo in combos if all(_fits(kind, place, trial, combo) for trial in trials)]
        if fits:
            return fits
    return []


def _combos(candidates: Sequence[Mistake], size: int, base: Combination) -> Iterator[Combination]:
    """Yield the sets of `base` and `size` mistakes more, all of which change different parts."""
    kept = frozenset(mistake for mistake in base if mistake in candidates)
    for mistakes in combinations(candidates, size):
        combo = kept.union(mistakes)
        if len({mistake.part for mistake in combo}) == len(kept) + size:
            yield combo


def _fits(kind: Kind, place: str, trial: Trial, combo: Combination) -> bool:
    observed = trial.J if place == J else trial.gradient
    if observed is None:
        return True
    predicted = _predict(kind.formula, trial, combo)
    return predicted is not None and close(observed, predicted[0] if place == J else predicted[1])


def _predict(formula: Callable[..., Result], trial: Trial, combo: Combination) -> Result | None:
    """Return what a file with these mistakes would answer; None where they do not go together."""
    try:
        with np.errstate(all="ignore"):
            return formula(trial.case.values, {mistake.part: mistake.way for mistake in combo})
    except ValueError as error:
        if _SHAPES.search(str(error)):  # they do not fit: the file would have failed
            return None
        raise


def _likely(pairs: list[tuple[Combination, Combination]]) -> list[tuple[Combination, Combination]]:
    """Return the pairs without those where a mistake stands in J alone that never does, unless there are no others."""
    kept = [(a, b) for a, b in pairs if not any(mistake.never_alone_in_J for mistake in a - b)]
    return kept or pairs


def _together(pairs: Sequence[tuple[Combination, Combination]]) -> list[tuple[Finding, ...]]:
    """Return the pairs of explanations that need the fewest mistakes, each as its findings.

    Of pairs with the same mistakes the one with them in the fewest places counts: the others add what has no effect.
    """
    pairs = sorted(pairs, key=lambda pair: -len(pair[0]) - len(pair[1]))
    fewest = min(len(a | b) for a, b in pairs)
    by_mistakes = {a | b: (a, b) for a, b in pairs if len(a | b) == fewest}  # the last, so the one in fewest places
    return [_findings(a, b) for a, b in by_mistakes.values()]


def _findings(of_J: Combination, of_gradient: Combination) -> tuple[Finding, ...]:
    def places(mistake: Mistake) -> tuple[str, ...]:
        return tuple(place for place, combo in ((J, of_J), (GRADIENT, of_gradient)) if mistake in combo)

    return tuple(Finding(m, places(m)) for m in sorted(of_J | of_gradient, key=lambda m: m.name))


def _asked(place: str, trials: Sequence[Trial]) -> bool:
    return any((trial.J if place == J else trial.gradient) is not None for trial in trials)


def _trial(case: Case, answer: Answer) -> Trial:
    """Take the numbers that can be explained: a finite real J, a finite real vector, of whatever length."""
    usable_J = answer.J is not None and answer.J.size == 1 and _finite(answer.J)
    flat = sum(n != 1 for n in answer.grad_shape) <= 1
    usable = answer.grad is not None and flat and _finite(answer.grad)
    return Trial(
        case,
        float(answer.J[0]) if usable_J and answer.J is not None else None,
        answer.grad if usable else None,
    )


def _finite(array: FloatArray) -> bool:
    return array.dtype == np.float64 and bool(np.isfinite(array).all())
