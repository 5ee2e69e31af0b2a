"""Tables: drawn in a terminal, plain columns in a pipe."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.console import Console
from rich.table import Table


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of text."""
    console = Console()
    if console.is_terminal:
        table = Table(*heads)
        for row in rows:
            table.add_row(*row)
        console.print(table)
        return
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for line in (heads, *rows):
        typer.echo("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip())
