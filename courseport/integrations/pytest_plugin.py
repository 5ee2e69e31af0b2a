"""Ports of Octave functions, tested by pytest. Once courseport is installed, a test file imports nothing for it.

    def test_dist(octave_port):
        octave_port("dist.m", mypackage.dist, [(1.0, 2.0), ([1, 2], [3, 4])], golden="golden/dist.npz")

``pytest --octave-record`` runs Octave and writes the golden files; ``pytest`` replays them, where there is no Octave
too. Without ``golden=`` Octave runs each time. Paths count from the test file. `octave_port` takes what `compare_port`
takes, fails the test with the report as its message, and returns the report. The fixture `octave` is an
`OctaveSession`, one a worker. In pytest's settings, ``octave_missing = "skip"`` skips tests that need Octave where
there is none (they fail otherwise: a skip hides), ``octave_path`` lists folders for the session's path, and
``octave_time_limit`` is the seconds that one call may take.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

# pytest loads this file in every project of an environment: what costs time is imported where it is used.
if TYPE_CHECKING:
    from courseport.crosscheck.ports.report import PortReport
    from courseport.octave import OctaveSession

_WRITERS = pytest.StashKey[dict[Path, str]]()  # of golden files, the test that has recorded each
_NOTES = "courseport"  # the name of a test's property: xdist hands it to the process that reports


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and settings."""
    group = parser.getgroup("courseport", "ports of Octave functions")
    group.addoption("--octave-record", action="store_true", help="Run Octave, and write or update the golden files.")
    group.addoption("--octave-missing", choices=("skip", "fail"), help="What becomes of tests where Octave is missing.")
    parser.addini("octave_missing", "skip or fail: what becomes of tests where Octave is missing", default="fail")
    parser.addini("octave_path", "folders for Octave's path in the fixture octave", type="paths", default=[])
    parser.addini("octave_time_limit", "seconds that one call of the fixture octave may take", default="60")


@pytest.fixture(scope="session")
def octave(pytestconfig: pytest.Config) -> Iterator[OctaveSession]:
    """One `OctaveSession` for the whole worker; its Octave starts at the first call."""
    from courseport.octave import OctaveNotFoundError, OctaveSession, find_octave  # noqa: PLC0415 - see above

    try:
        find_octave()
    except OctaveNotFoundError as error:
        _tell_missing(pytestconfig, error)
    with OctaveSession(time_limit=float(pytestconfig.getini("octave_time_limit"))) as session:
        for folder in pytestconfig.getini("octave_path"):
            session.addpath(folder)
        yield session


@pytest.fixture
def octave_port(request: pytest.FixtureRequest) -> Callable[..., PortReport]:
    """Compare a port with its Octave function, and fail the test with the report where they disagree."""

    def octave_port(octave: str | Path, python: Any, cases: Any = None, **options: Any) -> PortReport:
        """Compare as `compare_port` does, with paths from the test file's folder; return the report."""
        __tracebackhide__ = True
        try:
            report = _compare(request, octave, python, cases, options)
        except _told() as error:  # without the frames that led there: it is the test's own input that is told
            raise pytest.fail.Exception(str(error)) from None
        if not report.agrees:
            raise AssertionError(str(report))
        return report

    return octave_port


def _compare(
    request: pytest.FixtureRequest, octave: str | Path, python: Any, cases: Any, options: dict[str, Any]
) -> PortReport:
    from courseport.crosscheck.ports.port import compare_port  # noqa: PLC0415 - see above
    from courseport.octave import OctaveNotFoundError  # noqa: PLC0415 - likewise

    __tracebackhide__ = True
    folder = request.path.parent
    if str(octave).endswith(".m"):
        octave = folder / octave
    if isinstance(python, str) and ".py:" in python:
        python = str(folder / python)
    if isinstance(cases, (str, Path)):
        cases = folder / cases
    for name in ("golden", "record"):
        if options.get(name) is not None:
            options[name] = folder / options[name]
    folders = options.get("folders", ())
    options["folders"] = [folder / path for path in ([folders] if isinstance(folders, (str, Path)) else folders)]
    golden: Path | None = options.get("golden")
    update = golden is not None and request.config.getoption("octave_record")
    if golden is not None and update:
        golden.parent.mkdir(parents=True, exist_ok=True)
    try:
        report = compare_port(octave, python, cases, update=update, **options)
    except OctaveNotFoundError as error:
        _tell_missing(request.config, error)
    told = [note for note in report.notes if note.startswith("golden file")]
    if golden is not None and update:
        writers = request.config.stash.setdefault(_WRITERS, {})
        other = writers.setdefault(golden.resolve(), request.node.nodeid)
        if told and other != request.node.nodeid:
            pytest.fail(f"{golden} is recorded by {other}, too, from other cases; each needs a golden file of its own")
    if told:
        here = f"{request.config.rootpath}{os.sep}"
        request.node.user_properties.append((_NOTES, "\n".join(told).replace(here, "")))
    return report


def _told() -> tuple[type[Exception], ...]:
    from courseport._checks import InputError  # noqa: PLC0415 - see above
    from courseport.octave import OctaveError  # noqa: PLC0415 - likewise

    return InputError, OctaveError, OSError, ModuleNotFoundError


def _tell_missing(config: pytest.Config, error: Exception) -> NoReturn:
    __tracebackhide__ = True
    wanted = config.getoption("octave_missing") or config.getini("octave_missing")
    if wanted == "skip":
        raise pytest.skip.Exception(str(error), _use_item_location=True) from None
    told = "" if wanted == "fail" else f"octave_missing must be skip or fail, got {wanted!r}; "
    raise pytest.fail.Exception(f"{told}{error}", pytrace=False) from None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what has changed in golden files, and which are older than their .m files."""
    told = [
        text
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == _NOTES and getattr(report, "when", "") == "call"
    ]
    if told:
        terminalreporter.section("golden files")
        for text in told:
            terminalreporter.write_line(text)
