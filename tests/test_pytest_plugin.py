"""The fixtures `octave` and `octave_port` in somebody else's project: recorded, replayed, without Octave, by xdist."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import numpy as np
import pytest

from courseport.crosscheck import read_golden

PLUGIN = [] if entry_points(group="pytest11", name="courseport") else ["-p", "courseport.integrations.pytest_plugin"]
SPAN = "function [span, at] = span (x)\n  span = max (x) - min (x);\n  [~, at] = max (x);\nend\n"
TESTS = """
import numpy as np

def span(x):
    return np.ptp(x), np.argmax(x) + 1

def wrong(x):
    return np.ptp(x), np.argmax(x)

CASES = [([1.0, 5.0, 2.0],), (np.array([3, -1]),)]

def test_right(octave_port):
    report = octave_port("src/span.m", span, CASES, golden="golden/span.npz")
    assert report.agrees and len(report.cases) == 2

def test_wrong(octave_port):
    octave_port("src/span.m", wrong, CASES, golden="golden/wrong.mat")
"""
LIVE = """
def test_live(octave_port):
    octave_port("src/span.m", lambda x: (max(x) - min(x), x.index(max(x)) + 1), [([1.0, 5.0],)])

def test_session(octave):
    assert octave.feval("plus", 1, 2) == 3.0
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with an Octave function and its port, which runs with warnings as errors."""
    pytester.mkdir("src")
    (pytester.path / "src/span.m").write_text(SPAN)
    pytester.makepyfile(test_span=TESTS, test_live=LIVE)
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = -p no:cacheprovider --import-mode=importlib\n")
    return pytester


def without_octave(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)


@pytest.mark.octave
def test_recorded_with_octave_and_replayed_without(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = project.runpytest_inprocess(*PLUGIN, "--octave-record")
    recorded.assert_outcomes(passed=3, failed=1)
    recorded.stdout.fnmatch_lines(["*golden files*", "golden file golden/span.npz: new: 2 cases of span, Octave *"])
    assert read_golden(project.path / "golden/span.npz").outputs == ("span", "at")
    before = (project.path / "golden/wrong.mat").read_bytes()

    # What is used wrongly is told where it is used.
    project.makepyfile(
        test_odd="""
        import numpy as np, pytest

        @pytest.mark.parametrize("x", [1.0, 2.0])
        def test_one_file_for_two(octave_port, x):
            octave_port("src/span.m", np.ptp, [([x, 5.0],)], golden="one.npz")

        def test_misspelt(octave_port):
            octave_port("src/span.m", np.ptp, [([1.0, 5.0],)], golden="one.npz", toll=1)
        """
    )
    odd = project.runpytest_inprocess(*PLUGIN, "--octave-record", "test_odd.py")
    odd.assert_outcomes(passed=1, failed=2)
    odd.stdout.fnmatch_lines(["*is recorded by test_odd.py::test_one_file_for_two?1.0?, too*", "*argument 'toll'"])
    assert "crosscheck/" not in str(odd.stdout)
    (project.path / "test_odd.py").unlink()

    without_octave(monkeypatch, project.path)
    replayed = project.runpytest_inprocess(*PLUGIN)
    replayed.assert_outcomes(passed=1, failed=2, errors=1)
    said = str(replayed.stdout)
    assert "GNU Octave was not found" in said
    assert "During handling" not in said
    # The report is the message, below the line of the test, and nothing of ours is between them.
    assert "E       AssertionError: span.m and test_span.wrong: disagrees" in said
    assert "crosscheck/" not in said
    assert "pytest_plugin.py" not in said.replace(PLUGIN[-1] if PLUGIN else "", "")
    project.runpytest_inprocess(*PLUGIN, "--octave-missing=skip").assert_outcomes(passed=1, failed=1, skipped=2)

    # A changed .m file is told, a damaged golden file is one line, and so is one that is not there.
    (project.path / "src/span.m").write_text(SPAN.replace("max (x) - min (x)", "range (x)"))
    (project.path / "golden/wrong.mat").write_bytes(before[:-40])
    changed = project.runpytest_inprocess(*PLUGIN, "test_span.py")
    changed.assert_outcomes(passed=1, failed=1)
    changed.stdout.fnmatch_lines(["*wrong.mat is damaged*", "golden file *span.npz: it is older than *span.m*"])
    (project.path / "golden/wrong.mat").unlink()
    project.runpytest_inprocess(*PLUGIN, "test_span.py").stdout.fnmatch_lines(["*golden must be*that is there*"])


@pytest.mark.octave
def test_workers_of_xdist_have_an_octave_each_and_write_one_golden_file(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_many="""
        import numpy as np, pytest

        @pytest.mark.parametrize("number", range(2))
        def test_many(number, octave_port, octave, worker_id):
            octave_port("src/span.m", np.ptp, [([1.0, 5.0],)], golden="span.npz")
            assert octave.feval("getpid") > 0
            open(f"{worker_id}-{octave.feval('getpid'):.0f}", "w").close()
        """
    )
    done = project.runpytest_subprocess(*PLUGIN, "-n2", "--octave-record", "test_many.py")
    done.assert_outcomes(passed=2)
    assert str(done.stdout).count("golden file span.npz: new: 1 case of span") == 1
    workers = [path.name.split("-")[0] for path in project.path.glob("gw*")]
    assert sorted(workers) == ["gw0", "gw1"]
    assert np.array_equal(read_golden(project.path / "span.npz").answers[0].outputs[0], [[4.0]])


def test_the_plugin_costs_nothing_where_it_is_not_used() -> None:
    code = "import sys, pytest, courseport.integrations.pytest_plugin; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "scipy", "courseport.octave", "courseport.crosscheck"} & set(loaded)
