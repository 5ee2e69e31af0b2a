"""`courseport train`, the main job, told as the course's six steps."""

from __future__ import annotations

import json
import time
import warnings
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from scipy.optimize import OptimizeResult

from courseport import _checks, plots
from courseport._checks import FloatArray, IntArray
from courseport._files import output_folder
from courseport.cli.options import Force
from courseport.cli.progress import show_progress
from courseport.cli.training_data import Split, load_split
from courseport.cost import NeuralNetworkCost
from courseport.datasets import save_theta
from courseport.network.gradient_check import check_gradient
from courseport.network.initialize import debug_initialize_weights, rand_initialize_weights
from courseport.network.prediction import accuracy, predict
from courseport.training.history import INTERRUPTED
from courseport.training.train import METHODS, TrainingWarning, train

_HELP = """
Train the course's network, in its six steps, and write what came out.

Without options: the 5000 digits that are shipped, a network 400-25-10, lambda 1, L-BFGS-B, 100 iterations.

The output folder gets `theta.mat` (Theta1, Theta2, ..., layer_sizes, lambda, cost_history: Octave's load reads it),
`cost.png`, `hidden_units.png`, `mistakes.png` and `confusion.png` (of the held-out examples, where there are any).
Ctrl-C ends training and keeps the best so far.

It also gets `checkpoint.npz`, saved every ten seconds and at the end. After a crash, or for more iterations, give the
same options with `--resume`.
"""
CHECKED_DIRECTIONS = 5
CHECKPOINT = "checkpoint.npz"
PICTURES = ("cost.png", "hidden_units.png", "mistakes.png", "confusion.png")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("train", help=_HELP)(_train)


def _train(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Own examples: .mat or .npz with X and y, .csv with the label last; or a folder of MNIST's IDX files.",
        ),
    ] = None,
    layer_sizes: Annotated[
        str | None,
        typer.Option(metavar="S1,S2,...", help="Units per layer, such as 400,25,10. Default: inputs, 25, labels."),
    ] = None,
    lambda_: Annotated[float, typer.Option("--lambda", metavar="NUMBER", help="Regularisation, >= 0.")] = 1.0,
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "L-BFGS-B",
    iterations: Annotated[int, typer.Option(help="Largest number of iterations.")] = 100,
    seed: Annotated[int, typer.Option(help="For the first weights and the held-out examples.")] = 0,
    test_fraction: Annotated[float, typer.Option(help="Share of the examples to hold out, such as 0.2.")] = 0.0,
    output: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the results go.")] = Path("output"),
    force: Force = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the output folder's checkpoint.npz, if it is there.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the result alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
) -> None:
    _checks.choice("--method", method, METHODS)
    _checks.whole_number("--iterations", iterations, 1)
    _checks.whole_number("--seed", seed, 0)
    files = ["theta.mat", CHECKPOINT, *PICTURES]
    output_folder("--output", output, files, inputs=[] if data is None else [data], force=force)
    split = load_split(data, test_fraction, seed)
    sizes = _parse_sizes(layer_sizes, split)
    cost = NeuralNetworkCost(sizes, split.X, split.y, lambda_)
    told = Console(quiet=quiet or as_json, soft_wrap=True, highlight=False)
    theta0 = _tell_first_steps(told, cost, split, seed)
    began = time.monotonic()
    with warnings.catch_warnings(), show_progress(told, iterations, quiet=quiet or as_json) as callback:
        warnings.simplefilter("ignore", TrainingWarning)  # the summary says how it ended
        warnings.showwarning = _say  # a checkpoint that cannot be written
        result = train(
            cost,
            theta0,
            method=method,
            max_iterations=iterations,
            callback=callback,
            checkpoint=output / CHECKPOINT,
            resume=resume,
        )
    seconds = time.monotonic() - began
    thetas, history = cost.layout.reshape(result.x), result["history"]
    save_theta(output / "theta.mat", thetas, lambda_=cost.lambda_, cost_history=history)  # first of all they are safe
    read = [predict(result.x, sizes, X) for X in (split.X, split.X_test) if X is not None]
    files = ["theta.mat", *_draw(output, split, thetas, history, read[-1])]
    summary = _summarise(cost, split, result, read) | {"seconds": round(seconds, 3)}
    summary |= {"folder": str(output), "files": files}
    _tell_result(summary, as_json=as_json)
    cost.close()
    if result.interrupted:
        raise typer.Exit(INTERRUPTED)


def _say(message: Warning | str, *_: object, **__: object) -> None:
    typer.echo(f"courseport: {message}", err=True)


def _parse_sizes(text: str | None, split: Split) -> tuple[int, ...]:
    inputs = split.X.shape[1]
    if text is None:
        return (inputs, 25, split.units)
    try:
        return _checks.layer_sizes([int(size) for size in text.split(",")])
    except ValueError:
        _checks.fail("--layer-sizes", "be whole numbers >= 1 with commas, such as 400,25,10", repr(text))


