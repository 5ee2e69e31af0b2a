"""What an exercise returns, figures beside the expected ones, and where a user's own course files are found."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from courseport.datasets import load_variables
from courseport.datasets.tables import load_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
    """One number of an exercise beside the one expected.

    Attributes
    ----------
    exercise, name : str
        Such as "ex4" and "J, lambda 1".
    expected : float or None
        None where the course's data are not there, so that nothing is known to compare with.
    ours : float
    rtol : float
        The relative difference allowed.
    """

    exercise: str
    name: str
    expected: float | None
    ours: float
    rtol: float

    @property
    def relative_difference(self) -> float | None:
        """``|ours - expected| / |expected|``, the difference itself where 0 is expected; None without `expected`."""
        if self.expected is None:
            return None
        return abs(self.ours - self.expected) / (abs(self.expected) or 1.0)

    @property
    def verdict(self) -> str:
        """Say "agrees", "DIFFERS", or "no course data"."""
        difference = self.relative_difference
        if difference is None:
            return "no course data"
        return "agrees" if difference <= self.rtol else "DIFFERS"  # not a number differs


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
    pictures : dict of str to callable
        By file name, the function that draws it and returns its Axes.
    """

    name: str
    title: str
    source: str
    steps: list[Step]
    pictures: dict[str, Callable[[], Axes]]


def course_file(name: str, data: Path | None) -> Path | None:
    """Return the path of one of the course's files, or None where no folder is given.

    Parameters
    ----------
    name : str
        Such as "ex4data1.mat".
    data : path or None
        The folder of the user's course files; where it is None, the environment variable COURSEPORT_COURSE_DATA.
        The file may also be in the folder of its exercise below it, ``ex4`` or ``machine-learning-ex4/ex4``. Files that
        the course hands out twice are found under either name.

    Raises
    ------
    ValueError
        The file does not hold what the course's file of this name does; it says what is expected.
    OSError
        The folder or the file is not there; it says what is expected where.
    """
    given = "--data" if data is not None else ENVIRONMENT
    folder = data if data is not None else Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None
    if folder is None:
        return None
    if not folder.is_dir():
        raise NotADirectoryError(f"{given} must name the folder of the course's files, such as {name}, got {folder}")
    for known in (name, SAME_FILES.get(name, name)):
        exercise = known[:3]
        for place in (folder, folder / exercise, folder / f"machine-learning-{exercise}" / exercise):
            if (place / known).is_file():
                _check_contents(place / known)
                return place / known
    raise FileNotFoundError(f"{name} ({_words(CONTENTS[name])}) is expected in {folder}, which {given} names")


def _check_contents(path: Path) -> None:
    expected = CONTENTS[path.name]
    if path.suffix == ".txt":
        found: Shapes = {"": load_table(path).numbers.shape}
    else:
        found = {name: np.shape(value) for name, value in load_variables(path).items()}
    if any(found.get(name) != shape for name, shape in expected.items()):
        raise ValueError(f"{path} must hold {_words(expected)}, and holds {_words(found) or 'no variables'}")


def _words(shapes: Shapes) -> str:
    """Return such as "X 5000 x 400, y 5000 x 1", or "a table of 97 rows and 2 columns"."""
    if "" in shapes:
        return "a table of {} rows and {} columns".format(*shapes[""])
    return ", ".join(f"{name} {' x '.join(map(str, shape))}" for name, shape in shapes.items())
