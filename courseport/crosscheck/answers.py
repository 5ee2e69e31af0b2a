"""Having a target evaluate the cases in a process of its own, and reading what it answered."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat, savemat

from courseport._checks import FloatArray
from courseport.crosscheck.cases import Case
from courseport.crosscheck.limits import Limits, Outcome, run_limited
from courseport.crosscheck.scratch import scratch
from courseport.crosscheck.targets import Target


@dataclass(frozen=True)
class Answer:
    """What a cost function returned for one case.

    Attributes
    ----------
    J, grad : array or None
        The numbers in one column; complex where they came so; None where none came.
    J_shape, grad_shape : tuple of int
        The shapes they came in.
    J_class, grad_class : str
        "double", "none", or the name of another class.
    slope : ndarray or None
        Its J differentiated numerically, where that was asked for.
    message, where : str
        Octave's or Python's error, and the function and line.
    seconds : float
        Time of the one call.
    changed : tuple of str
        The arguments that it changed in place.
    """

    J: NDArray[Any] | None = None
    grad: NDArray[Any] | None = None
    J_shape: tuple[int, ...] = ()
    grad_shape: tuple[int, ...] = ()
    J_class: str = "none"
    grad_class: str = "none"
    slope: FloatArray | None = None
    message: str = ""
    where: str = ""
    seconds: float = 0.0
    changed: tuple[str, ...] = ()


def ask(
    target: Target,
    cases: Sequence[Case],
    limits: Limits,
    *,
    column: bool = False,
    cancelled: threading.Event | None = None,
) -> tuple[list[Answer], Outcome]:
    """Return the answers to the cases, as many as there are, and how the process ended.

    `column` sends a Python function its y as (m, 1) and not as (m,).
    """
    with scratch() as own:
        write_cases(own.folder, target, cases, column)
        outcome = run_limited(target.prepare(own.folder), own, limits, cancelled)
        return read_answers(own.folder, len(cases)), outcome


def write_cases(folder: Path, target: Target, cases: Sequence[Case], column: bool = False) -> None:
    """Write the request and the cases as MAT files."""
    whole = ("layer_sizes",) if target.kind == "linear" else ("layer_sizes", "y")
    request = {
        "names": _cell(target.names),
        "expression": target.expression,
        "theta": target.roles.index("theta") + 1.0,
        "nout": float(target.nout),
        "gradient": target.gradient_name,
        "count": float(len(cases)),
        "column": float(column),
        "whole": np.array([role in whole for role in target.roles], dtype=np.float64),
    }
    savemat(folder / "request.mat", request)
    for number, case in enumerate(cases, start=1):
        values = _cell([case.values[role] for role in target.roles])
        savemat(folder / f"case_{number:03d}.mat", {"values": values, "numeric": float(case.numeric)}, oned_as="column")


def read_answers(folder: Path, count: int) -> list[Answer]:
    """Return the answers that were written, in order, up to the first that is missing or unreadable."""
    answers = []
    for number in range(1, count + 1):
        path = folder / f"answer_{number:03d}.mat"
        if not path.exists():
            break
        try:
            answers.append(_answer(loadmat(path)))
        except Exception:  # noqa: BLE001 - the program may have written anything there
            break
    return answers


def _answer(stored: dict[str, Any]) -> Answer:
    text = {name: str(np.squeeze(stored.get(name, ""))) for name in ("message", "where", "J_class", "grad_class")}
    text = {name: "" if value == "[]" else value for name, value in text.items()}
    slope = _numbers(stored, "slope")
    return Answer(
        J=_numbers(stored, "J"),
        grad=_numbers(stored, "grad"),
        J_shape=_shape(stored, "J_shape"),
        grad_shape=_shape(stored, "grad_shape"),
        J_class=text["J_class"] or "none",
        grad_class=text["grad_class"] or "none",
        slope=slope if slope is None or slope.dtype == np.float64 else None,
        message=_cleaned(text["message"]),
        where=text["where"],
        seconds=float(np.sum(stored.get("seconds", 0.0))),
        changed=tuple(str(np.squeeze(stored.get("changed", ""))).split()),
    )


def _numbers(stored: dict[str, Any], name: str) -> NDArray[Any] | None:
    value = stored.get(name)
    if value is None or value.dtype.kind not in "fc" or value.size == 0:
        return None
    flat: NDArray[Any] = value.ravel()
    return flat


def _shape(stored: dict[str, Any], name: str) -> tuple[int, ...]:
    return tuple(int(n) for n in np.ravel(stored.get(name, ())))


def _cleaned(message: str) -> str:
    """Return Octave's message in one line, without the words of our own call."""
    message = re.sub(r"^(evalin|feval): ", "", message)
    return " ".join(message.split())


def _cell(values: Sequence[Any]) -> NDArray[np.object_]:
    cell = np.empty((1, len(values)), dtype=object)
    cell[0, :] = [_sent(value) for value in values]
    return cell


def _sent(value: Any) -> Any:
    array = np.asarray(value)
    return array[:, None] if array.ndim == 1 else value
