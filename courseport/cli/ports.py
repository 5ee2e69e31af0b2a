"""The part of `courseport crosscheck` that compares any Octave function with a Python function, one pair or many."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from courseport import _checks
from courseport._files import atomic_path, output_file
from courseport.cli.tables import echo_json, plain_text, say, show_counts, show_table
from courseport.crosscheck import crosscheck_many
from courseport.crosscheck.ports.conventions import Conventions
from courseport.crosscheck.ports.junit import junit
from courseport.crosscheck.ports.page import page
from courseport.crosscheck.ports.pairs import Pair, conventions_of, python_reference, read_pairs
from courseport.octave import find_octave

Found = TypeVar("Found")
_PANEL = "Any function, against Python"
_option = partial(typer.Option, rich_help_panel=_PANEL)
Against = Annotated[
    str | None,
    _option(metavar="MODULE:FUNCTION", help="The Python function: module:function, file.py:function, or a module."),
]
CasesFile = Annotated[Path | None, _option(metavar="FILE", help="The cases: a .mat, .npz or .json file.")]
RecordScript = Annotated[Path | None, _option(metavar="SCRIPT.m", help="A script whose calls are the cases.")]
GoldenFile = Annotated[
    Path | None, _option(metavar="FILE", help="Octave's answers, as `courseport record` keeps them: no Octave runs.")
]
Setup = Annotated[str | None, _option(metavar="CODE", help='Octave code to run first: "pkg load statistics".')]
Nout = Annotated[int | None, _option(min=0, help="Outputs to compare; as many as both have.")]
Rtol = Annotated[float | None, _option(metavar="NUMBER", help="Relative tolerance; 1e-9, in single 1e-5.")]
Atol = Annotated[float | None, _option(metavar="NUMBER", help="Absolute one; 1e-13 of the output's largest value.")]
ConventionList = Annotated[
    list[str] | None, _option(metavar="NAME=VALUE", help="Such as vectors=exact or na=true; repeatable.")
]
Update = Annotated[
    bool, _option("--update", help="Ask Octave in any case, write the golden files, and say what has changed.")
]
JunitFile = Annotated[Path | None, _option(metavar="FILE", help="Write JUnit XML, which CI systems show.")]


_OF_COSTS = {"python", "call", "kind", "order", "networks", "seed", "digits"}
_OF_ONE_PORT = {"against", "cases", "record", "golden", "setup", "nout", "rtol", "atol", "convention"}


def asked_for(files: Sequence[Path], against: str | None, given: set[str]) -> bool:
    """Tell whether the command is to compare ports; refuse options that do not go with it."""
    of_table = any(file.suffix.lower() == ".toml" for file in files)
    of_ports = of_table or against is not None
    for name in sorted(given):
        if of_ports and name in _OF_COSTS:
            _checks.fail(f"--{name}", "stand with a cost function", "it with a port")
        if of_table and name in {*_OF_ONE_PORT, "path"}:
            key = {"against": "python", "convention": "conventions", "path": "folders"}.get(name, name)
            _checks.fail(f"--{name}", f"be said in the TOML file, as {key}", "an option")
        if not of_ports and name in {*_OF_ONE_PORT, "junit", "update"}:
            _checks.fail(f"--{name}", "stand with --against MODULE:FUNCTION or a TOML file", "it alone")
    return of_ports


def pairs_of(
    files: Sequence[Path], against: str | None, conventions: Sequence[str] | None, told: Mapping[str, Any]
) -> list[Pair]:
    """Return the pairs of TOML files, or each Octave file with the Python function that --against names."""
    settings: dict[str, Any] = {
        key: str(value) if isinstance(value, Path) else value for key, value in told.items() if value is not None
    }
    tables = [file for file in files if file.suffix.lower() == ".toml"]
    if tables:
        if len(tables) < len(files):
            _checks.fail("FILE", "be Octave files or TOML files", "both")
        # What the pairs name is imported from their TOML file's folder, too.
        sys.path[:0] = [str(file.resolve().parent) for file in tables]
        return [pair for file in tables for pair in read_pairs(file, settings)]
    if not against:
        _checks.fail("--against", "be MODULE:FUNCTION, FILE.py:FUNCTION, or a module alone", repr(against))
    alone = python_reference(against, "").endswith(":")
    for file in files:
        if file.suffix not in {"", ".m"}:
            _checks.fail("FILE", "be a .m file, the name of one of Octave's functions, or a TOML file", str(file))
    if len(settings.keys() & {"cases", "record"}) == 2:
        _checks.fail("--cases", "stand without --record", "both")
    if len(files) != 1 and not alone:
        _checks.fail("--against MODULE:FUNCTION", "stand with one file (MODULE alone may with several)", len(files))
    if len(files) != 1 and (settings.keys() & {"cases", "golden"}):
        _checks.fail("--cases and --golden", "stand with one file (a TOML file takes several)", len(files))
    rules: dict[str, Any] = {}
    for one in conventions or []:
        name, sign, value = (part.strip() for part in one.partition("="))
        if not sign:
            _checks.fail("--convention", "be NAME=VALUE", repr(one))
        rules[name] = {"true": True, "false": False}.get(value.lower(), value)
    settings["conventions"] = Conventions(**conventions_of("--convention", rules))
    for option in settings.keys() & {"rtol", "atol"}:
        settings[option] = _checks.number(f"--{option}", settings[option], minimum=0.0)
    return [Pair(str(file), python_reference(against, str(file)), **settings) for file in files]


def compare_ports(
    pairs: Sequence[Pair],
    files: Sequence[Path],
    outputs: Mapping[str, Path | None],
    *,
    update: bool,
    jobs: int | None,
    force: bool,
    as_json: bool,
) -> int:
    """Compare all pairs, show and write what was found, and return the exit status."""
    named = [(pair.octave, pair.python.rpartition(":")[0], pair.cases, pair.record, pair.golden) for pair in pairs]
    read = [*files, *(Path(one) for names in named for one in names if isinstance(one, str))]
    for option, path in outputs.items():
        if path is not None:
            output_file(option, path, inputs=read, force=force)
            read.append(path)
    if update and not any(pair.golden for pair in pairs):
        _checks.fail("--update", "stand with a golden file", "none")
    if update or not any(pair.golden for pair in pairs):
        find_octave()  # its absence is one error, not one for each pair
    reports = run_all([partial(pair.compare, update=update) for pair in pairs], jobs, "ports")
    for option, written in (("--html", page), ("--junit", junit)):
        path = outputs[option]
        if path is not None:
            with atomic_path(path) as temporary:
                temporary.write_text(written(reports), encoding="utf-8", errors="replace")
    if as_json:
        echo_json([report.as_dict() for report in reports])
    elif len(reports) == 1:
        verdict, *lines = plain_text(str(reports[0])).splitlines()
        typer.secho(verdict, fg=typer.colors.GREEN if reports[0].agrees else typer.colors.RED)
        for line in lines:
            say(line)
    else:
        rows = [(report.octave, report.python, report.status, report.why) for report in reports]
        show_table(("Octave", "Python", "Verdict", "Why"), [tuple(map(plain_text, row)) for row in rows])
        told = [f"{report.octave}: {note}" for report in reports for note in report.notes if note.startswith("golden")]
        typer.echo("".join(f"{plain_text(line)}\n" for line in told), nl=False)
        show_counts([report.status for report in reports], "ports")
    return max(report.exit_status for report in reports)


def run_all(checks: Sequence[Callable[..., Found]], jobs: int | None, what: str) -> list[Found]:
    """Run checks side by side, as many as there are cores, and count them on a terminal; return their reports."""
    found = []
    for report in crosscheck_many(checks, jobs or os.cpu_count() or 1):
        found.append(report)
        if len(checks) > 1 and sys.stderr.isatty():
            typer.echo(f"\r{len(found)} of {len(checks)} {what}", nl=len(found) == len(checks), err=True)
    return found
