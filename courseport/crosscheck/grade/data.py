"""Small data that people try their solutions on, in the assignments' shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray

MAGIC3 = np.array([[8.0, 1, 6], [3, 5, 7], [4, 9, 2]])
MAGIC4 = np.array([[16.0, 2, 3, 13], [5, 11, 10, 8], [9, 7, 6, 12], [4, 14, 15, 1]])


def column(values: Any) -> FloatArray:
    """Return values as a column, (n, 1)."""
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)


def with_ones(X: Any) -> FloatArray:
    """Return X with a column of ones before it."""
    matrix = np.asarray(X, dtype=np.float64)
    return np.hstack([np.ones((len(matrix), 1)), matrix])
