"""Golden files: what Octave answered, kept in a file, so that a port can be compared where there is no Octave.

A golden file is an .npz or a .mat file that anybody can open: ``case1_input1`` and ``case1_output1`` are values, and
``about`` is a text in JSON with all the rest: Octave's version, the .m file's name and SHA-256, each case's name.
The same recording gives the same bytes: no times are in the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from courseport import __version__, _checks
from courseport._checks import InputError
from courseport._files import MARK, StrPath, atomic_path, output_file, sole_writer
from courseport.crosscheck.ports.archive import BROKEN, SUFFIXES, from_bytes, is_whole, pack, unpack
from courseport.crosscheck.ports.arguments import python_arguments, python_forms
from courseport.crosscheck.ports.changes import case_key, changes
from courseport.crosscheck.ports.conventions import USUAL, Conventions
from courseport.crosscheck.ports.recording import Case, Recording, helpers_of
from courseport.crosscheck.running.calls import NO_ANSWER, Answer
from courseport.datasets.variables import read_file
from courseport.octave.values import value_bytes

FORMAT = 1
_SAID = ("error", "where", "identifier", "printed")  # of an answer


def write_golden(path: StrPath, recording: Recording, *, force: bool = False) -> None:
    """Write a recording to a golden file; the suffix, .npz or .mat, says in which format.

    Parameters
    ----------
    path : path-like
        A file that courseport has not written is replaced only with `force`.
    recording : Recording
    force : bool
    """
    path = output_file("golden", golden_path(path), force=force)
    content = golden_bytes(recording, path.suffix)
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def update_golden(path: StrPath, recording: Recording, *, force: bool = False) -> list[str]:
    """Write a recording to a golden file where it changes anything; return what has changed, a line each.

    Others that update the same file meanwhile wait. A recording that differs in nothing leaves the file as it is.
    """
    path = golden_path(path)
    # Workers of xdist may record one file side by side.
    with sole_writer(path, wait=True):
        if not path.exists():
            write_golden(path, recording)
            return [f"new: {counted(recording)}, Octave {recording.octave_version}"]
        output_file("golden", path, force=force)
        try:
            told = changes(read_golden(path), recording)
        except InputError as error:
            told = [f"replaces what could not be read: {error}"]
        if told:
            write_golden(path, recording, force=force)
    return told


def counted(recording: Recording) -> str:
    """Return in words how many cases of which function there are."""
    count = len(recording.cases)
    return f"{count} case{'' if count == 1 else 's'} of {recording.function}"


def golden_bytes(recording: Recording, suffix: str) -> bytes:
    """Return what a golden file holds: answers and errors of Octave's, and no process that was ended."""
    for case, answer in zip(recording.cases, recording.answers, strict=True):
        if answer.identifier == NO_ANSWER:
            raise InputError(f"golden must hold Octave's answers, and {case.name} has none: {answer.error}")
    values: dict[str, Any] = {}
    cases = []
    for number, (case, answer) in enumerate(zip(recording.cases, recording.answers, strict=True), start=1):
        crossed: dict[str, list[Any]] = {}
        for side, given in (("input", case.octave), ("output", answer.outputs)):
            # Of the many ways to give Octave a value in Python, the one in which it comes back.
            crossed[side] = [
                from_bytes(value_bytes([value], f"{case.name}, {side} {place}"))
                for place, value in enumerate(given, start=1)
            ]
            values |= {f"case{number}_{side}{place}": value for place, value in enumerate(crossed[side], start=1)}
        told = {"name": case.name, "nout": case.nout, "inputs": len(case.octave), "outputs": len(answer.outputs)}
        told |= python_forms(case, crossed["input"])
        # The times of the calls are left out: they are never the same.
        told |= {key: getattr(answer, key) for key in _SAID if getattr(answer, key)}
        cases.append({**told, "notes": answer.notes})
    about = {
        "what": f"{MARK}: what Octave answered",
        "format": FORMAT,
        "courseport": __version__,
        "octave": recording.octave_version,
        "function": recording.function,
        "source": Path(recording.source).name,
        "sha256": recording.source_hash,
        "helpers": dict(recording.helpers),
        "outputs": recording.outputs,
        "notes": recording.notes,
        "cases": cases,
    }
    return pack(json.dumps(about, indent=1), values, suffix)


