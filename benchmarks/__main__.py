"""``python -m benchmarks``: everything, into benchmarks/results; ``python -m benchmarks quick``: under a minute."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks import measure, report
from benchmarks.peers import LIMIT
from benchmarks.shapes import SHAPES, scaled
from benchmarks.turns import ALL_CORES

RESULTS = Path(__file__).resolve().parent / "results"
QUICK_SHAPES = "ADE"
QUICK_PEERS = (LIMIT, "naive", "sklearn")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=["all", "quick", "draw"],
        default="all",
        help="all: measure everything; quick: a few ratios, written nowhere; draw: the picture again",
    )
    parser.add_argument("--rounds", type=int, help="turns of each peer, of which the median counts (7; quick: 3)")
    parser.add_argument("--turn", type=float, help="seconds of one turn (0.3; quick: 0.15)")
    parser.add_argument("--scale", type=float, default=1.0, help="quick: factor of the number of examples (1)")
    arguments = parser.parse_args()
    if arguments.what == "quick":
        print(quick(arguments.rounds or 3, arguments.turn or 0.15, arguments.scale))
        return
    if arguments.what == "all":
        for results in measure.everything(arguments.rounds or 7, arguments.turn or 0.3):
            write(results)
    draw()


def quick(rounds: int, turn: float, scale: float) -> str:
    """Measure the naive port, scikit-learn where it is installed, and the bare products; return the table."""
    shapes = [scaled(shape, scale) for shape in SHAPES if shape.name in QUICK_SHAPES]
    found = measure.evaluations(shapes, QUICK_PEERS, [ALL_CORES], rounds, turn)
    return report.evaluation_tables(found["evaluations"])


def write(results: measure.Results) -> None:
    """Write the measurements as JSON and as Markdown."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "results.md").write_text(report.markdown(results), encoding="utf-8")


def draw() -> None:
    """Draw the picture of what was measured last."""
    from benchmarks import picture  # noqa: PLC0415 - matplotlib is needed only here

    results = json.loads((RESULTS / "results.json").read_text(encoding="utf-8"))
    picture.draw(results, RESULTS / "results.png")
    print(f"written: {RESULTS}")


if __name__ == "__main__":
    main()
