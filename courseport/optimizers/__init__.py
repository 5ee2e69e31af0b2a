"""SciPy custom methods of the course: fmincg and gradient descent, and Octave's fminunc over SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from courseport.optimizers.fmincg import fmincg
from courseport.optimizers.fminunc import fminunc
from courseport.optimizers.gradient_descent import gradient_descent

# by the name that `train` takes
CUSTOM_METHODS: dict[str, Callable[..., Any]] = {"fmincg": fmincg, "gradient_descent": gradient_descent}

__all__ = ["CUSTOM_METHODS", "fmincg", "fminunc", "gradient_descent"]
