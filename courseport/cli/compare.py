"""`courseport compare`: optimisers from the same start with the same budget."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from courseport import _checks, plots
from courseport._checks import FloatArray
from courseport._files import output_folder
from courseport.cli.options import (
    AsJson,
    Data,
    Force,
    Label,
    Lambda,
    OutputFolder,
    Standardize,
    check_memory,
    parse_sizes,
)
from courseport.cli.tables import echo_json, show_table
from courseport.cli.training_data import load_split
from courseport.cost import NeuralNetworkCost
from courseport.network.prediction import accuracy, predict
from courseport.network.unrolling import debug_initialize_weights, rand_initialize_weights
from courseport.training.comparison import COMPARED, Run, compare_methods, plot_comparison
from courseport.training.train import METHODS

_HELP = """
Compare optimisers: the same cost, the same start, the same budget.

Without options: the shipped digits, a network 400-25-10 from the course's deterministic weights, lambda 1, and as many
evaluations as fmincg takes for the course's 50 iterations. `comparison.png` shows the lowest J so far against
evaluations and against time.

Iterations are no common measure: one of TNC or Newton-CG takes 20 to 30 evaluations.
"""
WORSE = 10  # times the first J: beyond, a run is said to have diverged
EVALUATIONS = 78  # of fmincg in 50 iterations from the deterministic weights


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("compare", help=_HELP)(_compare)


def _compare(
    data: Data = None,
    label: Label = None,
    standardize: Standardize = False,
    hidden: Annotated[str, typer.Option(metavar="S2,...", help="Units of the hidden layers.")] = "25",
    lambda_: Lambda = 1.0,
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
    output: OutputFolder = Path("output"),
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    names = [name.strip() for name in methods.split(",")]
    _checks.whole_number("--starts", starts, 0)
    output_folder("--output", output, ["comparison.png"], inputs=[] if data is None else [data], force=force)
    split = load_split(data, 0.0, seed, reading={"label": label}, standardize=standardize)
    sizes = (split.X.shape[1], *parse_sizes("--hidden", hidden), split.units)
    check_memory("--hidden", sizes)
    cost = NeuralNetworkCost(sizes, split.X, split.y, lambda_)
    if evaluations is None and iterations is None:
        evaluations = EVALUATIONS
    options = {"gradient_descent": {"alpha": alpha}} if "gradient_descent" in names else {}
    first_weights = [rand_initialize_weights(sizes, seed=seed + start) for start in range(starts)]
    budget: Any = {"evaluations": evaluations, "iterations": iterations, "options": options}
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
