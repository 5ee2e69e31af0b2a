"""Python functions by the text that names them, in the process that calls them.

``module:function``, ``file.py:function``, ``notebook.ipynb:function`` or ``module:Class.method``: a method is called on
``Class()``. Imports nothing heavy: a process starts with it.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import json
import pickle
import platform
import re
import sys
import types
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO, Any

from courseport import _checks

KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
_OLD_NUMPY = re.compile(r"module 'numpy' has no attribute '(\w+)'|`?np\.(\w+)`? was (?:removed|a deprecated)")
_NUMPY_ENDED = {"asscalar": "1.23", "alen": "1.23", "int": "1.24", "float": "1.24", "bool": "1.24", "object": "1.24"}


def answer_calls(folder: Path, write_answer: Callable[[Any, IO[bytes]], None]) -> None:
    """Make the calls that lie in a folder, in the order of their numbers; each answer is there whole or not at all."""
    for path in sorted(folder.glob("call_*")):
        call = pickle.loads(path.read_bytes())  # noqa: S301 - the parent process has written it
        with (folder / "part").open("wb") as stream:
            write_answer(call, stream)
        (folder / "part").replace(folder / path.name.replace("call", "answer"))


@cache
def find_function(reference: str, folder: Path = Path()) -> Callable[..., Any]:
    """Import a function; files are looked for in `folder`.

    Raises
    ------
    InputError
        There is none, or importing it fails; the message says why.
    """
    where, colon, name = reference.rpartition(":")
    if not colon or not where or not all(part.isidentifier() for part in name.split(".")):
        _checks.fail("a Python function", "be named as module:function or file.py:function", repr(reference))
    try:
        value: Any = load(where, folder)
    except (Exception, SystemExit) as error:  # a module does at its import what it likes
        raise _checks.InputError(f"{where} could not be imported: {_why(error)}") from error
    for part in name.split("."):
        owner, value = value, getattr(value, part, None)
        if value is None:
            raise _checks.InputError(f"{where} has no function {name}")
        if inspect.isclass(owner) and inspect.isfunction(inspect.getattr_static(owner, part)):
            try:
                value = getattr(owner(), part)  # a method needs an object of its class
            except Exception as error:
                raise _checks.InputError(f"{owner.__name__}() failed: {_why(error)}") from error
    if not callable(value):
        raise _checks.InputError(f"{name} in {where} is no function")
    return value  # type: ignore[no-any-return] # it was just seen to be one


@cache
def load(where: str, folder: Path = Path()) -> types.ModuleType:
    """Import a module by its name, or a .py file; of a notebook only what defines something is run."""
    if where.endswith(".ipynb"):
        return functions_of(Path(folder, where).resolve())
    if not where.endswith(".py"):
        return importlib.import_module(where)
    file = Path(folder, where).resolve()
    package, names = file.parent, [file.stem]
    while (package / "__init__.py").exists():  # by its name there, so that its relative imports are found
        names.insert(0, package.name)
        package = package.parent
    _look_in(package)
    if len(names) > 1:
        return importlib.import_module(".".join(names))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError("it is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(file.stem, module)
    spec.loader.exec_module(module)
    return module


@cache
def functions_of(file: Path) -> types.ModuleType:
    """Return the functions of a module or notebook, without running its plots and trainings.

    Only imports, functions, classes and plain constants are run; an import that fails is told where it is used.
    """
    module = types.ModuleType(file.stem)
    module.__file__ = str(file)
    sys.modules.setdefault(file.stem, module)
    _look_in(file.parent)
    for node in ast.parse(source_of(file), str(file)).body:
        if isinstance(node, KEPT) or (isinstance(node, ast.Assign) and _is_plain(node.value)):
            try:
                exec(compile(ast.Module([node], []), str(file), "exec"), module.__dict__)  # noqa: S102 - it is what is asked for
            except Exception:  # noqa: BLE001, S112 - a missing plotting package must not hide the functions
                continue
    return module


def source_of(file: Path) -> str:
    """Return the code of a module or of a notebook's code cells, without the lines that are IPython's."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if file.suffix != ".ipynb":
        return text
    sources = []
    for cell in json.loads(text)["cells"]:
        if cell.get("cell_type") == "code":
            code = "\n".join(
                line for line in "".join(cell["source"]).splitlines() if not line.lstrip().startswith(("%", "!", "?"))
            )
            try:
                ast.parse(code)
            except SyntaxError:
                continue  # an unfinished cell hides itself alone
            sources.append(code)
    return "\n\n".join(sources)


def about_versions(words: str) -> str:
    """Return an error's words; where it comes of a name that NumPy no longer has, say since when."""
    match = _OLD_NUMPY.search(words)
    if match is None:
        return words
    name = match[1] or match[2]
    version = importlib.import_module("numpy").__version__
    return f"np.{name} ended with NumPy {_NUMPY_ENDED.get(name, 'an older version')}, and this is NumPy {version}"


def _why(error: BaseException) -> str:
    """Say in one line why an import has failed, and where in the user's file."""
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        old = "print" in (error.text or "") and "parentheses" in str(error)
        why = f"it is Python 2 ({error.msg}), and this is Python {platform.python_version()}" if old else error.msg
        return f"SyntaxError: line {error.lineno}: {why}: {(error.text or '').strip()[:80]}"
    if isinstance(error, ModuleNotFoundError):
        return f"{words} (it is neither installed nor beside the file)"
    return about_versions(words)


def _look_in(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _is_plain(value: ast.expr) -> bool:
    """Tell whether a value is a constant, a list of them, another name of something, or a lambda."""
    if isinstance(value, (ast.Lambda, ast.Name, ast.Attribute)):
        return True
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True
