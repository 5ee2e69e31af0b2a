"""Ports as people write them: each is told what is true of it. They are checked side by side, in two batches."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from strangers import OCTAVE, PYTHON, PYTHON_VERDICTS

from courseport.crosscheck import Report, crosscheck, crosscheck_many, crosscheck_python

JOBS = 3


def untrue(reports: Mapping[str, Report], expected: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return the reports that differ from what is expected, or do not fit a terminal."""
    wrong = []
    for name, report in reports.items():
        status, words = expected[name]
        said = " ".join((report.finding, *report.facts, *report.notes, *report.mistakes))
        lines = report.lines()
        fits = len(lines) <= 24 and all(len(line) <= 80 for line in lines)
        if report.status != status or words not in said or not fits:
            wrong.append("\n".join((f"{name}: expected {status}, {words}", *lines)))
    return wrong


def test_python_ports_are_told_the_truth(tmp_path: Path) -> None:
    (tmp_path / "port.py").write_text(PYTHON)
    checks = [
        partial(crosscheck_python, f"{tmp_path}/port.py:{name}", digits=False, random=3) for name in PYTHON_VERDICTS
    ]
    reports = dict(zip(PYTHON_VERDICTS, crosscheck_many(checks, JOBS), strict=True))
    wrong = untrue(reports, PYTHON_VERDICTS)
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.octave
def test_octave_ports_are_told_the_truth(tmp_path: Path) -> None:
    checks = []
    for number, (text, _, _) in enumerate(OCTAVE.values()):
        found = re.search(r"function[^\n]*?(\w+)\(", text)
        file = tmp_path / str(number) / f"{found[1] if found else 'script'}.m"
        file.parent.mkdir()
        file.write_text(text)
        checks.append(partial(crosscheck, file, digits=False, random=3))
    reports = dict(zip(OCTAVE, crosscheck_many(checks, JOBS), strict=True))
    wrong = untrue(reports, {name: (status, words) for name, (_, status, words) in OCTAVE.items()})
    assert not wrong, "\n\n".join(wrong)


def test_row_by_row_is_right_where_it_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "port.py").write_text(PYTHON)
    report = crosscheck_python(f"{tmp_path}/port.py:nn_rows", order="C", digits=False, random=2)
    assert (report.status, report.exit_status) == ("agrees", 0)


def test_a_function_of_theta_alone_is_compared_on_its_own_data(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(
        "import numpy as np\n"
        "X = np.c_[np.ones(6), np.arange(6.0), np.cos(np.arange(6))]\n"
        "y = np.array([0, 1, 0, 1, 1, 0])\n"
        "def cost(theta):\n"
        "    h = 1 / (1 + np.exp(-X @ theta))\n"
        "    return -np.mean(y * np.log(h) + (1 - y) * np.log(1 - h)), X.T @ (h - y) / len(y)\n"
        "def wrong(theta):\n"
        "    return cost(theta)[0], X.T @ (1 / (1 + np.exp(-X @ theta)) - y)\n"
    )
    right, wrong = (crosscheck_python(f"{tmp_path}/own.py:{name}") for name in ("cost", "wrong"))
    assert (right.status, right.kind) == ("agrees", "logistic"), right.lines()
    assert wrong.mistakes == ("gradient-without-m",), wrong.lines()


def test_a_file_or_a_notebook_is_named_as_it_is_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "def cost(theta, X, y):\n",
        "    e = X @ theta - y\n",
        "    return e @ e / (2 * len(y)), X.T @ e / len(y)\n",
    ]
    cells = [{"cell_type": "code", "source": ["%matplotlib inline\n", *lines, "raise SystemExit\n"]}]
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "port.py").write_text("".join(lines))
    (tmp_path / "port.ipynb").write_text(json.dumps({"cells": cells}))
    monkeypatch.chdir(tmp_path)
    for reference in ("below/port.py:cost", "port.ipynb:cost"):
        report = crosscheck_python(reference, random=2)
        assert (report.status, report.kind) == ("agrees", "linear"), report.lines()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import no_such_thing\n", "it is neither installed nor beside the file"),
        ("def cost(theta, X, y):\n    print 'J'\n", "it is Python 2"),
        ("def cost(theta, X, y:\n", "SyntaxError: line 1"),
        ("import beside\nraise ValueError('bad')\n", "ValueError: bad"),
        ("import sys\nsys.exit(3)\n", "could not be imported"),
    ],
)
def test_why_a_module_could_not_be_imported(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "beside.py").write_text("x = 1\n")
    (tmp_path / "port.py").write_text(text)
    report = crosscheck_python(f"{tmp_path}/port.py:cost")
    assert report.status == "could not be run"
    assert words in report.finding
