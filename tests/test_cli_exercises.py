"""The commands ex1 to ex8 and figures: steps, marks, JSON, pictures, exit status, and what they say of bad files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from course_data import FOLDER, needs_course_data

from courseport.cli import exercises as commands
from courseport.cli.app import run
from courseport.exercises import Exercise, Figure, Step
from courseport.exercises.record import ENVIRONMENT
from courseport.plots import plot_cost

RIGHT = Figure("ex1", "J at [-1; 2]", 4.0, 4.0 + 1e-13, 1e-12)
WRONG = Figure("ex1", "price", 4.0, 4.1, 1e-12)
OTHER = Figure("ex1", "J, given weights", 3.0, 3.0, 1e-12, of_course=False)
LONG = [Figure("ex1", f"gradient[{index}]", 1.0, 1.0, 1e-12) for index in range(20)]


@pytest.fixture(autouse=True)
def _no_course_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)


def pretend(monkeypatch: pytest.MonkeyPatch, figures: list[Figure]) -> None:
    """Let every exercise have one step with these figures, and a picture."""
    pictures = {"ex_cost.png": lambda: plot_cost([2.0, 1.0])}
    exercise = Exercise("ex1", "An exercise", "made-up data", [Step("The step", figures, "A text.")], pictures)
    module = SimpleNamespace(run=lambda _: exercise)
    monkeypatch.setattr(commands, "import_module", lambda _: module)


def told(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert run(arguments) == status
    return capsys.readouterr().out


def test_ex1_shows_its_steps_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "ex1", "--output", str(tmp_path / "new"))
    assert text.startswith("ex1: Linear regression\nData: iris (without ex1data1.txt, ex1data2.txt)")
    assert re.search(r"\n5\. Normal equation\nfigure +expected +ours +verdict\n", text)
    assert re.search(r"\nJ at zeros +\d+\.\d+ +\d+\.\d+ +agrees\n", text)
    assert "17 of 17 figures agree, 0 differ\n17 are expected from NumPy and SciPy" in text
    files = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert len(files) == 6
    assert all(name in text for name in files)
    assert (tmp_path / "new" / "ex1_fit.png").read_bytes().startswith(b"\x89PNG")


@needs_course_data
def test_ex1_on_the_course_s_own_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, "ex1", "--data", str(FOLDER), "--output", str(tmp_path), "--no-picture")
    assert re.search(r"\nJ at \[-1; 2\] +54\.2424550820124 +54\.242455082012\d* +agrees\n", text)
    assert "17 of 17 figures agree, 0 differ\n" in text
    assert not list(tmp_path.iterdir())
    record = json.loads(told(capsys, "ex5", "--data", str(FOLDER), "--output", str(tmp_path), "--json"))
    assert record["name"] == "ex5"
    assert len(record["pictures"]) == 5
    assert {path.name for path in tmp_path.iterdir()} == set(record["pictures"])
    assert {one["verdict"] for step in record["steps"] for one in step["figures"]} == {"agrees"}
    assert record["steps"][0]["figures"][0]["expected"] == pytest.approx(303.993192220264, rel=1e-14)


def test_a_figure_that_differs_is_exit_status_1(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    pretend(monkeypatch, [RIGHT, OTHER])
    assert re.search(r"J, given weights +3 +3 +agrees\nA text\.", told(capsys, "ex1", "--no-picture"))
    assert "12 of 12 figures agree, 0 differ\n6 are expected from" in told(capsys, "figures")
    pretend(monkeypatch, [RIGHT, WRONG])
    text = told(capsys, "ex1", "--no-picture", status=1)
    assert re.search(r"price +4 +4\.1 +DIFFERS\n", text)
    assert "1 of 2 figures agree, 1 differ\n" in text
    text = told(capsys, "figures", status=1)
    assert re.search(r"\nex1 +price +4 +4\.1 +2\.50e-02 +1e-12 +DIFFERS\n", text)
    assert "6 of 12 figures agree, 6 differ\n" in text  # six exercises


def test_long_vectors_are_shortened_unless_an_entry_differs(
    capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    pretend(monkeypatch, LONG)
    text = told(capsys, "ex1", "--no-picture")
    assert [f"gradient[{index}]" in text for index in range(20)] == [True] * 4 + [False] * 16
    assert re.search(r"gradient: 16 more +agrees\n", text)
    pretend(monkeypatch, [*LONG[:-1], LONG[-1]._replace(ours=1.1)])
    text = told(capsys, "ex1", "--no-picture", status=1)
    assert all(f"gradient[{index}]" in text for index in range(20))


def test_json_has_no_number_that_json_has_not(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    pretend(monkeypatch, [OTHER, WRONG._replace(ours=float("inf"))])
    other, infinite = json.loads(told(capsys, "figures", "--json", status=1))[:2]
    assert other == {
        "exercise": "ex1",
        "figure": "J, given weights",
        "expected": 3.0,
        "expected_from": "NumPy and SciPy",
        "ours": 3.0,
        "relative_difference": 0.0,
        "allowed": 1e-12,
        "verdict": "agrees",
    }
    assert (infinite["ours"], infinite["relative_difference"], infinite["verdict"]) == (None, None, "DIFFERS")


def test_the_title_of_a_terminal_s_table_keeps_its_brackets(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    pretend(monkeypatch, [RIGHT])
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    text = told(capsys, "ex1", "--no-picture")
    assert "│" in text  # a table that is drawn
    assert "J at [-1; 2]" in text


@pytest.mark.parametrize("command", ["ex1", "figures"])
def test_missing_and_wrong_files_are_one_line(command: str, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    def complaint() -> str:
        assert run([command]) == 2
        error: str = capsys.readouterr().err
        assert error.count("\n") == 1
        return error

    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    assert complaint() == (
        f"courseport: {ENVIRONMENT} must name a folder with course files, such as ex1data1.txt; {tmp_path} has none\n"
    )
    (tmp_path / "ex1data1.txt").write_text("1,2\n3,4\n")
    holds = "must hold a table of 97 rows and 2 columns, and holds a table of 2 rows and 2 columns\n"
    assert complaint() == f"courseport: {tmp_path / 'ex1data1.txt'} {holds}"
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "nowhere"))
    assert "COURSEPORT_COURSE_DATA must name the folder of the course's files" in complaint()


def test_an_output_folder_that_cannot_be_is_one_line(tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    pretend(monkeypatch, [RIGHT])
    (tmp_path / "taken").write_text("a file")
    assert run(["ex1", "--output", str(tmp_path / "taken")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
