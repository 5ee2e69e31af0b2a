"""Fixtures and settings shared by all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

# One thread for each library's sums, here and in every program that a test starts: on matrices this small a second
# thread only waits, and takes the processor from the tests that run beside it. Before NumPy loads.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import pytest  # noqa: E402 - the threads first
from hypothesis import settings  # noqa: E402

from courseport._files import MARK  # noqa: E402
from courseport.octave import OctaveSession  # noqa: E402

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell without job control
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["pytester"]
if not entry_points(group="pytest11", name="courseport"):  # an installation made before there was one
    pytest_plugins += ["courseport.integrations.pytest_plugin"]

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are made, but not rendered, which takes a second for each command: not they are asked about here."""

    def save(_: object, path: Path, **_options: object) -> None:
        path.write_bytes(b"\x89PNG" + MARK.encode())

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", save)


@pytest.fixture
def session() -> Iterator[OctaveSession]:
    """A session of the test's own, to be maltreated."""
    with OctaveSession(time_limit=300.0) as own:
        yield own
