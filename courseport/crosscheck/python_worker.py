"""The other process: imports somebody's Python cost function, and evaluates the cases of a folder with it.

``python python_worker.py describe|evaluate MODULE FUNCTION KEYWORDS FOLDER PATH...``; KEYWORDS are the names that
arguments go by, with commas between; an empty one goes by position. It imports nothing of this package.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat, savemat

EPSILON = 1e-4  # of the central differences


def main(arguments: Sequence[str]) -> None:
    """Do one task, in the folder given."""
    task, module, name, keywords, folder, *path = arguments
    sys.path[:] = path  # not this script's own folder, whose modules would hide others
    function = _load(module, name)
    if task == "describe":
        Path(folder, "signature.json").write_text(json.dumps(_parameters(function)))
    else:
        _evaluate_all(_taking_values(function, keywords.split(",")), Path(folder))


def _load(module: str, name: str) -> Callable[..., Any]:
    if module.endswith(".py"):
        spec = importlib.util.spec_from_file_location(Path(module).stem, Path(sys.path[0], module))
        if spec is None or spec.loader is None:
            raise ImportError(f"{module} cannot be imported")
        loaded = importlib.util.module_from_spec(spec)
        sys.path.insert(0, str(Path(sys.path[0], module).parent))
        spec.loader.exec_module(loaded)
    else:
        loaded = importlib.import_module(module)
    function: Callable[..., Any] = getattr(loaded, name)
    return function


def _parameters(function: Callable[..., Any]) -> list[tuple[str, str, str]]:
    """Return of each parameter its name, its kind, and what its default is: "none", "flag" or "value"."""
    found = []
    for p in inspect.signature(function).parameters.values():
        if p.kind not in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            default = "flag" if isinstance(p.default, (bool, str)) else "value"
            found.append((p.name, p.kind.name, "none" if p.default is inspect.Parameter.empty else default))
    return found


def _taking_values(function: Callable[..., Any], keywords: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    """Return the function of a list of values, some of which go by keyword."""

    def call(values: Sequence[Any]) -> Any:
        pairs = list(zip(keywords, values, strict=True))
        return function(*(v for keyword, v in pairs if not keyword), **{k: v for k, v in pairs if k})

    return call


def _evaluate_all(call: Callable[[Sequence[Any]], Any], folder: Path) -> None:
    request = loadmat(folder / "request.mat", squeeze_me=True)
    names = [str(name) for name in np.ravel(request["names"])]
    for number in range(1, int(request["count"]) + 1):
        case = loadmat(folder / f"case_{number:03d}.mat", struct_as_record=True)
        whole = np.ravel(request["whole"]).astype(bool)
        values = [_argument(*pair, bool(request["column"])) for pair in zip(case["values"].ravel(), whole, strict=True)]
        theta = int(request["theta"]) - 1
        values[theta] = values[theta].ravel()
        answer = _evaluate(call, values, names)
        if case["numeric"].item() and np.size(answer.get("J", ())) == 1:
            answer |= _slope(call, values, theta)
        savemat(folder / "part.mat", answer)
        (folder / "part.mat").replace(folder / f"answer_{number:03d}.mat")


def _argument(value: Any, whole: bool, column: bool) -> Any:
    """Return a number as float, a whole number as int, a column as (n,) or, where `column` is set, as (n, 1)."""
    array = np.array(value, dtype=np.int64 if whole else np.float64)
    if array.size == 1 and array.ndim == 2:
        number = array.item()
        return int(number) if number.is_integer() else number
    return array.ravel() if array.shape[1] == 1 and not column else array


def _evaluate(call: Callable[[Sequence[Any]], Any], values: list[Any], names: Sequence[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {"message": "", "where": ""}
    given = _copies(values)  # the function may change them
    started = time.perf_counter()
    try:
        returned = call(given)
        answer["seconds"] = time.perf_counter() - started
        J, grad = returned if isinstance(returned, tuple) and len(returned) == 2 else (returned, None)
        answer |= _stored("J", J) | _stored("grad", grad)
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its answer
        return answer | _failure(error)
    pairs = zip(names, given, values, strict=True)
    changed = " ".join(name for name, now, before in pairs if not np.array_equal(now, before))
    return answer | ({"changed": changed} if changed else {})


def _copies(values: Sequence[Any]) -> list[Any]:
    return [value.copy() if isinstance(value, np.ndarray) else value for value in values]


def _failure(error: Exception) -> dict[str, Any]:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return {"message": f"{type(error).__name__}: {error}", "where": f"{place.name}, line {place.lineno}"}


def _stored(field: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {f"{field}_class": "none"}
    array = np.asarray(value)
    stored = {f"{field}_shape": np.array(array.shape, dtype=np.float64), f"{field}_class": type(value).__name__}
    if array.dtype.kind in "biufc":
        wide = np.complex128 if array.dtype.kind == "c" else np.float64
        stored |= {field: array.astype(wide).ravel(order="F")[:, None], f"{field}_class": "double"}
    return stored


def _slope(call: Callable[[Sequence[Any]], Any], values: list[Any], theta: int) -> dict[str, Any]:
    def cost(vector: Any) -> float:
        returned = call([*_copies(values[:theta]), vector, *_copies(values[theta + 1 :])])
        return float(np.asarray(returned[0] if isinstance(returned, tuple) else returned).item())

    steps = EPSILON * np.eye(values[theta].size)
    try:
        slope = [[(cost(values[theta] + step) - cost(values[theta] - step)) / (2 * EPSILON)] for step in steps]
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its answer
        return _failure(error)
    return {"slope": np.array(slope)}


if __name__ == "__main__":
    main(sys.argv[1:])
