"""The check cells of the notebooks: a reader's answer beside the expected one."""

from __future__ import annotations

from typing import Any

import numpy as np


def check_answer(name: str, answer: Any, expected: Any, *, rtol: float = 1e-6) -> str:
    """Return what is to be said of an answer: "right", "not done yet" for None, or what was expected and what came.

    Parameters
    ----------
    name : str
        What was asked for.
    answer, expected : array_like
        Numbers, or arrays, whose axes of length 1 do not count.
    rtol : float, default 1e-6
        The largest difference allowed, relative to the largest of the expected numbers.
    """
    if answer is None:
        return f"{name}: not done yet"
    right = np.squeeze(np.asarray(expected, dtype=np.float64))
    try:
        given = np.squeeze(np.asarray(answer, dtype=np.float64))
    except (TypeError, ValueError):
        return f"{name}: expected numbers, got {type(answer).__name__}"
    if given.shape != right.shape:
        return f"{name}: expected shape {right.shape}, got {given.shape}"
    off = np.abs(given - right)
    if bool(np.all(off <= rtol * max(np.abs(right).max(), 1e-300))):
        return f"{name}: right"
    # Not a number is the worst of all.
    worst = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, off)), off.shape)
    where = f" at {[int(index) for index in worst]}" if right.ndim else ""
    return f"{name}: expected {right[worst]:.9g}{where}, got {given[worst]:.9g}"
