"""A .m file as a submission: its signature read, and the Octave that runs it with its helpers."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import savemat

from courseport.crosscheck.costs.mistakes.formulas import Values
from courseport.crosscheck.costs.submission import NoCostFunctionError, Submission, arguments_of, kinds_of
from courseport.octave.finding import SCRIPTS, find_octave, quoted
from courseport.octave.signature import (
    NoFunctionError,
    Signature,
    plain_name,
    read_signature,
    role_of,
    roles_of,
    without_comments,
)

LARGEST = 4 << 20  # bytes of a .m file
STAND_INS = ("sigmoid", "sigmoidGradient")  # helpers of the exercise: ours run where a file comes without them
_OURS = Path(__file__).with_name("standins")
# What our own script calls while the user's folder is on the path: his functions of these names stay out.
_RESERVED = set(re.findall(r"[a-z]\w*", without_comments((SCRIPTS / "courseport_batch.m").read_text(encoding="utf-8"))))


@dataclass(frozen=True)
class _Files:
    """Where a file's code comes from: what is linked beside it under a name, and the folders given."""

    file: Path
    name: str
    beside: tuple[Path, ...]
    folders: tuple[Path, ...]
    above: bool
    matlab: bool


def octave_submission(
    path: str | os.PathLike[str],
    *,
    call: str | None = None,
    kind: str | None = None,
    folders: Sequence[Path] = (),
    replaced: Sequence[str] = (),
) -> Submission:
    """Return the submission for a .m file; ours stand for the helpers in `replaced`.

    Raises
    ------
    OSError, ValueError
        The file cannot be read, holds no cost function, or its arguments are not understood.
    OctaveNotFoundError
        Octave is not installed.
    """
    find_octave()
    file = Path(path)
    status = file.stat()
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        raise ValueError(f"{file.name} is no .m file: expected a regular file of at most {LARGEST >> 20} MB")
    try:
        signature = read_signature(file)
    except NoFunctionError as error:
        raise NoCostFunctionError(str(error)) from None
    name, outputs = signature.name, signature.outputs
    names, roles = arguments_of(name, signature.inputs, call)
    if call is None and (not outputs or role_of(outputs[0]) == "theta"):
        raise NoCostFunctionError(f"{signature} is no cost function: it returns no J")
    code = file.read_text(encoding="utf-8", errors="replace")
    beside, missing = _helpers(file, name, code, folders, replaced)
    notes = [f"{name}.m is not beside it: ours stood in" for name in missing if name not in replaced]
    if name != file.stem:
        notes.append(f"the file is {file.name} and its function {name}: Octave finds a function by its file's name")
    text = code + "".join(helper.read_text(encoding="utf-8", errors="replace") for helper in beside if helper.is_file())
    matlab = re.search(r"\bsum\s*\(.*,\s*(['\"])all\1\s*\)", text) is not None
    if matlab:
        notes.append("sum(x, 'all') is MATLAB's: Octave does not have it; say sum(x(:))")
    found = _Files(
        file.resolve(),
        name,
        (*beside, *(_OURS / f"{helper}.m" for helper in missing)),
        tuple(folder.resolve() for folder in folders),
        ".." in without_comments(text).replace("...", ""),
        matlab,
    )
    own = [helper.stem for helper in beside if helper.stem in STAND_INS and helper.suffix == ".m"]
    return Submission(
        source=str(path),
        signature=str(signature),
        names=names,
        roles=roles,
        expression=call.strip().rstrip(";") if call else f"{name} ({', '.join(names)})",
        nout=1 if len(outputs) == 1 and outputs[0] != "varargout" else 2,
        kinds=kinds_of(name, roles, kind, without_comments(code)),
        prepare=partial(_prepare, found),
        write=write_cases,
        gradient_name=outputs[1] if len(outputs) > 1 else "grad",
        code=code,
        helpers=tuple(own),
        notes=tuple(notes),
    )


def write_cases(folder: Path, submission: Submission, cases: Sequence[Values], numeric: Sequence[bool]) -> None:
    """Write the request and the cases as MAT files."""
    request = {
        "names": _cell(submission.names),
        "expression": submission.expression,
        "theta": submission.roles.index("theta") + 1.0,
        "nout": float(submission.nout),
        "gradient": submission.gradient_name,
        "count": float(len(cases)),
        "here": str(_here(folder)),
        "helpers": _cell(submission.helpers),
    }
    savemat(folder / "request.mat", request)
    for number, (case, slope) in enumerate(zip(cases, numeric, strict=True), start=1):
        values = _cell([case[role] for role in submission.roles])
        savemat(folder / f"case_{number:03d}.mat", {"values": values, "numeric": float(slope)}, oned_as="column")


