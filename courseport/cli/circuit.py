"""`courseport circuit`: an expression gate by gate, values forward and gradients backward, as a table and a picture."""

from __future__ import annotations

from typing import Annotated

import typer

from courseport import _checks
from courseport.cli.options import AsJson, Force, Picture, check_picture
from courseport.cli.tables import echo_json, show_table
from courseport.lectures import circuit
from courseport.plots import save_picture

_HELP = """
Show the chain rule gate by gate: each gate's value, and the gradient of the result with respect to it.

An expression has + - * / ** and parentheses, the functions exp, log, tanh, sigmoid and max (of two), numbers, and
variables, whose values follow it:

    courseport circuit "(x + y) * z" x=-2 y=5 z=-4

    courseport circuit "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))" w0=2 w1=-3 w2=-3 x0=-1 x1=-2

A variable that occurs several times is one variable: its gradient is the sum over its uses. The table and the picture
of `--output` show the same gates, g1, g2, ..., in the order of evaluation.
"""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("circuit", help=_HELP, context_settings={"ignore_unknown_options": True})(_circuit)


def _circuit(
    expression: Annotated[str, typer.Argument(metavar="EXPRESSION", help="What to compute, in quotes.")],
    values: Annotated[list[str] | None, typer.Argument(metavar="NAME=VALUE", help="A variable's value.")] = None,
    output: Picture = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    check_picture(output, force=force)
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
