"""What commands print: tables, drawn in a terminal and plain columns in a pipe, and JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of text."""
    console = Console()
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    # Drawn only where all fits: a drawn table that does not cuts words and numbers.
    if console.is_terminal and sum(widths) + 3 * len(widths) + 1 <= console.width:
        table = Table(*heads)
        for row in rows:
            table.add_row(*row)
        console.print(table)
        return
    for line in (heads, *rows):
        typer.echo("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip())


def echo_json(value: Any) -> None:
    """Print a value as JSON."""
    typer.echo(to_json(value))


def to_json(value: Any) -> str:
    """Return a value as JSON; numbers that are not finite, which JSON does not have, are null."""
    return json.dumps(_finite(value), indent=2, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return value
