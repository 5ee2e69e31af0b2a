"""The words and digits that the terminal and the page share."""

from __future__ import annotations

from courseport.crosscheck.diagnosis import PARTLY, SEVERAL, SURE, Diagnosis
from courseport.crosscheck.report import Report


def certainty_words(diagnosis: Diagnosis) -> str:
    """Say how sure the diagnosis is."""
    cases = f"every number of {diagnosis.cases} cases"
    rest = " and ".join(diagnosis.unexplained)
    return {
        SURE: f"sure: it reproduces {cases}, and nothing else known does",
        SEVERAL: f"one of {len(diagnosis.explanations)}: each reproduces {cases}",
        PARTLY: f"in part: what is wrong with {rest} is unknown",
    }.get(diagnosis.certainty, "unknown: no known mistake, and no two of them, give these numbers")


def mistake_lines(report: Report) -> list[str]:
    """Return the explanations, one a line; mistakes made together are joined, and what is unknown is said."""
    if report.diagnosis is None:
        return []
    unknown = [f"unknown in {'J' if place == 'J' else 'the gradient'}" for place in report.diagnosis.unexplained]
    return [" + ".join([*map(str, explanation), *unknown]) for explanation in report.diagnosis.explanations]


def show(value: float | None, digits: int) -> str:
    """Return a number with so many significant digits, or a dash."""
    return "-" if value is None else f"{value:.{digits}g}"
