"""`courseport record`: what an Octave function answers, kept in a golden file for machines without Octave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from courseport import _checks
from courseport._files import output_file
from courseport.cli.options import AsJson, Force
from courseport.cli.tables import echo_json
from courseport.crosscheck.ports.golden import counted, golden_path, read_golden, update_golden
from courseport.crosscheck.ports.port import record_port
from courseport.crosscheck.running.limits import Limits
from courseport.octave import find_octave

_SHOWN = 40  # lines of changes in a terminal
_HELP = """
Record what an Octave function answers in a golden file (.npz or .mat), with which a port is compared without Octave.

    courseport record dist.m --cases cases.mat -o golden/dist.npz

    courseport record dist.m --demo demo.m -o golden/dist.npz

    courseport record dist.m -o golden/dist.npz --update

The cases come from a MAT, NPZ or JSON file with a variable set a case, from the calls that an Octave script makes, or
from the %!test and %!assert blocks of the .m file. With --update and none of these they are those of the golden file,
and what has changed is said, by how much. For the ports of a TOML file: courseport crosscheck ports.toml --update.

Exit status: 0 recorded; 2 could not be.
"""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("record", help=_HELP)(_record)


def _record(
    file: Annotated[str, typer.Argument(metavar="FILE.m", help="The Octave function: its file, or its name.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The golden file: .npz or .mat.")],
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
    inputs = [Path(name) for name in (file, cases, demo) if name is not None]
    golden = output_file("--output", golden_path(output), inputs=inputs, force=force)
    if golden.exists() and not update and not force:
        _checks.fail("--output", "be a new file, or be recorded anew with --update", str(golden))
    find_octave()
    known: Any = cases
    if cases is None and demo is None and update and golden.exists():
        known = read_golden(golden).cases
    recording = record_port(file, known, record=demo, nout=nout, setup=setup, folders=path or (), limits=limits)
    pairs = zip(recording.cases, recording.answers, strict=True)
    errors = {case.name: answer.error for case, answer in pairs if answer.error}
    if errors and len(errors) == len(recording.cases):
        name, error = next(iter(errors.items()))
        _checks.fail(file, "answer in one case at least", f"an error in each; {name}: {error}")
    changed = update_golden(golden, recording, force=force)
    if as_json:
        told: dict[str, Any] = {
            "golden": str(golden),
            "function": recording.function,
            "octave": recording.octave_version,
        }
        told |= {"cases": len(recording.cases), "errors": errors, "notes": list(recording.notes), "changes": changed}
        echo_json({**told, "exit_status": 0})
        return
    typer.echo(f"{golden}: {counted(recording)}, Octave {recording.octave_version}")
    lines = [*(changed or ["nothing has changed"]), *recording.notes]
    lines += [f"{name} ends in an error: {' '.join(error.split())}" for name, error in errors.items()]
    for line in lines[:_SHOWN]:
        typer.echo(f"  {line}")
    if len(lines) > _SHOWN:
        typer.echo(f"  and {len(lines) - _SHOWN} lines more; --json has all")
