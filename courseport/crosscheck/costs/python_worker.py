"""The other process: imports somebody's Python cost function, and evaluates the cases of a folder with it.

``python python_worker.py describe|evaluate MODULE FUNCTION KEYWORDS FOLDER PATH...``; FUNCTION is one name or two, of J
and of the gradient, and may be Class.method; KEYWORDS are the names that arguments go by, with commas between; an empty
one goes by position. It imports nothing of this package.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import pickle
import platform
import re
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

EPSILON = 1e-4  # of the central differences
MATRIX = "its gradient is np.matrix, with two dimensions: SciPy takes np.asarray(grad).ravel()"
# Names of a module's own data, for functions that take theta alone.
_DATA = {
    "X": ("X", "X_train", "x_train"),
    "y": ("y", "Y", "y_train"),
    "lambda": ("lambda_", "lam", "Lambda", "lmbda", "reg", "reg_lambda"),
    "input_layer_size": ("input_layer_size",),
    "hidden_layer_size": ("hidden_layer_size",),
    "num_labels": ("num_labels",),
}
_OLD_NUMPY = re.compile(r"module 'numpy' has no attribute '(\w+)'|`?np\.(\w+)`? was (?:removed|a deprecated)")


def main(arguments: Sequence[str]) -> None:
    """Do one task, in the folder given."""
    task, module, name, keywords, folder, *path = arguments
    sys.path[:] = path  # not this script's own folder, whose modules would hide others
    try:
        loaded, functions = _load(module, name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the import raises is told
        sys.stdout.flush()
        raise SystemExit(_import_failure(error)) from None
    if task == "describe":
        Path(folder, "signature.json").write_text(json.dumps(_description(loaded, functions[0])))
    else:
        _evaluate_all([_taking_values(function, keywords.split(",")) for function in functions], Path(folder))


def _load(module: str, names: str) -> tuple[Any, list[Callable[..., Any]]]:
    if module.endswith(".py"):
        file = Path(sys.path[0], module)
        spec = importlib.util.spec_from_file_location(file.stem, file)
        if spec is None or spec.loader is None:
            raise ImportError(f"{module} cannot be imported")
        loaded = importlib.util.module_from_spec(spec)
        sys.path.insert(0, str(file.parent))
        sys.modules.setdefault(file.stem, loaded)
        spec.loader.exec_module(loaded)
    else:
        loaded = importlib.import_module(module)
    found = []
    for name in names.split(","):
        owner, _, method = name.rpartition(".")
        holder: Any = loaded
        for part in owner.split(".") if owner else ():
            holder = getattr(holder, part)
        if inspect.isclass(holder) and inspect.isfunction(inspect.getattr_static(holder, method)):
            holder = holder()  # a method needs an object of its class
        found.append(getattr(holder, method))
    return loaded, found


def _import_failure(error: BaseException) -> str:
    """Say in one line why the import has failed, and where in the user's file."""
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        old = "print" in (error.text or "") and "parentheses" in str(error)
        why = f"it is Python 2 ({error.msg}), and this is Python {platform.python_version()}" if old else error.msg
        return f"SyntaxError: line {error.lineno}: {why}: {(error.text or '').strip()[:80]}"
    if isinstance(error, ModuleNotFoundError):
        return f"{words} (it is neither installed nor beside the file)"
    return _about_versions(words)


def _about_versions(words: str) -> str:
    """Add to an error that comes of old NumPy's names where they ended."""
    match = _OLD_NUMPY.search(words)
    if match is None:
        return words
    name = match[1] or match[2]
    ended = {"asscalar": "1.23", "alen": "1.23", "int": "1.24", "float": "1.24", "bool": "1.24", "object": "1.24"}
    return f"np.{name} ended with NumPy {ended.get(name, 'an older version')}, and this is NumPy {np.__version__}"


