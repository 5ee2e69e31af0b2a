"""`courseport crosscheck`: whether a cost function is right, and if not, what is wrong with it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from courseport import _checks
from courseport._files import atomic_path, output_file
from courseport.cli.options import Force
from courseport.cli.tables import show_table
from courseport.crosscheck import Limits, Report, crosscheck, crosscheck_many, crosscheck_python
from courseport.crosscheck.compare import BELONGS, Comparison
from courseport.crosscheck.page import page
from courseport.crosscheck.reference import KINDS
from courseport.crosscheck.report import AGREES, NO_COST_FUNCTION
from courseport.crosscheck.words import certainty_words, mistake_lines, show
from courseport.octave import find_octave

_HELP = """
Compare a cost function with ours, and name its mistake if it has a known one.

    courseport crosscheck nnCostFunction.m

    courseport crosscheck solutions/*.m --json

    courseport crosscheck --python port:nn_cost_function

J and the gradient are compared on the checkNNGradients network, on random networks (or data sets) with and without
lambda, and on the digits. The gradient is compared with the slope of the file's own J too. Where they disagree, the
numbers are compared with those of about 80 known mistakes, alone and in pairs.

The course's functions are understood by their names and arguments: nnCostFunction, lrCostFunction, costFunction,
costFunctionReg, computeCost, linearRegCostFunction, cofiCostFunc. For others say how they are called, with --call.

The file's code runs, with your rights, in a process of its own with limits on time and memory.

Exit status: 0 agrees, 1 disagrees, 2 could not be run; of several files, the highest.
"""
_HEADS = ("Case", "J, ours", "J, the file's", "Gradient, worst", "at", "relative", "at", "slope of its J")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("crosscheck", help=_HELP)(_crosscheck)


def _crosscheck(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE.m ...", help="Octave files to check.")] = None,
    python: Annotated[
        list[str] | None,
        typer.Option(metavar="MODULE:FUNCTION", help="A Python port to check: port:cost or port.py:cost. No Octave."),
    ] = None,
    call: Annotated[
        str | None, typer.Option(metavar="CALL", help='How it is called, such as "myCost(theta, X, y, lambda)".')
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="network, logistic, linear or cofi, where it cannot be told.")
    ] = None,
    path: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="A folder with helpers, besides the file's own.")
    ] = None,
    networks: Annotated[int, typer.Option(min=1, max=900, help="Random networks or data sets to compare on.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="What the random ones are drawn from.")] = 0,
    digits: Annotated[bool, typer.Option(help="Compare on the 5000 digits too.")] = True,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="What one file may take.")] = 30.0,
    memory_limit: Annotated[float, typer.Option(metavar="MB", help="What one file may take.")] = 2048.0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Files checked at once; as many as cores.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with the comparison drawn.")] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: a list with an object for each file.")] = False,
) -> None:
    if not files and not python:
        _checks.fail("crosscheck", "be given files, or --python MODULE:FUNCTION", "neither")
    if html is not None:
        output_file("--html", html, inputs=files or [], force=force)
    seconds = _checks.number("--time-limit", time_limit, above=0.0)
    if kind is not None:
        _checks.choice("--kind", kind, tuple(KINDS))
    limits = Limits(seconds, _checks.number("--memory-limit", memory_limit, above=0.0))
    if files:
        find_octave()  # its absence is one error, not one for each file
    common: dict[str, Any] = {"call": call, "kind": kind, "limits": limits, "digits": digits}
    common |= {"random": networks, "seed": seed}
    checks = [
        *(partial(crosscheck, file, folders=path or [], **common) for file in files or []),
        *(partial(crosscheck_python, reference, **common) for reference in python or []),
    ]
    reports = list(crosscheck_many(checks, jobs or os.cpu_count() or 1))
    if html is not None:
        with atomic_path(html) as temporary:
            temporary.write_text(page(reports), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps([report.as_dict() for report in reports], indent=2, allow_nan=False))
    elif len(reports) == 1:
        _show_one(reports[0])
    else:
        _show_many(reports)
    raise typer.Exit(_status(reports))


def _status(reports: Sequence[Report]) -> int:
    """Return the highest status; helpers among the files do not count, unless there is nothing else."""
    counted = [report for report in reports if report.status != NO_COST_FUNCTION] or reports
    return max(report.exit_status for report in counted)


def _show_one(report: Report) -> None:
    typer.echo(report.source + (f"  {report.signature}" if report.signature else ""))
    if report.comparisons:
        show_table(_HEADS, [_cells(comparison) for comparison in report.comparisons])
    _verdict(report)
    if report.diagnosis is not None:
        typer.echo(f"Diagnosis, {certainty_words(report.diagnosis)}.")
        for number, explanation in enumerate(report.diagnosis.explanations):
            typer.echo("  or" if number else "", nl=bool(number))
            for finding in explanation:
                typer.echo(f"  - {finding}.\n    {finding.mistake.remedy}")
    for line in (*report.facts, *report.notes):
        typer.echo(f"Note: {line}.")
    if report.output.strip():
        typer.echo(f"It printed:\n{report.output.rstrip()}")


def _show_many(reports: Sequence[Report]) -> None:
    shown = [report for report in reports if report.status != NO_COST_FUNCTION]
    rows = [(r.source, r.status, "; or ".join(mistake_lines(r)) or r.finding) for r in shown]
    show_table(("File", "Verdict", "Why"), rows)
    others = [report.source for report in reports if report.status == NO_COST_FUNCTION]
    if others:
        typer.echo(f"No cost functions: {', '.join(others)}")


def _verdict(report: Report) -> None:
    colour = typer.colors.GREEN if report.status == AGREES else typer.colors.RED
    typer.secho(f"{report.status[0].upper()}{report.status[1:]}: {report.finding}.", fg=colour)


def _cells(c: Comparison) -> tuple[str, ...]:
    theirs = show(c.theirs, 12) if c.theirs is not None else "error" if c.error else "none"
    belongs = "" if c.belongs is None else f"{'yes' if c.belongs <= BELONGS else 'no'} ({c.belongs:.0e})"
    if c.difference is None:
        return c.case, show(c.ours, 12), theirs, "", "", "", "", belongs
    gap = c.difference
    relative = (show(gap.relative, 2), gap.relative_at) if gap.relative else ("0", "")
    worst = (show(gap.absolute, 2), gap.absolute_at, *relative)
    return c.case, show(c.ours, 12), theirs, *worst, belongs
