"""What commands print: tables and progress, drawn in a terminal and plain in a pipe; JSON; warnings."""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text


def say(text: str) -> None:
    """Print a line; a terminal breaks it between words, a pipe gets it whole."""
    console = Console()
    if console.is_terminal and len(text) > console.width:
        text = textwrap.fill(
            text, console.width, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False
        )
    typer.echo(text)


def say_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as one line on stderr: what ``warnings.showwarning`` may be for a while."""
    typer.echo(f"courseport: {message}", err=True)


@contextmanager
def show_progress(total: int, *, quiet: bool) -> Iterator[Callable[[int, str, str], object]]:
    """Give a function of what is done, a text for beside a bar in a terminal, and a line for a pipe (or none)."""
    console = Console()
    if quiet:
        yield lambda *_: None
    elif console.is_terminal:
        columns = (MofNCompleteColumn(), BarColumn(bar_width=12), TextColumn("{task.description}"))
        with Progress(TextColumn("  "), *columns, TimeRemainingColumn(), console=console) as bar:
            task = bar.add_task("", total=total)
            yield lambda done, text, _: bar.update(task, completed=done, description=text)
    else:
        yield lambda _, __, line: say(f"   {line}") if line else None


def plain_text(text: str) -> str:
    """Return text without what a terminal would obey; its lines stay."""
    return re.sub(r"[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\U0010ffff]", " ", text)


def show_counts(statuses: Sequence[str], what: str) -> None:
    """Print how many there are in all, and of each status."""
    counts = Counter(statuses).most_common()
    typer.echo(f"{len(statuses)} {what}: {', '.join(f'{count} {status}' for status, count in counts)}")


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table of text: drawn where a terminal is wide enough, else in plain columns, folded between them."""
    console = Console()
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    if console.is_terminal and sum(widths) + 3 * len(widths) + 1 <= console.width:
        table = Table(*heads)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
        return
    lines: list[list[int]] = [[]]  # the columns that stand in one line; those of the second begin further right
    for place, width in enumerate(widths):
        indent = 4 if lines[1:] else 0
        wide = indent + sum(widths[other] + 2 for other in lines[-1]) + width > console.width
        if console.is_terminal and lines[-1] and wide:
            lines.append([])
        lines[-1].append(place)
    for row in (heads, *rows):
        for number, line in enumerate(lines):
            cells = "  ".join(f"{row[place]:{widths[place]}}" for place in line)
            typer.echo(("    " if number else "") + cells.rstrip())


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
