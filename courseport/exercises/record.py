"""What an exercise returns: its steps, with figures beside the expected ones, and pictures; a reader's answer told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXACT = 1e-12  # no optimiser between
OTHER_ROUTE = 1e-8  # two algorithms: each loses some digits to the condition of the problem


class Figure(NamedTuple):
    """One number of an exercise beside the one expected.

    Attributes
    ----------
    exercise, name : str
        Such as "ex4" and "J, lambda 1".
    expected, ours : float
    rtol : float
        The relative difference allowed.
    of_course : bool
        True where the expected number is the course's; False where NumPy or SciPy gave it, on the data shipped.
    """

    exercise: str
    name: str
    expected: float
    ours: float
    rtol: float
    of_course: bool = True

    @property
    def relative_difference(self) -> float:
        """``|ours - expected| / |expected|``, the difference itself where 0 is expected."""
        return abs(self.ours - self.expected) / (abs(self.expected) or 1.0)

    @property
    def verdict(self) -> str:
        """Say "agrees" or "DIFFERS"."""
        return "agrees" if self.relative_difference <= self.rtol else "DIFFERS"  # not a number differs


class Step(NamedTuple):
    """One step of an exercise: its figures, and a text where there is more to say."""

    title: str
    figures: list[Figure]
    text: str = ""


class Exercise(NamedTuple):
    """An exercise that was run.

    Attributes
    ----------
    name, title : str
        Such as "ex4" and "Neural network learning".
    source : str
        The data it ran on, in words.
    steps : list of Step
    pictures : mapping of str to callable
        By file name, the function that draws it and returns its Axes.
    """

    name: str
    title: str
    source: str
    steps: list[Step]
    pictures: Mapping[str, Callable[[], Axes]]

    @property
    def figures(self) -> list[Figure]:
        """The figures of all steps."""
        return [figure for step in self.steps for figure in step.figures]

    def _repr_html_(self) -> str:
        """Return a line a step, and of each the first figures that differ, for Jupyter."""
        lines = []
        for step in self.steps:
            wrong = [figure for figure in step.figures if figure.verdict != "agrees"]
            told = f"{len(step.figures) - len(wrong)} of {len(step.figures)} figures agree" if step.figures else ""
            differ = "".join(f"<br>{escape(f.name)}: expected {f.expected:.9g}, got {f.ours:.9g}" for f in wrong[:3])
            lines.append(f"<tr><td>{escape(step.title)}{differ}</td><td>{told}</td></tr>")
        head = f"<b>{escape(self.name)}: {escape(self.title)}</b><br>Data: {escape(self.source)}"
        return f"{head}<table>{''.join(lines)}</table>"


class Sheet:
    """The steps of an exercise while it runs; `known` says whether the data are now the course's own."""

    def __init__(self, exercise: str, *, known: bool = True) -> None:
        self.exercise, self.known, self.steps = exercise, known, list[Step]()

    def step(self, title: str, text: str = "") -> None:
        """Begin a step."""
        self.steps.append(Step(title, [], text))

    def figure(
        self, name: str, printed: str, ours: ArrayLike, other: ArrayLike | None = None, *, rtol: float = EXACT
    ) -> None:
        """Add a figure for each printed number: `name`, or ``name[0]``, ``name[1]``, ... where there are several.

        `printed` holds the numbers expected of the course's data, separated by spaces. Each is held to its own last
        digit, zeros at its end included, or to `rtol` where that is more. `other` holds those expected of other data,
        by another route; it is None where the figure depends on no data.
        """
        numbers, values = printed.split(), np.ravel(ours)
        names = [name] if values.size == 1 else [f"{name}[{index}]" for index in range(values.size)]
        if self.known or other is None:
            if len(numbers) != values.size:
                _checks.fail(name, f"have the {len(numbers)} entries of the printed figure", values.size)
            expected = [(float(number), max(rtol, half_a_unit(number))) for number in numbers]
        else:
            expected = [(float(number), max(rtol, OTHER_ROUTE)) for number in np.ravel(other)]
        of_course = self.known or other is None
        self.steps[-1].figures.extend(
            Figure(self.exercise, each, number, float(value), allowed, of_course)
            for each, (number, allowed), value in zip(names, expected, values, strict=True)
        )


def half_a_unit(number: str) -> float:
    """Return half a unit of the last digit after the point, relative to the number; 0 for a whole number."""
    value = Decimal(number)
    places = value.as_tuple().exponent
    if not value or not isinstance(places, int) or places >= 0:
        return 0.0
    return float(Decimal(5).scaleb(places - 1) / abs(value))


def check_answer(name: str, answer: Any, expected: Any, *, rtol: float = 1e-6) -> str:
    """Return what is to be said of an answer: "right", "not done yet" for None, or what was expected and what came.

    Parameters
    ----------
    name : str
        What was asked for.
    answer, expected : array_like
        Numbers, or arrays, whose axes of length 1 do not count.
    rtol : float, default 1e-6
        The largest difference allowed, relative to the largest of the expected numbers.
    """
    if answer is None:
        return f"{name}: not done yet"
    right = np.squeeze(np.asarray(expected, dtype=np.float64))
    try:
        given = np.squeeze(np.asarray(answer, dtype=np.float64))
    except (TypeError, ValueError):
        return f"{name}: expected numbers, got {type(answer).__name__}"
    if given.shape != right.shape:
        return f"{name}: expected shape {right.shape}, got {given.shape}"
    off = np.abs(given - right)
    if bool(np.all(off <= rtol * max(np.abs(right).max(), 1e-300))):
        return f"{name}: right"
    # Not a number is the worst of all.
    worst = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, off)), off.shape)
    where = f" at {[int(index) for index in worst]}" if right.ndim else ""
    return f"{name}: expected {right[worst]:.9g}{where}, got {given[worst]:.9g}"
