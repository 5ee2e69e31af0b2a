"""Golden files: what Octave answered, kept in a file, so that a port can be compared where there is no Octave.

A golden file is an .npz or a .mat file that anybody can open: ``case1_input1`` and ``case1_output1`` are arrays of
numbers or one-line texts, and ``about`` is a text in JSON with all the rest. What neither format keeps exactly, such as
a cell, is an array of bytes in the format of `courseport.octave.values`. Nothing is pickled. The same recording gives
the same bytes: no times are in the file. A SHA-256 over all the other bytes tells a file that is damaged.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io
import scipy.sparse

from courseport import __version__, _checks
from courseport._checks import InputError
from courseport._files import MARK, StrPath, atomic_path, output_file, sole_writer
from courseport.crosscheck.ports.conventions import USUAL, Conventions, for_python
from courseport.crosscheck.ports.recording import Case, Recording
from courseport.crosscheck.running.calls import Answer
from courseport.datasets.mat import parse_mat
from courseport.datasets.variables import limit_bytes, read_file
from courseport.octave.values import UNREADABLE, encode, read

FORMAT = 1
SUFFIXES = (".npz", ".mat")
_SEAL = f"{MARK} sha256 ".encode()  # and 64 digits: in a .mat file at the end of its heading, in an .npz at its end
_HEADING = b"MATLAB 5.0 MAT-file ".ljust(116 - len(_SEAL) - 64) + _SEAL
_DIGITS = b"0" * 64
_ZIP = b"PK"
_SPARSE = {
    f"{form}_{kind}": getattr(scipy.sparse, f"{form}_{kind}")
    for form in ("csc", "csr", "coo", "bsr", "dia", "dok", "lil")
    for kind in ("array", "matrix")
}


def write_golden(path: StrPath, recording: Recording, *, force: bool = False) -> None:
    """Write a recording to a golden file; the suffix, .npz or .mat, says in which format.

    Parameters
    ----------
    path : path-like
        A file that courseport has not written is replaced only with `force`.
    recording : Recording
    force : bool
    """
    path = output_file("golden", _golden_path(path), force=force)
    content = golden_bytes(recording, path.suffix)
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)


def update_golden(path: StrPath, recording: Recording, *, force: bool = False) -> list[str]:
    """Write a recording to a golden file where it changes anything; return what has changed, a line each.

    Others that update the same file meanwhile wait. A recording that differs in nothing leaves the file as it is.
    """
    path = _golden_path(path)
    with sole_writer(path, wait=True):
        if not path.exists():
            write_golden(path, recording)
            return [f"new: {len(recording.cases)} cases of {recording.function}, Octave {recording.octave_version}"]
        output_file("golden", path, force=force)
        try:
            told = changes(read_golden(path), recording)
        except InputError as error:
            told = [f"replaces what could not be read: {error}"]
        if told:
            write_golden(path, recording, force=force)
    return told


def golden_bytes(recording: Recording, suffix: str) -> bytes:
    """Return what a golden file holds."""
    entries: dict[str, Any] = {}
    cases = []
    for number, (case, answer) in enumerate(zip(recording.cases, recording.answers, strict=True), start=1):
        kinds: dict[str, list[str]] = {"input": [], "output": []}
        crossed = []
        for side, values in (("input", case.octave), ("output", answer.outputs)):
            for place, given in enumerate(values, start=1):
                # Of the many ways to give Octave a value in Python, the one in which it comes back.
                value = _from_bytes(value_bytes([given], f"{case.name}, {side} {place}"))
                crossed.append(value)
                kind = _kind(value, suffix)
                kinds[side].append(kind)
                kept = value if kind != "bytes" else np.frombuffer(value_bytes([value]), np.uint8)[None, :]
                entries[f"case{number}_{side}{place}"] = kept
        forms = [_form_or_none(*pair) for pair in zip(case.python, crossed[: len(case.octave)], strict=True)]
        told = {"name": case.name, "nout": case.nout, "inputs": kinds["input"], "python": forms}
        said = {"error": answer.error, "where": answer.where}
        cases.append({**told, "outputs": kinds["output"], **{key: text for key, text in said.items() if text}})
    about = {
        "what": f"{MARK}: what Octave answered",
        "format": FORMAT,
        "courseport": __version__,
        "octave": recording.octave_version,
        "function": recording.function,
        "source": Path(recording.source).name,
        "sha256": recording.source_hash,
        "outputs": list(recording.outputs),
        "cases": cases,
    }
    content = (_npz if suffix == ".npz" else _mat)(json.dumps(about, indent=1), entries)
    digits = _digits(content)
    return content[: digits.start] + _checksum(content) + content[digits.stop :]


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
    digits = _digits(content)
    if content[digits] != _checksum(content[: digits.start] + _DIGITS + content[digits.stop :]):
        what = "is damaged, cut short or changed by hand: its checksum is wrong"
        raise InputError(f"{path} {what}; restore it, or record it anew")
    try:
        about, entries = _read_npz(content) if content.startswith(_ZIP) else _read_mat(content)
        found = json.loads(about)
        if found["format"] != FORMAT:
            raise InputError(f"its format is {found['format']}, and this courseport reads {FORMAT}; install a newer one")
        return _recording(found, entries, conventions)
    except KeyError as error:
        raise InputError(f"{path} cannot be read: it has no {error.args[0]}") from error
    except (*UNREADABLE, MemoryError, RuntimeError, zipfile.BadZipFile) as error:
        raise InputError(f"{path} cannot be read: {str(error) or type(error).__name__}") from error


def _recording(about: dict[str, Any], entries: dict[str, Any], conventions: Conventions) -> Recording:
    cases, answers = [], []
    for number, told in enumerate(about["cases"], start=1):
        inputs, outputs = (
            tuple(
                _from_bytes(bytes(kept)) if kind == "bytes" else kept
                for place, kind in enumerate(told[f"{side}s"], start=1)
                for kept in (entries[f"case{number}_{side}{place}"],)
            )
            for side in ("input", "output")
        )
        python = tuple(
            for_python(value, conventions) if form is None else _formed(form, value)
            for form, value in zip(told["python"], inputs, strict=True)
        )
        nout = told["nout"]
        cases.append(Case(str(told["name"]), inputs, python, None if nout is None else int(nout)))
        answers.append(Answer(outputs, str(told.get("error", "")), str(told.get("where", ""))))
    return Recording(
        function=str(about["function"]),
        source=str(about["source"]),
        source_hash=str(about["sha256"]),
        outputs=tuple(map(str, about["outputs"])),
        octave_version=str(about["octave"]),
        cases=tuple(cases),
        answers=tuple(answers),
    )


def _digits(content: bytes) -> slice:
    """Return where the digits of the checksum are; nowhere, if there are none."""
    at = content.rfind(_SEAL) if content.startswith(_ZIP) else content.find(_SEAL, 0, 116)
    return slice(at + len(_SEAL), at + len(_SEAL) + 64) if at >= 0 else slice(0, 0)


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def _golden_path(value: StrPath) -> Path:
    path = _checks.path("golden", value)
    if path.suffix not in SUFFIXES:
        _checks.fail("golden", "be a file whose name ends in .npz or .mat", repr(str(value)))
    return path


def _kind(value: Any, suffix: str) -> str:
    """Return how a value is kept: as numbers, as text, or as bytes where the format would change it."""
    if isinstance(value, str):
        return "text" if value and value.isascii() and value.isprintable() else "bytes"
    kinds = "biufc" if suffix == ".npz" else "biuf"
    return "numbers" if isinstance(value, np.ndarray) and value.dtype.kind in kinds else "bytes"


def _npz(about: str, entries: dict[str, Any]) -> bytes:
    """Return an archive without compression, and with one date: np.load reads it, and git sees what has changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, value in [("about.json", about), *entries.items()]:
            member = io.BytesIO()
            if name == "about.json":
                member.write(about.encode())
            else:
                np.lib.format.write_array(member, np.asarray(value), (1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(name if name == "about.json" else f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same wherever it is written
            archive.writestr(info, member.getvalue())
        archive.comment = _SEAL + _DIGITS
    return stream.getvalue()


def _read_npz(content: bytes) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        # Nothing that we write is packed: no file can take more memory than it has bytes, a few times over.
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise InputError("it holds packed data")
        if sum(member.file_size for member in members) > len(content):
            raise InputError("its parts are larger than the file")
        contents = {member.filename: archive.read(member) for member in members}
        about = contents.pop("about.json")
        return about.decode(), {name.removesuffix(".npy"): _read_array(array) for name, array in contents.items()}


def _read_array(content: bytes) -> Any:
    """Return the array in the bytes of an .npy file; np.load would take the memory its heading asks for."""
    stream = io.BytesIO(content)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise InputError("an array has an unknown heading")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.kind not in "biufcU" or dtype.hasobject:
        raise InputError(f"an array has the dtype {dtype}")
    array = np.frombuffer(content, dtype, offset=stream.tell()).reshape(shape, order="F" if by_columns else "C")
    return str(array) if dtype.kind == "U" else np.array(array, order="F")


def _mat(about: str, entries: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, {"about": about, **entries})
    # SciPy's heading has the time.
    return _HEADING + _DIGITS + stream.getvalue()[116:]


def _read_mat(content: bytes) -> tuple[str, dict[str, Any]]:
    entries = dict(parse_mat(content, limit_bytes()))
    return str(entries.pop("about")), entries


def _form_or_none(value: Any, octave: Any) -> Any:
    """Return what an argument is in Python where Octave's value does not tell it."""
    forms = []
    for given in (value, for_python(octave)):
        try:
            forms.append(_form(given, octave))
        except (TypeError, ValueError):  # such as a DataFrame: Octave's value stands for it
            forms.append(None)
    return None if json.dumps(forms[0]) == json.dumps(forms[1]) else forms[0]


def _form(value: Any, octave: Any) -> Any:  # noqa: PLR0911 - one for each kind of value
    """Return in JSON what an argument is in Python, given what it is in Octave.

    Raises
    ------
    TypeError
        JSON has nothing for it, or Octave's value does not tell its numbers.
    """
    kind = type(value)
    if kind in (bool, float, str):
        return {"plain": value}
    if kind is int:
        return {"int": str(value)}
    if value is None:
        return {"plain": None}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind in (list, tuple):
        return {kind.__name__: [_form(*pair) for pair in zip(value, _parts(octave, len(value)), strict=True)]}
    if kind is dict and all(isinstance(key, str) for key in value):
        return {"dict": [[key, _form(part, _field(octave, key))] for key, part in value.items()]}
    if scipy.sparse.issparse(value) and scipy.sparse.issparse(octave) and value.dtype == octave.dtype:
        return {"sparse": kind.__name__}
    if kind is np.ndarray or isinstance(value, np.generic):
        form = {"scalar" if isinstance(value, np.generic) else "array": list(value.shape), "dtype": value.dtype.str}
        back = _formed(form, octave)
        if np.array(back).tobytes() == np.array(value).tobytes():
            return form
    raise TypeError(f"{kind.__name__} cannot be told")


def _parts(octave: Any, count: int) -> Sequence[Any]:
    """Return the elements of a cell, or of a vector; as many None where it has not so many."""
    inner = octave.ravel(order="F") if isinstance(octave, np.ndarray) else []
    return list(inner) if len(inner) == count else [None] * count


def _field(octave: Any, key: str) -> Any:
    """Return the field of a struct, or of one in an array; None where there is none."""
    names = octave if isinstance(octave, dict) else getattr(getattr(octave, "dtype", None), "names", None) or ()
    return octave[key] if key in names else None


def _formed(form: Any, octave: Any) -> Any:  # noqa: PLR0911 - one for each kind of value
    """Return the argument that `_form` has told."""
    ((kind, told),) = ((kind, told) for kind, told in form.items() if kind != "dtype")
    if kind in ("array", "scalar"):
        numbers = np.asarray(octave)
        if numbers.dtype.kind not in "biufc":
            raise TypeError(f"{numbers.dtype} tells no numbers")
        with np.errstate(all="ignore"):
            array = numbers.astype(np.dtype(form["dtype"])).reshape(told, order="F")
        return array if kind == "array" else array[()]
    if kind in ("list", "tuple"):
        values = [_formed(*pair) for pair in zip(told, _parts(octave, len(told)), strict=True)]
        return tuple(values) if kind == "tuple" else values
    if kind == "dict":
        return {key: _formed(part, _field(octave, key)) for key, part in told}
    if kind == "sparse":
        return _SPARSE[told](octave)
    return int(told) if kind == "int" else complex(*told) if kind == "complex" else told


def _from_bytes(content: bytes) -> Any:
    stream = io.BytesIO(content)
    value = read(stream)
    if stream.read(1):
        raise InputError("there are bytes after a value")
    return value


def value_bytes(values: Sequence[Any], name: str = "the value") -> bytes:
    """Return the bytes of values: equal for equal values only, bit by bit."""
    chunks: list[Any] = []
    for value in values:
        encode(chunks, value, name)
    return b"".join(bytes(chunk.data) for chunk in chunks)


def changes(old: Recording, new: Recording) -> list[str]:
    """Temporary."""
    return [] if old == new else []
