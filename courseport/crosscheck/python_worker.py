"""The other process: imports somebody's Python cost function, and evaluates the cases of a folder with it.

``python python_worker.py describe|evaluate MODULE FUNCTION FOLDER PATH...``; it imports nothing of this package.
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
    task, module, name, folder, *path = arguments
    sys.path[:] = path  # not this script's own folder, whose modules would hide others
    function = _load(module, name)
    if task == "describe":
        Path(folder, "signature.json").write_text(json.dumps(_arguments(function)))
    else:
        _evaluate_all(function, Path(folder))


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


def _arguments(function: Callable[..., Any]) -> dict[str, bool]:
    """Return the names of the arguments that go by position, and whether they have a default."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    by_position = [p for p in inspect.signature(function).parameters.values() if p.kind in kinds]
    return {p.name: p.default is not inspect.Parameter.empty for p in by_position}


def _evaluate_all(function: Callable[..., Any], folder: Path) -> None:
    request = loadmat(folder / "request.mat", squeeze_me=True)
    for number in range(1, int(request["count"]) + 1):
        case = loadmat(folder / f"case_{number:03d}.mat", struct_as_record=True)
        whole = np.ravel(request["whole"]).astype(bool)
        values = [_argument(*pair, bool(request["column"])) for pair in zip(case["values"].ravel(), whole, strict=True)]
        answer = _evaluate(function, values, int(request["theta"]) - 1, bool(case["numeric"].item()))
        savemat(folder / "part.mat", answer)
        (folder / "part.mat").replace(folder / f"answer_{number:03d}.mat")


def _argument(value: Any, whole: bool, column: bool) -> Any:
    """Return a number as float, a whole number as int, a column as (n,) or, where `column` is set, as (n, 1)."""
    array = np.array(value, dtype=np.int64 if whole else np.float64)
    if array.size == 1 and array.ndim == 2:
        number = array.item()
        return int(number) if number.is_integer() else number
    return array.ravel() if array.shape[1] == 1 and not column else array


def _evaluate(function: Callable[..., Any], values: list[Any], theta: int, numeric: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"message": "", "where": ""}
    values[theta] = values[theta].ravel()
    started = time.perf_counter()
    try:
        returned = function(*values)
        J, grad = returned if isinstance(returned, tuple) and len(returned) == 2 else (returned, None)
        answer["seconds"] = time.perf_counter() - started
        answer |= _stored("J", J) | _stored("grad", grad)
        if numeric and np.size(answer.get("J", ())) == 1:
            answer["slope"] = _slope(function, values, theta)
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its answer
        place = traceback.extract_tb(error.__traceback__)[-1]
        answer["message"] = f"{type(error).__name__}: {error}"
        answer["where"] = f"{place.name}, line {place.lineno}"
    return answer


def _stored(field: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {f"{field}_class": "none"}
    array = np.asarray(value)
    stored = {f"{field}_shape": np.array(array.shape, dtype=np.float64), f"{field}_class": type(value).__name__}
    if array.dtype.kind in "biufc":
        wide = np.complex128 if array.dtype.kind == "c" else np.float64
        stored |= {field: array.astype(wide).ravel(order="F")[:, None], f"{field}_class": "double"}
    return stored


def _slope(function: Callable[..., Any], values: list[Any], theta: int) -> Any:
    def cost(vector: Any) -> float:
        returned = function(*values[:theta], vector, *values[theta + 1 :])
        return float(np.asarray(returned[0] if isinstance(returned, tuple) else returned).item())

    steps = EPSILON * np.eye(values[theta].size)
    return np.array([[(cost(values[theta] + step) - cost(values[theta] - step)) / (2 * EPSILON)] for step in steps])


if __name__ == "__main__":
    main(sys.argv[1:])
