"""Finding a usable Octave: the program on the path, and its version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from courseport.octave.errors import OctaveNotFoundError

SCRIPTS = Path(__file__).parent / "scripts"  # .m files of our own
OLDEST = (6, 1)  # the oldest release whose error stacks and MAT files have the form this package reads
INSTALL = "install GNU Octave 6.1 or newer: 'apt install octave', 'brew install octave', or https://octave.org/download"


def find_octave() -> str:
    """Return the path of ``octave-cli``, or of what the environment variable OCTAVE_EXECUTABLE names.

    Raises
    ------
    OctaveNotFoundError
        No Octave on the path, or one that is too old; the message says what to install.
    """
    wanted = os.environ.get("OCTAVE_EXECUTABLE")
    for name in (wanted,) if wanted else ("octave-cli", "octave"):
        path = shutil.which(name)
        if path is not None:
            _check_version(path)
            return path
    place = f"OCTAVE_EXECUTABLE={wanted} is no program" if wanted else "no octave-cli on the path"
    raise OctaveNotFoundError(f"GNU Octave was not found ({place}); {INSTALL}")


@cache
def octave_version(path: str) -> tuple[int, ...]:
    """Return the version of the Octave at `path`, such as (7, 3, 0)."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - the program found above
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OctaveNotFoundError(f"{path} could not be started ({error}); {INSTALL}") from None
    match = re.search(r"version (\d+(?:\.\d+)*)", done.stdout)
    if match is None:
        raise OctaveNotFoundError(f"{path} did not say which version of Octave it is; {INSTALL}")
    return tuple(map(int, match[1].split(".")))


def _check_version(path: str) -> None:
    version = octave_version(path)
    if version < OLDEST:
        raise OctaveNotFoundError(f"{path} is Octave {'.'.join(map(str, version))}, which is too old; {INSTALL}")


def reference_path() -> Path:
    """Return the folder of the Octave functions that are written from the lectures' formulas, for Octave's `addpath`.

    It is ``octave_reference/`` in a clone, and a copy of it in a wheel.
    """
    in_wheel = Path(__file__).parent / "reference"
    return in_wheel if in_wheel.is_dir() else Path(__file__).parents[2] / "octave_reference"
