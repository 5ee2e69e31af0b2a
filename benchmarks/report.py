"""The measurements as Markdown: ratios to our own time, and our own time once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.peers import ALL_TITLES, LIMIT, OURS, TITLES
from benchmarks.shapes import SHAPES
from benchmarks.turns import ratios

Measurement = dict[str, Any]


def markdown(results: dict[str, Any]) -> str:
    """Return all there is in `results`, section by section."""
    parts = [f"# Benchmarks\n\n{_machine(results['machine'])}"] if "machine" in results else []
    if "evaluations" in results:
        parts.append(evaluation_tables(results["evaluations"]))
    if "variants" in results:
        parts.append(variant_tables(results["variants"]))
    if "training" in results:
        parts.append(training_tables(results["training"]))
    if "growth" in results:
        parts.append(growth_table(results["growth"]))
    return "\n".join(parts)


def evaluation_tables(found: Sequence[Measurement]) -> str:
    """Return one table for each mode: a row for each shape, a column for each peer."""
    return _tables("J and gradient", found)


def variant_tables(found: Sequence[Measurement]) -> str:
    """Return the same for products with the Hessian, and for single precision."""
    return _tables("Curvature and single precision", found)


def _tables(subject: str, found: Sequence[Measurement]) -> str:
    titles = {shape.name: f"{shape.name}: {shape.title}" for shape in SHAPES}
    parts = []
    for mode in dict.fromkeys(one["mode"] for one in found):
        chosen = [one for one in found if one["mode"] == mode]
        names = [name for name in ALL_TITLES if name != OURS and any(name in one["times"] for one in chosen)]
        rows = [
            [titles[one["shape"]], _duration(one["times"][OURS]["seconds"]), *_ratio_cells(one, names)]
            for one in chosen
        ]
        table = markdown_table(["shape", "J and gradient", *(ALL_TITLES[name] for name in names)], rows)
        note = "Time of each, as a multiple of our J and gradient in float64."
        parts.append(f"## {subject}, {mode}\n\n{note}\n\n{table}{_absent(chosen)}")
    return "\n".join(parts)


def training_tables(found: Sequence[Measurement]) -> str:
    """Return one table: a row for each number of iterations and mode."""
    names = [name for name in TITLES if name not in (OURS, LIMIT) and any(name in one["times"] for one in found)]
    rows = [
        [f"{one['iterations']}", one["mode"], _duration(one["times"][OURS]["seconds"]), *_ratio_cells(one, names)]
        for one in found
    ]
    table = markdown_table(["iterations", "where", "courseport", *(TITLES[name] for name in names)], rows)
    note = (
        "Time as a multiple of ours in the same row; SciPy's L-BFGS-B for all but scikit-learn (its own `fit`, lbfgs) "
        "and Octave (its own `fmincg`), which start elsewhere or go another way."
    )
    return f"## Training at A\n\n{note}\n\n{table}{_absent(found)}"


def growth_table(found: Sequence[Measurement]) -> str:
    """Return seconds and memory for more and more examples."""
    names = [name for name in TITLES if any(name in one["peers"] for one in found)]
    rows = [[f"{one['m']:,}", *(_growth_cell(one["peers"].get(name)) for name in names)] for one in found]
    table = markdown_table(["examples", *(TITLES[name] for name in names)], rows)
    note = "One J and gradient of A with more examples, all cores; in brackets the peak memory above the data."
    return f"## Growth\n\n{note}\n\n{table}{_absent(found)}"


def _machine(machine: dict[str, Any]) -> str:
    simd = ", ".join(machine["simd"]) or "none found"
    return (
        f"{machine['cores']} cores, {machine['system']}, SIMD {simd}; Python {machine['python']}, "
        f"numpy {machine['numpy']}, scipy {machine['scipy']}; float64. "
        "Medians; the peers took turns, each in a process of its own.\n"
    )


def _ratio_cells(one: Measurement, names: Sequence[str]) -> list[str]:
    found = ratios(one["times"])
    return [f"{found[name]:.2f}" if name in found else "-" for name in names]


def _growth_cell(one: Measurement | None) -> str:
    return "-" if one is None else f"{_duration(one['seconds'])} ({one['bytes'] / 2**20:,.0f} MiB)"


def _duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def _absent(found: Sequence[Measurement]) -> str:
    reasons = {name: reason for one in found for name, reason in one["missing"].items()}
    return "".join(f"\nNot measured: {ALL_TITLES[name]} ({reason}).\n" for name, reason in reasons.items())


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
