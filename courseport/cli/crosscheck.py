"""`courseport crosscheck`: whether a cost function, or any port, is right, and if not, what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from courseport import _checks
from courseport._files import atomic_path, output_file
from courseport.cli import ports
from courseport.cli.options import AsJson, Force
from courseport.cli.tables import echo_json, show_counts, show_table
from courseport.crosscheck import Limits, Report, crosscheck, crosscheck_python
from courseport.crosscheck.costs.cases import KIND_NAMES
from courseport.crosscheck.costs.page import page
from courseport.crosscheck.costs.report import AGREES, NO_COST_FUNCTION
from courseport.octave import find_octave

_HELP = """
Is this function right? A cost function is compared with ours, any Octave function with its Python port.

    courseport crosscheck nnCostFunction.m

    courseport crosscheck solutions/*.m --json

    courseport crosscheck --python port.py:cost,gradient --order C

    courseport crosscheck thing.m --against port.py:thing --cases cases.mat

    courseport crosscheck ports.toml --junit report.xml

**Cost functions.** J and the gradient are compared on the checkNNGradients network, on random networks (or data sets)
with and without lambda, and on the digits. The gradient is compared with the slope of the file's own J too. Where they
disagree, the numbers are compared with those of about 95 known mistakes, alone and in pairs. The course's functions
are understood by their names and arguments: nnCostFunction, lrCostFunction, costFunction, costFunctionReg, computeCost,
linearRegCostFunction, cofiCostFunc. For others say how they are called, with --call.

**Any function, against Python.** Both functions are called with the same cases: those of --cases, the calls of a
script, or those of the file's own %! blocks. A TOML file lists many pairs: `[[port]]`, octave, python, cases.

The files' code runs, with your rights, in processes of their own with limits on time and memory.

Exit status: 0 agrees; 1 disagrees, is not done yet, or unrolls row by row (unless --order C says that it is wanted); 2
could not be run. Of several files it is the highest; those that are no cost functions do not count.
"""
_costs = partial(typer.Option, rich_help_panel="Cost functions, against ours")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("crosscheck", help=_HELP)(_crosscheck)


def _crosscheck(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE ...", help="Octave files to check, or TOML files of ports.")
    ] = None,
    python: Annotated[
        list[str] | None,
        _costs(
            metavar="MODULE:FUNCTION",
            help="A Python port to check: port:cost, port.py:cost, or port:cost,gradient. No Octave.",
        ),
    ] = None,
    call: Annotated[
        str | None, _costs(metavar="CALL", help='How it is called, such as "myCost(theta, X, y, lambda)".')
    ] = None,
    kind: Annotated[
        str | None, _costs(metavar="KIND", help="network, logistic, linear or cofi, where it cannot be told.")
    ] = None,
    path: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="A folder with helpers, besides the file's own.")
    ] = None,
    order: Annotated[str, _costs(metavar="F|C", help="C: a Python port's theta is unrolled row by row.")] = "F",
    networks: Annotated[int, _costs(min=1, max=900, help="Random networks or data sets to compare on.")] = 8,
    seed: Annotated[int, _costs(min=0, help="What the random ones are drawn from.")] = 0,
    digits: Annotated[bool, _costs(help="Compare on the 5000 digits too.")] = True,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="What one file may take.")] = 30.0,
    memory_limit: Annotated[float, typer.Option(metavar="MB", help="What one file may take.")] = 2048.0,
    against: ports.Against = None,
    cases: ports.CasesFile = None,
    record: ports.RecordScript = None,
    golden: ports.GoldenFile = None,
    setup: ports.Setup = None,
    nout: ports.Nout = None,
    rtol: ports.Rtol = None,
    atol: ports.Atol = None,
    convention: ports.ConventionList = None,
    update: ports.Update = False,
    junit: ports.JunitFile = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Files checked at once; as many as cores.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with the comparison drawn.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    if not files and not python:
        _checks.fail("crosscheck", "be given files, or --python MODULE:FUNCTION", "neither")
    seconds = _checks.number("--time-limit", time_limit, above=0.0)
    megabytes = _checks.number("--memory-limit", memory_limit, above=0.0)
    sources = {name: context.get_parameter_source(name) for name in context.params}
    given = {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}
    if ports.asked_for(files or [], against, given):
        told: dict[str, Any] = {
            "cases": cases,
            "record": record,
            "golden": golden,
            "setup": setup,
            "nout": nout,
            "rtol": rtol,
        }
        told |= {"atol": atol, "folders": path, "time_limit": seconds, "memory_limit": megabytes}
        pairs = ports.pairs_of(files or [], against, convention, told)
        outputs = {"--html": html, "--junit": junit}
        raise typer.Exit(
            ports.compare_ports(pairs, files or [], outputs, update=update, jobs=jobs, force=force, as_json=as_json)
        )
    if html is not None:
        output_file("--html", html, inputs=files or [], force=force)
    _checks.choice("--order", order, ("F", "C"))
    if kind is not None:
        _checks.choice("--kind", kind, KIND_NAMES)
    limits = Limits(seconds, megabytes)
    if files:
        find_octave()  # its absence is one error, not one for each file
    common: dict[str, Any] = {"call": call, "kind": kind, "limits": limits, "digits": digits}
    common |= {"random": networks, "seed": seed}
    checks = [
        *(partial(crosscheck, file, folders=path or [], **common) for file in files or []),
        *(partial(crosscheck_python, reference, order=order, **common) for reference in python or []),
    ]
    reports = ports.run_all(checks, jobs, "files")
    if html is not None:
        with atomic_path(html) as temporary:
            temporary.write_text(page(reports), encoding="utf-8")
    if as_json:
        echo_json([report.as_dict() for report in reports])
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
    for line in report.lines():
        verdict = line.startswith(f"{report.status[0].upper()}{report.status[1:]}: ")
        colour = typer.colors.GREEN if report.status == AGREES else typer.colors.RED
        typer.secho(line, fg=colour if verdict else None)
    if report.status == NO_COST_FUNCTION:
        typer.echo(
            f"To compare it with a Python function: courseport crosscheck {report.source} --against MODULE:FUNCTION"
        )


def _show_many(reports: Sequence[Report]) -> None:
    shown = [report for report in reports if report.status != NO_COST_FUNCTION]
    if shown:
        show_table(("File", "Verdict", "Why"), [(r.source, r.status, r.why) for r in shown])
    others = [report.source for report in reports if report.status == NO_COST_FUNCTION]
    if others:
        typer.echo(f"No cost functions: {', '.join(others)}")
    show_counts([report.status for report in reports], "files")
