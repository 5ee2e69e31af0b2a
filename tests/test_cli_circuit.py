"""`courseport circuit`, run as users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from courseport.cli.app import run

PRODUCT = ["circuit", "(x + y) * z", "x=-2", "y=5", "z=-4"]


def test_prints_the_table_and_writes_the_picture_where_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run([*PRODUCT, "--output", "circuit.png"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "(x + y) * z = -12",
        "Name  Operation  Value  Gradient",
        "x     variable   -2     -4",
        "y     variable   5      -4",
        "z     variable   -4     3",
        "g1    x + y      3      -4",
        "g2    g1 * z     -12    1",
        "picture: circuit.png",
    ]
    assert Path("circuit.png").read_bytes().startswith(b"\x89PNG")


def test_as_a_program_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "courseport", *PRODUCT, "--output", "picture.svg"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert result.stdout.endswith("picture: picture.svg\n")
    assert [path.name for path in tmp_path.iterdir()] == ["picture.svg"]


def test_a_terminal_gets_a_drawn_table() -> None:
    command = [sys.executable, "-m", "courseport", *PRODUCT]
    environment = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert "│ g2   │ g1 * z    │ -12   │ 1        │" in result.stdout


def test_json_has_every_gate_with_all_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "neuron.pdf"
    weights = ["w0=2", "w1=-3", "w2=-3", "x0=-1", "x1=-2"]
    assert run(["circuit", "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", *weights, "--json", "--output", str(output)]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["value"] == pytest.approx(0.7310585786300049, rel=1e-15)
    assert facts["gradient"]["x1"] == pytest.approx(-0.5898357997244456, rel=1e-15)
    assert facts["gates"][-1] == {"name": "g8", "operation": "1 / g7", "value": facts["value"], "gradient": 1.0}
    assert facts["picture"] == str(output)
    assert output.read_bytes().startswith(b"%PDF")


def test_without_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["circuit", "x ** 2", "x=3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["picture"] is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [["-x", "x=1"], ["--", "-x", "x=1"], ["-x * -1", "x = -1"]])
def test_an_expression_may_begin_with_a_sign(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["circuit", *arguments]) == 0
    assert " = -1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["x"], "numbers, and variables whose values are given (none), got 'x'"),
        (["x ^ 2", "x=1"], "got 'x ^ 2' (a power is written **)"),
        (["log(x)", "x=0"], "'log(x)': log(0) is not defined: log takes a number > 0"),
        (["x", "x"], "variables must be given once each as NAME=VALUE, such as x=-2, got 'x'"),
        (["x", "x=1", "x=2"], "variables must be given once each as NAME=VALUE, such as x=-2, got 'x=2'"),
        (["x", "x=1", "--ouput=a"], "variables must be given once each as NAME=VALUE, such as x=-2, got '--ouput=a'"),
        (["x", "x=one"], "x must be a number, got 'one'"),
        (["x", "x=nan"], "x must be a finite real number, got nan"),
        (["x", "x=1", "y=2"], "variables must occur in the expression, got 'y'"),
        (["x", "exp=1"], "variables must have names that Python allows, other than exp"),
        (["x", "x=1", "--output", "picture"], "--output must have a suffix that names the format, such as .png"),
        (["x", "x=1", "--output", "a.doc"], "Format 'doc' is not supported"),
        (
            ["x", "x=1", "--output", "no/folder/a.png"],
            "must be in a folder that exists, got no/folder/a.png",
        ),
    ],
)
def test_bad_input_is_one_line_and_exit_status_2(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["circuit", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("courseport: ")
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_help_is_worth_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["circuit", "--help"]) == 0
    text = capsys.readouterr().out
    assert "x=-2 y=5 z=-4" in text
    assert "--output" in text
