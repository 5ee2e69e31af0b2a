"""Where a user's own course files are found, and what each must hold."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from courseport import _checks
from courseport._checks import FloatArray
from courseport.datasets import load_variables
from courseport.datasets.tables import load_table

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
