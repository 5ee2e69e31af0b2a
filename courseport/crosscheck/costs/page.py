"""A cross-check as one self-contained HTML page: the words of the report, and its gradient drawn."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.costs.compare import AGREE
from courseport.crosscheck.costs.kinds import Block, entry_name, matrices
from courseport.crosscheck.costs.report import AGREES, Report
from courseport.crosscheck.page import document, table

SIDE = 260  # of the scatter plot, in pixels
CELL = 16
LARGEST = 400  # entries of a gradient that is drawn
DECADES = 9.0  # of relative difference between white and full colour: 1e-9 to 1
_STYLE = """
.drawings { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-end; }
figure { margin: 0; } figcaption { font-size: 0.8rem; }
svg { border: 1px solid var(--line); overflow: visible; } circle { fill: var(--wrong); fill-opacity: 0.6; }
.same { fill: var(--right); }
.axis { stroke: var(--line); } .diagonal { stroke: var(--right); stroke-dasharray: 4 4; }
.map rect { fill: var(--wrong); stroke: var(--line); stroke-width: 0.5; }
"""


def page(reports: Sequence[Report]) -> str:
    """Return the page: a table of all files where there are several, then each in full."""
    summary = table(
        ("File", "Verdict", "Why"),
        (
            f'<td><a href="#file{number}">{escape(report.source)}</a></td>'
            f'<td class="{_class(report)}">{report.status}</td><td>{escape(report.why)}</td>'
            for number, report in enumerate(reports)
        ),
    )
    sections = "".join(
        f'<section id="file{number}"><h2 class="{_class(report)}">{escape(report.source)}: {report.status}</h2>\n'
        f"<pre>{escape(chr(10).join(report.lines()))}</pre>{_drawing(report)}</section>\n"
        for number, report in enumerate(reports)
    )
    return document("courseport crosscheck", (summary if len(reports) > 1 else "") + sections, _STYLE)


def _class(report: Report) -> str:
    return "right" if report.status == AGREES else "wrong"


def _drawing(report: Report) -> str:
    """Draw the first case that disagrees, or the first, if it is small enough."""
    for c in sorted(report.comparisons, key=lambda c: c.agrees):
        ours, theirs = c.our_gradient, c.their_gradient
        if theirs is not None and ours.size <= LARGEST:
            gaps = np.abs(theirs - ours) / (float(np.abs(ours).max()) or 1.0)
            maps = "".join(_map(block, gap, c.blocks) for block, gap in matrices(c.blocks, gaps))
            scatter = _scatter(c.blocks, ours, theirs)
            return f'<h3>The gradient, {escape(c.case.name)}</h3><div class="drawings">{scatter}{maps}</div>'
    return ""


def _scatter(blocks: tuple[Block, ...], ours: FloatArray, theirs: FloatArray) -> str:
    """Draw each entry as a point: ours to the right, theirs up; on the diagonal, and green, where they agree."""
    same = np.abs(theirs - ours) <= AGREE * np.abs(ours).max()
    limit = 1.05 * (float(max(np.abs(ours).max(), np.abs(theirs).max())) or 1.0)

    def pixel(value: float) -> float:
        return round((value / limit + 1) / 2 * SIDE, 1)

    points = "".join(
        f'<circle class="{"same" if same[i] else "other"}" cx="{pixel(a)}" cy="{SIDE - pixel(b)}" r="3">'
        f"<title>{_entry(blocks, i, a, b)}</title></circle>"
        for i, (a, b) in enumerate(zip(ours.tolist(), theirs.tolist(), strict=True))
    )
    axes = f'<path class="axis" d="M0 {SIDE / 2}H{SIDE}M{SIDE / 2} 0V{SIDE}"/>'
    diagonal = f'<path class="diagonal" d="M0 {SIDE}L{SIDE} 0"/>'
    return (
        f'<figure><svg viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}" role="img" '
        f'aria-label="gradient against gradient">{axes}{diagonal}{points}</svg>'
        f"<figcaption>each entry: ours to the right, the file's up (±{limit:.2g})</figcaption></figure>"
    )


def _map(block: Block, gap: FloatArray, blocks: tuple[Block, ...]) -> str:
    """Draw a matrix as it stands; the redder an entry, the more it differs."""
    strength = np.clip(1.0 + np.log10(np.maximum(gap, 1e-300)) / DECADES, 0.0, 1.0)
    before = sum(b.size for b in blocks[: blocks.index(block)])
    cells = "".join(
        f'<rect x="{column * CELL}" y="{row * CELL}" width="{CELL - 1}" height="{CELL - 1}" '
        f'fill-opacity="{strength[row, column]:.2f}"><title>{entry_name(blocks, before + column * block.rows + row)}: '
        f"relative difference {gap[row, column]:.1e}</title></rect>"
        for row in range(block.rows)
        for column in range(block.columns)
    )
    width, height = block.columns * CELL, block.rows * CELL
    return (
        f'<figure><svg class="map" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="differences in {escape(block.name)}">{cells}</svg>'
        f"<figcaption>{escape(block.name)}, {block.rows}x{block.columns}</figcaption></figure>"
    )


def _entry(blocks: tuple[Block, ...], index: int, ours: float, theirs: float) -> str:
    return f"{entry_name(blocks, index)}: ours {ours:.6g}, the file's {theirs:.6g}"
