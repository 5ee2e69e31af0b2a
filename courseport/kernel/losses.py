"""The loss of one block of examples, and delta(L), from the logits of the output layer: the kernel's fast forms.

Each function takes the `Output` of a block, whose logits z have shape (K, b), one example a column. It replaces them by
``delta(L) = dloss/dz`` and returns the sum of the losses, each times its example's weight where `weights` are given
(delta is not weighted here). What is computed is stated plainly in `formulas`; here the concern is speed and exactness:

- With labels, the cross-entropy of a unit is softplus(t) where t is z, or -z for the true unit; delta is sigmoid(t), or
  -sigmoid(t). One exponential serves both, and no logarithm of a rounded 0 is ever taken.
- A sum of log(1 + e^t) is the logarithm of a product: one logarithm for `GROUP` of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from courseport._checks import FloatArray, IntArray
from courseport.network.activations import ONE, Activation
from courseport.network.examples import Targets

GROUP = 16  # factors 1 + e^t that are multiplied before one logarithm is taken
FEW = 1500  # factors of which the logarithms cost less than the calls for groups; measured
SMALL_LOSS = 1e-2  # mean loss of a unit below which log1p(e) must take the place of log(1 + e), which keeps 1e-16 of it
SIGNS_AT_MOST = 2**17  # output values up to which the signs of all units are kept; beyond, the places of the true units


@dataclass(frozen=True)
class Output:
    """The output layer's buffers for a block of b examples, each contiguous, of shape (K, b).

    Attributes
    ----------
    logits : ndarray
        Z(L), which becomes delta(L).
    flat : ndarray, shape (K b,)
        The same memory.
    scratch, factors : ndarray
        Room for intermediate values.
    flat_factors, groups, rest : ndarray
        The memory of `factors`: all of it, the most that makes `GROUP` equal rows, and what is left then.
    ones : ndarray, shape (K b,)
        A product with ones is the quickest sum.
    """

    logits: FloatArray
    flat: FloatArray
    scratch: FloatArray
    factors: FloatArray
    flat_factors: FloatArray
    groups: FloatArray
    rest: FloatArray
    ones: FloatArray


def make_output(units: int, rows: int, memory: FloatArray) -> Output:
    """Return the buffers for a block of `rows` examples in `memory`, shape (4, at least units rows), all ones."""
    flat = memory[:, : units * rows]
    logits, scratch, factors = (buffer.reshape(units, rows) for buffer in flat[:3])
    grouped = units * rows // GROUP * GROUP
    groups, rest = flat[2, :grouped].reshape(GROUP, -1), flat[2, grouped:]
    return Output(logits, flat[0], scratch, factors, flat[2], groups, rest, flat[3])


def sign_changes(targets: Targets, first: int, last: int, *, few: bool) -> FloatArray | IntArray | None:
    """Return what turns z into t for the labels of one block, or None for targets that are values.

    Signs, shape (K, b), where there are few or for one unit; else the places of the true units in the flat logits.
    """
    if targets.labels is None:
        return None
    if few or targets.units == 1:
        return np.ascontiguousarray(1.0 - 2.0 * targets.matrix(first, last).T)
    places: IntArray = targets.labels[first:last].astype(np.intp)
    places *= last - first
    places += np.arange(last - first)
    return places


def cross_entropy_labels(out: Output, changes: FloatArray | IntArray, weights: FloatArray | None) -> float:
    """Return the sum of the cross-entropies for labels."""
    _change_signs(out, changes)
    total = _softplus(out, weights)
    _change_signs(out, changes)
    return total


def _change_signs(out: Output, changes: FloatArray | IntArray) -> None:
    if changes.ndim == 2:
        np.multiply(out.logits, changes, out.logits)
    else:
        out.flat[changes] = -out.flat[changes]


def _softplus(out: Output, weights: FloatArray | None) -> float:
    """Return the sum of softplus(t), and replace t by sigmoid(t) = e^t / (1 + e^t)."""
    t, e, factors = out.logits, out.scratch, out.factors
    np.exp(t, e)
    np.add(e, ONE, factors)
    total = _sum_of_logs(out) if weights is None else np.nan
    if not SMALL_LOSS * t.size <= total < np.inf:  # tiny, overflown, weighted, or not a number
        return _careful_softplus(out, weights)
    np.divide(e, factors, t)
    return total


def _sum_of_logs(out: Output) -> float:
    if out.ones.size < FEW:
        return float(np.log(out.flat_factors).dot(out.ones))
    products = np.multiply.reduce(out.groups, axis=0)
    if out.rest.size:
        products[: out.rest.size] *= out.rest
    return float(np.log(products, products).dot(out.ones[: products.size]))


def _careful_softplus(out: Output, weights: FloatArray | None) -> float:
    """Do the same for t of any size: softplus(t) = max(t, 0) + log1p(e^-|t|)."""
    t, decay = out.logits, out.scratch
    np.negative(np.abs(t, out=decay), out=decay)
    np.exp(decay, out=decay)
    losses = np.maximum(t, 0.0, out=out.factors)
    losses += np.log1p(decay)
    total = _weighted_sum(losses, weights)
    np.divide(np.where(t >= 0, 1.0, decay), 1.0 + decay, out=t)
    return total


def cross_entropy_values(out: Output, Y: FloatArray, weights: FloatArray | None) -> float:
    """Return the sum of the cross-entropies for targets Y in [0, 1], shape (K, b)."""
    # y softplus(-z) + (1 - y) softplus(z), every term non-negative: nothing cancels.
    z, decay = out.logits, out.scratch
    np.negative(np.abs(z, out=decay), out=decay)
    np.exp(decay, out=decay)
    losses = np.log1p(decay)
    losses += (1.0 - Y) * np.maximum(z, 0.0)
    losses += Y * np.maximum(-z, 0.0)
    total = _weighted_sum(losses, weights)
    # sigmoid(z) - y as (1 - y) sigmoid(z) - y sigmoid(-z), for the same reason.
    positive = z >= 0
    np.multiply(1.0 - Y, np.where(positive, 1.0, decay), out=z)
    z -= Y * np.where(positive, decay, 1.0)
    z /= 1.0 + decay
    return total


def squared_error(out: Output, Y: FloatArray, weights: FloatArray | None, activation: Activation) -> float:
    """Return the sum of 1/2 (h - y)^2 over units and examples, h = g(z)."""
    z = out.logits
    activation.apply(z)
    np.copyto(out.scratch, z)
    z -= Y
    total = _weighted_sum(np.multiply(z, z, out=out.factors), weights) / 2
    activation.scale(z, out.scratch)
    return total


def _weighted_sum(losses: FloatArray, weights: FloatArray | None) -> float:
    return float(losses.sum() if weights is None else losses.sum(axis=0) @ weights)
