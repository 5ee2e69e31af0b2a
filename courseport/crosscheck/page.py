"""A cross-check as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from courseport._files import MARK
from courseport.crosscheck.compare import BELONGS, Comparison
from courseport.crosscheck.drawing import LARGEST, draw
from courseport.crosscheck.report import AGREES, DISAGREES, Report
from courseport.crosscheck.words import certainty_words, mistake_lines, show

_STYLE = """
:root { color-scheme: light dark; --red: #c62828; --green: #2e7d32; --grey: #8888; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; }
th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid var(--grey); }
td.number { font-family: ui-monospace, monospace; }
.agrees { color: var(--green); } .disagrees, .failed { color: var(--red); }
.drawings { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-end; }
figure { margin: 0; } figcaption { font-size: 0.8rem; }
svg { border: 1px solid var(--grey); overflow: visible; } circle { fill: var(--red); fill-opacity: 0.6; }
.same { fill: var(--green); }
.axis { stroke: var(--grey); } .diagonal { stroke: var(--green); stroke-dasharray: 4 4; }
.map rect { fill: var(--red); stroke: var(--grey); stroke-width: 0.5; }
pre { background: #8882; padding: 0.6rem; overflow: auto; }
"""


def page(reports: Sequence[Report]) -> str:
    """Return the page: a table of all files where there are several, then each in full."""
    summary = _summary(reports) if len(reports) > 1 else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="generator" content="{MARK}"><title>courseport crosscheck</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>courseport crosscheck</h1>\n{summary}"
        f"{''.join(_section(number, report) for number, report in enumerate(reports))}</body></html>\n"
    )


def _summary(reports: Sequence[Report]) -> str:
    rows = "".join(
        f'<tr><td><a href="#file{number}">{escape(report.source)}</a></td><td class="{_class(report)}">{report.status}'
        f"</td><td>{escape('; '.join(mistake_lines(report)) or report.finding)}</td></tr>"
        for number, report in enumerate(reports)
    )
    return f"<table><tr><th>File</th><th>Verdict</th><th>Why</th></tr>{rows}</table>\n"


def _section(number: int, report: Report) -> str:
    lines = [*report.facts, *report.notes]
    facts = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""
    output = f"<h3>What it printed</h3><pre>{escape(report.output)}</pre>" if report.output.strip() else ""
    return (
        f'<section id="file{number}"><h2>{escape(report.source)}</h2><p><code>{escape(report.signature)}</code></p>'
        f'<p class="{_class(report)}"><strong>{report.status}</strong>: {escape(report.finding)}</p>'
        f"{_diagnosis(report)}{facts}{_table(report)}{_drawing(report)}{output}</section>\n"
    )


def _diagnosis(report: Report) -> str:
    if report.diagnosis is None:
        return ""
    explanations = " <p>or</p> ".join(
        f"<ul>{''.join(f'<li>{escape(str(f))}. <em>{escape(f.mistake.remedy)}</em></li>' for f in explanation)}</ul>"
        for explanation in report.diagnosis.explanations
    )
    return f"<h3>Diagnosis</h3><p>{escape(certainty_words(report.diagnosis))}</p>{explanations}"


def _table(report: Report) -> str:
    if not report.comparisons:
        return ""
    heads = (
        "Case",
        "J, ours",
        "J, the file's",
        "Gradient: worst difference",
        "at",
        "relative",
        "at",
        "Belongs to its J",
    )
    rows = "".join(_row(comparison) for comparison in report.comparisons)
    return f"<table><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>{rows}</table>"


def _row(c: Comparison) -> str:
    gap = c.difference
    belongs = "" if c.belongs is None else "yes" if c.belongs <= BELONGS else f"no ({c.belongs:.1e})"
    cells = (
        *(show(c.ours, 12), show(c.theirs, 12) if c.theirs is not None else c.error or c.J_trouble),
        *(("", "", "", "") if gap is None else (show(gap.absolute, 2), gap.absolute_at)),
        *(() if gap is None else (show(gap.relative, 2), gap.relative_at)),
        belongs,
    )
    name = f'<td class="{"agrees" if c.agrees else "disagrees"}">{escape(c.case)}</td>'
    return f"<tr>{name}{''.join(f'<td class=number>{escape(cell)}</td>' for cell in cells)}</tr>"


def _drawing(report: Report) -> str:
    """Draw the first case that disagrees, or the first, if it is small enough."""
    drawable = [
        c
        for c in sorted(report.comparisons, key=lambda c: c.agrees)
        if c.our_gradient is not None and c.their_gradient is not None and c.our_gradient.size <= LARGEST
    ]
    if not drawable:
        return ""
    c = drawable[0]
    assert c.our_gradient is not None  # noqa: S101 - for the type checker: seen above
    assert c.their_gradient is not None  # noqa: S101 - likewise
    return f"<h3>The gradient, {escape(c.case)}</h3>{draw(c.blocks, c.our_gradient, c.their_gradient)}"


def _class(report: Report) -> str:
    return {AGREES: "agrees", DISAGREES: "disagrees"}.get(report.status, "failed")
