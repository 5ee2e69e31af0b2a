"""`courseport crosscheck` for ports: one pair, many from a TOML file, and what it writes for people and for CI."""

from __future__ import annotations

import json
import threading
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from test_crosscheck_command import Tags

from courseport.cli.app import run
from courseport.crosscheck.ports.pairs import KEYS, Pair, read_pairs

PORT = """
import numpy as np

def scores(x):
    spread = np.std(x, axis=0, ddof=1)
    return (x - np.mean(x, axis=0)) / spread, spread

def by_n(x):
    spread = np.std(x, axis=0)
    return (x - np.mean(x, axis=0)) / spread, spread

def leaves(x):
    import os
    os._exit(3)

def hangs(x):
    while True:
        pass

def talks(x):
    while True:
        print("talk")

def raises(x):
    raise RuntimeError("<b>\\x1b[31m \\x00 & \\ud800")
"""
SCORES = """function [z, spread] = scores (x)
spread = std (x);
z = (x - mean (x)) ./ spread;
"""
CASES = "cases = [[[[1, 2], [3, 5], [8, 9]]]]\n"
OCTAVE = 'octave = "scores.m"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an Octave function, its ports, and cases, that the command runs in."""
    (tmp_path / "scores.m").write_text(SCORES)
    (tmp_path / "portfile.py").write_text(PORT)
    (tmp_path / "broken.py").write_text("import no_such_thing\n")
    (tmp_path / "cases.json").write_text("[[[[1, 2], [3, 5], [8, 9]]]]")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", ["", *__import__("sys").path])
    return tmp_path


def table(*functions: str, above: str = CASES) -> str:
    return above + "".join(f'[[port]]\n{OCTAVE}python = "portfile:{function}"\n' for function in functions)


