"""A function's real calls, taken from its own tests or from a script that uses it: cases that nobody has to write.

Octave runs the tests or the script while a place holder stands for the function. It calls the function and writes down
the arguments and what came of them. A call that the function makes to itself is not written down.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

from courseport import _checks
from courseport.crosscheck.ports.conventions import USUAL, Conventions, for_python
from courseport.crosscheck.ports.octave_calls import checked_folders, found_by
from courseport.crosscheck.ports.recording import Case, Recording, hashes_of
from courseport.crosscheck.ports.scripts import has_tests, script_code
from courseport.crosscheck.running.calls import DEFAULTS, Answer, ending, read_answer
from courseport.crosscheck.running.limits import LARGEST_FILE, Limits, run_limited, scratch
from courseport.crosscheck.running.stand_ins import write_stand_ins
from courseport.octave.finding import SCRIPTS, batch_command, find_octave, octave_version, quoted
from courseport.octave.signature import read_signature
from courseport.octave.values import UNREADABLE, read, value_bytes

MOST = 200  # calls that are kept
MOST_LINKS = 5000  # of the entries in a folder
HOLDER = """function varargout = {name} (varargin)
  varargout = courseport_record (nargout, varargin);
end
"""


def watch(
    path: str | os.PathLike[str],
    script: str | os.PathLike[str] | None = None,
    *,
    folders: Sequence[str | os.PathLike[str]] = (),
    setup: str = "",
    limits: Limits = DEFAULTS,
    conventions: Conventions = USUAL,
    most: int = MOST,
) -> Recording:
    """Record the calls that a script, or the function's own ``%!`` blocks, make of an Octave function.

    Both may plot and ask for input: nothing is shown, and an empty answer given. A script that fails half way, or takes
    too long, still gives the calls made until then, and a note.

    Parameters
    ----------
    path : path-like
        The .m file of the function, or the name of one of Octave's own.
    script : path-like, optional
        An Octave script that uses the function; it runs in its own folder.
    folders : sequence of path-like
        Folders with functions that either needs.
    setup : str
        Octave code that is run first, such as ``pkg load statistics``.
    limits : Limits
        The time and memory that Octave may take.
    conventions : Conventions
        How the arguments come to the Python function.
    most : int
        Calls that are kept; of calls with the same arguments only the first is.

    Raises
    ------
    OSError
        A file cannot be read.
    ValueError
        The function has no ``%!`` blocks, where no script is given.
    """
    most = _checks.whole_number("most", most, 1)
    source = _checks.path("path", path)
    is_file = source.suffix == ".m" or source.exists()
    if not re.fullmatch(r"[A-Za-z_]\w*", source.stem) or (not is_file and source.suffix):
        _checks.fail("path", "name a .m file, or a function, whose name Octave can call", str(source))
    content = source.read_bytes() if is_file else b""
    if script is None and is_file and not has_tests(content):
        _checks.fail("path", "name a .m file with %! blocks where no script is given", str(source))
    demo = None if script is None else _checks.path("script", script)
    if demo is not None and not demo.read_bytes().strip():
        _checks.fail("script", "hold Octave code", f"{demo}, which is empty")
    name = (demo or source).name
    further = checked_folders(folders)
    octave = find_octave()
    with scratch() as own:
        tree = own / "tree"
        home, place = _set_up(own, tree, source if is_file else None, demo, source.stem, further)
        if demo is not None:
            code, fallback = script_code(tree / demo.resolve().relative_to("/"), own / "log")
        else:
            file = quoted(source.resolve()) if is_file else f"file_in_loadpath ('{source}.m', 'all'){{end}}"
            code, fallback = f"test ({file}, 'quiet', {quoted(own / 'log')});", ""
        where = [source.stem, str(home), str(own / "holder"), str(place)]
        request = [*where, setup, code, fallback, most, LARGEST_FILE / 2]
        (own / "request").write_bytes(value_bytes([request], "the request"))
        outcome = run_limited(_command(octave, own), own, limits)
        cases, answers = _read_calls(own, name, conventions)
        notes = _read_notes(own / "end", name, len(cases))
        if not (own / "end").exists():
            notes.append(f"{name}: {ending('Octave', outcome, limits)}; the calls until then are kept")
        if (own / "log").exists():
            failed = (own / "log").read_text(errors="replace").count("!!!!! test failed")
            what = "test fails" if failed == 1 else "tests fail"
            notes += [f"{failed} {what} in Octave itself"] if failed else []
    hashed, helpers = hashes_of(source if is_file else None)
    return Recording(
        source.stem,
        str(source) if is_file else "",
        hashed,
        read_signature(source).outputs if is_file else (),
        octave_version(octave),
        cases,
        answers,
        tuple(notes),
        helpers,
    )


def _set_up(
    own: Path, tree: Path, source: Path | None, demo: Path | None, name: str, folders: Sequence[Path]
) -> tuple[Path, Path]:
    """Make the place holder and the folders of the path; return the function's folder, and the one to run in."""
    (own / "holder").mkdir()
    (own / "silent").mkdir()
    write_stand_ins(own / "silent")
    seen_from = [file.resolve().parent for file in (source, demo) if file is not None]
    _mirror(tree, seen_from)
    holder = own / "holder" / f"{name}.m" if source is None else tree / source.resolve().relative_to("/")
    holder.unlink(missing_ok=True)
    holder.write_text(HOLDER.format(name=name))
    in_tree = list(map(found_by, seen_from))
    if source is not None:
        (own / "last").symlink_to(in_tree[0])
    for number, folder in enumerate([*(folder.resolve() for folder in folders), *in_tree]):
        # A link: addpath takes a colon in a name for its end. A folder with the function is that with the holder.
        target = tree / folder.relative_to("/") if folder in in_tree else folder
        (own / f"path{number:03d}").symlink_to(target)
    home = own if source is None else seen_from[0]
    return home, tree / seen_from[-1].relative_to("/") if seen_from else own


