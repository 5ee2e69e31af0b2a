"""The reports of ports as one HTML page: a table of all, and a section for each with its cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from courseport.crosscheck.page import document, table
from courseport.crosscheck.ports.report import AGREES, DISAGREES, NOT_RUN, PortReport

CASES_SHOWN = 200
_KINDS = {AGREES: "right", DISAGREES: "wrong", NOT_RUN: "failed"}
_STYLE = """
summary { cursor: pointer; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
td.right, td.wrong, td.failed, td:first-child { white-space: nowrap; }
td:last-child { min-width: 16rem; max-width: 34rem; overflow-wrap: break-word; }
@media (max-width: 40rem) { /* on a phone a row stands below the other, with its cells one after another */
  th { display: none; } tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  td { display: inline-block; border: 0; padding: 0 .6rem 0 0; } td:last-child { display: block; min-width: 0; }
}
"""


def page(reports: Sequence[PortReport]) -> str:
    """Return the page."""
    overview = table(
        ("Octave", "Python", "Verdict", "Why"),
        (
            f'<td><a href="#port{number}">{escape(report.octave)}</a></td><td>{escape(report.python)}</td>'
            f'<td class="{_KINDS[report.status]}">{report.status}</td><td>{escape(report.why)}</td>'
            for number, report in enumerate(reports)
        ),
    )
    sections = "".join(_section(number, report) for number, report in enumerate(reports))
    return document("courseport crosscheck: ports", (overview if len(reports) > 1 else "") + sections, _STYLE)


def _section(number: int, report: PortReport) -> str:
    kind = _KINDS[report.status]
    head = (
        f'<section id="port{number}"><h2 class="{kind}">{escape(report.octave)} and {escape(report.python)}: '
        f"{report.status}</h2><pre>{escape(str(report))}</pre>"
    )
    rows = list(_rows(report))
    cases = table(("Case", "Output", "", "Octave's value", "Largest difference", "Where"), rows[:CASES_SHOWN])
    left_out = f"<p>and {len(rows) - CASES_SHOWN} rows more</p>" if len(rows) > CASES_SHOWN else ""
    if not rows:
        return f"{head}</section>\n"
    count = "1 case" if len(report.cases) == 1 else f"{len(report.cases)} cases"
    is_open = "" if report.agrees else " open"
    return f"{head}<details{is_open}><summary>{count}</summary>{cases}{left_out}</details></section>\n"


def _rows(report: PortReport) -> Iterator[str]:
    """Give the cells of each output of each case; a case without outputs has one row."""
    for case in report.cases:
        name = f"<td>{escape(case.name)}</td>"
        if not case.outputs or case.why:
            sign = "✓" if case.agrees else "✗"
            kind = "right" if case.agrees else "wrong"
            told = "; ".join(case.words) or case.octave_error
            yield f'{name}<td></td><td class="{kind}">{sign}</td><td></td><td></td><td>{escape(told)}</td>'
        for output in case.outputs:
            part = output.worst
            kind, sign = ("right", "✓") if output.agrees else ("wrong", "✗")
            shape = "x".join(map(str, part.octave_shape))
            gap = f"{part.worst.absolute:.2g}, relative {part.worst.relative:.2g}" if part.worst else ""
            yield (
                f'{name}<td>{escape(output.name + part.path)}</td><td class="{kind}">{sign}</td>'
                f"<td>{shape} {escape(part.octave_class)}</td><td>{gap}</td><td>{escape(part.why)}</td>"
            )
