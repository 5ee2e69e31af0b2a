"""`courseport crosscheck`: its tables, its JSON, its page, its exit statuses; and Python ports."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from planted_mistakes import PLANTED, RIGHT_TEXT, SOLUTIONS

from courseport.cli.app import run
from courseport.crosscheck import Limits, crosscheck_python
from courseport.crosscheck.costs.report import AGREES, BY_ROWS, DISAGREES, FAILED, NO_COST_FUNCTION, NOT_DONE

PORT = textwrap.dedent(
    """
    import numpy as np

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    def cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg=0.0, verbose=False, *, order="F",
             shift=1):
        n1 = hidden_layer_size * (input_layer_size + 1)
        T1 = nn_params[:n1].reshape(hidden_layer_size, input_layer_size + 1, order=order)
        T2 = nn_params[n1:].reshape(num_labels, hidden_layer_size + 1, order=order)
        m = X.shape[0]
        Y = np.eye(num_labels)[y - shift]
        a1 = np.c_[np.ones(m), X]
        z2 = a1 @ T1.T
        a2 = np.c_[np.ones(m), sigmoid(z2)]
        h = sigmoid(a2 @ T2.T)
        J = np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h)) / m
        J += reg / (2 * m) * ((T1[:, 1:] ** 2).sum() + (T2[:, 1:] ** 2).sum())
        d3 = h - Y
        d2 = (d3 @ T2[:, 1:]) * sigmoid(z2) * (1 - sigmoid(z2))
        G1, G2 = d2.T @ a1 / m, d3.T @ a2 / m
        G1[:, 1:] += reg / m * T1[:, 1:]
        G2[:, 1:] += reg / m * T2[:, 1:]
        return J, np.concatenate([G1.ravel(order=order), G2.ravel(order=order)])

    def row_major(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        return cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg, order="C")

    def zero_based(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        return cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y % num_labels, reg, shift=0)

    def column_y(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        assert y.shape == (X.shape[0], 1)
        return cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y[:, 0], reg)

    def column_grad(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        J, grad = cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg)
        return J, grad[:, None]

    def changes_theta(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        answer = cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg)
        nn_params[:] = 0
        return answer

    calls = []

    def remembers(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        calls.append((X.size, reg))
        J, grad = cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg)
        return J * calls.count((X.size, reg)), grad

    def another_name(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, order="F", lamb=1.0):
        return cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lamb, order=order)

    def keyword_only(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, *, lambda_=1.0):
        return cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_)

    def wrong_with_lambda(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, *, lambda_=0.0):
        J, grad = cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y)
        return J + lambda_ / (2 * len(y)) * nn_params @ nn_params, grad + lambda_ / len(y) * nn_params

    def unclear(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, verbose=False, *, strength=1.0):
        return cost(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, strength)

    def nothing(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        return None

    def raises(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        return 1 / 0, nn_params

    def hangs(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        while True:
            pass

    def leaves(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        import os
        os._exit(3)

    def eats(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, reg):
        return np.ones((30000, 30000)).sum(), nn_params

    def strange(a, b, c):
        return a
    """
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("port") / "port.py"
    path.write_text(PORT)
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of solutions, with their helpers among them."""
    for helper in ("sigmoid.m", "sigmoidGradient.m"):
        (tmp_path / helper).write_text((SOLUTIONS / "vectorised" / helper).read_text())
    (tmp_path / "alice.m").write_text(RIGHT_TEXT)
    (tmp_path / "bob (2).m").write_text(PLANTED["slope-left-out gradient"].write())
    (tmp_path / "carol.m").write_text("this is no Octave\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("function", "status", "words"),
    [
        ("cost", AGREES, "J and the gradient are right"),
        ("column_y", AGREES, "it takes y as a column, (m, 1)"),
        ("changes_theta", DISAGREES, "are right, but it changes its argument nn_params in place"),
        ("remembers", DISAGREES, "its answer is another one on every call"),
        ("another_name", AGREES, "J and the gradient are right"),
        ("keyword_only", AGREES, "J and the gradient are right"),
        ("wrong_with_lambda", DISAGREES, "bias-penalised"),
        ("unclear", FAILED, 'num_labels, X, y, strength=lambda)", or --call "unclear('),
        ("row_major", BY_ROWS, "but for the order of theta: row by row"),
        ("zero_based", DISAGREES, "labels-zero-for-ten"),
        ("column_grad", DISAGREES, "the gradient has shape 88x1, not (88,)"),
        ("nothing", NOT_DONE, "it returns nothing"),
        ("raises", FAILED, "it fails: ZeroDivisionError: division by zero; raises, line 70: return 1 / 0, nn_params"),
        ("hangs", FAILED, "it did not end within 1.5 s"),
        ("leaves", FAILED, "it ended Python"),
        ("eats", FAILED, "it asks for more memory than the limit of 1500 MB"),
        ("strange", NO_COST_FUNCTION, "none of its arguments stands for the parameters"),
        ("missing", FAILED, "has no function missing"),
    ],
)
def test_a_python_port_is_checked_without_octave(
    monkeypatch: pytest.MonkeyPatch, port: Path, function: str, status: str, words: str
) -> None:
    monkeypatch.setenv("OCTAVE_EXECUTABLE", "/nowhere/octave")
    limits = Limits(1.5 if function == "hangs" else 30.0, 1500.0)
    report = crosscheck_python(f"{port}:{function}", limits=limits, digits=False, random=3)
    assert report.status == status, report.lines()
    said = " ".join((report.finding, *report.facts, *report.notes, *sorted(report.mistakes)))
    assert words in said


def test_an_unclear_argument_of_a_python_port_is_told_by_a_call(port: Path) -> None:
    arguments = "nn_params, input_layer_size, hidden_layer_size, num_labels, X, y"
    with_lambda = f"unclear({arguments}, strength=lambda)"
    report = crosscheck_python(f"{port}:unclear", call=with_lambda, digits=False, random=3)
    assert report.status == AGREES, report
    assert report.comparisons[2].case.name == "checkNNGradients, lambda 3"
    without = crosscheck_python(f"{port}:unclear", call=f"unclear({arguments})", digits=False, random=3)
    assert without.status == DISAGREES
    refused = crosscheck_python(f"{port}:unclear", call=f"unclear({arguments}, 2 * lambda)")
    assert "--call must pass each name once" in refused.finding


def test_our_own_functions_are_checked_by_their_modules_names() -> None:
    assert crosscheck_python("courseport:nn_cost_function", digits=False, random=3).status == AGREES
    assert crosscheck_python("courseport.regression.costs:linear_cost", random=3).status == AGREES
    with_nothing = crosscheck_python("no_such_module:f")
    assert "No module named 'no_such_module'" in with_nothing.finding
    assert "must be module:function" in crosscheck_python("no_colon").finding


@pytest.mark.octave
def test_one_right_file(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run(["crosscheck", "alice.m", "--no-digits", "--networks", "3"]) == 0
    out = capsys.readouterr().out
    assert folder.exists()
    assert "Agrees: J and the gradient are right." in out
    assert "13 of 13 cases agree." in out
    assert "Octave finds a" in out


@pytest.mark.octave
def test_one_wrong_file(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run(["crosscheck", str(folder / "bob (2).m"), "--networks", "3", "--no-digits"]) == 1
    out = capsys.readouterr().out
    assert "Disagrees: J is right and the gradient is wrong: it does not belong to J." in out
    assert "Diagnosis, sure: it reproduces every number of 13 cases, and nothing else" in out
    assert "- g'(z) is left out in the hidden delta." in out


@pytest.mark.octave
def test_many_files_make_one_table(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    files = sorted(path.name for path in folder.glob("*.m"))
    assert run(["crosscheck", *files, "--no-digits", "--networks", "3", "--jobs", "3"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["File", "Verdict", "Why"]
    assert [re.split(r"  +", line) for line in lines[1:3]] == [
        ["alice.m", "agrees", "J and the gradient are right"],
        ["bob (2).m", "disagrees", "g'(z) is left out in the hidden delta"],
    ]
    assert lines[3:] == [
        "No cost functions: carol.m, sigmoid.m, sigmoidGradient.m",
        "5 files: 3 no cost function, 1 agrees, 1 disagrees",
    ]
    assert run(["crosscheck", "alice.m", "sigmoid.m", "--no-digits"]) == 0
    assert run(["crosscheck", "sigmoid.m", "sigmoidGradient.m"]) == 2


@pytest.mark.octave
def test_json_holds_everything(capsys: pytest.CaptureFixture[str], folder: Path, port: Path) -> None:
    arguments = ["bob (2).m", "carol.m", "--python", f"{port}:column_grad", "--json", "--no-digits", "--networks", "2"]
    assert run(["crosscheck", *arguments]) == 1
    bob, carol, python = json.loads(capsys.readouterr().out)
    assert folder.exists()
    assert bob["status"] == "disagrees"
    assert bob["diagnosis"]["certainty"] == "sure"
    assert [mistake["name"] for mistake in bob["diagnosis"]["explanations"][0]] == ["slope-left-out"]
    debug = next(case for case in bob["cases"] if case["case"] == "checkNNGradients, lambda 3")
    assert debug["J"]["right"] is True
    assert abs(debug["J"]["ours"] - 2.14635981502436) < 1e-13
    assert debug["gradient"]["right"] is False
    assert debug["gradient"]["belongs_to_J"] is False
    assert debug["gradient"]["worst_absolute"]["at"].startswith("Theta1(")
    assert (carol["status"], carol["cases"], carol["diagnosis"]) == ("no cost function", [], None)
    assert python["finding"] == "J and the numbers of the gradient are right, but not the gradient's shape"


class Tags(HTMLParser):
    """Checks that tags are closed in order, and collects them."""

    VOID = ("meta",)

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "xlink:href"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, _attrs: Any) -> None:
        self.seen.append(tag)


@pytest.mark.octave
def test_the_page_is_self_contained_and_drawn(folder: Path) -> None:
    (folder / "evil.m").write_text(
        "function [J, grad] = nnCostFunction(a, b, c, d, e, f, g)\nerror('<script>alert(1)</script>');\nend\n"
    )
    files = ["alice.m", "bob (2).m", "evil.m"]
    assert run(["crosscheck", *files, "--html", "page.html", "--no-digits", "--networks", "2"]) == 2
    text = (folder / "page.html").read_text()
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert all(link.startswith("#") for link in tags.links)
    assert tags.seen.count("svg") == 6  # a plot and two Thetas for each of the two that can be drawn
    assert tags.seen.count("circle") >= 2 * 38
    assert tags.seen.count("rect") >= 2 * 38
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "g&#x27;(z) is left out in the hidden delta" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["crosscheck"], "crosscheck must be given files, or --python MODULE:FUNCTION, got neither"),
        (
            ["crosscheck", "--python", "a:b", "--kind", "convex"],
            "--kind must be one of 'network', 'logistic', 'linear'",
        ),
        (["crosscheck", "--python", "a:b", "--time-limit", "0"], "--time-limit must be a finite real number > 0"),
        (["crosscheck", "--python", "a:b", "--memory-limit", "-1"], "--memory-limit must be a finite real number > 0"),
    ],
)
def test_bad_usage_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert run(arguments) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_without_octave_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTAVE_EXECUTABLE", "/nowhere/octave")
    assert run(["crosscheck", "a.m", "b.m"]) == 2
    assert capsys.readouterr().err.count("GNU Octave was not found") == 1


@pytest.mark.octave
def test_a_file_that_is_not_there_could_not_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["crosscheck", "nowhere.m"]) == 2
    assert "No such file" in capsys.readouterr().out


@pytest.mark.octave
def test_ctrl_c_ends_all_that_runs(tmp_path: Path) -> None:
    (tmp_path / "nnCostFunction.m").write_text(RIGHT_TEXT.replace("m = size(X, 1);", "while true; end"))
    code = f"""
    import os, signal, threading
    from courseport.cli.app import run
    threading.Timer(1.5, os.kill, [os.getpid(), signal.SIGINT]).start()
    raise SystemExit(run(["crosscheck", {str(tmp_path / "nnCostFunction.m")!r}]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
