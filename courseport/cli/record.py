"""`courseport record`: what an Octave function answers, kept in a golden file for machines without Octave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from courseport import _checks
from courseport._files import output_file
from courseport.cli.options import AsJson, Force
from courseport.cli.tables import echo_json
from courseport.crosscheck.ports.golden import read_golden, update_golden
from courseport.crosscheck.ports.port import record_port
from courseport.crosscheck.running.limits import Limits

_SHOWN = 40  # lines of changes in a terminal
_HELP = """
Record what an Octave function answers in a golden file (.npz or .mat), with which a port is compared without Octave.

    courseport record dist.m --cases cases.mat -o golden/dist.npz

    courseport record dist.m --demo demo.m -o golden/dist.npz

    courseport record dist.m -o golden/dist.npz --update

The cases come from a MAT, NPZ or JSON file with a variable set a case, from the calls that an Octave script makes, or
from the %!test and %!assert blocks of the .m file. With --update and none of these they are those of the golden file,
and what has changed is said, by how much.

Exit status: 0 recorded; 2 could not be.
"""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("record", help=_HELP)(_record)


def _record(
    file: Annotated[str, typer.Argument(metavar="FILE.m", help="The Octave function, or the name of one of Octave's.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The golden file, .npz or .mat.")],
    cases: Annotated[Path | None, typer.Option(metavar="FILE", help="The cases: a MAT, NPZ or JSON file.")] = None,
    demo: Annotated[
        Path | None,
        typer.Option(
            "--demo", "--record", metavar="SCRIPT.m", help="A script; the calls it makes of the function are the cases."
        ),
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
    inputs = [Path(name) for name in (file, cases, demo) if name is not None]
    golden = output_file("--output", output, inputs=inputs, force=force)
    if golden.exists() and not update and not force:
        _checks.fail("--output", "be a new file, or be recorded anew with --update", str(golden))
    if cases is not None and demo is not None:
        _checks.fail("--cases", "be given without --demo", "both")
    limits = Limits(
        _checks.number("--time-limit", time_limit, above=0.0), _checks.number("--memory-limit", memory_limit, above=0.0)
    )
    known: Any = cases
    if known is None and demo is None and update and golden.exists():
        known = read_golden(golden).cases
    recording = record_port(file, known, record=demo, nout=nout, setup=setup, folders=path or (), limits=limits)
    changed = update_golden(golden, recording, force=force)
    errors = {
        case.name: answer.error for case, answer in zip(recording.cases, recording.answers, strict=True) if answer.error
    }
    if as_json:
        told = {"golden": str(golden), "function": recording.function, "octave": recording.octave_version}
        echo_json({**told, "cases": len(recording.cases), "errors": errors, "changes": changed, "exit_status": 0})
        return
    typer.echo(
        f"{golden}: {len(recording.cases)} cases of {recording.function}, from Octave {recording.octave_version}"
    )
    for line in changed[:_SHOWN] or ["nothing has changed"]:
        typer.echo(f"  {line}")
    if len(changed) > _SHOWN:
        typer.echo(f"  and {len(changed) - _SHOWN} changes more; --json has all")
    for name, error in errors.items():
        typer.echo(f"  {name} ends in an error: {' '.join(error.split())}")
