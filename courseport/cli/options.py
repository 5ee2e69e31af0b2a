"""Options that several commands have, and what their values mean."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from courseport import _checks
from courseport._files import output_file
from courseport.training import METHODS

Data = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Own examples: a table (.csv), a .mat or .npz with X and y, or a folder of MNIST's IDX files. "
        "Default: the shipped digits.",
    ),
]
Label = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        help="A table's labels: a column's name, its number from 0, first or last. Default: told by name.",
    ),
]
Header = Annotated[
    bool | None, typer.Option("--header/--no-header", help="Whether a table's first line is a header. Default: told.")
]
Drop = Annotated[list[str] | None, typer.Option(metavar="COLUMN", help="A table's column to leave out; repeatable.")]
XName = Annotated[str, typer.Option("--x-name", metavar="NAME", help="What X is called in a .mat or .npz file.")]
YName = Annotated[str, typer.Option("--y-name", metavar="NAME", help="What y is called there.")]
Standardize = Annotated[
    bool, typer.Option("--standardize", help="Scale each feature to mean 0 and standard deviation 1.")
]
Method = Annotated[str, typer.Option(metavar="NAME", help=f"One of {', '.join(METHODS)}.")]
Iterations = Annotated[int, typer.Option(metavar="NUMBER", help="Largest number of iterations of each training.")]
Seed = Annotated[int, typer.Option(metavar="NUMBER", help="For the first weights and the held-out examples.")]
Lambda = Annotated[float, typer.Option("--lambda", metavar="NUMBER", help="Regularisation, >= 0.")]
OutputFolder = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the results go.")]
Force = Annotated[bool, typer.Option("--force", help="Replace output files that courseport did not write.")]
Picture = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Draw a picture; the suffix (png, pdf, svg) is its format."),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

_VECTORS = 12  # of all parameters that training holds at once, at the least


def parse_sizes(option: str, text: str) -> list[int]:
    """Return whole numbers >= 1 that are separated by commas."""
    try:
        return [_checks.whole_number(option, int(size), 1) for size in text.split(",")]
    except ValueError:
        _checks.fail(option, "be whole numbers >= 1 with commas, such as 50,25", repr(text))


def check_picture(output: Path | None, *, force: bool) -> None:
    """Check before any work where a picture goes, if one is wanted."""
    if output is not None and not output.suffix:
        _checks.fail("--output", "have a suffix that names the format, such as .png", repr(str(output)))
    if output is not None:
        output_file("--output", output, force=force)


def check_memory(option: str, sizes: Sequence[int]) -> None:
    """Refuse a network whose training cannot fit into this machine's memory: the system might end other programs."""
    n_parameters = sum(after * (before + 1) for before, after in pairwise(sizes))
    try:
        there = float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):  # not on Windows
        return
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):  # a container's
        if Path(limit).is_file():
            text = Path(limit).read_text().strip()
            there = min(there, float(text) if text.isdecimal() else there)
    needed = 8 * _VECTORS * n_parameters
    if needed > there:
        got = f"{n_parameters:,} parameters, which need {needed / 2**30:,.0f} GB of {there / 2**30:,.0f} GB"
        _checks.fail(option, "make a network that fits into memory", got)
