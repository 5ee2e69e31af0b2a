"""`courseport predict`: the labels that a trained network reads."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from courseport import _checks
from courseport._checks import FloatArray
from courseport._files import atomic_path, output_file
from courseport.cli import options
from courseport.cli.tables import echo_json, say_warning
from courseport.datasets.own_files import Trained, read_examples
from courseport.datasets.thetas import TrainedNetwork, load_network

_HELP = """
Print the label that a trained network reads in each example, one a line: your own labels, as it was trained with them.

THETA is a file with Theta1, Theta2, ...: `theta.mat` of `courseport train`, or the course's ex4weights.mat. DATA is a
table or a file with X. It may have labels or none; where it has them, the accuracy is told (on stderr).

    courseport predict output/theta.mat new.csv --proba --output labels.csv
"""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("predict", help=_HELP)(_predict)


def _predict(
    theta: Annotated[Path, typer.Argument(metavar="THETA", help="The trained network, .mat or .npz.")],
    data: Annotated[Path, typer.Argument(metavar="DATA", help="The examples, .csv, .mat or .npz.")],
    proba: Annotated[bool, typer.Option("--proba", help="Give h(x) of each class beside the label, as CSV.")] = False,
    output: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the labels to a CSV file.")] = None,
    force: options.Force = False,
    label: options.Label = None,
    header: options.Header = None,
    drop: options.Drop = None,
    x_name: options.XName = "X",
    y_name: options.YName = "y",
    as_json: options.AsJson = False,
) -> None:
    if output is not None:
        output_file("--output", output, inputs=[theta, data], force=force)
    network = load_network(theta)
    trained = Trained(network.layer_sizes[0], network.features, str(network.facts.get("label", "")))
    reading: Any = {"x_name": x_name, "y_name": y_name, "label": label, "header": header, "drop": drop or ()}
    examples = read_examples(data, trained=trained, **reading)
    if examples.missing and (network.fill is None or np.isinf(examples.X).any()):
        _checks.fail(f"X in {data}", "have finite values only", examples.missing)
    for note in examples.notes:
        say_warning(f"{data}: {note}")
    X = network.prepare(examples.X)
    labels = network.names(network.predict(X))
    h = network.probabilities(X) if proba else None
    right = None
    if examples.y is not None:
        y = examples.y.argmax(axis=1) + 1 if examples.y.ndim == 2 and examples.y.shape[1] > 1 else examples.y.ravel()
        right = 100.0 * float(np.mean(labels.astype(str) == y.astype(str)))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    # By this word output_file knows our own files.
    writer.writerow(["predicted_label", *([] if h is None else [f"h({one})" for one in _classes(network)])])
    numbers = [[] for _ in labels] if h is None else [[f"{one:.9g}" for one in row] for row in _columns(h)]
    writer.writerows([one, *row] for one, row in zip(labels.tolist(), numbers, strict=True))
    table = stream.getvalue()
    if output is not None:
        with atomic_path(output) as temporary:
            temporary.write_text(table, encoding="utf-8", newline="")
    if as_json:
        more = {} if h is None else {"classes": _classes(network), "probabilities": _columns(h).tolist()}
        echo_json({"labels": labels.tolist(), "accuracy": right} | more)
        return
    if output is None:
        typer.echo(table if proba else "\n".join(map(str, labels.tolist())), nl=not proba)
    if right is not None:
        typer.echo(f"accuracy: {right:.2f} %", err=True)


def _classes(network: TrainedNetwork) -> list[str | int]:
    units = network.layer_sizes[-1]
    return list(network.classes) or ([0, 1] if units == 1 else list(range(1, units + 1)))


def _columns(h: FloatArray) -> FloatArray:
    """Return a column for each class: one unit tells the second of two."""
    return np.column_stack([1.0 - h, h]) if h.shape[1] == 1 else h
