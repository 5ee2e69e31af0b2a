"""Finding what somebody has handed in: the functions of an assignment, in whatever files and folders they are."""

from __future__ import annotations

import ast
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from courseport.crosscheck.grade.assignments import ASSIGNMENTS
from courseport.crosscheck.grade.parts import Part
from courseport.crosscheck.running.loading import source_of
from courseport.octave.signature import plain_name, read_signature

# Functions that two assignments have, or that an assignment brings along: they do not tell which assignment it is.
_COMMON = {"sigmoid", "predict", "featurenormalize"}
_FUNCTIONS = {
    exercise: {plain_name(part.function): part.function for part in parts} for exercise, parts in ASSIGNMENTS.items()
}
_TELLING = {exercise: set(functions) - _COMMON for exercise, functions in _FUNCTIONS.items()}
DEEPEST = 5  # folders below the one that is given
UNPACKED = 1 << 28  # bytes of a zip file's contents


@dataclass(frozen=True)
class Submission:
    """An assignment as it was handed in.

    Attributes
    ----------
    exercise : str
        "ex1", ...
    folder : Path
        Where its files are.
    language : str
        "octave" or "python".
    functions : dict
        By the assignment's name of a function, the name in the file and the file.
    helpers : tuple of Path
        Further .m files beside them.
    """

    exercise: str
    folder: Path
    language: str
    functions: dict[str, tuple[str, Path]]
    helpers: tuple[Path, ...] = field(default=())


def find_submissions(folder: Path, exercise: str | None = None) -> list[Submission]:
    """Return the assignments in a folder and the folders below it, in their order.

    Octave and Python files of one assignment in one folder are two submissions. Where an assignment is there more than
    once, all of them are returned.
    """
    found = [
        submission
        for place in _folders(folder)
        for submission in (*_octave(place, exercise), *_python(place, exercise))
    ]
    return sorted(found, key=lambda submission: (submission.exercise, submission.folder))


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip file as learning platforms hand them out, files of interest only.

    Raises
    ------
    ValueError
        If it is no zip file, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(archive) as file:
            wanted = [
                info
                for info in file.infolist()
                if not info.is_dir()
                and Path(info.filename).suffix.lower() in (".m", ".py", ".ipynb", ".zip")
                and "__MACOSX" not in info.filename
            ]
            if sum(info.file_size for info in wanted) > UNPACKED:
                raise ValueError(f"{archive} unpacks to more than {UNPACKED >> 20} MB")
            for info in wanted:
                inner = Path(file.extract(info, folder))  # it keeps what is unpacked inside of the folder
                if inner.suffix.lower() == ".zip":
                    unpack(inner, inner.with_suffix(""))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise ValueError(f"{archive} cannot be unpacked: {error}") from None


def _folders(folder: Path, depth: int = DEEPEST) -> Iterator[Path]:
    yield folder
    if depth > 0:
        for inner in sorted(folder.iterdir()):
            hidden = inner.name.startswith((".", "__"))
            if inner.is_dir() and not hidden and not inner.is_symlink():
                yield from _folders(inner, depth - 1)


def _octave(folder: Path, exercise: str | None) -> Iterator[Submission]:
    files = sorted(path for path in folder.iterdir() if path.suffix == ".m" and path.is_file())
    candidates = [(*_signature(path), path) for path in files]
    for name in _exercises({plain_name(function) for function, _, _ in candidates}, exercise):
        functions = {
            part.function: ("", found) for part in ASSIGNMENTS[name] if (found := _best(part, candidates)) is not None
        }
        used = {file for _, file in functions.values()}
        yield Submission(name, folder, "octave", functions, tuple(path for path in files if path not in used))


def _signature(path: Path) -> tuple[str, int]:
    """Return the name of the function in a .m file, or of the file where it defines none, and its arguments' number."""
    try:
        signature = read_signature(path)
    except (ValueError, OSError):
        return path.stem, -1
    return signature.name, len(signature.inputs)


def _best(part: Part, candidates: Sequence[tuple[str, int, Path]]) -> Path | None:
    """Return the file of a part's function: one that is called as it is before a copy, such as "sigmoid (1).m"."""
    plain = plain_name(part.function)
    # Two assignments have a predict, which their arguments tell apart.
    found = [
        (name != part.function, plain_name(path.stem) != plain, len(path.name), path)
        for name, count, path in candidates
        if plain_name(name) == plain and (plain != "predict" or count in (-1, len(part.inputs)))
    ]
    return min(found)[-1] if found else None


def _python(folder: Path, exercise: str | None) -> Iterator[Submission]:
    candidates = [
        (name, count, path)
        for path in sorted(folder.iterdir())
        if path.suffix in (".py", ".ipynb") and path.is_file()
        for name, count in _definitions(path)
    ]
    for name in _exercises({plain_name(function) for function, _, _ in candidates}, exercise):
        functions = {}
        for part in ASSIGNMENTS[name]:
            plain = plain_name(part.function)
            # The last definition counts, as in Python; one with the assignment's own spelling before all others.
            found = [
                (function == part.function, number, (function, path))
                for number, (function, count, path) in enumerate(candidates)
                if plain_name(function) == plain and (plain != "predict" or count == len(part.inputs))
            ]
            if found:
                functions[part.function] = max(found)[-1]
        yield Submission(name, folder, "python", functions)


def _definitions(path: Path) -> list[tuple[str, int]]:
    """Return the functions at the top of a module or notebook, with the number of their arguments."""
    try:
        tree = ast.parse(source_of(path))
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, RecursionError, MemoryError):
        return []
    functions = [(node.name, node.args) for node in tree.body if isinstance(node, ast.FunctionDef)]
    lambdas = [
        (target.id, node.value.args)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    return [(name, len(arguments.args)) for name, arguments in functions + lambdas]


def _exercises(names: set[str], wanted: str | None) -> Sequence[str]:
    """Return the assignments that functions with these plain names belong to."""
    if wanted is not None:
        return [wanted] if names & set(_FUNCTIONS[wanted]) else []
    return [exercise for exercise, telling in _TELLING.items() if names & telling]


def student_of(path: Path) -> str:
    """Return the name that a folder or zip file stands for, without what a learning platform adds."""
    name = path.name.removesuffix(".zip")
    return re.sub(r"_(assignsubmission_file_?|\d{5,}_assignsubmission\w*)$", "", name) or name
