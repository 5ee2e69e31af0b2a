"""`courseport circuit` and `courseport symmetry`: the chain rule gate by gate, and why weights start at random."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from courseport import _checks
from courseport.cli import options
from courseport.cli.tables import echo_json, show_table
from courseport.cost import NeuralNetworkCost
from courseport.datasets import load_digits
from courseport.lectures import circuit
from courseport.lectures.symmetry import compare_starts, plot_symmetry
from courseport.network.activations import ACTIVATIONS
from courseport.network.prediction import accuracy, predict
from courseport.plots import save_picture
from courseport.training.train import METHODS

_CIRCUIT_HELP = """
Show the chain rule gate by gate: each gate's value, and the gradient of the result with respect to it.

An expression has + - * / ** and parentheses, the functions exp, log, tanh, sigmoid and max (of two), numbers, and
variables, whose values follow it:

    courseport circuit "(x + y) * z" x=-2 y=5 z=-4

    courseport circuit "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))" w0=2 w1=-3 w2=-3 x0=-1 x1=-2

A variable that occurs several times is one variable: its gradient is the sum over its uses. The table and the picture
of `--output` show the same gates, g1, g2, ..., in the order of evaluation.
"""
_SYMMETRY_HELP = """
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
    """Add the commands to `app`."""
    # Values of variables may be negative: -2 is no option.
    app.command("circuit", help=_CIRCUIT_HELP, context_settings={"ignore_unknown_options": True})(_circuit)
    app.command("symmetry", help=_SYMMETRY_HELP)(_symmetry)


def _circuit(
    expression: Annotated[str, typer.Argument(metavar="EXPRESSION", help="What to compute, in quotes.")],
    values: Annotated[list[str] | None, typer.Argument(metavar="NAME=VALUE", help="A variable's value.")] = None,
    output: options.Picture = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    options.check_picture(output, force=force)
    variables: dict[str, float | circuit.Node] = {}
    for pair in values or []:
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not equals or name in variables or name.startswith("-"):
            _checks.fail("variables", "be given once each as NAME=VALUE, such as x=-2", repr(pair))
        try:
            variables[name] = float(value)
        except ValueError:
            _checks.fail(name or "a variable", "be a number", repr(value))
    result = circuit.parse(expression, variables)
    gates = circuit.gate_table(result)
    used = {gate.name for gate in gates if gate.operation == "variable"}
    for name in variables.keys() - used:
        _checks.fail("variables", "occur in the expression", repr(name))
    if output:
        save_picture(circuit.draw(result), output)
    if as_json:
        facts = {"expression": expression, "value": gates[-1].value, "picture": str(output) if output else None}
        facts |= {"gradient": {gate.name: gate.gradient for gate in gates if gate.name in used}}
        echo_json(facts | {"gates": [gate._asdict() for gate in gates]})
        return
    typer.echo(f"{expression} = {_digits(gates[-1].value)}")
    rows = [(gate.name, gate.operation, _digits(gate.value), _digits(gate.gradient)) for gate in gates]
    show_table([field.capitalize() for field in circuit.Gate._fields], rows)
    if output:
        typer.echo(f"picture: {output}")


def _digits(value: float) -> str:
    return f"{value + 0.0:.6g}"  # -0.0 + 0.0 is 0.0


def _symmetry(
    hidden: Annotated[int, typer.Option(metavar="UNITS", help="Units of the hidden layer.")] = 25,
    hidden_activation: Annotated[str, typer.Option(help=f"One of {', '.join(ACTIVATIONS)}.")] = "sigmoid",
    lambda_: options.Lambda = 1.0,
    method: options.Method = "gradient_descent",
    iterations: options.Iterations = 100,
    seed: options.Seed = 0,
    output: options.Picture = None,
    force: options.Force = False,
    as_json: options.AsJson = False,
) -> None:
    sizes = (400, _checks.whole_number("--hidden", hidden, 1), 10)
    activation = _checks.choice("hidden_activation", hidden_activation, ACTIVATIONS)
    _checks.choice("--method", method, METHODS)
    _checks.whole_number("--iterations", iterations, 1)
    options.check_picture(output, force=force)
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
