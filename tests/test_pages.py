"""Every command and program of README and docs/ runs as it stands, in the order of its page, and prints what it shows.

A block with a title is a file, which is written under that name. A ``text`` block is the output of the block before it.
In it, and below a command, ``...`` stands for any lines or words, and a number for one close to it: beyond some tens of
iterations its last digits are the machine's.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from assignments import solutions
from course_data import FOLDER
from planted_mistakes import RIGHT_TEXT, SOLUTIONS
from tolerances import SHOWN

from courseport.cli.app import run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
PLUGIN = "courseport.integrations.pytest_plugin"  # where the installation is older than its entry point
NEGATIVE = {"crosscheck"}  # commands that may say no: what they print is what counts

# What the pages take for granted: a student's files, one of which leaves out g'(z).
HELPERS = {name: (SOLUTIONS / "vectorised" / name).read_text() for name in ("sigmoid.m", "sigmoidGradient.m")}
WRONG_TEXT = RIGHT_TEXT.replace(" .* sigmoidGradient(z2)", "")
PORT = """
import courseport as cp

def nn_cost_function(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    return cp.nn_cost_function(nn_params, (input_layer_size, hidden_layer_size, num_labels), X, y, lambda_)
"""
EX4 = {name.partition("/")[2]: text for name, text in solutions("vectorised").items() if name.startswith("ex4")}
PREPARED = {
    "grading": {
        f"{folder}/{name}": text
        for folder in ("machine-learning-ex4", "students/ann", "students/bob")
        for name, text in EX4.items()
    },
    "README": {"nnCostFunction.m": RIGHT_TEXT, **HELPERS},
    "octave": {
        "nnCostFunction.m": WRONG_TEXT,
        **HELPERS,
        "myCost.m": "function [J, grad] = myCost(data, lambda, theta)\n"
        "[J, grad] = costFunctionReg(theta, data{:}, lambda);\n",
        "costFunctionReg.m": (SOLUTIONS / "logistic" / "costFunctionReg.m").read_text(),
        "solutions/alice.m": RIGHT_TEXT,
        "solutions/bob.m": WRONG_TEXT,
        "solutions/carol.m": RIGHT_TEXT.replace("sigmoid(", "mySigmoid("),
        **{f"solutions/{name}": text for name, text in HELPERS.items()},
        "port.py": PORT,
    },
}

pytestmark = [
    pytest.mark.octave,
    pytest.mark.filterwarnings("ignore::courseport.TrainingWarning"),
]


def test_a_number_is_compared_as_a_number_and_words_as_words() -> None:
    shown = "J 0.4103 after 50 in ... s\n...\nend"
    assert_shown(shown, "J 0.41029 after 50 in 2.1 s\nmore\nand more\nend")
    assert same_line("94.80 and 3", "95.2 and 3")
    assert not same_line("94.80", "95.45")
    assert not same_line("case 3", "case 4")
    for change in (("0.41029", "0.45"), ("50", "70"), ("after", "before"), ("\nend", ""), ("end", "end\nmore")):
        with pytest.raises(AssertionError):
            assert_shown(shown, "J 0.41029 after 50 in 2.1 s\nend".replace(*change))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("COURSEPORT_COURSE_DATA", "")
    for name, content in PREPARED.get(page.stem, {}).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    if FOLDER.is_dir():
        (tmp_path / "machine-learning").symlink_to(FOLDER)
    names: dict[str, object] = {"__name__": "__main__"}
    told = ""
    for language, title, body in FENCE.findall(page.read_text(encoding="utf-8")):
        if title:
            write_file(tmp_path / title, body, monkeypatch)
            told = capsys.readouterr().out
        elif language == "python":
            if "OctaveCostFunction(" in body:  # by then the reader has mended the file
                (tmp_path / "nnCostFunction.m").write_text(RIGHT_TEXT)
            exec(compile(body, str(page), "exec"), names)
            told = capsys.readouterr().out
        elif language == "console":
            for command, shown in commands(body):
                if "machine-learning" in command and not FOLDER.is_dir():  # a folder that few have
                    continue
                run_command(command, monkeypatch)
                told = capsys.readouterr().out
                if shown.strip():
                    assert_shown(shown, told)
        elif language == "text":
            assert_shown(body, told)
        else:
            pytest.fail(f"{page.name} has a block of {language}, which no test runs")


def write_file(path: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a file that a page shows; of a workflow, run the steps that are ours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body)
    for command in re.findall(r"^ *- run: ((?:courseport|pytest).*)$", body, re.MULTILINE):
        run_command(command, monkeypatch)


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Give each command of a console block, with the output shown below it."""
    first, *parts = re.split(r"^\$ ", body, flags=re.MULTILINE)
    assert not first
    for part in parts:
        command, _, shown = part.partition("\n")
        yield command, shown


def run_command(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run `courseport` in this process; of what would set up an environment see that it is there."""
    program, *arguments = shlex.split(command, comments=True)
    if program == "courseport":
        expanded = [name for one in arguments for name in (sorted(map(str, Path().glob(one))) or [one])]
        status = run(expanded)
        assert status == 0 or (status in {1, 2} and arguments[0] in NEGATIVE), f"{command}: exit status {status}"
    elif program == "export":
        name, _, value = arguments[0].partition("=")
        monkeypatch.setenv(name, value)
    elif program == "pytest":  # a process of its own: its tests import what the page has written
        plugin = [] if any(one.name == "courseport" for one in entry_points(group="pytest11")) else ["-p", PLUGIN]
        command_line = [sys.executable, "-m", "pytest", *plugin, "-p", "no:cacheprovider", *arguments]
        done = subprocess.run(command_line, capture_output=True, text=True, check=False)
        sys.stdout.write(done.stdout)
        assert done.returncode == 0, done.stdout + done.stderr
    elif program in {"apt", "brew"}:
        assert arguments[:2] == ["install", "octave"]
    elif program == "make":
        done = subprocess.run(["make", "-n", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    else:
        pytest.fail(f"{command}: no test runs {program}")


def assert_shown(shown: str, told: str) -> None:
    """Assert that `told` is what a page shows."""
    parts = [part.splitlines() for part in re.split(r"^\.\.\.$\n?", shown.strip("\n"), flags=re.MULTILINE)]
    lines, start = told.splitlines(), 0
    for number, part in enumerate(parts):
        places = range(start, len(lines) - len(part) + 1) if number else [0]
        place = next((at for at in places if all(map(same_line, part, lines[at : at + len(part)]))), None)
        missing = "\n".join(part)
        assert place is not None, f"not printed as shown:\n{missing}\n\nbut:\n{told}"
        assert len(lines) >= place + len(part), told
        start = place + len(part)
    assert shown.rstrip().endswith("...") or start == len(lines), f"printed beyond what is shown:\n{told}"


def same_line(shown: str, told: str) -> bool:
    """Compare word by word; ``...`` stands for any words, and a number for one close to it."""
    pieces = re.split(rf"({NUMBER.pattern}|\.\.\.)", " ".join(shown.split()))
    kinds = [".*?" if piece == "..." else f"({NUMBER.pattern})" for piece in pieces[1::2]]
    pattern = "".join(re.escape(text) + kind for text, kind in zip(pieces[::2], [*kinds, ""], strict=True))
    found = re.fullmatch(pattern, " ".join(told.split()))
    numbers = [piece for piece in pieces[1::2] if piece != "..."]
    return found is not None and all(map(same_number, numbers, found.groups()))


def same_number(shown: str, told: str) -> bool:
    """Allow the last digit shown, and what an optimiser makes of rounding: more in J than in a percentage."""
    expected, got = float(shown), float(told)
    if "." not in shown:
        return abs(got - expected) <= max(1.0, SHOWN.rtol * abs(expected)) if expected > 9 else got == expected
    last_digit = 0.51 * 10.0 ** -len(shown.partition(".")[2].partition("e")[0])
    return abs(got - expected) <= max(last_digit, min(SHOWN.rtol * abs(expected), SHOWN.atol))