def _tell_first_steps(told: Console, cost: NeuralNetworkCost, split: Split, seed: int) -> FloatArray:
    sizes = cost.layer_sizes
    told.print(f"Data: {split.source}; {cost.m} examples to train on")
    told.print(f"1. Architecture: {'-'.join(map(str, sizes))} units, {cost.layout.size} parameters")
    theta0 = rand_initialize_weights(sizes, seed=seed)
    told.print(f"2. Random initialisation: uniform in [-0.12, 0.12], seed {seed}")
    J, _ = cost(theta0)
    told.print(
        "3. Forward propagation: h(x) of every example, by blocks of "
        f"{cost.block_rows} rows on {cost.n_threads} thread(s)"
    )
    told.print(f"4. Cost: J = {J:.6f} at the start, lambda = {cost.lambda_:g}")
    small, large = _check_backpropagation(cost, theta0)
    told.print(
        "5. Backpropagation, checked numerically: relative difference "
        f"{small:.1e} on a small network of the same depth, {large:.1e} along {CHECKED_DIRECTIONS} directions here; "
        "the check is now turned off"
    )
    told.print("6. Optimisation:")
    return theta0


def _check_backpropagation(cost: NeuralNetworkCost, theta0: FloatArray) -> tuple[float, float]:
    """Compare with two-sided differences: every weight of a small network, some directions of this one."""
    small_sizes = (3, *(5 for _ in cost.layer_sizes[1:-1]), min(3, cost.layer_sizes[-1]))
    X = debug_initialize_weights((2, 5))[:15].reshape(5, 3, order="F")
    y = np.arange(1, 6) % 2 if small_sizes[-1] == 1 else 1 + np.arange(1, 6) % small_sizes[-1]
    small_cost = NeuralNetworkCost(small_sizes, X, y, cost.lambda_)
    checks = (
        check_gradient(small_cost, debug_initialize_weights(small_sizes)),
        check_gradient(cost, theta0, directions=CHECKED_DIRECTIONS, allowed=1e-6),
    )
    for check in checks:
        if not check.ok:
            raise RuntimeError(f"backpropagation does not agree with the numerical gradient\n{check}")
    return checks[0].relative_difference, checks[1].relative_difference


def _summarise(cost: NeuralNetworkCost, split: Split, result: OptimizeResult, read: list[IntArray]) -> dict[str, Any]:
    """Return the facts; `read` holds the labels read in the training examples, and in those held out."""
    summary = {
        "cost": float(result.fun),
        "iterations": int(result.nit),
        "evaluations": int(result.nfev),
        "converged": bool(result.success),
        "interrupted": bool(result["interrupted"]),
        "message": str(result.message),
        "layer_sizes": list(cost.layer_sizes),
        "lambda": cost.lambda_,
        "training_accuracy": accuracy(read[0], split.y),
    }
    if split.y_test is not None:
        summary["held_out_accuracy"] = accuracy(read[1], split.y_test)
    return summary


def _draw(
    output: Path, split: Split, thetas: list[FloatArray], history: FloatArray, predictions: IntArray
) -> list[str]:
    """Write pictures; mistakes and confusion are those of the held-out examples, where there are any."""
    try:
        pictures = {"cost.png": plots.plot_cost(history)}
    except ModuleNotFoundError:  # without matplotlib the weights are there all the same
        return []
    X, y = (split.X, split.y) if split.X_test is None or split.y_test is None else (split.X_test, split.y_test)
    side = round(X.shape[1] ** 0.5)
    if side > 1 and side * side == X.shape[1]:
        if len(thetas) > 1:
            pictures["hidden_units.png"] = plots.plot_hidden_units(thetas[0], order=split.order)
        pictures["mistakes.png"] = plots.plot_mistakes(X, y, predictions, order=split.order)
    pictures["confusion.png"] = plots.plot_confusion(y, predictions)
    for name, axes in pictures.items():
        plots.save_picture(axes, output / name)
    return list(pictures)


def _tell_result(summary: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(summary, indent=2))
        return
    ended = "converged" if summary["converged"] else "not converged"
    typer.echo(
        f"J = {summary['cost']:.6f} after {summary['iterations']} iterations, {summary['evaluations']} evaluations and "
        f"{summary['seconds']:.2f} s; {ended}: {summary['message']}"
    )
    typer.echo(f"Training accuracy: {summary['training_accuracy']:.2f} %")
    if "held_out_accuracy" in summary:
        typer.echo(f"Held-out accuracy: {summary['held_out_accuracy']:.2f} %")
    typer.echo(f"Written to {summary['folder']}: {', '.join(summary['files'])}")
    if "cost.png" not in summary["files"]:
        typer.echo("No pictures: they need matplotlib: pip install 'courseport[plots]'")
