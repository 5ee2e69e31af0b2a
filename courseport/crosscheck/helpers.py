"""The helpers beside a .m file, without the other solutions there."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from courseport.octave.signature import Signature, plain_name, read_signature, roles_of


def link_helpers(file: Path, name: str, folder: Path) -> Path:
    """Make `folder` with links to what Octave may need of the folder of `file`, whose function is `name`.

    A solution named after a student is left out: called max.m it would be Octave's max to all the others.
    """
    folder.mkdir()
    for entry in file.parent.iterdir():
        if entry != file and not entry.name.startswith(".") and not _is_another_solution(entry, name):
            (folder / entry.name).symlink_to(entry)
    return folder


def _is_another_solution(entry: Path, name: str) -> bool:
    """Tell whether a .m file holds a cost function that has not the file's own name."""
    if entry.suffix != ".m" or not entry.is_file():
        return False
    found = _signature(entry, entry.stat().st_mtime_ns)
    if found is None or found.name == entry.stem:
        return False
    return plain_name(found.name) == plain_name(name) or roles_of(found.name, found.inputs) is not None


@lru_cache(maxsize=4096)
def _signature(path: Path, _changed: int) -> Signature | None:
    try:
        return read_signature(path)
    except (OSError, ValueError):  # a script, or something else that Octave may still run
        return None
