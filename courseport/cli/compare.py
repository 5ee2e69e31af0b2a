"""`courseport compare`: optimisers with the same budget; `courseport sweep`: lambdas and architectures."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from courseport import _checks, plots
from courseport._checks import FloatArray
from courseport._files import output_folder
from courseport.cli import options
from courseport.cli.tables import echo_json, say_warning, show_progress, show_table
from courseport.cli.training_data import load_split
from courseport.cost import NeuralNetworkCost
from courseport.network import accuracy, debug_initialize_weights, predict, rand_initialize_weights
from courseport.training import (
    METHODS,
    CheckpointWarning,
    Settings,
    Trial,
    compare_methods,
    plot_comparison,
    plot_sweep,
    sweep,
)
from courseport.training.comparison import COMPARED, Run
from courseport.training.history import INTERRUPTED

_COMPARE_HELP = """
Compare optimisers: the same cost, the same start, the same budget.

Without options: the shipped digits, a network 400-25-10 from the course's deterministic weights, lambda 1, and as many
evaluations as fmincg takes for the course's 50 iterations. `comparison.png` shows the lowest J so far against
evaluations and against time.

Iterations are no common measure: one of TNC or Newton-CG takes 20 to 30 evaluations.
"""
WORSE = 10  # times the first J: beyond, a run is said to have diverged
EVALUATIONS = 78  # of fmincg in 50 iterations from the deterministic weights
_SWEEP_HELP = """
Train a network for every pair of a hidden architecture and a lambda, and compare them on a validation set.

Without options: the shipped digits, 20 % of them held out, one hidden layer of 10, 25 or 50 units, six lambdas.

    courseport sweep --hidden 25 --hidden 25,25 --hidden none --lambdas 0,0.1,1,10

The output folder gets `sweep.json`, with every trial that has ended, and `sweep.png`. After an interruption the same
command runs only the trials that are missing. Costs are J without the penalty, as the course compares them.
"""
HEADS = ("architecture", "lambda", "J train", "J validation", "train %", "validation %", "iterations", "seconds")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("compare", help=_COMPARE_HELP)(_compare)
    app.command("sweep", help=_SWEEP_HELP)(_sweep)


def _compare(
    data: options.Data = None,
    label: options.Label = None,
    standardize: options.Standardize = False,
    hidden: Annotated[str, typer.Option(metavar="S2,...", help="Units of the hidden layers.")] = "25",
    lambda_: options.Lambda = 1.0,
    methods: Annotated[str, typer.Option(metavar="NAME,...", help=f"Among {', '.join(METHODS)}.")] = ",".join(COMPARED),
    evaluations: Annotated[
        int | None, typer.Option(help="Largest number of evaluations of J and its gradient.", show_default="78")
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(help="Largest number of iterations; alone or together with --evaluations.")
    ] = None,
    starts: Annotated[int, typer.Option(help="Number of random starts; 0 is the course's deterministic weights.")] = 0,
    seed: Annotated[int, typer.Option(help="Of the first random start; the next ones count on.")] = 0,
    alpha: Annotated[float, typer.Option(help="Learning rate of gradient_descent.")] = 1.0,
    output: options.OutputFolder = Path("output"),
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    names = [name.strip() for name in methods.split(",")]
    _checks.whole_number("--starts", starts, 0)
    output_folder("--output", output, ["comparison.png"], inputs=[] if data is None else [data], force=force)
    split = load_split(data, 0.0, seed, reading={"label": label}, standardize=standardize)
    sizes = (split.X.shape[1], *options.parse_sizes("--hidden", hidden), split.units)
    options.check_memory("--hidden", sizes)
    cost = NeuralNetworkCost(sizes, split.X, split.y, lambda_)
    if evaluations is None and iterations is None:
        evaluations = EVALUATIONS
    own = {"gradient_descent": {"alpha": alpha}} if "gradient_descent" in names else {}
    first_weights = [rand_initialize_weights(sizes, seed=seed + start) for start in range(starts)]
    budget: Any = {"evaluations": evaluations, "iterations": iterations, "options": own}
    with cost:
        weights = first_weights or [debug_initialize_weights(sizes)]
        runs = [compare_methods(cost, theta0, names, **budget) for theta0 in weights]
    accuracies = [[accuracy(predict(run.theta_vec, sizes, split.X), split.y) for run in start] for start in runs]
    plots.save_picture(plot_comparison(runs[0]), output / "comparison.png")
    if as_json:
        told = []
        for start, (group, percents) in enumerate(zip(runs, accuracies, strict=True)):
            for run, percent in zip(group, percents, strict=True):
                told.append(run.row() | {"start": start, "training_accuracy": percent, "costs": run.costs.tolist()})
        echo_json(told)
        return
    first = f"{starts} random starts from seed {seed}" if starts else "the course's deterministic weights"
    typer.echo(f"{split.source}; {'-'.join(map(str, sizes))}, lambda {lambda_:g}, {first}")
    _show(names, runs, accuracies)
    typer.echo(f"Written: {output / 'comparison.png'}")


def _show(names: list[str], runs: Sequence[Sequence[Run]], accuracies: list[list[float]]) -> None:
    """Print a row for each method; where there are several starts, the lowest and the highest of each number."""
    heads = ("method", "iterations", "evaluations", "time (s)", "J", "|grad|", "accuracy (%)")
    rows = []
    for place, name in enumerate(names):
        own = [group[place] for group in runs]
        columns = (
            ("{:.0f}", [run.iterations for run in own]),
            ("{:.0f}", [len(run.costs) for run in own]),
            ("{:.2f}", [run.seconds[-1] for run in own]),
            ("{:.6f}", [run.cost for run in own]),
            ("{:.1e}", [run.gradient_norm for run in own]),
            ("{:.2f}", [percents[place] for percents in accuracies]),
        )
        rows.append((name, *(_span(form, np.asarray(values, dtype=np.float64)) for form, values in columns)))
    show_table(heads, rows)
    for run in (run for group in runs for run in group):
        if not np.max(run.costs) <= WORSE * run.costs[0]:  # a NaN is worse, too
            typer.echo(f"{run.method} diverged: J rose from {run.costs[0]:.4g} to {np.max(run.costs):.4g}")


def _span(form: str, values: FloatArray) -> str:
    low, high = form.format(values.min()), form.format(values.max())
    return low if low == high else f"{low} to {high}"


def _sweep(
    hidden: Annotated[
        list[str] | None,
        typer.Option(metavar="S2,S3,...", help="Units of the hidden layers, or none. May be given several times."),
    ] = None,
    lambdas: Annotated[str, typer.Option(metavar="L1,L2,...", help="Strengths of the penalty.")] = "0,0.1,0.3,1,3,10",
    data: options.Data = None,
    label: options.Label = None,
    standardize: options.Standardize = False,
    validation_fraction: Annotated[
        float | None, typer.Option(help="Share to hold out. Default: 0.2; of a folder, its test set.")
    ] = None,
    method: options.Method = "L-BFGS-B",
    iterations: options.Iterations = 100,
    seed: options.Seed = 0,
    workers: Annotated[int | None, typer.Option(help="Trials side by side. Default: one for each core.")] = None,
    output: options.OutputFolder = Path("sweep"),
    force: options.Force = False,
    quiet: options.Quiet = False,
    as_json: options.AsJson = False,
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
        (ends[0], *(() if text == "none" else options.parse_sizes("--hidden", text)), ends[1])
        for text in hidden or ("10", "25", "50")
    ]
    for one in sizes:
        options.check_memory("--hidden", one)
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
