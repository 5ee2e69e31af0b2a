"""`courseport record`: what Octave functions answer, kept in golden files for machines without Octave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from courseport import _checks
from courseport._files import output_file
from courseport.cli.options import AsJson, Force
from courseport.cli.tables import echo_json
from courseport.crosscheck.ports.conventions import USUAL
from courseport.crosscheck.ports.golden import counted, golden_path, read_golden, update_golden
from courseport.crosscheck.ports.pairs import read_pairs
from courseport.crosscheck.ports.port import record_port
from courseport.crosscheck.running.limits import Limits
from courseport.octave import find_octave

_SHOWN = 40  # lines of changes in a terminal
_HELP = """
Record what an Octave function answers in a golden file (.npz or .mat), with which a port is compared without Octave.

    courseport record dist.m --cases cases.mat -o golden/dist.npz

    courseport record dist.m --demo demo.m -o golden/dist.npz

    courseport record dist.m -o golden/dist.npz --update

    courseport record ports.toml --update

The cases come from a MAT, NPZ or JSON file with a variable set a case, from the calls that an Octave script makes, or
from the %!test and %!assert blocks of the .m file. With --update and none of these they are those of the golden file,
and what has changed is said, by how much. Of a TOML file of ports, the golden file of each port is recorded.

Exit status: 0 recorded; 2 could not be.
"""


class _Task(NamedTuple):
    octave: str
    golden: Path
    cases: Any
    record: Any
    options: dict[str, Any]


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("record", help=_HELP)(_record)


def _record(
    file: Annotated[str, typer.Argument(metavar="FILE.m", help="The Octave function's file or name; or a TOML file.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The golden file: .npz or .mat.")
    ] = None,
    cases: Annotated[Path | None, typer.Option(metavar="FILE", help="The cases: a MAT, NPZ or JSON file.")] = None,
    demo: Annotated[
        Path | None,
        typer.Option("--demo", "--record", metavar="SCRIPT.m", help="A script whose calls of it are the cases."),
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Record a golden file anew, and say what changed.")] = False,
    nout: Annotated[int | None, typer.Option(min=0, help="Outputs to ask for; those that the file declares.")] = None,
    setup: Annotated[str, typer.Option(metavar="CODE", help='Octave code run first: "pkg load statistics".')] = "",
    path: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="A folder with helpers, besides the file's own.")
    ] = None,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="What Octave may take.")] = 30.0,
    memory_limit: Annotated[float, typer.Option(metavar="MB", help="What Octave may take.")] = 2048.0,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    limits = Limits(
        _checks.number("--time-limit", time_limit, above=0.0), _checks.number("--memory-limit", memory_limit, above=0.0)
    )
    table = file.lower().endswith(".toml")
    if table:
        if any(option is not None for option in (output, cases, demo, nout, path)) or setup:
            _checks.fail("FILE", "be an Octave function with these options, or a TOML file alone", file)
        tasks = _tasks_of(Path(file))
    else:
        if output is None:
            _checks.fail("--output", "be the golden file", "none")
        common = {"nout": nout, "setup": setup, "folders": path or (), "limits": limits, "conventions": USUAL}
        tasks = [_Task(file, output, cases, demo, common)]
    for task in tasks:
        inputs = [Path(name) for name in (file, task.octave, task.cases, task.record) if isinstance(name, (str, Path))]
        output_file("--output", golden_path(task.golden), inputs=inputs, force=force)
        if task.golden.exists() and not update and not force:
            _checks.fail("--output", "be a new file, or be recorded anew with --update", str(task.golden))
    find_octave()
    told = [_record_one(task, update=update, force=force) for task in tasks]
    if as_json:
        echo_json(told if table else told[0])
        return
    for one in told:
        typer.echo(f"{one['golden']}: {one['recorded']}, Octave {one['octave']}")
        lines = [*(one["changes"] or ["nothing has changed"]), *one["notes"]]
        lines = [
            *lines,
            *(f"{name} ends in an error: {' '.join(text.split())}" for name, text in one["errors"].items()),
        ]
        for line in lines[:_SHOWN]:
            typer.echo(f"  {line}")
        if len(lines) > _SHOWN:
            typer.echo(f"  and {len(lines) - _SHOWN} lines more; --json has all")


def _tasks_of(path: Path) -> list[_Task]:
    tasks = []
    for pair in read_pairs(path):
        if pair.golden is not None:
            limits = Limits(pair.time_limit, pair.memory_limit)
            options = {"nout": pair.nout, "setup": pair.setup, "folders": pair.folders, "conventions": pair.conventions}
            told = {**options, "limits": limits}
            tasks.append(_Task(pair.octave, Path(pair.golden), pair.cases, pair.record, told))
    if not tasks:
        _checks.fail(str(path), "have a port with the key golden", "none")
    return tasks


def _record_one(task: _Task, *, update: bool, force: bool) -> dict[str, Any]:
    """Record one golden file; return what is to be told."""
    cases = task.cases
    if cases is None and task.record is None and update and task.golden.exists():
        cases = read_golden(task.golden, task.options["conventions"]).cases
    recording = record_port(task.octave, cases, record=task.record, **task.options)
    pairs = zip(recording.cases, recording.answers, strict=True)
    errors = {case.name: answer.error for case, answer in pairs if answer.error}
    if errors and len(errors) == len(recording.cases):
        name, error = next(iter(errors.items()))
        _checks.fail(str(task.octave), "answer in one case at least", f"an error in each; {name}: {error}")
    changed = update_golden(task.golden, recording, force=force)
    return {
        "golden": str(task.golden),
        "recorded": counted(recording),
        "octave": recording.octave_version,
        "errors": errors,
        "notes": list(recording.notes),
        "changes": changed,
        "exit_status": 0,
    }
