"""Every figure of the exercises beside another route's; what a verdict means; a user's own files, right or wrong.

Beside the course's own figures they stand in docs/exercises.md, which test_pages.py runs.
"""

from __future__ import annotations

import shutil
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from course_data import FOLDER, needs_course_data

from courseport.exercises import Exercise, Figure, course_file
from courseport.exercises.record import CONTENTS, ENVIRONMENT, Sheet, Step

# by exercise: its figures, how many of them need no file of the course's, and its pictures
EXERCISES = {
    "ex1": (17, 0, 6),
    "ex2": (37, 0, 3),
    "ex3": (11, 10, 2),
    "ex4": (78, 75, 3),
    "ex5": (38, 0, 5),
    "ex8": (39, 9, 2),
}


@cache
def run(name: str, data: Path | None) -> Exercise:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(ENVIRONMENT, raising=False)
        exercise: Exercise = import_module(f"courseport.exercises.{name}").run(data)
    return exercise


@pytest.mark.parametrize("name", EXERCISES)
def test_without_the_course_s_files_all_figures_agree_with_another_route(name: str) -> None:
    exercise = run(name, None)
    assert [figure for figure in exercise.figures if figure.verdict != "agrees"] == []
    total, free, _ = EXERCISES[name]
    assert Counter(figure.of_course for figure in exercise.figures) == +Counter({True: free, False: total - free})
    assert {figure.exercise for figure in exercise.figures} == {name}
    names = [figure.name for figure in exercise.figures]
    assert len(set(names)) == len(names)


@needs_course_data
@pytest.mark.parametrize(
    ("name", "missing", "others"),
    [
        ("ex1", "ex1data2.txt", 10),
        ("ex2", "ex2data1.txt", 18),
        ("ex4", "ex4weights.mat", 3),
    ],
)
def test_a_missing_file_costs_only_its_own_figures(name: str, missing: str, others: int, tmp_path: Path) -> None:
    for file in FOLDER.glob(f"{name}*"):
        if file.name != missing:
            (tmp_path / file.name).symlink_to(file)
    exercise = run(name, tmp_path)
    assert [figure for figure in exercise.figures if figure.verdict != "agrees"] == []
    assert sum(not figure.of_course for figure in exercise.figures) == others
    assert missing in exercise.source + "".join(step.title for step in exercise.steps)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pictures_have_titles_and_nothing_is_clipped(name: str) -> None:
    exercise = run(name, None)
    assert len(exercise.pictures) == EXERCISES[name][2]
    for file, draw in exercise.pictures.items():
        assert file.startswith(f"{name}_")
        axes = draw()
        figure: Any = axes.figure
        figure.canvas.draw()
        assert axes.get_title() or figure.get_suptitle(), file
        if axes.axison:
            assert axes.get_xlabel(), file
            assert axes.get_ylabel(), file
        drawn = figure.get_tightbbox()  # in inches, as the figure's size
        width, height = figure.get_size_inches()
        assert drawn.x0 >= -0.02, file
        assert drawn.y0 >= -0.02, file
        assert drawn.x1 <= width + 0.02, file
        assert drawn.y1 <= height + 0.02, file


def test_a_figure_agrees_up_to_its_tolerance() -> None:
    def verdict(expected: float, ours: float) -> str:
        return Figure("ex4", "J", expected, ours, 1e-3).verdict

    assert verdict(2.0, 2.001) == "agrees"
    assert verdict(-2.0, -1.999) == "agrees"
    assert verdict(2.0, 2.003) == "DIFFERS"
    assert verdict(2.0, -2.0) == "DIFFERS"
    assert verdict(2.0, np.nan) == "DIFFERS"
    assert verdict(2.0, np.inf) == "DIFFERS"
    assert verdict(0.0, 0.0009) == "agrees"  # nothing is relative to 0: the difference itself
    assert verdict(0.0, 0.0011) == "DIFFERS"
    assert Figure("ex4", "J", -4.0, -4.5, 0.1).relative_difference == 0.125


def figures(printed: str, ours: Any, other: Any = None, *, known: bool = True) -> list[Figure]:
    sheet = Sheet("ex1", known=known)
    sheet.step("A step")
    sheet.figure("theta", printed, ours, other)
    return sheet.steps[0].figures


