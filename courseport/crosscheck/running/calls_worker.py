"""The other process: makes calls of somebody's Python functions, and writes each answer to a file of its own.

It finds in a folder what `calls.python_program` puts there. A function is one of an assignment, or named as
`loading.find_function` takes it.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import sysconfig
import time
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import numpy as np

from courseport.crosscheck.running.loading import about_versions, answer_calls, find_function, functions_of
from courseport.octave.signature import ROLE_OF, plain_name
from courseport.octave.values import value_bytes


def main(name_of_folder: str) -> None:
    """Make the calls of the folder, in the order of their numbers."""
    folder = Path(name_of_folder)
    request = json.loads((folder / "functions.json").read_text())

    def write_answer(call: Any, stream: IO[bytes]) -> None:
        name, arguments, nout, place, keywords = call
        try:
            if place in request["places"]:
                seconds, outputs = _of_assignment(request, name, arguments, nout, place)
            else:
                seconds, outputs = 0.0, [find_function(name)(*arguments, **keywords)]
            answer = value_bytes([["", "", "", seconds, "", *outputs]], "an output")
        except BaseException as error:  # noqa: BLE001 - whatever the function raises is its answer, sys.exit() too
            kind = type(error).__name__
            told = about_versions(f"{kind}: {error}")
            answer = value_bytes([[told, kind, place_of(error), 0.0, ""]], "the error")
        stream.write(answer)

    answer_calls(folder, write_answer)


def _of_assignment(request: Any, name: str, arguments: Sequence[Any], nout: int, place: str) -> tuple[float, list[Any]]:
    """Call a function of an assignment, with ours in the place of the others or not; return seconds and outputs."""
    own_name, file = next((own, Path(file)) for called, own, file in request["places"][place] if called == name)
    module = functions_of(file)
    with contextlib.nullcontext() if place == "all" else stand_ins(module, own_name):
        return answer_of(getattr(module, own_name), arguments, nout, request["inputs"][name])


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


def place_of(error: BaseException) -> str:
    """Return the innermost line of the user's own files that the error came through."""
    ours = (str(Path(__file__).parents[2]), sysconfig.get_path("stdlib"), sysconfig.get_path("purelib"), "<")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not f.filename.startswith(ours)]
    if not frames:
        return ""
    text = f": {frames[-1].line}" if frames[-1].filename.endswith(".py") else ""
    return f"{frames[-1].name}, line {frames[-1].lineno}{text}"