def read_golden(path: StrPath, conventions: Conventions = USUAL) -> Recording:
    """Return the recording in a golden file.

    Parameters
    ----------
    path : path-like
    conventions : Conventions
        How arguments come to Python that were recorded from Octave's own code.

    Raises
    ------
    OSError
        The file cannot be opened.
    """
    path = _checks.path("golden", path)
    content = read_file(path)
    if MARK.encode() not in content[:4096] + content[-128:]:
        raise InputError(f"{path} is no golden file: courseport has not written it")
    if not is_whole(content):
        what = "is damaged, cut short or changed by hand: its checksum is wrong"
        raise InputError(f"{path} {what}; restore it, or record it anew")
    try:
        about, values = unpack(content)
        found = json.loads(about)
        if found["format"] != FORMAT:
            raise InputError(
                f"it has format {found['format']}, and this courseport reads {FORMAT}; a newer one may read it"
            )
        return _recording(found, values, conventions)
    except KeyError as error:
        raise InputError(f"{path} cannot be read: it has no {error.args[0]}") from error
    except BROKEN as error:
        raise InputError(f"{path} cannot be read: {str(error) or type(error).__name__}") from error


def _recording(about: dict[str, Any], values: dict[str, Any], conventions: Conventions) -> Recording:
    cases, answers = [], []
    for number, told in enumerate(about["cases"], start=1):
        inputs, outputs = (
            tuple(values[f"case{number}_{side}{place}"] for place in range(1, told[f"{side}s"] + 1))
            for side in ("input", "output")
        )
        nout = None if told["nout"] is None else int(told["nout"])
        python, keywords = python_arguments(told, inputs, conventions)
        cases.append(Case(str(told["name"]), inputs, python, nout, keywords))
        said: dict[str, Any] = {key: str(told.get(key, "")) for key in _SAID}
        answers.append(replace(Answer(outputs, notes=tuple(map(str, told["notes"]))), **said))
    return Recording(
        function=str(about["function"]),
        source=str(about["source"]),
        source_hash=str(about["sha256"]),
        outputs=tuple(map(str, about["outputs"])),
        octave_version=str(about["octave"]),
        cases=tuple(cases),
        answers=tuple(answers),
        notes=tuple(map(str, about["notes"])),
        helpers={str(name): str(hashed) for name, hashed in about["helpers"].items()},
    )


def replay(
    golden: StrPath, octave: StrPath, cases: Sequence[Case] | None, conventions: Conventions
) -> tuple[Recording, tuple[str, ...]]:
    """Return the recording in a golden file, and what is to be told of it: that the .m file has changed since.

    Parameters
    ----------
    golden : path-like
    octave : path-like
        The .m file or the function it must be of. The file need not be there.
    cases : sequence of Case or None
        The cases it must hold; None for those that it holds.
    conventions
        As `compare_port` has them.
    """
    if not Path(golden).exists():
        _checks.fail(
            "golden",
            "be a golden file that is there; `courseport record`, or crosscheck --update, makes it",
            str(golden),
        )
    recording = read_golden(golden, conventions)
    source = Path(octave)
    if recording.function not in (str(octave), source.stem):
        _checks.fail("golden", f"be a recording of {source.stem}", f"one of {recording.function}, {golden}")
    if cases is not None:
        theirs = [case_key(case)[0] for case in recording.cases]
        ours = [case_key(case)[0] for case in cases]
        if theirs != ours:
            other = next((k for k, pair in enumerate(zip(theirs, ours, strict=False), 1) if pair[0] != pair[1]), None)
            what = f"{len(theirs)} cases" if len(theirs) != len(ours) else f"other arguments in case {other}"
            _checks.fail(
                "golden",
                f"hold the {len(ours)} cases that are given; record it anew, for them alone",
                f"{what}, {golden}",
            )
        recording = replace(recording, cases=tuple(cases))
    notes = list(recording.notes)
    if source.suffix == ".m" and not source.is_file():
        notes.append(f"golden file {golden}: whether {source} has changed since is not known, for it is not there")
    elif source.suffix == ".m":
        now = helpers_of(source)
        changed = [] if is_source(recording, source.read_bytes()) else [source.name]
        changed += [name for name in sorted({*now, *recording.helpers}) if now.get(name) != recording.helpers.get(name)]
        if changed:
            they = f"{', '.join(changed)}, which {'have' if len(changed) > 1 else 'has'} changed since"
            notes.append(f"golden file {golden}: it is older than {they}; record it anew")
    return recording, tuple(notes)


def is_source(recording: Recording, content: bytes) -> bool:
    """Tell whether a .m file is the recorded one; git may have changed the ends of its lines."""
    unix = content.replace(b"\r\n", b"\n")
    known = (content, unix, unix.replace(b"\n", b"\r\n"))
    return recording.source_hash in [hashlib.sha256(text).hexdigest() for text in known]


def golden_path(value: StrPath) -> Path:
    """Return the path of a golden file that is to be written, whose name says its format."""
    path = _checks.path("golden", value)
    if path.suffix not in SUFFIXES:
        _checks.fail("golden", "be a file whose name ends in .npz or .mat", repr(str(value)))
    return path
