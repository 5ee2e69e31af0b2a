"""A .m file as a submission: its signature read, and the Octave that runs it with its helpers."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.submission import NoCostFunctionError, Submission, arguments_of, kinds_of
from courseport.crosscheck.running.calls import Call, octave_program
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
    helpers = [(entry.stem if entry.suffix == ".m" else entry.name, entry) for entry in beside if entry.stem != name]
    helpers += [(helper, _OURS / f"{helper}.m") for helper in missing]
    program = octave_program(
        {"all": [(name, file.resolve()), *helpers]},
        called=[name],
        first=[*folders, *([_OURS / "matlab"] if matlab else [])],
    )
    if ".." in without_comments(text).replace("...", ""):
        program = program._replace(prepare=partial(_prepare_above, program.prepare, file.resolve()))
    expression = call.strip().rstrip(";") if call else f"{name} ({', '.join(names)})"
    return Submission(
        source=str(path),
        signature=str(signature),
        names=names,
        roles=roles,
        nout=1 if len(outputs) == 1 and outputs[0] != "varargout" else 2,
        kinds=kinds_of(name, roles, kind, without_comments(code)),
        program=program,
        call=partial(_evaluation, expression),
        gradient_name=outputs[1] if len(outputs) > 1 else "grad",
        code=code,
        helpers=tuple(helper.stem for helper in beside if helper.stem in STAND_INS and helper.suffix == ".m"),
        notes=tuple(notes),
    )


def _evaluation(expression: str, submission: Submission, case: Case, again: bool) -> Call:
    """Return the call that evaluates a case."""
    values = [case.values[role] for role in submission.roles]
    arguments = (
        submission.nout,
        submission.gradient_name,
        submission.names,
        values,
        submission.roles.index("theta") + 1,
    )
    return Call("courseport_evaluate", (expression, *arguments, case.numeric, again))


def _prepare_above(prepare: Callable[[Path], None], file: Path, folder: Path) -> None:
    """Put links to the folders above the file there too, for what it looks for in them."""
    prepare(folder)
    for above, place in ((file.parent.parent, folder / "code"), (file.parent.parent.parent, folder)):
        for entry in above.iterdir():
            if entry.is_dir() and not (place / entry.name).exists():
                (place / entry.name).symlink_to(entry)


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
    found += [e for stem in entries for e in entries[stem] if e.is_dir() and stem[0] in "@+"]
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
    if entry.stem in replaced:
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
