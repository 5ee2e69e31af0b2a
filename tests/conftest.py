"""Fixtures and settings shared by all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

# One thread for each library's sums, here and in every program that a test starts: on matrices this small a second
# thread only waits, and takes the processor from the tests that run beside it. Before NumPy loads.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import pytest  # noqa: E402 - the threads first
from hypothesis import settings  # noqa: E402

from courseport.octave import OctaveSession  # noqa: E402

ROOT = Path(__file__).parents[1]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell without job control
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))


@pytest.fixture(scope="session")
def octave() -> Iterator[OctaveSession]:
    """One Octave for a whole worker, with octave_reference/ on its path. Its absence is a failure, not a skip.

    After any failure the session starts another Octave by itself, with the same path and no variables.
    """
    with OctaveSession(time_limit=600.0) as session:
        session.addpath(ROOT / "octave_reference")
        yield session


@pytest.fixture
def session() -> Iterator[OctaveSession]:
    """A session of the test's own, to be maltreated."""
    with OctaveSession(time_limit=300.0) as own:
        yield own
