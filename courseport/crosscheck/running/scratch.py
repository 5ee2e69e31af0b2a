"""A temporary folder that does not outlive this process, even where it is killed."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from courseport.octave.reaper import start_reaper


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Make a temporary folder, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="courseport-", ignore_cleanup_errors=True) as name:
        reaper = start_reaper(name)
        try:
            yield Path(name)
        finally:
            reaper.communicate()
