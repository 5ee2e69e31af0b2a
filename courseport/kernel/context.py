"""Contexts in which numpy's error settings are ours, whatever the caller's are.

e^-z of a saturated unit may be inf, and 1/inf = 0 is right; what underflows to 0 is 0. The settings are context
variables, set once in a context that is used again: ``np.errstate`` would cost a microsecond at every call.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, copy_context
from typing import TypeVar

import numpy as np

A = TypeVar("A")
T = TypeVar("T")


def own_context() -> Context:
    """Return a new context: one thread at a time may run in it."""
    context = copy_context()
    context.run(np.seterr, divide="warn", over="ignore", under="ignore", invalid="warn")
    return context


def run_in(pool: list[Context], function: Callable[[A], T], argument: A) -> T:
    """Call `function` in a context of the `pool`, or in a new one where other threads use all of them."""
    try:
        context = pool.pop()  # pop and append are atomic
    except IndexError:
        context = own_context()
    answer = context.run(function, argument)
    pool.append(context)
    return answer
