"""The other process: makes calls of somebody's Python functions, and writes each answer to a file of its own.

``python -m courseport.crosscheck.running.calls_worker FOLDER``, with what `calls.python_program` puts there. Of a
module or a notebook only the imports, the functions and the plain constants are run: a script's plots and trainings are
not wanted.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import pickle
import sys
import time
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from courseport.octave.signature import ROLE_OF, plain_name
from courseport.octave.values import encode

KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def main(folder: Path) -> None:
    """Make the calls of the folder that have no answer yet."""
    request = json.loads((folder / "functions.json").read_text())
    for path in sorted(folder.glob("call_*")):
        answer = folder / path.name.replace("call", "answer")
        if answer.exists():
            continue
        name, arguments, nout, place, _ = pickle.loads(path.read_bytes())  # noqa: S301 - the parent process has written it
        functions = {called: (own, Path(file)) for called, own, file in request["places"][place]}
        own_name, file = functions[name]
        chunks: list[Any] = []
        try:
            module = load(file)
            with contextlib.nullcontext() if place == "all" else stand_ins(module, own_name):
                seconds, outputs = answer_of(getattr(module, own_name), arguments, nout, request["inputs"][name])
            encode(chunks, ["", "", "", seconds, "", *outputs], "an output")
        except BaseException as error:  # noqa: BLE001 - whatever the function raises is its answer, sys.exit() too
            chunks = []
            kind = type(error).__name__
            encode(chunks, [f"{kind}: {error}", kind, place_of(error, file), 0.0, ""], "the error")
        (folder / "part").write_bytes(b"".join(chunk.data for chunk in chunks))
        (folder / "part").replace(answer)


@contextlib.contextmanager
def stand_ins(module: types.ModuleType, called: str) -> Iterator[None]:
    """Put ours in the place of a module's other graded functions, each taking its arguments as theirs does."""
    parts = import_module("courseport.crosscheck.grade.assignments").by_function()
    kept = {
        name: value
        for name, value in module.__dict__.items()
        if inspect.isfunction(value) and name != called and plain_name(name) in parts
    }
    for name, theirs in kept.items():
        part = parts[plain_name(name)]
        module.__dict__[name] = _stand_in(theirs, part.ours, part.inputs)
    try:
        yield
    finally:
        module.__dict__.update(kept)


def _stand_in(theirs: Callable[..., Any], ours: Callable[..., Any], inputs: Sequence[str]) -> Callable[..., Any]:
    def function(*arguments: Any, **named: Any) -> Any:
        bound = inspect.signature(theirs).bind(*arguments, **named)
        bound.apply_defaults()
        given = list(bound.arguments.values())
        values = {place: given[number] for number, place in enumerate(order_of(theirs, inputs)) if place >= 0}
        flat = any(np.ndim(value) == 1 for value in given)
        columns = [
            np.reshape(value, (-1, 1)) if np.ndim(value) == 1 and len(inputs) > 1 else value
            for _, value in sorted(values.items())
        ]
        outputs = [np.ravel(one) if flat and np.ndim(one) == 2 and len(one.T) == 1 else one for one in ours(*columns)]
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    return function


_LOADED: dict[Path, types.ModuleType] = {}


def load(file: Path) -> types.ModuleType:
    """Return the functions of a module or notebook; an import that fails is left out, and told where it is used."""
    if file in _LOADED:
        return _LOADED[file]
    module = types.ModuleType(file.stem)
    module.__file__ = str(file)
    _LOADED[file] = module
    sys.modules.setdefault(file.stem, module)
    if str(file.parent) not in sys.path:
        sys.path.insert(0, str(file.parent))
    for node in ast.parse(source_of(file), str(file)).body:
        if isinstance(node, KEPT) or (isinstance(node, ast.Assign) and _is_plain(node.value)):
            try:
                exec(compile(ast.Module([node], []), str(file), "exec"), module.__dict__)  # noqa: S102 - it is what is asked for
            except Exception:  # noqa: BLE001, S112 - a missing plotting package must not hide the functions
                continue
    return module


def _is_plain(value: ast.expr) -> bool:
    """Tell whether a value is a constant, a list of them, another name of something, or a lambda."""
    if isinstance(value, (ast.Lambda, ast.Name, ast.Attribute)):
        return True
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


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


def answer_of(
    function: Callable[..., Any], arguments: Sequence[Any], nout: int, inputs: Sequence[str]
) -> tuple[float, list[Any]]:
    """Return the seconds it took and the outputs; `inputs` names the arguments in the order they come in."""
    values = [np.copy(value) if isinstance(value, np.ndarray) else value for value in arguments]
    started = time.perf_counter()
    returned = function(*(values[place] if place >= 0 else 0.0 for place in order_of(function, inputs)))
    return time.perf_counter() - started, _outputs(returned, nout)


def order_of(function: Callable[..., Any], inputs: Sequence[str]) -> list[int]:
    """Return the arguments' places in the function's own order, where it takes the same names; else as they come.

    A lambda that is not given has the place -1.
    """
    parameters = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    required = [parameter for parameter in parameters if parameter.default is parameter.empty]
    wanted = [_plain(name) for name in inputs]
    for count in (len(inputs), len(inputs) + 1):
        names = [_plain(parameter.name) for parameter in parameters[:count]]
        if len(required) <= count and sorted(names) == sorted([*wanted, *["lambda"] * (count - len(inputs))]):
            return [wanted.index(name) if name in wanted else -1 for name in names]
    if len(required) > len(inputs) or len(parameters) < len(inputs):
        given = ", ".join(parameter.name for parameter in parameters)
        raise TypeError(f"it takes ({given}); the assignment gives it ({', '.join(inputs)})")
    return list(range(len(inputs)))


def _plain(name: str) -> str:
    """Return what an argument's name stands for, in small letters and without underscores."""
    plain = ROLE_OF.get(name.lower(), name).lower().replace("_", "")
    return {
        "iterations": "numiters",
        "iters": "numiters",
        "niters": "numiters",
        "lr": "alpha",
        "degree": "p",
        "learningrate": "alpha",
    }.get(plain, plain)


def _outputs(returned: Any, nout: int) -> list[Any]:
    """Return the outputs as arrays of numbers, as many as were set."""
    several = isinstance(returned, tuple) or (isinstance(returned, list) and nout > 1)
    outputs = list(returned) if several else [returned]
    numbers: list[Any] = []
    for value in outputs[:nout]:
        if value is None:
            break
        array = np.asarray(value)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)
        if array.dtype.kind not in "biufc":
            raise TypeError(f"it returned {type(value).__name__}, not numbers")
        numbers.append(array.astype(np.complex128 if array.dtype.kind == "c" else np.float64))
    return numbers


def place_of(error: BaseException, file: Path) -> str:
    """Return the last line of the user's files that the error came through."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == file.parent
    ]
    return f"{frames[-1].name}, line {frames[-1].lineno}" if frames else ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
