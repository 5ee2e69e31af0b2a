"""Live progress: a bar in a terminal, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from courseport.cli.tables import say
from courseport.training.history import Progress

LINES = 10  # lines in a pipe, at most one more


@contextmanager
def show_progress(iterations: int, *, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Give a callback for `train` that shows each iteration's J, gradient norm and the time left."""
    console = Console()
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        columns = (MofNCompleteColumn(), BarColumn(bar_width=12), TextColumn("{task.description}"))
        with Bar(TextColumn("  "), *columns, TimeRemainingColumn(), console=console) as bar:
            task = bar.add_task("", total=iterations)
            yield lambda now: bar.update(task, completed=now.iteration, description=_numbers(now))
    else:
        yield lambda now: _line(now, iterations)


def _numbers(now: Progress) -> str:
    return f"J {now.cost:.6f}  |grad| {now.gradient_norm:.2e}"


def _line(now: Progress, iterations: int) -> None:
    if now.iteration % max(1, iterations // LINES) and now.iteration != iterations:
        return
    left = now.seconds / now.iteration * (iterations - now.iteration) if now.iteration else 0.0
    time_left = f"  {left:.1f} s left" if now.iteration else ""
    say(f"   iteration {now.iteration}/{iterations}  {_numbers(now)}{time_left}")
