"""`courseport predict`: the labels that a trained network reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from numpy.typing import NDArray

from courseport import _checks
from courseport.cli.training_data import labels_of
from courseport.datasets import load_theta
from courseport.datasets.own_files import read_examples
from courseport.network.prediction import accuracy, predict
from courseport.network.unrolling import layer_sizes_of, unroll

_HELP = """
Print the label that a trained network reads in each example, one a line.

THETA is a file with Theta1, Theta2, ...: `theta.mat` of `courseport train`, or the course's ex4weights.mat. DATA is a
file with X, and y if the accuracy is to be told (on stderr); a table has its labels in the last column.

    courseport predict output/theta.mat ex4data1.mat
"""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("predict", help=_HELP)(_predict)


def _predict(
    theta: Annotated[Path, typer.Argument(metavar="THETA", help="The trained weights, .mat or .npz.")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="The examples, .mat, .npz or .csv.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print labels and accuracy as one JSON object.")] = False,
) -> None:
    thetas = load_theta(theta)
    sizes = layer_sizes_of(thetas)
    X, y = _examples(data, sizes[0])
    labels = predict(unroll(thetas), sizes, X)
    right = None if y is None else accuracy(labels, labels_of(y))
    if as_json:
        typer.echo(json.dumps({"labels": labels.tolist(), "accuracy": right}))
        return
    typer.echo("\n".join(map(str, labels.tolist())))
    if right is not None:
        typer.echo(f"accuracy: {right:.2f} %", err=True)


def _examples(path: Path, inputs: int) -> tuple[NDArray[Any], NDArray[Any] | None]:
    examples = read_examples(path, inputs=inputs)
    return _checks.finite(f"X in {path}", examples.X), examples.y
