"""Writing files atomically: a reader sees the old file or the new one, never half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_path(target: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside `target` to write to; on success it takes the target's place in one step.

    The temporary file keeps the target's suffix, because several writers choose the format by it. It is flushed to
    the disk before it takes its place, and removed when the body raises.
    """
    target = Path(target)
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(_mode_of_new_files())
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _mode_of_new_files() -> int:
    """Return the mode open() would give a new file; mkstemp makes them private."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
