"""What a cross-check found: in words for the terminal and the page, and as plain values for JSON."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from math import isfinite
from typing import Any

from courseport.crosscheck.costs.compare import BELONGS, Comparison
from courseport.crosscheck.costs.diagnosis import PARTLY, SEVERAL, SURE, Diagnosis
from courseport.crosscheck.costs.mistakes.mistake import J

AGREES, DISAGREES, FAILED, NO_COST_FUNCTION = "agrees", "disagrees", "could not be run", "no cost function"
NOT_DONE, BY_ROWS = "not done yet", "agrees row by row"
EXIT_STATUS = {AGREES: 0, DISAGREES: 1, NOT_DONE: 1, BY_ROWS: 1, FAILED: 2, NO_COST_FUNCTION: 2}
WIDTH, CASES_SHOWN, PRINTED_SHOWN = 79, 6, 3  # of a terminal with 80 columns and 24 lines


@dataclass(frozen=True)
class Report:
    """The verdict on one file.

    Attributes
    ----------
    source, signature, kind : str
        The file or ``module:function``, what it says of itself, and what it was compared with.
    status : str
        "agrees", "disagrees", "not done yet", "agrees row by row", "could not be run", or "no cost function" for a
        helper or the like.
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
        What the file printed first and last.
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
        """Return 0 for agrees, 1 for disagrees, not done, and row by row, 2 for could not be run."""
        return EXIT_STATUS[self.status]

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The names of the mistakes found, where the explanation is a single one."""
        if self.diagnosis is None or len(self.diagnosis.explanations) != 1:
            return ()
        return tuple(finding.mistake.name for finding in self.diagnosis.explanations[0])

    @property
    def why(self) -> str:
        """The verdict's reason in one line: the mistakes where they are known, and else the finding."""
        known = self.diagnosis.in_words() if self.diagnosis is not None else []
        return _plain("; or ".join(known) or self.finding)

    def lines(self) -> list[str]:
        """Return the report in words, in lines of at most 79 characters: what it printed, the verdict, what differs."""
        found = _filled(self.source + (f"  {self.signature}" if self.signature else ""))
        printed = [_plain(line) for line in self.output.strip().splitlines()]
        if len(printed) > 2 * PRINTED_SHOWN:
            left_out = f"... {len(printed) - 2 * PRINTED_SHOWN} lines more ..."
            printed = [*printed[:PRINTED_SHOWN], left_out, *printed[-PRINTED_SHOWN:]]
        found += [f"| {line[: WIDTH - 2]}" for line in printed]
        found += _filled(f"{self.status[0].upper()}{self.status[1:]}: {self.finding}.")
        if self.diagnosis is not None:
            found += self.diagnosis_lines(self.diagnosis)
        for line in (*self.facts, *self.notes):
            found += _filled(f"Note: {line}" + "." * (not line.endswith("?")))
        return found + self._differences()

    def diagnosis_lines(self, diagnosis: Diagnosis) -> list[str]:
        """Return each explanation with its remedies, and how sure it is."""
        found = []
        for number, explanation in enumerate(diagnosis.explanations):
            found += ["  or"] if number else []
            for finding in explanation:
                found += _filled(f"- {finding}.", "  ") + _filled(finding.mistake.remedy, "    ")
        return found + _filled(f"Diagnosis, {certainty_words(diagnosis)}.")

    def _differences(self) -> list[str]:
        """Return the cases that differ, with the worst number of each."""
        wrong = [c for c in self.comparisons if not c.agrees and not c.error and not c.only_shape_wrong]
        if not wrong or self.status in {FAILED, NOT_DONE}:
            agree, cases = sum(c.agrees for c in self.comparisons), len(self.comparisons)
            return [f"{agree} of {cases} cases agree."] if cases and self.status not in {FAILED, NOT_DONE} else []
        rows = [(f"In {len(wrong)} of {len(self.comparisons)} cases:", "", "ours", "the file's")]
        for c in wrong[:CASES_SHOWN]:
            if c.J_right is False:
                rows.append((c.case.name, "J", *two_numbers(c.ours, c.theirs)))
            elif c.difference is not None and c.their_gradient is not None:
                gap = abs(c.their_gradient - c.our_gradient)
                worst = int(gap.argmax())
                rows.append(
                    (
                        c.case.name,
                        c.difference.absolute_at,
                        *two_numbers(c.our_gradient[worst], c.their_gradient[worst]),
                    )
                )
            else:
                rows.append((c.case.name, "gradient", "", c.gradient_trouble.partition(",")[0][:24]))
        more = [f"... and {len(wrong) - CASES_SHOWN} more"] if len(wrong) > CASES_SHOWN else []
        widths = [max(len(row[column]) for row in rows) for column in (1, 2, 3)]
        room = WIDTH - sum(widths) - 6
        named = [(row[0] if len(row[0]) <= room else f"{row[0][: room - 1]}…", *row[1:]) for row in rows]
        first = max(len(row[0]) for row in named)
        table = [f"{a:<{first}}  {b:<{widths[0]}}  {c:<{widths[1]}}  {d}".rstrip() for a, b, c, d in named]
        return table + more

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        return {
            "source": self.source,
            "signature": self.signature,
            "kind": self.kind,
            "status": self.status,
            "mistakes": list(self.mistakes),
            "finding": self.finding,
            "facts": list(self.facts),
            "notes": list(self.notes),
            "cases": [_case(comparison) for comparison in self.comparisons],
            "diagnosis": None if self.diagnosis is None else _diagnosis(self.diagnosis),
            "output": self.output,
            "seconds": round(self.seconds, 3),
        }


def certainty_words(diagnosis: Diagnosis) -> str:
    """Say how sure the diagnosis is."""
    cases = f"every number of {diagnosis.cases} cases"
    rest = " and ".join("J" if place == J else "the gradient" for place in diagnosis.unexplained)
    return {
        SURE: f"sure: it reproduces {cases}, and nothing else known does",
        SEVERAL: f"one of {len(diagnosis.explanations)}: each reproduces {cases}",
        PARTLY: f"in part: what is wrong with {rest} is unknown",
    }.get(diagnosis.certainty, "unknown: no known mistake, and no two of them, give these numbers")


def two_numbers(ours: float | None, theirs: float | None) -> tuple[str, str]:
    """Return two numbers with as many digits as show their difference, and at least four."""
    if ours is None or theirs is None:
        return "-" if ours is None else f"{ours:.6g}", "-" if theirs is None else f"{theirs:.6g}"
    for digits in range(4, 17):
        texts = f"{ours:.{digits}g}", f"{theirs:.{digits}g}"
        if texts[0] != texts[1]:
            return f"{ours:.{min(17, digits + 1)}g}", f"{theirs:.{min(17, digits + 1)}g}"
    return texts


def _plain(text: str) -> str:
    """Return text without what a terminal would obey."""
    return re.sub(r"[^\x20-\x7e\u00a0-\ud7ff\ue000-\uffff]", " ", text)


def _filled(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        _plain(text), WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False
    )


def _case(comparison: Comparison) -> dict[str, Any]:
    gap = comparison.difference
    return {
        "case": comparison.case.name,
        "error": comparison.error or None,
        "seconds": round(comparison.answer.seconds, 6),
        "J": {
            "ours": None if comparison.error else comparison.ours,
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
