"""`courseport ex1` ... `ex8`: the course's exercises, step by step; `courseport figures`: all their figures."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from courseport import _checks, plots
from courseport._files import output_folder
from courseport.cli.options import Force
from courseport.cli.tables import show_table
from courseport.exercises import Exercise, Figure

EXERCISES = {
    "ex1": "linear regression by gradient descent and by the normal equation",
    "ex2": "logistic regression, plain, and regularised on mapped features",
    "ex3": "the digits by one-vs-all, and by a given network",
    "ex4": "the network: cost, backpropagation, and training by fmincg",
    "ex5": "regularised linear regression, bias and variance",
    "ex8": "films recommended by collaborative filtering",
}
DATA = {
    "ex3": "the digits that are shipped, equal to the course's; the given network's steps need ex4weights.mat",
    "ex4": "the digits that are shipped, equal to the course's; the given network's steps need ex4weights.mat",
}
GENERATED = "data generated for it, which give other figures than the course's"
_HELP = """
Exercise {number}: {title}.

Each step's figures stand beside the ones expected of a correct solution. The pictures go to the output folder.

Without `--data` and COURSEPORT_COURSE_DATA it runs on {data}. Exit status 1 where a figure differs.
"""
_FIGURES_HELP = """
Every figure of all exercises: expected, ours, relative difference, verdict.

A figure agrees where the relative difference is at most its own tolerance: 1e-12 where no optimiser is between, more
where only as much is known. Figures of the course's own files, which are not shipped, say "no course data" where
neither `--data` nor COURSEPORT_COURSE_DATA names their folder. Exit status 1 where a figure differs.
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
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for name, title in EXERCISES.items():
        text = _HELP.format(number=name[2:], title=title, data=DATA.get(name, GENERATED))
        app.command(name, help=text)(_command(name))
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
        files = _draw(exercise, output, force=force) if picture else []
        if as_json:
            typer.echo(json.dumps(_record(exercise, files), indent=2))
        else:
            _show(exercise)
            if files:
                typer.echo(f"Pictures in {output}: {', '.join(files)}")
        _end(figure for step in exercise.steps for figure in step.figures)

    return command


def _figures(data: Data = None, as_json: AsJson = False) -> None:
    figures = [figure for name in EXERCISES for step in _run(name, data).steps for figure in step.figures]
    if as_json:
        records = [{"exercise": figure.exercise, **_figure_record(figure)} for figure in figures]
        typer.echo(json.dumps(records, indent=2))
    else:
        heads = ("exercise", "figure", "expected", "ours", "difference", "allowed", "verdict")
        show_table(heads, [_row(figure) for figure in figures])
        typer.echo(_count(figures))
    _end(figures)


def _run(name: str, data: Path | None) -> Exercise:
    exercise: Exercise = import_module(f"courseport.exercises.{name}").run(data)
    return exercise


def _draw(exercise: Exercise, output: Path, *, force: bool) -> list[str]:
    _checks.require("matplotlib", "plots", "Drawing (or give --no-picture)")
    output_folder("--output", output, exercise.pictures, force=force)
    for name, draw in exercise.pictures.items():
        plots.save_picture(draw(), output / name)
    return list(exercise.pictures)


def _show(exercise: Exercise) -> None:
    typer.echo(f"{exercise.name}: {exercise.title}\nData: {exercise.source}")
    for number, step in enumerate(exercise.steps, start=1):
        typer.echo(f"\n{number}. {step.title}")
        if step.figures:
            show_table(("figure", "expected", "ours", "verdict"), _rows(step.figures))
        if step.text:
            typer.echo(step.text)
    figures = [figure for step in exercise.steps for figure in step.figures]
    typer.echo(f"\n{_count(figures)}")


def _rows(figures: list[Figure]) -> list[tuple[str, ...]]:
    """Return a row for each figure; of a long vector that agrees, or has nothing to agree with, the first entries."""
    rows: list[tuple[str, ...]] = []
    for name, group in groupby(figures, lambda figure: figure.name.rpartition("[")[0] or figure.name):
        entries = list(group)
        verdicts = {figure.verdict for figure in entries}
        short = len(entries) > FEW and len(verdicts) == 1 and "DIFFERS" not in verdicts
        rows += [
            (figure.name, _number(figure.expected), _number(figure.ours), figure.verdict)
            for figure in (entries[:FIRST] if short else entries)
        ]
        if short:
            rows.append((f"{name}: {len(entries) - FIRST} more", "", "", *verdicts))
    return rows


def _row(figure: Figure) -> tuple[str, ...]:
    difference = figure.relative_difference
    if difference is None:
        return (figure.exercise, figure.name, "-", "-", "-", "-", figure.verdict)
    numbers = (_number(figure.expected), _number(figure.ours), f"{difference:.2e}", f"{figure.rtol:.3g}")
    return (figure.exercise, figure.name, *numbers, figure.verdict)


def _number(value: float | None) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:.15g}"


def _count(figures: list[Figure]) -> str:
    verdicts = [figure.verdict for figure in figures]
    differ, missing = verdicts.count("DIFFERS"), verdicts.count("no course data")
    text = f"{verdicts.count('agrees')} of {len(figures)} figures agree, {differ} differ"
    return f"{text}, {missing} need the course's own files: --data FOLDER" if missing else text


def _record(exercise: Exercise, files: list[str]) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "title": exercise.title,
        "data": exercise.source,
        "steps": [
            {"title": step.title, "text": step.text, "figures": [_figure_record(figure) for figure in step.figures]}
            for step in exercise.steps
        ],
        "pictures": files,
    }


def _figure_record(figure: Figure) -> dict[str, Any]:
    return {
        "figure": figure.name,
        "expected": figure.expected,
        "ours": _finite(figure.ours),
        "relative_difference": _finite(figure.relative_difference),
        "allowed": figure.rtol,
        "verdict": figure.verdict,
    }


def _finite(value: float | None) -> float | None:
    """Return the number, or None where JSON has none for it."""
    return value if value is not None and math.isfinite(value) else None


def _end(figures: Iterable[Figure]) -> None:
    if any(figure.verdict == "DIFFERS" for figure in figures):
        raise typer.Exit(1)
