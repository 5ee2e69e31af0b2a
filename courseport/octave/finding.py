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
OLDEST = (6, 1)  # the oldest release whose error stacks have the form this package reads
PATIENCE = 180.0  # seconds for Octave to say its version: a busy machine may need them
INSTALL = "install GNU Octave 6.1 or newer: 'apt install octave', 'brew install octave', or https://octave.org/download"


def find_octave() -> str:
    """Return the path of ``octave-cli``, or of what the environment variable OCTAVE_EXECUTABLE names.

    Raises
    ------
    OctaveNotFoundError
        No Octave on the path, or one that is too old; the message says what to install.
    """
    path = locate_octave()
    check_version(path, octave_version(path))
    return path


def locate_octave() -> str:
    """Return the path of the program that goes by Octave's name, whatever its version."""
    wanted = os.environ.get("OCTAVE_EXECUTABLE")
    for name in (wanted,) if wanted else ("octave-cli", "octave"):
        path = shutil.which(name)
        if path is not None:
            return path
    place = f"OCTAVE_EXECUTABLE={wanted} is no program" if wanted else "no octave-cli on the path"
    raise OctaveNotFoundError(f"GNU Octave was not found ({place}); {INSTALL}")


@cache
def octave_version(path: str) -> str:
    """Return the version of the Octave at `path`, such as ``7.3.0``; empty if it says none."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603 - the program found above
    except subprocess.TimeoutExpired:
        raise OctaveNotFoundError(
            f"{path} did not say its version within {PATIENCE:g} s; is the machine too busy, or this no Octave?"
        ) from None
    except OSError as error:
        raise OctaveNotFoundError(f"{path} could not be started ({error}); {INSTALL}") from None
    match = re.search(r"version (\d+(?:\.\d+)*)", done.stdout)
    return match[1] if match else ""


def check_version(path: str, version: str) -> None:
    """Raise OctaveNotFoundError where the version is too old, or none."""
    if not version:
        raise OctaveNotFoundError(f"{path} did not say which version of Octave it is; {INSTALL}")
    if tuple(map(int, version.split("."))) < OLDEST:
        raise OctaveNotFoundError(f"{path} is Octave {version}, which is too old; {INSTALL}")


def reference_path() -> Path:
    """Return the folder of the Octave functions that are written from the lectures' formulas, for Octave's `addpath`.

    It is ``octave_reference/`` in a clone, and a copy of it in a wheel.
    """
    in_wheel = Path(__file__).parent / "reference"
    return in_wheel if in_wheel.is_dir() else Path(__file__).parents[2] / "octave_reference"


def batch_command(octave: str, code: str) -> list[str]:
    """Return the command that runs Octave code without a terminal, a window and anybody's settings."""
    return [octave, "--norc", "--no-history", "--no-window-system", "--quiet", "--eval", code]


def quoted(path: Path | str) -> str:
    """Return a path, or other text, as Octave code has it: in quotes, those inside it doubled."""
    return "'" + str(path).replace("'", "''") + "'"
