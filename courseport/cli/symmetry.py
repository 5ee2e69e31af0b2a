"""`courseport symmetry`: what a start from zeros does to the hidden units, against random starts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from courseport import _checks
from courseport.cli.options import AsJson, Force, Lambda, Picture, check_picture
from courseport.cli.tables import echo_json, show_table
from courseport.cost import NeuralNetworkCost
from courseport.datasets import load_digits
from courseport.lectures.symmetry import compare_starts, plot_symmetry
from courseport.network.activations import ACTIVATIONS
from courseport.network.prediction import accuracy, predict
from courseport.plots import save_picture
from courseport.training.train import METHODS

_HELP = """
Show why weights must start at random: train from zeros and from random weights, and compare the hidden units.

From zeros all hidden units stay one and the same: they get equal gradients, so the rank of Theta1 stays 1 (0 for other
activations than the sigmoid: Theta1 stays 0), and training gets stuck. The random starts are 0.01 times normal weights
with zero biases, and uniform weights in [-0.12, 0.12]. The data are the 5000 digits that are shipped; gradient descent
has alpha = 1.

The picture of `--output` shows J, the largest difference of a weight between two hidden units, the rank of Theta1 (its
singular values above 1e-6 of the largest), and what each hidden unit looks for at the end.

In exact arithmetic the difference from zeros is 0 for good. Here rounding errors grow in it; with `--method L-BFGS-B`
and some 100 iterations they become large enough to break the symmetry.
"""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("symmetry", help=_HELP)(_symmetry)


def _symmetry(
    hidden: Annotated[int, typer.Option(metavar="UNITS", help="Units of the hidden layer.")] = 25,
    hidden_activation: Annotated[str, typer.Option(help=f"One of {', '.join(ACTIVATIONS)}.")] = "sigmoid",
    lambda_: Lambda = 1.0,
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "gradient_descent",
    iterations: Annotated[int, typer.Option(help="Largest number of iterations from each start.")] = 100,
    seed: Annotated[int, typer.Option(help="For the random starts.")] = 0,
    output: Picture = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    sizes = (400, _checks.whole_number("--hidden", hidden, 1), 10)
    activation = _checks.choice("hidden_activation", hidden_activation, ACTIVATIONS)
    _checks.choice("--method", method, METHODS)
    _checks.whole_number("--iterations", iterations, 1)
    check_picture(output, force=force)
    X, y = load_digits()
    with NeuralNetworkCost(sizes, X, y, lambda_, hidden_activation=activation) as cost:
        records = compare_starts(cost, seed=seed, method=method, max_iterations=iterations)
    if output:
        save_picture(plot_symmetry(records, sizes), output)
    accuracies = {
        name: accuracy(predict(record.theta_vec, sizes, X, hidden_activation=activation), y)
        for name, record in records.items()
    }
    if as_json:
        starts: dict[str, dict[str, Any]] = {}
        for name, record in records.items():
            starts[name] = {field: getattr(record, field).tolist() for field in ("cost", "difference", "rank")}
            starts[name] |= {"training_accuracy": accuracies[name], "message": record.message}
        echo_json({"starts": starts, "picture": str(output) if output else None})
        return
    heads = ("Start", "Iterations", "J", "Training accuracy", "Largest difference", "Rank of Theta1")
    rows = []
    for name, record in records.items():
        ended = (f"{record.cost[-1]:.6f}", f"{accuracies[name]:.2f} %", f"{record.difference.max():.1e}")
        rows.append((name, str(record.cost.size - 1), *ended, str(record.rank[-1])))
    show_table(heads, rows)
    if output:
        typer.echo(f"picture: {output}")
