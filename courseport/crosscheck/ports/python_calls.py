"""Calls of a Python function as a port makes them: here, or in a process of its own under limits.

That process is `main`: it imports the function that FOLDER/function.json names, makes the calls that lie in the folder,
and writes each answer to a file of its own.
"""

from __future__ import annotations

import contextlib
import copy
import io
import json
import os
import pickle
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from courseport import _checks
from courseport.crosscheck.ports.conventions import plain
from courseport.crosscheck.ports.recording import Case
from courseport.crosscheck.running.calls import DEFAULTS, Answer, Call, Program, make_calls
from courseport.crosscheck.running.limits import Limits
from courseport.crosscheck.running.loading import answer_calls, find_function

NOT_FOUND = "courseport:import"  # the identifier of an answer where there was no function to call
OLD = (DeprecationWarning, PendingDeprecationWarning)  # of interest to who writes the port, at another time
KEPT_PRINTED = 100_000  # characters
# What a file of answers may be made of: plain values, and nothing that runs anything.
_HARMLESS = {
    ("builtins", "complex"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    ("scipy.sparse._csc", "csc_array"),
    ("courseport.crosscheck.ports.conventions", "Opaque"),
    ("courseport.crosscheck.ports.conventions", "Record"),
    ("courseport.crosscheck.running.calls", "Answer"),
}


def answer_python(function: Callable[..., Any], arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Answer:
    """Call the function with copies of the arguments; `outputs` is what it returned, as one plain value."""
    given, named = copy.deepcopy((list(arguments), dict(keywords)))
    before = _bytes((given, named))
    printed = io.StringIO()
    started = time.perf_counter()
    with warnings.catch_warnings(record=True) as warned, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            returned = function(*given, **named)
            if isinstance(returned, Iterator):
                returned = list(returned)
            answer = Answer((plain(returned),))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the function raises is its answer, sys.exit() too
            kind = type(error).__name__
            answer = Answer(error=f"{kind}: {error}".rstrip(": "), where=_place_of(error), identifier=kind)
    seconds = time.perf_counter() - started
    told = [one for one in warned if not issubclass(one.category, OLD)]
    notes = [f"Python warns: {one.category.__name__}: {one.message}" for one in told]
    if before and before != _bytes((given, named)):
        notes.append("the Python function changes its arguments in place")
    return Answer(
        answer.outputs,
        answer.error,
        answer.where,
        seconds,
        answer.identifier,
        printed.getvalue()[:KEPT_PRINTED],
        tuple(dict.fromkeys(notes)),
    )


def call_python(python: Callable[..., Any] | str, cases: Sequence[Case], limits: Limits = DEFAULTS) -> list[Answer]:
    """Call the Python function with every case: here, or where it is named, in a process of its own."""
    if not isinstance(python, str):
        _checks.function("python", python)
        return [answer_python(python, case.python, case.keywords) for case in cases]
    calls = [Call(python, case.python, keywords=case.keywords) for case in cases]
    return make_calls(function_program(python), calls, limits, patience=3)[0]


def python_name(python: Callable[..., Any] | str) -> str:
    """Return what a report calls the Python function: its module and name, or the text that names it."""
    if isinstance(python, str):
        return python
    name = getattr(python, "__qualname__", type(python).__name__)
    module = getattr(python, "__module__", None)
    return name if module in (None, "__main__", "builtins") else f"{module}.{name}"


def _bytes(value: Any) -> bytes:
    try:
        return pickle.dumps(value)
    except Exception:  # noqa: BLE001 - what cannot be pickled is not watched
        return b""


def _place_of(error: BaseException) -> str:
    """Return the innermost line of the user's own files that the error came through."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [frame for frame in frames if "site-packages" not in frame.filename and not frame.filename.startswith("<")]
    return f"{own[-1].name}, line {own[-1].lineno}" if own else ""


def function_program(python: str) -> Program:
    """Return the Python that makes calls of "module:function", "module:Class.method" or "file.py:function"."""
    here = [str(Path.cwd()), *(str(Path(entry).resolve()) for entry in sys.path if entry)]

    def prepare(folder: Path) -> None:
        (folder / "function.json").write_text(json.dumps({"function": python, "cwd": here[0], "path": here}))
        (folder / "work").mkdir()

    def command(folder: Path) -> list[str]:
        # Not -m: the package has this module loaded already, and Python would warn of that where the user looks.
        start = f"import pathlib, sys; from {__name__} import main; main(pathlib.Path(sys.argv[1]))"
        return [sys.executable, "-c", start, str(folder)]

    def encode(call: Call) -> list[bytes]:
        return [pickle.dumps((call.arguments, dict(call.keywords)))]

    return Program("Python", prepare, command, encode, read_python_answer)


def read_python_answer(stream: IO[bytes]) -> Answer:
    """Return an answer that the process has written: plain values only, whatever else is in the file."""

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            if (module, name) not in _HARMLESS:
                raise ValueError(f"the answer holds {module}.{name}")
            return super().find_class(module, name)

    try:
        answer = Reader(stream).load()
    except (pickle.UnpicklingError, ImportError, MemoryError) as error:
        raise ValueError("no answer") from error
    if not isinstance(answer, Answer):
        raise TypeError("no answer")
    return answer


def main(folder: Path) -> None:
    """Make the calls of the folder that have no answer yet."""
    request = json.loads((folder / "function.json").read_text())
    sys.path[:] = [request["cwd"], *(entry for entry in request["path"] if entry not in sys.path), *sys.path]
    os.chdir(folder / "work")
    function, failed = None, Answer()
    try:
        function = find_function(request["function"], Path(request["cwd"]))
    except _checks.InputError as error:
        failed = Answer(error=str(error), identifier=NOT_FOUND)

    def write_answer(call: Any, stream: IO[bytes]) -> None:
        pickle.dump(failed if function is None else answer_python(function, *call), stream)

    answer_calls(folder, write_answer)