@pytest.mark.octave
def test_one_costs_only_its_own_line_whatever_it_does(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {
        "leaves": "with status 3",
        "hangs": "did not end within 3 s",
        "talks": "",
        "raises": "RuntimeError: <b>",
    }
    text = table("scores", *bad, "by_n", "nowhere", above=f"time_limit = 3\n{CASES}")
    text += f'[[port]]\n{OCTAVE}python = "broken:f"\n[[port]]\noctave = "none.m"\npython = "portfile:scores"\n'
    (folder / "ports.toml").write_text(text)
    assert run(["crosscheck", "ports.toml", "--html", "page.html", "--junit", "junit.xml", "--jobs", "3"]) == 2
    told = capsys.readouterr()
    head, right, *lines, last = told.out.splitlines()
    assert head.split() == ["Octave", "Python", "Verdict", "Why"]
    assert "agrees" in right
    for line, (function, words) in zip(lines, {**bad, "by_n": "1 of 1 case differs"}.items(), strict=False):
        assert f"portfile:{function}" in line
        assert words in line
        assert ("disagrees" if function in {"by_n", "raises"} else "could not be run") in line
    assert "no function nowhere" in lines[-3]
    assert "No module named 'no_such_thing'" in lines[-2]
    assert "none.m" in lines[-1]
    assert last == "9 ports: 6 could not be run, 2 disagrees, 1 agrees"
    assert "\x1b" not in told.out + told.err

    page = Tags()
    page.feed((folder / "page.html").read_text())
    assert page.open == []
    assert set(page.links) == {f"#port{number}" for number in range(9)}
    assert "<b>" not in (folder / "page.html").read_text()

    suites = ET.parse(folder / "junit.xml").getroot()
    assert [(suites.get("failures"), suites.get("tests"))] == [("2", str(len(suites.findall(".//testcase"))))]
    assert len(suites.findall(".//error")) == int(suites.get("errors", "")) >= 6
    (by_n,) = suites.findall("testsuite")[5].findall("testcase/failure")
    assert "entries differ" in by_n.get("message", "")
    assert "portfile:by_n: disagrees" in (by_n.text or "")


@pytest.mark.octave
def test_one_pair_shows_its_report_and_json_holds_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (folder / "cases.json").exists()
    arguments = ["crosscheck", "scores.m", "--against", "portfile:by_n", "--cases", "cases.json"]
    assert run([*arguments, "--nout", "1"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("scores.m and portfile:by_n: disagrees\n")
    assert "spread" not in out
    assert "population-std" in out
    assert run([*arguments, "--json", "--rtol", "1"]) == 0  # every number is within a factor of two
    (report,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (report["status"], report["octave"], report["exit_status"]) == ("agrees", "scores.m", 0)
    assert [output["name"] for output in report["cases"][0]["outputs"]] == ["z", "spread"]


@pytest.mark.octave
def test_a_module_alone_gives_each_file_the_function_of_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "by_n.m").write_text("function s = by_n ()\ns = 1;\n")
    (folder / "scores.m").write_text("function s = scores ()\ns = 2;\n")
    (folder / "both.py").write_text("def by_n():\n    return 1\n\ndef scores():\n    return 3\n")
    assert run(["crosscheck", "by_n.m", "scores.m", "--against", "both"]) == 1
    assert "2 ports: 1 agrees, 1 disagrees" in capsys.readouterr().out


def test_a_table_says_for_all_what_a_port_does_not_say_itself(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "ports.toml").write_text(
        'rtol = 1e-6\ncases = "cases.mat"\nfolders = ["lib"]\nconventions = {na = true, vectors = "exact"}\n'
        '[[port]]\noctave = "median"\npython = "numpy"\nrtol = 0.5\nnout = 1\ntime_limit = 3\n'
        '[[port]]\noctave = "f.m"\npython = "../p.py:C.f"\nrecord = "demo.m"\nconventions = {vectors = "either"}\n'
    )
    one, other = read_pairs("sub/ports.toml", {"time_limit": 9.0})
    assert (one.octave, one.python, one.cases) == ("median", "numpy:median", "sub/cases.mat")
    assert (one.rtol, one.nout, one.time_limit, one.folders) == (0.5, 1, 3.0, ("sub/lib",))
    assert (one.conventions.na, one.conventions.vectors) == (True, "exact")
    assert (other.octave, other.python, other.rtol) == ("sub/f.m", "sub/../p.py:C.f", 1e-6)
    assert (other.cases, other.record, other.time_limit) == (None, "sub/demo.m", 9.0)
    assert (other.conventions.na, other.conventions.vectors) == (True, "either")
    assert {*KEYS} <= {*Pair.__dataclass_fields__}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "ports.toml must hold a table [[port]] for each pair"),
        ("[port]\noctave = 'a.m'\n", "in double brackets"),
        ("port = [1]", "in double brackets"),
        ("[[port]\n", "ports.toml must be a TOML file"),
        ("\xff", "ports.toml must be a TOML file"),
        ("[[port]]\npython = 'a:b'\n", "ports.toml, port 1 must have the key octave"),
        (f"[[port]]\n{OCTAVE}", "ports.toml, port 1 (scores.m) must have the key python"),
        (table("scores", above="rtoll = 1\n"), "ports.toml: a key must be one of cases"),
        (table("scores", above="octave = 'a.m'\n"), "ports.toml: a key must be one of"),
        (f"{table('scores')}rtol = -1\n", "port 1 (scores.m): rtol must be a finite real number >= 0, got -1"),
        (f"{table('scores')}rtol = true\n", "port 1 (scores.m): rtol must be"),
        (f"{table('scores', 'by_n')}nout = 1.5\n", "port 2 (scores.m): nout must be a whole number >= 0"),
        (f"{table('scores')}time_limit = 0\n", "port 1 (scores.m): time_limit must be"),
        (f"{table('scores')}folders = 'lib'\n", "folders must be a list of texts"),
        (f"{table('scores')}cases = 'a.mat'\nrecord = 'b.m'\n", "port 1 (scores.m): cases must stand without record"),
        (f"{table('scores')}setup = 3\n", "setup must be a text"),
        (f"{table('scores')}cases = 2026-01-01\n", "cases must be a path, or a list of cases"),
        (f"{table('scores')}cases = [1, 2]\n", "cases must be a path, or a list of cases"),
        (f"{table('scores')}conventions = {{vector = 'exact'}}\n", "conventions: a key must be one of vectors"),
        (f"{table('scores')}conventions = {{vectors = true}}\n", "conventions.vectors must be a text, got True"),
        (f"{table('scores')}conventions = {{vectors = 'some'}}\n", "conventions: vectors must be one of"),
        (f"{table('scores')}conventions = 3\n", "conventions must be a table"),
        (f"{table('scores')}python = 7\n", "ports.toml must be a TOML file"),  # a key twice
    ],
)
def test_a_table_that_is_wrong_is_told_by_port_and_key(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (folder / "ports.toml").write_text(text, encoding="latin-1")
    assert run(["crosscheck", "ports.toml", "--json"]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.count("\n") == 1
    assert json.loads(told.out)["exit_status"] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["scores.m", "--cases", "cases.json"], "--cases must stand with --against MODULE:FUNCTION"),
        (["scores.m", "--junit", "j.xml"], "--junit must stand with"),
        (["scores.m", "--against", "portfile:f", "--kind", "linear"], "--kind must stand with a cost function"),
        (["scores.m", "--against", "portfile:f", "--no-digits"], "--digits must stand with a cost function"),
        (["ports.toml", "--rtol", "1"], "--rtol must be said in the TOML file, as rtol"),
        (["ports.toml", "--path", "lib"], "--path must be said in the TOML file, as folders"),
        (["ports.toml", "scores.m"], "FILE must be Octave files or TOML files, got both"),
        (["scores.m", "scores.m", "--against", "portfile:f"], "must stand with one file"),
        (["scores.m", "--against", ""], "--against must be MODULE:FUNCTION"),
        (["scores.m", "--against", "portfile:f", "--convention", "na"], "--convention must be NAME=VALUE, got 'na'"),
        (["scores.m", "--against", "portfile:f", "--convention", "na=yes"], "--convention.na must be true or false"),
        (["scores.m", "--against", "portfile:f", "--rtol", "nan"], "--rtol must be a finite real number >= 0"),
        (["--against", "portfile:f"], "crosscheck must be given files"),
        (["scores.m", "--against", "portfile.py:f", "--html", "portfile.py", "--force"], "--html must be another file"),
        (["ports.toml", "--junit", "ports.toml", "--force"], "--junit must be another file than those that are read"),
        (["ports.toml", "--junit", "cases.json"], "--junit must be another file than those that are read"),
        (["ports.toml", "--junit", "one", "--html", "one"], "--junit must be another file than"),
        (["ports.toml", "--html", "broken.py"], "--force replaces any"),
        (["scores.m", "--against", "portfile:f", "--update"], "--update must stand with a golden file, got none"),
        (["cases.json", "--against", "portfile:f"], "FILE must be a .m file"),
        (["scores.m", "--against", "a:f", "--cases", "cases.json", "--record", "d.m"], "--cases must stand without"),
        (["nowhere.toml"], "nowhere.toml: No such file or directory"),
    ],
)
def test_wrong_usage_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (folder / "ports.toml").write_text(table("scores", above='cases = "cases.json"\n'))
    assert run(["crosscheck", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert (folder / "cases.json").read_text().startswith("[")


@pytest.mark.octave
def test_what_runs_ends_where_it_is_cancelled(folder: Path) -> None:
    cancelled = threading.Event()
    threading.Timer(1.0, cancelled.set).start()
    started = time.monotonic()
    report = Pair(str(folder / "scores.m"), "portfile:hangs", [[1]], time_limit=600.0).compare(cancelled=cancelled)
    assert report.exit_status == 2
    assert time.monotonic() - started < 300.0


def test_without_octave_it_is_said_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OCTAVE_EXECUTABLE", "/nowhere/octave")
    (folder / "ports.toml").write_text(table("scores", "by_n"))
    assert run(["crosscheck", "ports.toml"]) == 2
    assert capsys.readouterr().err.count("GNU Octave was not found") == 1
