"""`courseport record`: golden files from a command, and what it says of changes and of bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from courseport.cli.app import run
from courseport.crosscheck import read_golden

SPAN = """function [y, at] = span (x)
  y = max (x) - min (x);
  [~, at] = max (x);
end
%!assert (span ([1 5 2]), 4)
%!test
%! [y, at] = span ([3; -1]);
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an Octave function, its port and its cases, which is the current one."""
    (tmp_path / "span.m").write_text(SPAN)
    (tmp_path / "demo.m").write_text("for k = 1:3, span (1:2*k); end\n")
    (tmp_path / "cases.json").write_text("[[[1, 2, 3]], [[4, -1]]]")
    (tmp_path / "port.py").write_text("def span(x):\n    return max(x) - min(x), list(x).index(max(x)) + 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.octave
def test_cases_from_everywhere_become_golden_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, count in (([], 2), (["--demo", "demo.m"], 3), (["--cases", "cases.json"], 2)):
        assert run(["record", "span.m", "-o", "g.npz", "--update", *options]) == 0
        recording = read_golden("g.npz")
        assert len(recording.cases) == count
        assert "cases of span" in capsys.readouterr().out
    assert recording.source == "span.m"
    assert [answer.outputs[0].item() for answer in recording.answers] == [2.0, 5.0]
    # The same function, asked again, leaves the file as it is; another one says what is different, and by how much.
    before = (folder / "g.npz").read_bytes()
    assert run(["record", "span.m", "-o", "g.npz", "--update"]) == 0
    assert "nothing has changed" in capsys.readouterr().out
    (folder / "span.m").write_text(SPAN.replace("min (x);", "min (x) + 1e-9;"))
    assert run(["crosscheck", "span.m", "--against", "port.py:span", "--golden", "g.npz"]) == 0
    assert "older than span.m" in capsys.readouterr().out
    assert (folder / "g.npz").read_bytes() == before
    assert run(["record", "span.m", "-o", "g.npz", "--update", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [change.split(": ")[0] for change in told["changes"]] == ["span.m", "case 1", "case 2"]
    assert "2.0 has become 2.000000001 (absolute 1e-09" in told["changes"][1]


@pytest.mark.octave
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["span.m", "-o", "there.npz"], "--update"),
        (["span.m", "-o", "foreign.npz", "--update"], "written by courseport"),
        (["span.m", "-o", "g.txt"], ".npz or .mat"),
        (["span.m"], "--output"),
        (["none.m", "-o", "g.npz"], "none.m"),
        (["span.m", "-o", "g.npz", "--cases", "cases.json", "--demo", "demo.m"], "one way"),
        (["broken.m", "-o", "g.npz", "--cases", "cases.json"], "an error in each"),
        (["span.m", "-o", "nowhere/g.npz"], "folder that exists"),
    ],
)
def test_what_cannot_be_recorded_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    (folder / "foreign.npz").write_bytes(b"mine")
    (folder / "there.npz").write_bytes(b"written by courseport")
    (folder / "broken.m").write_text("function y = broken (x)\n  y = no_such_function (x);\nend\n")
    assert run(["record", *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert (folder / "foreign.npz").read_bytes() == b"mine"
    assert not (folder / "g.npz").exists()
