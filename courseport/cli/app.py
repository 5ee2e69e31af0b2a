"""The `courseport` command: gathers the commands, and turns errors into one line and an exit status.

Exit status: 0 right, 1 a negative answer, 2 bad usage or bad input, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from courseport import __version__

# Modules of this package, in the order of the help; each holds `register(app)`.
COMMANDS: tuple[str, ...] = (
    "train",
    "predict",
    "compare",
    "crosscheck",
    "circuit",
    "symmetry",
    "exercises",
    "sweep",
)

app = typer.Typer(
    name="courseport",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The course's neural network as a cost function for SciPy's optimisers, proven against GNU Octave.",
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"courseport {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """Hold the options that stand before any command."""


for _module in COMMANDS:
    import_module(f"courseport.cli.{_module}").register(app)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; errors of the user's are one line on stderr."""
    try:
        app(args=list(arguments), prog_name="courseport")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0
    except (ValueError, TypeError, OSError, ModuleNotFoundError, RuntimeError) as error:
        sys.stderr.write(f"courseport: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("courseport: interrupted\n")
        return 130
    return 0
