"""`courseport grade`: the points of the assignments, for one student or a class, and what to do next."""

from __future__ import annotations

import csv
import io
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from courseport import _checks
from courseport._files import atomic_path, output_file
from courseport.cli.options import AsJson, Force
from courseport.cli.tables import echo_json
from courseport.crosscheck.grade import Grade, PartGrade, common_mistakes, grade_class, names_of
from courseport.crosscheck.grade.page import columns_of, page
from courseport.crosscheck.grade.roster import READ
from courseport.crosscheck.running.limits import Limits

_HELP = """
Grade the course's assignments ex1 to ex5 and ex8, in Octave or in Python.

    courseport grade machine-learning-ex4

    courseport grade students/*/ --csv grades.csv --html grades.html

Every graded function is called on small data and compared with ours: right, wrong, not done yet, or could not be run,
with the handout's points and, where it is wrong, what is wrong and what to do. A folder may hold several assignments; a
student may be a zip file. A part that leans on another one is judged with ours in the other's place too.

The files' code runs, with your rights, in a process of its own with limits on time and memory.

Exit status: 0 all right, 1 not, 2 could not be run; of several students, the highest.
"""
WIDTH = 79
SIGNS = {"right": "+", "wrong": "x", "not done yet": ".", "could not be run": "!"}
COLOURS = {
    "right": typer.colors.GREEN,
    "wrong": typer.colors.RED,
    "not done yet": None,
    "could not be run": typer.colors.YELLOW,
}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("grade", help=_HELP)(_grade)