def _mirror(tree: Path, folders: Sequence[Path]) -> None:
    """Make a tree that looks like the file system seen from these folders, two levels up.

    They, and those they lie in, are folders of their own, in which a file can be replaced; all else are links. So a
    script finds the place holder by every relative path, and whatever it writes beside itself goes with the tree.
    """
    near = {one for folder in folders for one in (folder, *folder.parents[:2])}
    for folder in sorted({one for seen_from in folders for one in (seen_from, *seen_from.parents)}):
        inside = tree / folder.relative_to("/")
        inside.unlink(missing_ok=True)
        inside.mkdir(parents=True, exist_ok=True)
        if folder in near:
            with contextlib.suppress(PermissionError), os.scandir(folder) as entries:
                for entry in islice(entries, MOST_LINKS):
                    (inside / entry.name).symlink_to(entry.path)


def _command(octave: str, own: Path) -> list[str]:
    first = ", ".join(quoted(path) for path in [*sorted(own.glob("path*")), own / "silent"])
    start = f"addpath ({quoted(SCRIPTS)}); warning ('off', 'Octave:shadowed-function'); addpath ({first}); "
    if (own / "last").exists():  # only of a folder on its path does Octave know the private functions
        start += f"addpath ({quoted(own / 'last')}, '-end'); "
    start += f"courseport_watch ({quoted(own)});"
    return batch_command(octave, start)


def _read_calls(folder: Path, name: str, conventions: Conventions) -> tuple[tuple[Case, ...], tuple[Answer, ...]]:
    """Return the calls that were written down, in their order."""
    cases, answers = [], []
    for path in sorted(folder.glob("call_*")):
        requests: list[Any] = []

        def read_call(stream: IO[bytes], requests: list[Any] = requests) -> Answer:
            requests.append(read(stream).ravel())
            message, identifier, *outputs = read(stream).ravel()
            where, seconds, printed = read(stream).ravel()
            return Answer(tuple(outputs), str(message), str(where), seconds.item(), str(identifier), str(printed))

        answer = read_answer(path, read_call)
        if requests:
            nout, *arguments = requests[0]
            asked = max(int(nout.item()), len(answer.outputs))  # without nargout there may be one: ans
            python = tuple(for_python(value, conventions) for value in arguments)
            cases.append(Case(f"{name}, call {int(path.name[5:])}", tuple(arguments), python, asked))
            answers.append(answer)
    return tuple(cases), tuple(answers)


def _read_notes(path: Path, name: str, kept: int) -> list[str]:
    """Return in words what was left out, and how the code failed."""
    if not path.exists():
        return []
    try:
        with path.open("rb") as stream:
            message, where, numbers, reasons = read(stream).ravel()
        total, same, changed, over, silent = map(int, numbers.ravel())
    except UNREADABLE:
        return ["what was recorded cannot be read whole"]
    notes = []
    if message:
        told = " ".join(str(message).split())[:300]
        notes.append(f"{name} failed{f' in {where}' if where else ''}: {told}; the calls until then are kept")
    if not total:
        notes.append(f"{name} did not call the function")
    reasons_of = {
        "the arguments of an earlier one": same,
        "the arguments of an earlier one, with another answer (random numbers, or a memory of calls)": changed,
        f"beyond the {kept} that were kept": over,
        "no output": silent,
        **Counter(map(str, reasons.ravel())),
    }
    return notes + [f"{count} of {total} calls left out: {why}" for why, count in reasons_of.items() if count]