def _cell(values: Sequence[Any]) -> NDArray[np.object_]:
    cell = np.empty((1, len(values)), dtype=object)
    for number, value in enumerate(values):
        array = np.asarray(value)
        cell[0, number] = array[:, None] if array.ndim == 1 else value
    return cell


def _here(folder: Path) -> Path:
    """Return where the file lies: two folders deep, for what it looks for above itself."""
    return folder / "above" / "beside" / "here"


def _prepare(found: _Files, folder: Path) -> list[str]:
    """Copy the file under its function's name: that is how Octave finds it, whatever it is called."""
    here = _here(folder)
    here.mkdir(parents=True)
    shutil.copyfile(found.file, here / f"{found.name}.m")
    if found.above:
        _link_folders(found.file.parent.parent, here.parent)
        _link_folders(found.file.parent.parent.parent, here.parent.parent)
    for entry in found.beside:
        if entry.name != f"{found.name}.m":
            (here / entry.name).symlink_to(entry)
    paths = [here]
    for number, target in enumerate((*found.folders, *([_OURS / "matlab"] if found.matlab else []))):
        paths.append(folder / f"path{number}")  # a plain name: addpath takes a colon for the end of one
        paths[-1].symlink_to(target)
    start = (
        f"addpath ({quoted(SCRIPTS)}); courseport_unattended (); addpath ({', '.join(map(quoted, paths))}); "
        f"cd ({quoted(here)}); courseport_batch ({quoted(folder)});"
    )
    return [find_octave(), "--norc", "--no-history", "--no-window-system", "--quiet", "--eval", start]


def _link_folders(folder: Path, into: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not (into / entry.name).exists():
            (into / entry.name).symlink_to(entry)


def _helpers(
    file: Path, name: str, code: str, folders: Sequence[Path], replaced: Sequence[str]
) -> tuple[list[Path], list[str]]:
    """Return what the file needs of its folder, and the helpers of the exercise that are missing there.

    That is what its text names, and what the text of those helpers names in turn: another file there, called max.m or
    numel.m, would be Octave's max to everybody.
    """
    entries: dict[str, list[Path]] = {}
    for entry in file.resolve().parent.iterdir():
        if entry.name != file.name and not entry.name.startswith("."):
            entries.setdefault(entry.stem, []).append(entry)
    words, new, found = set[str](), _words(code), list[Path]()
    while new:
        words |= new
        linked = [e for word in sorted(new) for e in entries.get(word, ()) if _is_needed(e, name, replaced)]
        found += linked
        new = set().union(*(_words(_text(e)) for e in linked)) - words
    found += [e for stem in entries for e in entries[stem] if e.is_dir() and (stem == "private" or stem[0] in "@+")]
    there = {e.stem for e in found if e.suffix == ".m"} | {name}
    there |= {e.stem for folder in (*folders, file.resolve().parent / "private") for e in folder.glob("*.m")}
    there |= set(re.findall(r"function\s[^=\n]*=\s*(\w+)", code))
    missing = [helper for helper in STAND_INS if helper in words and helper not in there]
    return found, missing


def _text(entry: Path) -> str:
    return entry.read_text(encoding="utf-8", errors="replace") if entry.suffix == ".m" and entry.is_file() else ""


def _words(code: str) -> set[str]:
    return set(re.findall(r"[^\W\d]\w*", without_comments(code)))


def _is_needed(entry: Path, name: str, replaced: Sequence[str]) -> bool:
    """Tell whether it is a helper, and no other solution under a student's name."""
    if entry.suffix != ".m" or not entry.is_file():
        return True
    if entry.stem in replaced or entry.stem in _RESERVED:
        return False
    found = _signature(entry, entry.stat().st_mtime_ns)
    if found is None or found.name == entry.stem:
        return True
    return plain_name(found.name) != plain_name(name) and roles_of(found.name, found.inputs) is None


@lru_cache(maxsize=4096)
def _signature(path: Path, _changed: int) -> Signature | None:
    try:
        return read_signature(path)
    except (OSError, ValueError):  # a script, or something else that Octave may still run
        return None
