"""Calls of an Octave function as a port makes them: any .m file, with what lies around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from courseport import _checks
from courseport._files import StrPath
from courseport.crosscheck.ports.recording import Case
from courseport.crosscheck.running.calls import DEFAULTS, Answer, Call, make_calls, octave_program
from courseport.crosscheck.running.limits import Limits
from courseport.octave.signature import Signature, read_signature

PATIENCE = 3  # processes that one function may end before its other cases are given up


@dataclass(frozen=True)
class OctaveFunction:
    """An Octave function that can be called: its name there, its file (None for Octave's own), and what it declares."""

    name: str
    file: Path | None
    signature: Signature | None

    @property
    def declared_outputs(self) -> int:
        """How many outputs to ask for where nobody says: those it declares, 1 where that is not known."""
        declared = len([name for name in self.outputs if name != "varargout"])
        return declared or int(self.signature is None or bool(self.outputs))

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs it declares; empty where they are not known."""
        return self.signature.outputs if self.signature else ()


def find_octave_function(octave: StrPath) -> OctaveFunction:
    """Return the function in a .m file, or one of Octave's own by its name.

    Raises
    ------
    NoFunctionError
        The file is a script, a class, or empty.
    """
    path = _checks.path("octave", octave)
    if path.suffix != ".m":
        if not str(octave).replace(".", "_").isidentifier():
            _checks.fail("octave", "be the path of a .m file, or the name of one of Octave's functions", repr(octave))
        return OctaveFunction(str(octave), None, None)
    if not path.is_file():
        _checks.fail("octave", "be the path of a .m file", f"{str(octave)!r}, which is no file")
    signature = read_signature(path)
    return OctaveFunction(path.stem if path.stem.isidentifier() else signature.name, path, signature)


def call_octave(
    function: OctaveFunction,
    cases: Sequence[Case],
    nout: int | Sequence[int],
    *,
    setup: str = "",
    folders: Sequence[StrPath] = (),
    limits: Limits = DEFAULTS,
) -> list[Answer]:
    """Call the function with every case, in one process.

    Parameters
    ----------
    nout : int or sequence of int
        Outputs to ask for where a case does not say: of all cases, or of each.
    setup, folders, limits
        As `compare_port` has them.
    """
    files = []
    if function.file is not None and function.name != function.file.stem:
        files = [(function.name, function.file)]
    asked = [nout] * len(cases) if isinstance(nout, int) else nout
    calls = [
        Call(function.name, case.octave, number if case.nout is None else case.nout)
        for case, number in zip(cases, asked, strict=True)
    ]
    program = octave_program({"all": files}, called=(function.name,), first=folders_of(function, folders), setup=setup)
    return make_calls(program, calls, limits, patience=PATIENCE)[0]


def folders_of(function: OctaveFunction, folders: Sequence[StrPath] = ()) -> list[Path]:
    """Return the folders that the function needs on the path: its own, its package's parent, and the given ones."""
    own: list[Path] = []
    if function.file is not None:
        folder = function.file.resolve().parent
        own += dict.fromkeys((folder, found_by(folder)))
    return own + checked_folders(folders)


def found_by(folder: Path) -> Path:
    """Return the folder by which Octave finds the functions of one: of packages, classes and private/ the one above."""
    while folder.name.startswith(("+", "@")) or folder.name == "private":
        folder = folder.parent
    return folder


def checked_folders(folders: Sequence[StrPath]) -> list[Path]:
    """Return the paths of folders that are there."""
    for name in folders:
        if not _checks.path("folders", name).is_dir():
            _checks.fail("folders", "be folders", repr(str(name)))
    return [Path(name) for name in folders]
