"""Evaluating somebody's Python cost function, in the process that may: what it takes, and what it gives for a case.

The process of `courseport.crosscheck.running.calls_worker` makes these calls. Imports nothing heavy: it starts with it.
"""

from __future__ import annotations

import inspect
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from courseport.crosscheck.running.loading import find_function, load

HERE = Path(sys.path[0])  # where the user is, and his files are: this process runs elsewhere
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
Shapes = Sequence[tuple[int, int]]  # of the matrices in theta


def describe(reference: str) -> str:
    """Return in JSON the parameters, each with its name, its kind and its default; the text; and the module's data."""
    function = functions_of(reference)[0]
    found = []
    for p in inspect.signature(function).parameters.values():
        if p.kind not in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            default = "flag" if isinstance(p.default, (bool, str)) else "value"
            found.append((p.name, p.kind.name, "none" if p.default is inspect.Parameter.empty else default))
    try:
        code = inspect.getsource(function)
    except (OSError, TypeError):
        code = ""
    module = load(reference.rpartition(":")[0], HERE)
    data: dict[str, Any] = {}
    for role, names in _DATA.items():
        values = [getattr(module, name) for name in names if hasattr(module, name)]
        numbers = [np.asarray(value) for value in values if isinstance(value, (np.ndarray, int, float, list))]
        if numbers and numbers[0].dtype.kind in "biuf" and numbers[0].size < 1_000_000:
            data[role] = numbers[0].tolist()
    return json.dumps({"parameters": found, "code": code, "data": data})


def functions_of(reference: str) -> list[Callable[..., Any]]:
    """Return the function, or the two of J and of the gradient."""
    module, _, names = reference.rpartition(":")
    return [find_function(f"{module}:{name}", HERE) for name in names.split(",")]


def evaluate(
    reference: str,
    keywords: Sequence[str],
    names: Sequence[str],
    values: Sequence[Any],
    *,
    theta: int | None,
    shapes: Shapes,
    numeric: bool,
    again: bool,
) -> dict[str, Any]:
    """Return what the function gives for these values, as courseport_evaluate.m tells it.

    An argument goes by its keyword, or by position where that is empty; `names` are those to tell it by, and `theta` is
    the number of the parameters among them. The answer holds the slope of J too if `numeric` is set, and whether a
    second evaluation gives the same if `again` is set.
    """

    def call(function: Callable[..., Any], given: Sequence[Any]) -> Any:
        pairs = list(zip(keywords, given, strict=True))
        return function(*(v for keyword, v in pairs if not keyword), **{k: v for k, v in pairs if k})

    def both(given: Sequence[Any]) -> tuple[Any, Any, str]:
        returned = tuple(call(function, given) for function in functions)
        return taken(returned if len(functions) > 1 else returned[0], shapes)

    functions = functions_of(reference)
    given = _copies(values)  # the function may change them
    started = time.perf_counter()
    J, grad, remark = both(given)
    answer: dict[str, Any] = {
        "seconds": time.perf_counter() - started,
        "remark": remark,
        "repeats": True,
        "slope": np.zeros(0),
    }
    answer |= {**_kept("J", J, shapes), **_kept("grad", grad, shapes)}
    pairs = zip(names, given, values, strict=True)
    answer["changed"] = " ".join(name for name, now, before in pairs if not _unchanged(now, before))
    if again:
        J, grad, _ = both(_copies(values))
        second = {**_kept("J", J, shapes), **_kept("grad", grad, shapes)}
        answer["repeats"] = all(_same(answer[field], second[field]) for field in ("J", "grad"))
    if numeric and np.size(answer["J"]) == 1 and theta is not None and not isinstance(values[theta], list):

        def cost(vector: Any) -> float:
            given = [*_copies(values[:theta]), vector.reshape(center.shape), *_copies(values[theta + 1 :])]
            return float(np.asarray(taken(call(functions[0], given), shapes)[0]).item())

        center = values[theta]
        steps = EPSILON * np.eye(center.size)
        pairs_of_costs = [(cost(center.ravel() + step), cost(center.ravel() - step)) for step in steps]
        answer["slope"] = np.array([(above - below) / (2 * EPSILON) for above, below in pairs_of_costs])
    return answer


def taken(returned: Any, shapes: Shapes) -> tuple[Any, Any, str]:  # noqa: PLR0911 - a return for each way they come
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


def _kept(field: str, value: Any, shapes: Shapes) -> dict[str, Any]:
    """Return numbers as doubles in one column, with their shape and class."""
    array = None if value is None else _array(value)
    kind = "none" if value is None else type(value).__name__ if array is None else "double"
    kept = {field: np.zeros(0), f"{field}_shape": np.zeros(0), f"{field}_class": kind}
    if array is not None:
        kept[f"{field}_shape"] = np.array(array.shape, dtype=np.float64)
        if array.size <= 2 * sum(rows * columns for rows, columns in shapes) + 10_000:
            flat = np.asarray(array).ravel(order="F")
            kept[field] = flat.astype(np.complex128 if flat.dtype.kind == "c" else np.float64)
    return kept


def _copies(values: Sequence[Any]) -> list[Any]:
    return [_copies(v) if isinstance(v, list) else v.copy() if isinstance(v, np.ndarray) else v for v in values]


def _unchanged(now: Any, before: Any) -> bool:
    if isinstance(before, list):
        return len(now) == len(before) and all(map(np.array_equal, now, before))
    return np.array_equal(now, before)


def _same(a: Any, b: Any) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-9, atol=0.0, equal_nan=True))