def _grade(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER ...", help="A folder or a zip file each.")],
    exercise: Annotated[
        str | None, typer.Option(metavar="EX", help="ex1 ... ex5 or ex8, where the files do not tell.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Grade again whenever a file is saved.")] = False,
    time_limit: Annotated[float, typer.Option(metavar="SECONDS", help="What one assignment may take.")] = 30.0,
    memory_limit: Annotated[float, typer.Option(metavar="MB", help="What one assignment may take.")] = 2048.0,
    jobs: Annotated[int | None, typer.Option(min=1, help="Students graded at once; as many as cores.")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a table of all points.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with all grades.")] = None,
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the grades here; what is done is not done again.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    for folder in folders:
        if not folder.is_dir() and not (folder.is_file() and folder.suffix.lower() == ".zip"):
            _checks.fail("FOLDER", "be a folder or a zip file", str(folder))
    for option, path in (("--csv", csv_file), ("--html", html), ("--results", results)):
        if path is not None:
            output_file(option, path, inputs=[folder for folder in folders if folder.is_file()], force=force)
    seconds = _checks.number("--time-limit", time_limit, above=0.0)
    limits = Limits(seconds, _checks.number("--memory-limit", memory_limit, above=0.0))
    if watch:
        _watch(folders, exercise, limits)

    def told(done: int, found: Grade) -> None:
        if len(folders) > 1 and not as_json and sys.stderr.isatty():
            line = f"\r{done} of {len(folders)}: {Path(found.source).name:40.40}"
            typer.echo(line, nl=done == len(folders), err=True)

    grades = grade_class(folders, exercise=exercise, limits=limits, jobs=jobs, results=results, told=told)
    names = names_of(folders)
    if csv_file is not None:
        with atomic_path(csv_file) as temporary:
            temporary.write_text(_table(names, grades), encoding="utf-8")
    if html is not None:
        with atomic_path(html) as temporary:
            temporary.write_text(page(names, grades), encoding="utf-8")
    if as_json:
        found = [{"student": name, **one.as_dict()} for name, one in zip(names, grades, strict=True)]
        echo_json(found if len(found) > 1 else grades[0].as_dict())
    elif len(grades) == 1:
        _show_one(grades[0])
    else:
        _show_many(names, grades)
    raise typer.Exit(max(one.exit_status for one in grades))


def _show_one(found: Grade, before: Grade | None = None) -> None:
    if found.error:
        typer.secho(f"Could not be graded: {found.error}.", fg=typer.colors.YELLOW)
        return
    known = {(part.exercise, part.part): part for part in before.parts} if before is not None else {}
    exercise = ""
    for part in found.parts:
        if part.exercise != exercise:
            exercise = part.exercise
            of_it = [one for one in found.parts if one.exercise == exercise]
            typer.echo(f"{exercise}: {sum(p.points for p in of_it)} of {sum(p.of for p in of_it)} points")
        earlier = known.get((part.exercise, part.part))
        _show_part(part, "" if earlier is None or earlier.status == part.status else f"  (was: {earlier.status})")
    typer.secho(f"Total: {found.points} of {found.of} points", bold=True)
    left = dict.fromkeys(
        f"{part.exercise} {part.function}" for part in found.parts if part.status == "not done yet" and part.of
    )
    if left:
        typer.echo(textwrap.fill(f"To do next: {', '.join(left)}", WIDTH, subsequent_indent="  "))


def _show_part(part: PartGrade, changed: str) -> None:
    points = f"{part.points:3}/{part.of}" if part.of else "      "
    name = part.part if len(part.part) <= 47 else part.part[:44] + "..."
    typer.secho(f"{SIGNS[part.status]} {name:48}{part.status:17}{points}{changed}", fg=COLOURS[part.status])
    told = [part.why, part.remedy and f"To do: {part.remedy}", *(f"Note: {note}" for note in part.notes)]
    for line in filter(None, told):
        typer.echo(textwrap.fill(line, WIDTH, initial_indent="    ", subsequent_indent="    "))


def _show_many(names: Sequence[str], grades: Sequence[Grade]) -> None:
    columns = columns_of(grades)
    exercises = list(dict.fromkeys(exercise for exercise, _ in columns))
    width = min(max(map(len, names)), 24)
    typer.echo(f"{'Student':{width}}  Points   " + "  ".join(exercises))
    for name, found in zip(names, grades, strict=True):
        if found.error:
            typer.echo(f"{name:{width}.{width}}  {found.error[: WIDTH - width - 2]}")
            continue
        signs = {(part.exercise, part.part): SIGNS[part.status] for part in found.parts}
        marks = "  ".join(
            "".join(signs.get(column, ".") for column in columns if column[0] == exercise) for exercise in exercises
        )
        typer.echo(f"{name:{width}.{width}}  {found.points:3}/{found.of:3}  {marks}")
    typer.echo("+ right   x wrong   . not done yet   ! could not be run; one sign a part")
    mistakes = common_mistakes(grades)
    if mistakes:
        typer.echo("\nMistakes of the class")
    for part, mistake, count in mistakes[:10]:
        typer.echo(textwrap.shorten(f"{count:3}  {part}: {mistake}", WIDTH, placeholder="..."))


def _table(names: Sequence[str], grades: Sequence[Grade]) -> str:
    """Return the points as CSV: a row a student, a column a part."""
    columns = columns_of(grades)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["student", *(f"{exercise} {part}" for exercise, part in columns), "points", "of", "written by courseport"]
    )
    for name, found in zip(names, grades, strict=True):
        points = {(part.exercise, part.part): part.points if part.of else part.status for part in found.parts}
        writer.writerow([name, *(points.get(column, 0) for column in columns), found.points, found.of, found.error])
    return out.getvalue()


def _watch(folders: Sequence[Path], exercise: str | None, limits: Limits) -> None:
    """Grade one folder again and again, whenever a file in it is saved, until Ctrl-C."""
    if len(folders) != 1 or not folders[0].is_dir():
        _checks.fail("--watch", "be used with one folder", f"{len(folders)} folders or files")
    before: Grade | None = None
    seen: dict[Path, int] = {}
    while True:
        now = {
            path: path.stat().st_mtime_ns for path in folders[0].rglob("*") if path.suffix in READ and path.is_file()
        }
        if now != seen:
            seen = now
            found = grade_class(folders, exercise=exercise, limits=limits)[0]
            if sys.stdout.isatty():
                Console().clear()
            _show_one(found, before)
            typer.echo(f"Watching {folders[0]}; Ctrl-C ends it.")
            before = found
        time.sleep(0.5)
