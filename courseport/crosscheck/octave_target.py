"""A .m file as a target: its signature read, and the Octave that runs it with its helpers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from courseport.crosscheck.helpers import link_helpers
from courseport.crosscheck.targets import Target, arguments_of, kind_of
from courseport.octave.finding import SCRIPTS, find_octave
from courseport.octave.signature import read_signature


def octave_target(
    path: str | os.PathLike[str], *, call: str | None = None, kind: str | None = None, folders: Sequence[Path] = ()
) -> Target:
    """Return the target for a .m file.

    Raises
    ------
    OSError, ValueError
        The file cannot be read, is a script, or its arguments are not understood.
    OctaveNotFoundError
        Octave is not installed.
    """
    find_octave()
    file = Path(path)
    signature = read_signature(file)
    name = signature.name
    names, roles = arguments_of(name, signature.inputs, call)
    notes = []
    if name != file.stem:
        notes.append(f"the file is {file.name} and its function {name}: Octave finds a function by its file's name")
    return Target(
        source=str(path),
        signature=str(signature),
        names=names,
        roles=roles,
        expression=call.strip().rstrip(";") if call else f"{name} ({', '.join(names)})",
        nout=1 if len(signature.outputs) == 1 and signature.outputs[0] != "varargout" else 2,
        kind=kind_of(name, roles, kind),
        prepare=partial(_prepare_octave, file.resolve(), name, tuple(folder.resolve() for folder in folders)),
        gradient_name=signature.outputs[1] if len(signature.outputs) > 1 else "grad",
        code=file.read_text(encoding="utf-8", errors="replace"),
        notes=tuple(notes),
    )


def _prepare_octave(file: Path, name: str, folders: tuple[Path, ...], folder: Path) -> list[str]:
    """Copy the file under its function's name: that is how Octave finds it, whatever it is called."""
    code, work = folder / "code", folder / "work"
    code.mkdir()
    work.mkdir()
    shutil.copyfile(file, code / f"{name}.m")
    if (file.parent / "private").is_dir():
        (code / "private").symlink_to(file.parent / "private")
    path = ", ".join(map(_quoted, (code, link_helpers(file, name, folder / "helpers"), *_linked(folders, folder))))
    start = (
        f"addpath ({_quoted(SCRIPTS)}); courseport_unattended (); addpath ({path}); "
        f"cd ({_quoted(work)}); courseport_batch ({_quoted(folder)});"
    )
    return [find_octave(), "--norc", "--no-history", "--no-window-system", "--quiet", "--eval", start]


def _linked(folders: tuple[Path, ...], folder: Path) -> list[Path]:
    """Return links to `folders` by plain names: addpath takes a colon for the end of one."""
    links = [folder / f"path{number}" for number in range(len(folders))]
    for link, target in zip(links, folders, strict=True):
        link.symlink_to(target)
    return links


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
