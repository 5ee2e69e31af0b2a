"""Weights W and biases b apart, as the deep-learning notes and the regression lecture write them.

``W[l]``, shape ``(s_{l+1}, s_l)``, and ``b[l]``, shape ``(s_{l+1}, 1)``, are the course's Theta without and with only
its column 0: ``Theta = [b W]``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network.unrolling import layer_sizes_of

Matrices = list[FloatArray]


def thetas_to_wb(thetas: Sequence[ArrayLike]) -> tuple[Matrices, Matrices]:
    """Split Theta1, Theta2, ... into weights and biases, bit for bit.

    Parameters
    ----------
    thetas : sequence of array_like
        Theta_l of shape ``(s_{l+1}, s_l + 1)``, such as `reshape_thetas` returns.

    Returns
    -------
    W, b : list of ndarray
        Fresh arrays of shapes ``(s_{l+1}, s_l)`` and ``(s_{l+1}, 1)``.

    Raises
    ------
    ValueError, TypeError
        If there is no matrix, shapes do not fit one another, or a value is not a finite real number.
    """
    layer_sizes_of(thetas)
    matrices = [np.asarray(theta, dtype=np.float64) for theta in thetas]
    return [theta[:, 1:].copy() for theta in matrices], [theta[:, :1].copy() for theta in matrices]


def wb_to_thetas(W: Sequence[ArrayLike], b: Sequence[ArrayLike]) -> Matrices:
    """Join weights and biases to Theta1, Theta2, ...: the inverse of `thetas_to_wb`, bit for bit.

    Parameters
    ----------
    W : sequence of array_like
        Weights of shape ``(s_{l+1}, s_l)``.
    b : sequence of array_like
        Biases of shape ``(s_{l+1}, 1)`` or ``(s_{l+1},)``.

    Returns
    -------
    list of ndarray
        Theta_l = [b W], fresh arrays of shape ``(s_{l+1}, s_l + 1)``.

    Raises
    ------
    ValueError, TypeError
        If W and b differ in their number of layers, shapes do not fit, or a value is not a finite real number.
    """
    weights, biases = check_wb(W, b)
    return [np.hstack(pair) for pair in zip(biases, weights, strict=True)]


def check_wb(W: Sequence[ArrayLike], b: Sequence[ArrayLike]) -> tuple[Matrices, Matrices]:
    """Return W and b as float64 matrices that fit one another; each bias as a column."""
    weights = check_weights(W)
    if len(b) != len(weights):
        _checks.fail("b", f"hold {len(weights)} arrays, one for each of W", len(b))
    return weights, [_column(f"b{i + 1}", bias, len(weights[i])) for i, bias in enumerate(b)]


def check_weights(W: Sequence[ArrayLike]) -> Matrices:
    """Return W as float64 matrices that fit one another."""
    if len(W) == 0:
        _checks.fail("W", "hold at least one matrix", "none")
    weights: Matrices = []
    for i, matrix in enumerate(W):
        columns = len(weights[-1]) if weights else None
        why = f", a column for each row of W{i}" if weights else ""
        weights.append(_checks.real_matrix(f"W{i + 1}", matrix, columns, why))
    return weights


def sizes_of(weights: Matrices) -> tuple[int, ...]:
    """Return the layer sizes of checked weights."""
    return (weights[0].shape[1], *(len(matrix) for matrix in weights))


def check_columns(name: str, value: ArrayLike, rows: int, columns: int | None = None) -> FloatArray:
    """Return a float64 matrix of `rows` rows with one example a column."""
    matrix = _checks.real_matrix(name, value)
    if matrix.shape[0] != rows or columns not in (None, matrix.shape[1]):
        _checks.fail(name, f"have shape ({rows}, {'m' if columns is None else columns})", matrix.shape)
    return matrix


def _column(name: str, value: ArrayLike, rows: int) -> FloatArray:
    array = _checks.real_array(name, value, f"an array of shape ({rows}, 1)")
    if array.shape not in {(rows, 1), (rows,)}:
        _checks.fail(name, f"have shape ({rows}, 1)", array.shape)
    return _checks.finite(name, array.astype(np.float64).reshape(rows, 1))
