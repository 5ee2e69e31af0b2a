"""`courseport ex1` ... `ex8`: the course's exercises, step by step; `courseport figures`: all their figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from courseport import _checks, plots
from courseport._files import output_folder
from courseport.cli.options import AsJson, Force
from courseport.cli.tables import echo_json, show_table
from courseport.exercises import Exercise, Figure

EXERCISES = {
    "ex1": "linear regression by gradient descent and by the normal equation",
    "ex2": "logistic regression, plain, and regularised on mapped features",
    "ex3": "the digits by one-vs-all, and by a given network",
    "ex4": "the network: cost, backpropagation, and training by fmincg",
    "ex5": "regularised linear regression, bias and variance",
    "ex8": "anomalies, and films recommended by collaborative filtering",
}
DIGITS = "the shipped digits, equal to the course's, and on debug weights"
INSTEAD = {"ex3": DIGITS, "ex4": DIGITS, "ex8": "ratings made up for it"}  # of a missing file
_HELP = """
Exercise {number}: {title}.

Each step's figures stand beside the ones expected of a correct solution. The pictures go to the output folder.

Course files are looked for in the folder of `--data` or COURSEPORT_COURSE_DATA. Without them it runs on {data},
and NumPy and SciPy give the expected figures, by another route. Exit status 1 where a figure differs.
"""
_FIGURES_HELP = """
Every figure of all exercises: expected, ours, relative difference, verdict.

A figure agrees where the relative difference is at most its own tolerance: 1e-12 where no optimiser is between, more
where only as much is known. Figures of course files that are not there are those of other data, and expected from NumPy
and SciPy. Exit status 1 where a figure differs.
"""
FEW = 8  # entries of a vector that are all shown
FIRST = 4  # those that are shown of longer ones

Data = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="The folder of your own course files, or of the exercises' folders. Default: COURSEPORT_COURSE_DATA.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for name, title in EXERCISES.items():
        data = INSTEAD.get(name, "iris")
        app.command(name, help=_HELP.format(number=name[2:], title=title, data=data))(_command(name))
    app.command("figures", help=_FIGURES_HELP)(_figures)


def _command(name: str) -> Callable[..., None]:
    def command(
        data: Data = None,
        output: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the pictures go.")] = Path("output"),
        force: Force = False,
        picture: Annotated[bool, typer.Option(help="Draw the pictures, or show the figures alone.")] = True,
        as_json: AsJson = False,
    ) -> None:
        exercise = _run(name, data)
        if picture:
            _checks.require("matplotlib", "plots", "Drawing (or give --no-picture)")
            output_folder("--output", output, exercise.pictures, force=force)
            for file, draw in exercise.pictures.items():
                plots.save_picture(draw(), output / file)
        if as_json:
            steps = [step._asdict() | {"figures": [*map(_figure_record, step.figures)]} for step in exercise.steps]
            told = {"name": exercise.name, "title": exercise.title, "data": exercise.source, "steps": steps}
            echo_json(told | {"pictures": list(exercise.pictures) if picture else []})
        else:
            _show(exercise)
            if picture:
                typer.echo(f"Pictures in {output}: {', '.join(exercise.pictures)}")
        _end(exercise.figures)

    return command


def _figures(data: Data = None, as_json: AsJson = False) -> None:
    figures = [figure for name in EXERCISES for figure in _run(name, data).figures]
    if as_json:
        echo_json([{"exercise": figure.exercise, **_figure_record(figure)} for figure in figures])
    else:
        rows = []
        for figure in figures:
            name, *numbers, verdict = _row(figure)
            allowed = f"{figure.relative_difference:.2e}", f"{figure.rtol:.3g}"
            rows.append((figure.exercise, name, *numbers, *allowed, verdict))
        show_table(("exercise", "figure", "expected", "ours", "difference", "allowed", "verdict"), rows)
        typer.echo(_count(figures))
    _end(figures)


def _run(name: str, data: Path | None) -> Exercise:
    exercise: Exercise = import_module(f"courseport.exercises.{name}").run(data)
    return exercise


def _show(exercise: Exercise) -> None:
    typer.echo(f"{exercise.name}: {exercise.title}\nData: {exercise.source}")
    for number, step in enumerate(exercise.steps, start=1):
        typer.echo(f"\n{number}. {step.title}")
        if step.figures:
            show_table(("figure", "expected", "ours", "verdict"), _rows(step.figures))
        if step.text:
            typer.echo(step.text)
    typer.echo(f"\n{_count(exercise.figures)}")


def _rows(figures: list[Figure]) -> list[tuple[str, ...]]:
    """Return a row for each figure; of a long vector that agrees the first entries."""
    rows: list[tuple[str, ...]] = []
    for name, group in groupby(figures, lambda figure: figure.name.rpartition("[")[0] or figure.name):
        entries = list(group)
        short = len(entries) > FEW and all(figure.verdict == "agrees" for figure in entries)
        rows += map(_row, entries[:FIRST] if short else entries)
        if short:
            rows.append((f"{name}: {len(entries) - FIRST} more", "", "", "agrees"))
    return rows


def _row(figure: Figure) -> tuple[str, ...]:
    return figure.name, f"{figure.expected:.15g}", f"{figure.ours:.15g}", figure.verdict


def _count(figures: list[Figure]) -> str:
    agree = sum(figure.verdict == "agrees" for figure in figures)
    text = f"{agree} of {len(figures)} figures agree, {len(figures) - agree} differ"
    others = sum(not figure.of_course for figure in figures)
    missing = f"{others} are expected from NumPy and SciPy, for want of the course's files: --data FOLDER"
    return f"{text}\n{missing}" if others else text


def _figure_record(figure: Figure) -> dict[str, Any]:
    return {
        "figure": figure.name,
        "expected": figure.expected,
        "expected_from": "the course" if figure.of_course else "NumPy and SciPy",
        "ours": figure.ours,
        "relative_difference": figure.relative_difference,
        "allowed": figure.rtol,
        "verdict": figure.verdict,
    }


def _end(figures: Iterable[Figure]) -> None:
    if any(figure.verdict == "DIFFERS" for figure in figures):
        raise typer.Exit(1)