def _description(loaded: Any, function: Callable[..., Any]) -> dict[str, Any]:
    """Return the parameters, each with its name, its kind and its default; the text; and the module's own data."""
    found = []
    for p in inspect.signature(function).parameters.values():
        if p.kind not in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            default = "flag" if isinstance(p.default, (bool, str)) else "value"
            found.append((p.name, p.kind.name, "none" if p.default is inspect.Parameter.empty else default))
    try:
        code = inspect.getsource(function)
    except (OSError, TypeError):
        code = ""
    data: dict[str, Any] = {}
    for role, names in _DATA.items():
        values = [getattr(loaded, name) for name in names if hasattr(loaded, name)]
        numbers = [np.asarray(value) for value in values if isinstance(value, (np.ndarray, int, float, list))]
        if numbers and numbers[0].dtype.kind in "biuf" and numbers[0].size < 1_000_000:
            data[role] = numbers[0].tolist()
    return {"parameters": found, "code": code, "data": data}


def _taking_values(function: Callable[..., Any], keywords: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    """Return the function of a list of values, some of which go by keyword."""

    def call(values: Sequence[Any]) -> Any:
        pairs = list(zip(keywords, values, strict=True))
        return function(*(v for keyword, v in pairs if not keyword), **{k: v for k, v in pairs if k})

    return call


def _evaluate_all(calls: Sequence[Callable[[Sequence[Any]], Any]], folder: Path) -> None:
    request = pickle.loads((folder / "request.pickle").read_bytes())  # noqa: S301 - written by the parent
    theta = request["theta"]
    for number, values in enumerate(request["cases"], start=1):
        shapes = request["shapes"][number - 1]
        answer = _evaluate(calls, values, request["names"], shapes)
        if number == 1 and not answer["message"]:
            again = _evaluate(calls, values, request["names"], shapes)
            answer["repeats"] = str(int(all(_same(answer.get(f), again.get(f)) for f in ("J", "grad"))))
        if request["numeric"][number - 1] and np.size(answer.get("J", ())) == 1:
            answer |= _slope(calls[0], values, theta, shapes)
        part = folder / "part.txt"
        part.write_text("".join(f"{field}\t{_text(value)}\n" for field, value in answer.items()) + "end\t\n")
        part.replace(folder / f"answer_{number:03d}.txt")


def _text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return " ".join(map(repr, value.tolist()))
    return " ".join(str(value).split())


def _same(a: Any, b: Any) -> bool:
    if a is None or b is None:
        return a is b
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-9, atol=0.0, equal_nan=True))


def _evaluate(
    calls: Sequence[Callable[[Sequence[Any]], Any]], values: list[Any], names: Sequence[str], shapes: Any
) -> dict[str, Any]:
    answer: dict[str, Any] = {"message": "", "where": ""}
    given = _copies(values)  # the function may change them
    started = time.perf_counter()
    try:
        returned = tuple(call(given) for call in calls) if len(calls) > 1 else calls[0](given)
        answer["seconds"] = time.perf_counter() - started
        J, grad, remark = _taken(returned, shapes)
        answer |= {**_stored("J", J, shapes), **_stored("grad", grad, shapes), "remark": remark}
    except (Exception, RecursionError) as error:  # noqa: BLE001 - whatever the function raises is its answer
        return answer | _failure(error)
    pairs = zip(names, given, values, strict=True)
    changed = " ".join(name for name, now, before in pairs if not _unchanged(now, before))
    return answer | ({"changed": changed} if changed else {})


def _unchanged(now: Any, before: Any) -> bool:
    if isinstance(before, list):
        return len(now) == len(before) and all(map(np.array_equal, now, before))
    return np.array_equal(now, before)


