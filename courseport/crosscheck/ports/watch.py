"""A function's real calls, taken from its own tests or from a script that uses it: cases that nobody has to write.

Octave runs the tests or the script while a place holder stands for the function. It calls the function and writes down
the arguments and what came of them. A call that the function makes to itself is not written down.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from courseport import _checks
from courseport.crosscheck.ports.conventions import USUAL, Conventions, for_python
from courseport.crosscheck.ports.recording import Case, Recording
from courseport.crosscheck.running.calls import DEFAULTS, Answer, ending, read_answer
from courseport.crosscheck.running.limits import LARGEST_FILE, Limits, run_limited
from courseport.crosscheck.running.scratch import scratch
from courseport.crosscheck.running.stand_ins import write_stand_ins
from courseport.octave.finding import SCRIPTS, find_octave, octave_version, quoted
from courseport.octave.signature import read_signature
from courseport.octave.values import UNREADABLE, encode, read

MOST = 200  # calls that are kept
# A function of the command line comes before any on the path, wherever the code goes. One in a package must be a file.
HOLDER = """function varargout = {name} (varargin)
  mlock ();
  varargout = courseport_record (nargout, varargin);
endfunction
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
    home = source.resolve().parent if is_file else None
    demo = None if script is None else _checks.path("script", script)
    with scratch() as folder:
        tests = f"test ({quoted(source.resolve()) if is_file else quoted(source)}, 'quiet', {quoted(folder / 'log')});"
        code, fallback = (tests, "") if demo is None else _script_code(demo, folder / "log")
        if demo is None and is_file and not _has_tests(content):
            _checks.fail("path", "name a .m file with %! blocks where no script is given", str(source))
        package = [part[1:] for part in home.parts if part.startswith("+")] if home else []
        # Octave finds a package in the folder it is in before any on the path.
        place = (demo or source).resolve().parent if demo or not package else folder
        root = home.parents[len(package) - 1] if home and package else home
        holder = HOLDER.format(name=source.stem)
        if package:
            inside = folder.joinpath("package", *(f"+{part}" for part in package))
            inside.mkdir(parents=True)
            (inside / f"{source.stem}.m").write_text(holder)
        _prepare(folder, [*filter(None, [folder / "package" if package else None, place, root]), *map(Path, folders)])
        called = ".".join([*package, source.stem])
        name_and_place = [source.stem, called, "" if package else holder, str(home or folder), str(place)]
        request = [*name_and_place, setup, code, fallback, most, LARGEST_FILE / 2]
        chunks: list[Any] = []
        encode(chunks, request, "the request")
        (folder / "request").write_bytes(b"".join(chunk.data for chunk in chunks))
        octave = find_octave()
        outcome = run_limited(_command(octave, folder), folder, limits)
        cases, answers = _read_calls(folder, (demo or source).name, conventions)
        notes = _read_notes(folder / "end", len(cases))
        if package and not cases:
            notes.append("a function of a package is not seen where the script's own folder has the package")
        if not (folder / "end").exists():
            notes.append(f"{(demo or source).name}: {ending(outcome, limits)}; the calls until then are kept")
        if (folder / "log").exists():
            failed = (folder / "log").read_text(errors="replace").count("!!!!! test failed")
            what = "test fails" if failed == 1 else "tests fail"
            notes += [f"{failed} {what} in Octave itself"] if failed else []
    outputs: tuple[str, ...] = ()
    if is_file:
        outputs = read_signature(source).outputs
    digest = hashlib.sha256(content).hexdigest() if is_file else ""
    version = octave_version(octave)
    return Recording(
        source.stem, str(source) if is_file else "", digest, outputs, version, cases, answers, tuple(notes)
    )


def _has_tests(content: bytes) -> bool:
    return re.search(rb"^\s*[%#]!(?!\s*demo|shared)\w", content, re.MULTILINE) is not None


def _script_code(script: Path, log: Path) -> tuple[str, str]:
    """Return the code that runs a script, and what is to follow if the function was not called then."""
    if not script.read_bytes().strip():
        _checks.fail("script", "hold Octave code", f"{script}, which is empty")
    tests = f"test ({quoted(script.resolve())}, 'quiet', {quoted(log)});" if _has_tests(script.read_bytes()) else ""
    try:
        signature = read_signature(script)
    except ValueError:
        return f"source ({quoted(script.resolve())});", tests
    # A file of functions alone: the first one is the script, where it needs no arguments.
    call = f"{script.stem} ();" if not set(signature.inputs) - {"varargin"} else ""
    return f"source ({quoted(script.resolve())});", call + tests


def _prepare(folder: Path, on_path: Iterable[Path]) -> None:
    """Put into `folder` what Octave finds on its path: the stand-ins, and links to other folders."""
    (folder / "silent").mkdir()
    write_stand_ins(folder / "silent")
    for number, target in enumerate(dict.fromkeys(on_path)):
        if not target.is_dir():
            _checks.fail("folders", "be folders that exist", str(target))
        # A link: addpath takes a colon in a name for its end.
        (folder / f"path{number:03d}").symlink_to(target.resolve())


def _command(octave: str, folder: Path) -> list[str]:
    found = ", ".join(quoted(path) for path in sorted(folder.glob("path*")))
    start = f"addpath ({quoted(SCRIPTS)}); warning ('off', 'Octave:shadowed-function'); "
    start += f"addpath ({quoted(folder / 'silent')}); addpath ({found}); courseport_watch ({quoted(folder)});"
    return [octave, "--norc", "--no-history", "--no-window-system", "--quiet", "--eval", start]


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


def _read_notes(path: Path, kept: int) -> list[str]:
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
        notes.append(f"it failed{f' in {where}' if where else ''}: {message}; the calls until then are kept")
    if not total:
        notes.append("it did not call the function")
    told = {
        "had the same arguments as an earlier one": same,
        "had the same arguments as an earlier one and gave another answer: random numbers, or something kept": changed,
        f"came after the {kept} that were kept": over,
        "gave no output": silent,
        **Counter(map(str, reasons.ravel())),
    }
    return notes + [f"left out: {count} of {total} calls, which {why}" for why, count in told.items() if count]
