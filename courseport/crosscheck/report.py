"""What a cross-check found, in a form to be shown, written as JSON or drawn."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from courseport.crosscheck.compare import BELONGS, Comparison
from courseport.crosscheck.diagnosis import Diagnosis

AGREES, DISAGREES, FAILED, NO_COST_FUNCTION = "agrees", "disagrees", "could not be run", "no cost function"
EXIT_STATUS = {AGREES: 0, DISAGREES: 1, FAILED: 2, NO_COST_FUNCTION: 2}


@dataclass(frozen=True)
class Report:
    """The verdict on one file.

    Attributes
    ----------
    source, signature, kind : str
        The file or ``module:function``, what it says of itself, and what it was compared with.
    status : str
        "agrees", "disagrees", "could not be run", or "no cost function" for a helper or the like.
    finding : str
        The verdict in one sentence.
    facts : tuple of str
        What was seen, beyond the numbers: which parts are right, shapes, likely reasons.
    comparisons : tuple of Comparison
        One for each case that was answered.
    diagnosis : Diagnosis or None
        What explains a disagreement.
    notes : tuple of str
        What is odd, and no mistake.
    output : str
        The beginning of what the file printed.
    seconds : float
        Time of the whole check.
    """

    source: str
    signature: str
    kind: str
    status: str
    finding: str
    facts: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    diagnosis: Diagnosis | None = None
    notes: tuple[str, ...] = ()
    output: str = ""
    seconds: float = 0.0

    @property
    def exit_status(self) -> int:
        """Return 0 for agrees, 1 for disagrees, 2 for could not be run."""
        return EXIT_STATUS[self.status]

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The names of the mistakes found, where the explanation is a single one."""
        if self.diagnosis is None or len(self.diagnosis.explanations) != 1:
            return ()
        return tuple(finding.mistake.name for finding in self.diagnosis.explanations[0])

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        return {
            "source": self.source,
            "signature": self.signature,
            "kind": self.kind,
            "status": self.status,
            "finding": self.finding,
            "facts": list(self.facts),
            "notes": list(self.notes),
            "cases": [_case(comparison) for comparison in self.comparisons],
            "diagnosis": None if self.diagnosis is None else _diagnosis(self.diagnosis),
            "output": self.output,
            "seconds": round(self.seconds, 3),
        }


def _case(comparison: Comparison) -> dict[str, Any]:
    gap = comparison.difference
    return {
        "case": comparison.case,
        "error": comparison.error or None,
        "seconds": round(comparison.seconds, 6),
        "J": {
            "ours": comparison.ours,
            "theirs": comparison.theirs,
            "right": comparison.J_right,
            "trouble": comparison.J_trouble or None,
        },
        "gradient": {
            "right": comparison.gradient_right,
            "trouble": comparison.gradient_trouble or None,
            "worst_absolute": None if gap is None else {"difference": _number(gap.absolute), "at": gap.absolute_at},
            "worst_relative": None if gap is None else {"difference": _number(gap.relative), "at": gap.relative_at},
            "belongs_to_J": None if comparison.belongs is None else comparison.belongs <= BELONGS,
            "difference_from_slope_of_J": _number(comparison.belongs),
        },
    }


def _number(value: float | None) -> float | None:
    """Return a number JSON can hold."""
    return value if value is not None and isfinite(value) else None


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "certainty": diagnosis.certainty,
        "cases_reproduced": diagnosis.cases,
        "unexplained": list(diagnosis.unexplained),
        "explanations": [
            [
                {
                    "name": finding.mistake.name,
                    "places": list(finding.places),
                    "text": str(finding),
                    "remedy": finding.mistake.remedy,
                }
                for finding in explanation
            ]
            for explanation in diagnosis.explanations
        ],
    }
