"""The Octave reference: its own test blocks pass, and every file keeps the folder's rules."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from tolerances import FMINCG_50, FMINCG_STEPS, assert_close

import courseport as cp
from courseport.octave import OctaveSession

FOLDER = Path(__file__).parents[1] / "octave_reference"
FILES = sorted(FOLDER.rglob("*.m"))
OCTAVE = ["octave-cli", "--norc", "--no-history", "--quiet", "--eval"]
FUNCTION = re.compile(r"^function\s+(?:[^=(\n]*=\s*)?(\w+)", re.MULTILINE)
BLOCK = re.compile(r"^%!(?:test|assert|error)\b", re.MULTILINE)
EVERY_FILE = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FOLDER).as_posix())


def without_continuations(text: str) -> str:
    return re.sub(r"\.\.\. *\n\s*", " ", text)


@EVERY_FILE
def test_a_file_is_ascii_without_tabs_or_trailing_spaces(path: Path) -> None:
    text = path.read_bytes().decode("ascii")
    assert "\t" not in text
    assert "\r" not in text
    assert not re.search(r"[ ]+$", text, re.MULTILINE)
    assert text.endswith("\n")


@EVERY_FILE
def test_a_file_holds_one_function_of_its_name(path: Path) -> None:
    assert FUNCTION.findall(without_continuations(path.read_text())) == [path.stem]


@EVERY_FILE
def test_help_stands_below_the_function_line_and_names_it(path: Path) -> None:
    first, *rest = without_continuations(path.read_text()).splitlines()
    assert first.startswith("function ")
    words = rest[0].split()
    assert words[0] == f"%{path.stem.upper()}"
    assert len(words) > 3
    assert rest[1].startswith("%   "), "help says how the function is called"


@EVERY_FILE
def test_a_file_has_test_blocks_and_each_expected_error_a_pattern(path: Path) -> None:
    text = path.read_text()
    assert BLOCK.search(text)
    assert not re.search(r"^%!error(?! <)", text, re.MULTILINE), "%!error without <pattern> passes on a typing error"
    assert not re.search(r"^%!(?:xtest|testif|fail)\b", text, re.MULTILINE), "nothing is skipped or expected to fail"


def test_the_readme_lists_every_file_and_no_other() -> None:
    listed = re.findall(r"^\| `([\w/]+\.m)` \|", (FOLDER / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(path.relative_to(FOLDER).as_posix() for path in FILES)


@pytest.mark.octave
def test_every_block_passes() -> None:
    run = subprocess.run(
        [*OCTAVE, "runTests"], cwd=FOLDER, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert run.returncode == 0, run.stdout + run.stderr
    summary = re.fullmatch(r"octave: (\d+) passed, 0 failed in (\d+) files", run.stdout.strip().splitlines()[-1])
    assert summary, run.stdout
    blocks = sum(len(BLOCK.findall(path.read_text())) for path in FILES)
    assert [int(count) for count in summary.groups()] == [blocks, len(FILES)]


@pytest.mark.octave
@pytest.mark.parametrize("text", ["function broken()\nend\n%!assert (1, 2)\n", "function broken()\nend\n"])
def test_a_failing_block_or_a_file_without_one_is_exit_status_1(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.m").write_text(text)
    (tmp_path / "runTests.m").write_text((FOLDER / "runTests.m").read_text().split("\n%!test")[0] + "\n%!assert (1)\n")
    run = subprocess.run(
        [*OCTAVE, "runTests"], cwd=tmp_path, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert run.returncode == 1
    assert "octave: 1 passed, 1 failed in 2 files" in run.stdout
    assert "broken.m" in run.stdout


@pytest.mark.octave
def test_the_notes_run_on_iris_in_octave(octave: OctaveSession) -> None:
    table = np.loadtxt(FOLDER.parent / "data" / "iris.csv", delimiter=",", skiprows=1)
    X, y = table[:, :4], table[:, 4] - 1.0
    train, validation, test = (
        np.concatenate([np.arange(k + start, k + stop) for k in (0, 50, 100)])
        for start, stop in ((0, 40), (40, 45), (45, 50))
    )
    w0 = np.random.RandomState(37).random_sample((4, 1))
    w, loss, validation_loss = octave.feval(
        "meanSquaredErrorDescent", X[train], y[train], X[validation], y[validation], w0, 0.03, 100.0, nout=3
    )
    printed = [42.1148, 2.715, 0.2498, 0.0764, 0.0593, 0.0565, 0.0557, 0.0554, 0.0553, 0.0551]
    printed_validation = [39.4721, 2.4563, 0.1886, 0.0403, 0.027, 0.0244, 0.0234, 0.0229, 0.0227, 0.0225]
    assert loss[::10, 0].round(4).tolist() == printed
    assert validation_loss[::10, 0].round(4).tolist() == printed_validation
    assert (np.rint(X[test] @ w[:, 0]) == y[test]).all()


@pytest.mark.octave
def test_fmincg_on_the_digits_gives_the_courses_costs_and_evaluations(octave: OctaveSession) -> None:
    X, y = cp.load_digits()
    sizes = np.array([400.0, 25.0, 10.0])
    theta0 = octave.feval("debugInitializeThetas", sizes)
    theta, costs, searches, evaluations = octave.feval(
        "fmincg", "nnCostFunction", theta0, 50.0, sizes, X, y.astype(float), 1.0, nout=4
    )
    assert (searches, evaluations, costs.shape) == (50.0, 78.0, (50, 1))
    J = costs[:, 0]
    assert_close(
        J[[0, 4, 9, 19]], [3.30326187239382, 2.80349129234025, 2.39778254124904, 1.38388115993824], FMINCG_STEPS
    )
    assert_close(J[49], 0.538981681550077, FMINCG_50)
    assert 100 * np.mean(octave.feval("predict", theta, sizes, X)[:, 0] == y) == pytest.approx(94.36, abs=0.021)
