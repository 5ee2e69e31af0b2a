"""Calls of an Octave function as a port makes them: any .m file, with what lies around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from courseport import _checks
from courseport._files import StrPath
from courseport.crosscheck.ports.recording import Case
from courseport.crosscheck.running.calls import DEFAULTS, Answer, Call, make_calls, octave_program
from courseport.crosscheck.running.limits import Limits
from courseport.crosscheck.running.scratch import scratch
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
    nout: int,
    *,
    setup: str = "",
    folders: Sequence[StrPath] = (),
    limits: Limits = DEFAULTS,
    sources: Mapping[str, bytes] | None = None,
) -> dict[str, list[Answer]]:
    """Call the function with every case, in one process; return the answers under the name "".

    Parameters
    ----------
    nout : int
        Outputs to ask for where a case does not say.
    setup, folders, limits
        As `compare_port` has them.
    sources : dict, optional
        Changed texts of the .m file by their names: then each is called with every case, and the file itself is not.
    """
    own: list[Path] = []
    if function.file is not None:
        folder = function.file.resolve().parent
        own.append(folder)
        while folder.name.startswith(("+", "@")) or folder.name == "private":  # found by its parent
            folder = folder.parent
        own += [folder] if folder not in own else []
    for name in folders:
        if not _checks.path("folders", name).is_dir():
            _checks.fail("folders", "be folders", repr(str(name)))
        own.append(Path(name))
    with scratch() as written:
        places: dict[str, list[tuple[str, Path]]] = {"": []}
        if function.file is not None and function.name != function.file.stem:
            places[""] = [(function.name, function.file)]
        for number, (name, text) in enumerate((sources or {}).items()):
            # Beside the file's private folder, in a folder of its own.
            (written / str(number)).mkdir()
            file = written / str(number) / "changed.m"
            file.write_bytes(text)
            private = function.file.resolve().parent / "private" if function.file else written
            if function.file and private.is_dir():
                (written / str(number) / "private").symlink_to(private)
            places[name] = [(function.name, file)]
        names = [""] if sources is None else list(sources)
        program = octave_program(
            {f"place{number}": places[name] for number, name in enumerate(names)},
            called=(function.name,),
            first=own,
            setup=setup,
        )
        calls = [
            Call(function.name, case.octave, nout if case.nout is None else case.nout, f"place{number}")
            for number in range(len(names))
            for case in cases
        ]
        answers, _ = make_calls(program, calls, limits, patience=PATIENCE)
    size = len(cases)
    return {name: answers[number * size : (number + 1) * size] for number, name in enumerate(names)}
