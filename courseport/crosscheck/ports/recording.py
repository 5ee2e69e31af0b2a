"""What an Octave function was called with, and what it gave: the one form that every comparison of a port starts from.

Cases become a recording by running Octave, a recording becomes a golden file, and a golden file is a recording again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from courseport.crosscheck.running.calls import Answer
from courseport.octave.signature import without_comments


class Case(NamedTuple):
    """One call of both functions.

    Attributes
    ----------
    name : str
        What the report calls it, such as "case 3" or "demo.m, call 2".
    octave : tuple
        The arguments as Octave gets them: values of `courseport.octave.values`.
    python : tuple
        The same arguments as the Python function gets them.
    nout : int or None
        Outputs asked for; None for as many as both functions have.
    keywords : dict
        The arguments that the Python function gets by their names, besides `python`.
    """

    name: str
    octave: tuple[Any, ...]
    python: tuple[Any, ...]
    nout: int | None = None
    keywords: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Recording:
    """The calls of one Octave function.

    Attributes
    ----------
    function : str
        Its name.
    source : str
        The path of its .m file, as it was given; empty for one of Octave's own.
    source_hash : str
        SHA-256 of the .m file, in hexadecimal; empty where there is none.
    outputs : tuple of str
        The names of the outputs it declares; empty where they are not known.
    octave_version : str
        The Octave that was asked.
    cases : tuple of Case
    answers : tuple of Answer
        One for each case: the outputs, or the error.
    notes : tuple of str
        What else is to be told of how it came about, such as calls that were left out.
    helpers : mapping
        By their paths from the .m file's folder, the SHA-256 of the .m files beside it that it calls.
    """

    function: str
    source: str
    source_hash: str
    outputs: tuple[str, ...]
    octave_version: str
    cases: tuple[Case, ...]
    answers: tuple[Answer, ...]
    notes: tuple[str, ...] = ()
    helpers: Mapping[str, str] = field(default_factory=dict)


def hashes_of(file: Path | None) -> tuple[str, dict[str, str]]:
    """Return the SHA-256 of a .m file, and those of its helpers; nothing of one of Octave's own functions."""
    return ("", {}) if file is None else (hashlib.sha256(file.read_bytes()).hexdigest(), helpers_of(file))


def helpers_of(path: Path) -> dict[str, str]:
    """Return the SHA-256 of each .m file beside `path`, or in private/, whose name is a word in it, or in one of them.

    Git may change the ends of lines: they count as Unix has them.
    """
    folder = path.parent
    beside = {file.stem: file for place in (folder, folder / "private") for file in place.glob("*.m") if file.is_file()}
    beside.pop(path.stem, None)
    found: dict[str, str] = {}
    unread = [path]
    while unread:
        content = unread.pop().read_bytes().replace(b"\r\n", b"\n")
        for word in set(re.findall(r"[A-Za-z_]\w*", without_comments(content.decode("latin-1")))):
            file = beside.pop(word, None)
            if file is not None:
                unix = file.read_bytes().replace(b"\r\n", b"\n")
                found[file.relative_to(folder).as_posix()] = hashlib.sha256(unix).hexdigest()
                unread.append(file)
    return dict(sorted(found.items()))
