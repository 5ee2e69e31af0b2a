"""The comparison drawn, as SVG text: gradient against gradient, and where in each Theta they differ."""

from __future__ import annotations

from html import escape

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.blocks import Block, entry_name, matrices
from courseport.crosscheck.compare import AGREE

SIDE = 260  # of the scatter plot, in pixels
CELL = 16
LARGEST = 400  # entries of a gradient that is drawn
DECADES = 9.0  # of relative difference between white and full colour: 1e-9 to 1


def draw(blocks: tuple[Block, ...], ours: FloatArray, theirs: FloatArray) -> str:
    """Return the drawings of one case; `ours` and `theirs` are gradients of the same length."""
    scale = float(np.abs(ours).max()) or 1.0
    gaps = np.abs(theirs - ours) / scale
    maps = "".join(_map(block, gap, blocks) for block, gap in matrices(blocks, gaps))
    return f'<div class="drawings">{_scatter(blocks, ours, theirs)}{maps}</div>'


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
