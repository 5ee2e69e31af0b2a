"""What the exercises share: the user's own course files, steps and figures beside the expected ones, answers judged."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.datasets import load_variables
from courseport.datasets.tables import load_table
from courseport.plots import Axes

EXACT = 1e-12  # no optimiser between
OTHER_ROUTE = 1e-8  # two algorithms: each loses some digits to the condition of the problem


ENVIRONMENT = "COURSEPORT_COURSE_DATA"
SAME_FILES = {"ex4data1.mat": "ex3data1.mat", "ex4weights.mat": "ex3weights.mat"}  # handed out under two names
Shapes = dict[str, tuple[int, ...]]

_DIGITS: Shapes = {"X": (5000, 400), "y": (5000, 1)}
_WEIGHTS: Shapes = {"Theta1": (25, 401), "Theta2": (10, 26)}
# What each file of the course holds; a table of text has no names.
CONTENTS: dict[str, Shapes] = {
    "ex1data1.txt": {"": (97, 2)},
    "ex1data2.txt": {"": (47, 3)},
    "ex2data1.txt": {"": (100, 3)},
    "ex2data2.txt": {"": (118, 3)},
    "ex3data1.mat": _DIGITS,
    "ex3weights.mat": _WEIGHTS,
    "ex4data1.mat": _DIGITS,
    "ex4weights.mat": _WEIGHTS,
    "ex5data1.mat": {"X": (12, 1), "y": (12, 1), "Xval": (21, 1), "yval": (21, 1), "Xtest": (21, 1), "ytest": (21, 1)},
    "ex8_movies.mat": {"Y": (1682, 943), "R": (1682, 943)},
    "ex8_movieParams.mat": {"X": (1682, 10), "Theta": (943, 10)},
}


class Figure(NamedTuple):
    """One number of an exercise ("ex4"), such as "J, lambda 1", beside the one expected.

    `of_course` is False where NumPy or SciPy gave the expected number, on the data shipped, and not the course.
    """

    exercise: str
    name: str
    expected: float
    ours: float
    rtol: float  # the relative difference allowed
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
    """An exercise that was run: its steps, and by file name the functions that draw its pictures and return Axes."""

    name: str  # such as "ex4"
    title: str  # such as "Neural network learning"
    source: str  # the data it ran on, in words
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


class Words(NamedTuple):
    """What the pictures of examples say; `yes` and `no` where there are two classes."""

    x: str
    y: str
    title: str
    yes: str = ""
    no: str = ""


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

    `name` says what was asked for. Axes of length 1 do not count. `rtol` is the largest difference allowed, relative to
    the largest of the expected numbers.
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


def course_file(name: str, data: Path | None) -> Path | None:
    """Return the path of a course file such as "ex4data1.mat", or None without a folder, or where it is not in it.

    `data` is the folder of the user's course files; where it is None, the environment variable COURSEPORT_COURSE_DATA
    names it. The file may also be in the folder of its exercise below it, ``ex4`` or ``machine-learning-ex4/ex4``.
    Files that the course hands out twice are found under either name. OSError where there is no such folder, or none
    of the course's files in it.
    """
    given = "--data" if data is not None else ENVIRONMENT
    folder = data if data is not None else Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None
    if folder is None:
        return None
    if not folder.is_dir():
        raise NotADirectoryError(f"{given} must name the folder of the course's files, such as {name}, got {folder}")
    path = _find(folder, name)
    if path is None:
        if not any(_find(folder, known) for known in CONTENTS):
            raise FileNotFoundError(f"{given} must name a folder with course files, such as {name}; {folder} has none")
        return None
    expected = CONTENTS[path.name]
    if path.suffix == ".txt":
        found: Shapes = {"": load_table(path).numbers.shape}
    else:
        found = {name: np.shape(value) for name, value in load_variables(path).items()}
    if any(found.get(name) != shape for name, shape in expected.items()):
        raise _checks.InputError(f"{path} must hold {_words(expected)}, and holds {_words(found) or 'no variables'}")
    return path


def source(files: dict[str, Path | None], otherwise: str) -> str:
    """Return the files that were found, and what takes the place of the others, in words."""
    found = ", ".join(str(path) for path in files.values() if path)
    missing = ", ".join(name for name, path in files.items() if path is None)
    return "; ".join(part for part in (found, f"{otherwise} (without {missing})" if missing else "") if part)


def _find(folder: Path, name: str) -> Path | None:
    for known in (name, SAME_FILES.get(name, name)):
        exercise = known[:3]
        for place in (folder, folder / exercise, folder / f"machine-learning-{exercise}" / exercise):
            if (place / known).is_file():
                return place / known
    return None


def _words(shapes: Shapes) -> str:
    """Return such as "X 5000 x 400, y 5000 x 1", or "a table of 97 rows and 2 columns"."""
    if "" in shapes:
        return "a table of {} rows and {} columns".format(*shapes[""])
    return ", ".join(f"{name} {' x '.join(map(str, shape))}" for name, shape in shapes.items())


def read_table(path: Path) -> tuple[FloatArray, FloatArray]:
    """Return X and y, the last column, of one of the course's tables."""
    numbers = load_table(path, header=False).numbers
    return numbers[:, :-1], numbers[:, -1]
