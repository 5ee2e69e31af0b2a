"""A temporary folder, and the program that runs in it, neither of which outlives this process."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from courseport.octave.reaper import start_reaper


@dataclass(frozen=True)
class Scratch:
    """A folder that is removed, after its program was killed, even where this process is killed itself.

    Attributes
    ----------
    folder : Path
        The folder.
    reaper : binary file
        The pipe to the shell that does so.
    """

    folder: Path
    reaper: IO[bytes]

    @contextlib.contextmanager
    def guarding(self, group: int) -> Iterator[None]:
        """Have the process group `group` killed, should this process end in the body."""
        self._say(str(group))
        try:
            yield
        finally:
            self._say("")

    def _say(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # somebody has killed the shell: there is nothing to be done
            self.reaper.write(f"{line}\n".encode())
            self.reaper.flush()


@contextlib.contextmanager
def scratch() -> Iterator[Scratch]:
    """Make a temporary folder, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="courseport-", ignore_cleanup_errors=True) as name:
        reaper = start_reaper(name)
        assert reaper.stdin is not None  # noqa: S101 - for the type checker: it is a pipe
        try:
            yield Scratch(Path(name), reaper.stdin)
        finally:
            reaper.communicate()