def _taken(returned: Any, shapes: Any) -> tuple[Any, Any, str]:  # noqa: PLR0911 - a return for each way they come
    """Return J, the gradient and a remark on how they came: alone, in a list, as matrices, with more behind them."""
    size = sum(rows * columns for rows, columns in shapes)
    if isinstance(returned, dict):
        keys = {str(key).lower(): value for key, value in returned.items()}
        J = next((keys[k] for k in ("j", "cost", "loss") if k in keys), None)
        return J, next((keys[k] for k in ("grad", "gradient", "grads") if k in keys), None), "they come in a dict"
    is_pair = isinstance(returned, (tuple, list)) or (
        isinstance(returned, np.ndarray) and returned.dtype == object and returned.ndim == 1
    )
    if not is_pair:
        alone = isinstance(returned, np.matrix) and returned.size == size
        return (np.asarray(returned).ravel(), None, MATRIX) if alone else (returned, None, "")
    parts = list(returned)
    if _array(returned) is not None and np.ndim(parts[0] if parts else 0) == 0 and len(parts) == size > 2:
        return returned, None, ""  # a gradient, as a list of numbers
    if not parts:
        return None, None, ""
    if len(parts) == 2 and np.size(_array(parts[1])) == 1 and np.size(_array(parts[0])) == size > 1:
        return parts[1], parts[0], "it returns the gradient before J: SciPy takes (J, grad)"
    J, rest, remark = parts[0], parts[1:], ""
    if len(rest) > 1:
        matrices = rest[: len(shapes)]
        if len(shapes) > 1 and [np.shape(matrix) for matrix in matrices] == [tuple(shape) for shape in shapes]:
            rest = [matrices]
        remark = (
            "it returns more than J and the gradient" if len(parts) > 1 + len(matrices) or rest != [matrices] else ""
        )
    if not rest:
        return J, None, remark
    grad = rest[0]
    if isinstance(grad, (list, tuple)) or (isinstance(grad, np.ndarray) and grad.dtype == object):
        matrices = [np.asarray(matrix, dtype=float) for matrix in grad]
        if len(matrices) > 1 and [m.shape for m in matrices] == [tuple(shape) for shape in shapes]:
            grad = np.concatenate([matrix.ravel(order="F") for matrix in matrices])
            remark = "its gradient is one matrix for each Theta: SciPy takes one vector"
    if isinstance(grad, np.matrix) and grad.size == size:
        grad, remark = np.asarray(grad).ravel(), MATRIX
    return J, grad, remark


def _array(value: Any) -> Any:
    """Return the numbers as an array, or None where they are none."""
    try:
        array = np.asarray(value)
    except ValueError:  # ragged
        return None
    return array if array.dtype.kind in "biufc" else None


def _copies(values: Sequence[Any]) -> list[Any]:
    return [_copies(v) if isinstance(v, list) else v.copy() if isinstance(v, np.ndarray) else v for v in values]


def _failure(error: BaseException) -> dict[str, Any]:
    """Return the message, and the last line of the user's own that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    users = [
        f for f in frames if f.filename != __file__ and "site-packages" not in f.filename and "<" not in f.filename
    ]
    place = f"{users[-1].name}:{users[-1].lineno}: {users[-1].line}" if users else ""
    return {"message": _about_versions(f"{type(error).__name__}: {error}"), "where": place}


def _stored(field: str, value: Any, shapes: Any) -> dict[str, Any]:
    if value is None:
        return {f"{field}_class": "none"}
    array = _array(value)
    if array is None:
        return {f"{field}_class": type(value).__name__, f"{field}_shape": np.zeros(0)}
    stored: dict[str, Any] = {f"{field}_shape": np.array(array.shape, dtype=np.float64), f"{field}_class": "double"}
    if array.size <= 2 * sum(rows * columns for rows, columns in shapes) + 10_000:
        flat = np.asarray(array).ravel(order="F")
        stored[field] = flat.real.astype(np.float64)
        if array.dtype.kind == "c":
            stored[f"{field}_imaginary"] = flat.imag.astype(np.float64)
    return stored


def _slope(call: Callable[[Sequence[Any]], Any], values: list[Any], theta: int | None, shapes: Any) -> dict[str, Any]:
    """Differentiate J by central differences, where theta is one array."""
    if theta is None or isinstance(values[theta], list):
        return {}
    shape, flat = values[theta].shape, values[theta].ravel()

    def cost(vector: Any) -> float:
        returned = call([*_copies(values[:theta]), vector.reshape(shape), *_copies(values[theta + 1 :])])
        return float(np.asarray(_taken(returned, shapes)[0]).item())

    steps = EPSILON * np.eye(flat.size)
    try:
        return {"slope": np.array([(cost(flat + step) - cost(flat - step)) / (2 * EPSILON) for step in steps])}
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its answer
        return _failure(error)


if __name__ == "__main__":
    main(sys.argv[1:])