def test_printed_figures_are_held_to_their_last_digit() -> None:
    first, second = figures("1.50 -300", [1.504, -300.0])
    assert (first.name, first.expected, first.ours, first.verdict) == ("theta[0]", 1.5, 1.504, "agrees")
    assert (second.rtol, second.verdict) == (1e-12, "agrees")
    assert figures("1.50", 1.506)[0].verdict == "DIFFERS"
    assert figures("0.0000", 1e-5)[0].verdict == "DIFFERS"
    with pytest.raises(ValueError, match="theta must have the 2 entries of the printed figure, got 3"):
        figures("1.5 -300", [1, 2, 3])


def test_figures_of_other_data_are_held_to_the_other_route() -> None:
    (figure,) = figures("1.50", 1.7, 1.7 + 1e-9, known=False)
    assert (figure.verdict, figure.of_course, figure.rtol) == ("agrees", False, 1e-8)
    assert figures("1.50", 1.5, 1.6, known=False)[0].verdict == "DIFFERS"
    assert figures("1.50", 1.5, known=False)[0].of_course  # a figure that depends on no data


def test_jupyter_gets_a_line_for_each_step_and_what_differs() -> None:
    wrong = Figure("ex1", "J < 3", 2.0, 2.5, 1e-12)
    html = Exercise("ex1", "A title", "made up", [Step("One & all", [wrong, *figures("1.5", 1.5)])], {})._repr_html_()
    assert "One &amp; all<br>J &lt; 3: expected 2, got 2.5</td><td>1 of 2 figures agree" in html
    assert len(run("ex4", None)._repr_html_()) < 2000


def _write(path: Path) -> None:
    """Write a file with the contents that the course's has, in their shapes alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shapes = CONTENTS[path.name]
    if path.suffix == ".txt":
        np.savetxt(path, np.ones(shapes[""]), delimiter=",")
    else:
        scipy.io.savemat(path, {name: np.ones(shape) for name, shape in shapes.items()}, do_compression=True)


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_is_found_where_the_folder_or_the_environment_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    assert course_file(name, None) is None
    _write(tmp_path / name)
    assert course_file(name, tmp_path) == tmp_path / name
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert course_file(name, None) == tmp_path / name


def test_a_file_is_found_in_its_exercise_s_folder_and_under_its_other_name(tmp_path: Path) -> None:
    zipped = tmp_path / "machine-learning-ex3" / "ex3" / "ex3data1.mat"
    _write(zipped)
    assert course_file("ex4data1.mat", tmp_path) == zipped
    assert course_file("ex4data1.mat", tmp_path / "machine-learning-ex3") == zipped
    own = tmp_path / "ex4data1.mat"
    shutil.copy(zipped, own)
    assert course_file("ex4data1.mat", tmp_path) == own


def test_what_is_missing_or_wrong_is_said_with_what_is_expected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    with pytest.raises(FileNotFoundError, match=r"--data must name a folder with course files, such as ex1data1"):
        course_file("ex1data1.txt", tmp_path)
    with pytest.raises(NotADirectoryError, match=r"--data must name the folder of the course's files, .*nowhere"):
        course_file("ex1data1.txt", tmp_path / "nowhere")
    np.savetxt(tmp_path / "ex1data1.txt", np.ones((96, 2)))
    with pytest.raises(ValueError, match=r"hold a table of 97 rows and 2 columns, and holds a table of 96 rows and 2"):
        course_file("ex1data1.txt", tmp_path)
    scipy.io.savemat(tmp_path / "ex4data1.mat", {"X": np.ones((400, 5000)), "z": np.ones((1, 1))})
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    with pytest.raises(
        ValueError, match=r"ex4data1.mat must hold X 5000 x 400, y 5000 x 1, and holds X 400 x 5000, z 1 x"
    ):
        course_file("ex4data1.mat", None)
    assert course_file("ex5data1.mat", None) is None
    (tmp_path / "ex5data1.mat").write_bytes(b"\0" * 300)
    with pytest.raises(ValueError, match=r"ex5data1.mat cannot be read as MAT"):
        course_file("ex5data1.mat", None)
