"""`courseport sweep`: lambdas and architectures compared on a validation set."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer

from courseport import _checks, plots
from courseport._files import output_folder
from courseport.cli.options import (
    AsJson,
    Data,
    Force,
    Label,
    OutputFolder,
    Quiet,
    Standardize,
    check_memory,
    parse_sizes,
)
from courseport.cli.tables import echo_json, say_warning, show_progress, show_table
from courseport.cli.training_data import load_split
from courseport.training import METHODS, CheckpointWarning, Settings, Trial, plot_sweep, sweep
from courseport.training.history import INTERRUPTED

_HELP = """
Train a network for every pair of a hidden architecture and a lambda, and compare them on a validation set.

Without options: the shipped digits, 20 % of them held out, one hidden layer of 10, 25 or 50 units, six lambdas.

    courseport sweep --hidden 25 --hidden 25,25 --hidden none --lambdas 0,0.1,1,10

The output folder gets `sweep.json`, with every trial that has ended, and `sweep.png`. After an interruption the same
command runs only the trials that are missing. Costs are J without the penalty, as the course compares them.
"""
HEADS = ("architecture", "lambda", "J train", "J validation", "train %", "validation %", "iterations", "seconds")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("sweep", help=_HELP)(_sweep)


def _sweep(
    hidden: Annotated[
        list[str] | None,
        typer.Option(metavar="S2,S3,...", help="Units of the hidden layers, or none. May be given several times."),
    ] = None,
    lambdas: Annotated[str, typer.Option(metavar="L1,L2,...", help="Strengths of the penalty.")] = "0,0.1,0.3,1,3,10",
    data: Data = None,
    label: Label = None,
    standardize: Standardize = False,
    validation_fraction: Annotated[
        float | None, typer.Option(help="Share to hold out. Default: 0.2; of a folder, its test set.")
    ] = None,
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "L-BFGS-B",
    iterations: Annotated[int, typer.Option(help="Largest number of iterations of each training.")] = 100,
    seed: Annotated[int, typer.Option(help="For the first weights and the validation set.")] = 0,
    workers: Annotated[int | None, typer.Option(help="Trials side by side. Default: one for each core.")] = None,
    output: OutputFolder = Path("sweep"),
    force: Force = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    try:
        values = [_checks.lambda_(float(number)) for number in lambdas.split(",")]
    except ValueError:
        _checks.fail("--lambdas", "be numbers >= 0 with commas, such as 0,0.1,1", repr(lambdas))
    folder = data is not None and data.is_dir()
    fraction = validation_fraction if validation_fraction is not None else 0.0 if folder else 0.2
    split = load_split(data, fraction, seed, reading={"label": label}, standardize=standardize)
    if split.X_test is None or split.y_test is None:
        _checks.fail("--validation-fraction", "be above 0: a sweep needs a validation set", f"{fraction:g}")
    ends = (split.X.shape[1], split.units)
    sizes = [
        (ends[0], *(() if text == "none" else parse_sizes("--hidden", text)), ends[1])
        for text in hidden or ("10", "25", "50")
    ]
    for one in sizes:
        check_memory("--hidden", one)
    output_folder("--output", output, ["sweep.png"], inputs=[] if data is None else [data], force=force)
    results = output / "sweep.json"
    try:
        sets = (split.X, split.y), (split.X_test, split.y_test)
        how: Any = {"settings": Settings(method, iterations, seed), "n_workers": workers, "results": results}
        with _unsaved() as unsaved, show_progress(len(sizes) * len(values), quiet=quiet or as_json) as tell:
            ended = count(1)

            def show(trial: Trial) -> None:
                cells = _cells(trial)
                line = f"{cells[0]}, lambda {cells[1]}: J validation {cells[3]}, {cells[7]} s"
                tell(next(ended), line, line)

            trials = sweep(*sets, sizes, values, progress=show, **how)
    except KeyboardInterrupt:
        kept = f"the trials that had ended are in {results}" if results.exists() else "no trial had ended"
        say_warning(f"interrupted; {kept}; the same command runs those that are missing")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        echo_json([asdict(trial) for trial in trials])
    else:
        show_table(HEADS, [_cells(trial) for trial in trials])
        best = trials[0]
        typer.echo(f"Best on the validation set: {'-'.join(map(str, best.layer_sizes))} with lambda {best.lambda_:g}")
    files = [] if unsaved else [results.name]
    try:
        plots.save_picture(plot_sweep(trials), output / "sweep.png")
        files.append("sweep.png")
    except ModuleNotFoundError:  # no matplotlib: the table is there
        pass
    except OSError as error:
        say_warning(f"the picture {output / 'sweep.png'} could not be saved: {error.strerror or error}")
    if files and not as_json:
        typer.echo(f"Written to {output}: {', '.join(files)}")


@contextmanager
def _unsaved() -> Iterator[list[str]]:
    """Say what could not be saved, and give it: such a file is not told as written."""
    told: list[str] = []

    def say(message: Warning | str, *_: object, **__: object) -> None:
        say_warning(message)
        if isinstance(message, CheckpointWarning):
            told.append(str(message))

    with warnings.catch_warnings():
        warnings.simplefilter("always", CheckpointWarning)
        warnings.showwarning = say
        yield told


def _cells(trial: Trial) -> tuple[str, ...]:
    costs = [f"{cost:.4f}" for cost in (trial.training_cost, trial.validation_cost)]
    shares = [f"{share:.2f}" for share in (trial.training_accuracy, trial.validation_accuracy)]
    name = "-".join(map(str, trial.layer_sizes))
    return (name, f"{trial.lambda_:g}", *costs, *shares, str(trial.iterations), f"{trial.seconds:.1f}")
