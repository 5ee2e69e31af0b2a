"""The `courseport` command: gathers the commands, and turns errors into one line and an exit status.

Exit status: 0 right, 1 a negative answer, 2 bad usage or bad input, 130 interrupted, 141 nobody reads the answer.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

import typer

from courseport import __version__
from courseport._checks import InputError
from courseport.cli.tables import to_json

# In the order of the help. Each has a module of its name in this package, which holds `register(app)`, or one of these.
_MODULES = {"circuit": "lectures", "symmetry": "lectures", "sweep": "compare"}
COMMANDS: tuple[str, ...] = (
    "train",
    "predict",
    "compare",
    "crosscheck",
    "record",
    "grade",
    "circuit",
    "symmetry",
    "exercises",
    "sweep",
)
_HELP_NAMES = ["-h", "--help"]
_BROKEN_PIPE = 141  # as a shell tells it of a program that the signal has ended
# What a user can do something about. Anything else is a fault of ours.
_TOLD = (InputError, OSError, ModuleNotFoundError, MemoryError, RuntimeError)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"courseport {__version__}")
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
    ),
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
) -> None:
    """Hold the options that stand before any command."""


def load(arguments: Sequence[str]) -> Any:
    """Return the command line, with the one command of `arguments` or with all: each loads its packages."""
    command = next((argument for argument in arguments if not argument.startswith("-")), None)
    return _load(command if command in COMMANDS else None)


@cache
def _load(name: str | None) -> Any:
    app = typer.Typer(
        name="courseport",
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": _HELP_NAMES},
        help="The course's neural network as a cost function for SciPy's optimisers, proven against GNU Octave.",
    )
    app.callback()(_options)
    for module in dict.fromkeys(_MODULES.get(command, command) for command in ((name,) if name else COMMANDS)):
        import_module(f"courseport.cli.{module}").register(app)
    group: Any = typer.main.get_command(app)
    for command in (group, *group.commands.values()):
        context = typer.Context(command, help_option_names=_HELP_NAMES)
        for parameter in command.get_params(context):
            if getattr(parameter, "is_flag", False):
                parameter.metavar = ""  # a flag takes no value, and the help names none
    return group


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; errors are one line on stderr, and JSON where that was asked for."""
    debug = "--debug" in arguments
    as_json = "--json" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        status = _run(load(arguments), arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _tell("interrupted", 130, as_json=as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python's own flush fails at the end
        return _BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and never taken for a negative answer
        if debug:
            traceback.print_exc()
        return _tell(_words(error), 2, as_json=as_json)
    return status


def _run(group: Any, arguments: list[str]) -> int:
    if "_COURSEPORT_COMPLETE" in os.environ:  # a shell asks how to go on
        group(args=arguments, prog_name="courseport")
    try:
        # Not main(), which answers an interruption and a broken pipe with a status of its own, and says nothing.
        with group.make_context("courseport", arguments) as context:
            group.invoke(context)
    except typer.Exit as stop:
        return stop.exit_code
    return 0


def _words(error: Exception) -> str:
    """Return the one line that tells an error."""
    if hasattr(error, "format_message"):  # bad usage; the class has no public name
        context = getattr(error, "ctx", None)
        if not error.format_message():
            return ""  # no arguments: the help was shown
        return f"{error.format_message()} (see {context.command_path if context else 'courseport'} --help)"
    if isinstance(error, MemoryError):
        return f"there is not enough memory: {str(error) or 'a smaller network or less data may fit'}"
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, _TOLD):
        return str(error) or type(error).__name__
    return f"unexpected {type(error).__name__}, a fault of courseport's: {error} (--debug shows where)"


def _tell(words: str, status: int, *, as_json: bool) -> int:
    one_line = " ".join(words.split())
    if one_line:
        sys.stderr.write(f"courseport: {one_line}\n")
    if as_json:
        sys.stdout.write(to_json({"error": one_line, "exit_status": status}) + "\n")
        sys.stdout.flush()
    return status
