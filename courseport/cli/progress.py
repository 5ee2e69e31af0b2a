"""Live progress of training: a bar in a terminal, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from courseport.training.history import Progress

LINES = 10  # lines in a pipe, at most one more


@contextmanager
def show_progress(console: Console, iterations: int, *, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Give a callback for `train` that shows each iteration's J, gradient norm and the time left."""
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with _bar(console) as bar:
            task = bar.add_task("iteration", total=iterations, cost=float("nan"), norm=float("nan"))
            yield lambda now: bar.update(task, completed=now.iteration, cost=now.cost, norm=now.gradient_norm)
    else:
        yield lambda now: _line(console, now, iterations)


def _bar(console: Console) -> Bar:
    return Bar(
        TextColumn("   {task.description}"),
        MofNCompleteColumn(),
        BarColumn(bar_width=24),
        TextColumn("J {task.fields[cost]:.6f}  |grad| {task.fields[norm]:.2e}"),
        TimeRemainingColumn(),
        console=console,
    )


def _line(console: Console, now: Progress, iterations: int) -> None:
    if now.iteration % max(1, iterations // LINES) and now.iteration != iterations:
        return
    left = now.seconds / now.iteration * (iterations - now.iteration) if now.iteration else float("nan")
    time_left = f"  {left:.1f} s left" if now.iteration else ""
    console.print(
        f"   iteration {now.iteration}/{iterations}  J {now.cost:.6f}  |grad| {now.gradient_norm:.2e}{time_left}",
        highlight=False,
        soft_wrap=True,
    )
