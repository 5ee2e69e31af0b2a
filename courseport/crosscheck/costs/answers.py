"""Having a submission evaluate the cases in a process of its own, and reading what it answered.

An answer is a text file, a line for each field: its name, a tab, and text or numbers with blanks between. Whoever
writes there is not trusted, so nothing else is read: a regular file, of a limited size.
"""

from __future__ import annotations

import os
import re
import stat
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import Case
from courseport.crosscheck.costs.submission import Submission
from courseport.crosscheck.running.limits import Limits, Outcome, run_limited
from courseport.crosscheck.running.scratch import scratch

LARGEST = 1 << 22  # bytes of an answer; a gradient of 10,000 numbers has 250,000


class Replies(NamedTuple):
    """The answers to the cases, as many as there are, and how the process ended."""

    answers: list[Answer]
    outcome: Outcome


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
    repeats : bool
        Whether a second call with the same arguments gave the same, where there was one.
    remark : str
        How the answer came, where it was not J and a gradient.
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
    repeats: bool = True
    remark: str = ""


def ask(
    submission: Submission, cases: Sequence[Case], limits: Limits, cancelled: threading.Event | None = None
) -> Replies:
    """Have the submission evaluate the cases, and its helpers of the exercise behind them."""
    with scratch() as folder:
        submission.write(folder, submission, [case.values for case in cases], [case.numeric for case in cases])
        outcome = run_limited(submission.prepare(folder), folder, limits, cancelled)
        return Replies(read_answers(folder, len(cases) + len(submission.helpers)), outcome)


def read_answers(folder: Path, count: int) -> list[Answer]:
    """Return the answers that were written, in order, up to the first that is missing or unreadable."""
    answers: list[Answer] = []
    for number in range(1, count + 1):
        try:
            answers.append(_answer(_fields(folder / f"answer_{number:03d}.txt")))
        except (OSError, ValueError):  # the program may have written anything there
            break
    return answers


def _fields(path: Path) -> dict[str, str]:
    """Return the lines of a regular file that is not too large."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # of a FIFO nobody waits for the other end
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            raise ValueError(f"{path} is no answer")
        text = file.read(LARGEST).decode("utf-8", "replace")
    return {name: value for name, _, value in (line.partition("\t") for line in text.split("\n"))}


def _answer(fields: dict[str, str]) -> Answer:
    if "end" not in fields:
        raise ValueError("the answer is cut off")
    slope = _numbers(fields, "slope")
    return Answer(
        J=_numbers(fields, "J"),
        grad=_numbers(fields, "grad"),
        J_shape=_shape(fields, "J_shape"),
        grad_shape=_shape(fields, "grad_shape"),
        J_class=fields.get("J_class", "none"),
        grad_class=fields.get("grad_class", "none"),
        slope=slope if slope is None or slope.dtype == np.float64 else None,
        message=_cleaned(fields.get("message", "")),
        where=fields.get("where", ""),
        seconds=float(fields.get("seconds", 0.0)),
        changed=tuple(fields.get("changed", "").split()),
        repeats=fields.get("repeats", "1") == "1",
        remark=fields.get("remark", ""),
    )


def _numbers(fields: dict[str, str], name: str) -> NDArray[Any] | None:
    if not fields.get(name):
        return None
    real: NDArray[Any] = np.array(fields[name].split(), dtype=np.float64)
    if f"{name}_imaginary" in fields:
        real = real + 1j * np.array(fields[f"{name}_imaginary"].split(), dtype=np.float64)
    return real


def _shape(fields: dict[str, str], name: str) -> tuple[int, ...]:
    return tuple(int(float(n)) for n in fields.get(name, "").split())


def _cleaned(message: str) -> str:
    """Return Octave's message in one line, without the words of our own call."""
    return re.sub(r"^(evalin|feval|error): ", "", " ".join(message.split()))
