"""The loss of one block of examples, and delta(L), from the logits of the output layer: the kernel's fast forms.

Each function takes the `Output` of a block, whose logits z have shape (K, b), one example a column. It replaces them by
``delta(L) = dloss/dz`` and returns the sum of the losses, each times its example's weight where `weights` are given
(delta is not weighted here). What is computed is stated plainly in `network.lecture`; here the concern is speed and
exactness:

- With labels, the cross-entropy of a unit is softplus(t) where t is z, or -z for the true unit; delta is sigmoid(t), or
  -sigmoid(t). One exponential serves both, and no logarithm of a rounded 0 is ever taken.
- A sum of log(1 + e^t) is the logarithm of a product: one logarithm for `GROUP` of them.
- h - y and g'(z) are taken from z where h is near 1 or -1, and its distance from there is rounded away.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from scipy.special import expit

from courseport._checks import FloatArray, IntArray
from courseport.network.activations import ONES, Activation
from courseport.network.model import Examples, Model, Targets
from courseport.network.rows import needs_conversion

GROUP = 16  # factors 1 + e^t that are multiplied before one logarithm is taken
SMALL_LOSS = 0.25  # mean loss of a unit below which the rounding of 1 + e to a double could show in the last digits
FEW = 2000  # factors of which the logarithms cost less than the calls for groups; measured
ONES_OF_FEW = np.ones(FEW)  # a product with ones is the quickest sum


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of the examples, and what the loss needs to know of them."""

    first: int
    rows: int  # how many
    columns: FloatArray | None  # X', shape (s_1, rows), where it can be used as it lies
    # What turns the signs of the logits: signs, shape (K, rows), or the places of the true units in the flat logits.
    changes: FloatArray | IntArray | None
    targets: Targets  # those of all examples
    weights: FloatArray | None  # shape (rows,)

    def Y(self, out: Output) -> FloatArray:  # noqa: N802 - the course's name
        """Return the targets as a matrix of the type of `out`, one example a column."""
        return self.targets.matrix(self.first, self.first + self.rows).T.astype(out.logits.dtype, copy=False)


def make_block(model: Model, examples: Examples, first: int, last: int, dtype: np.dtype[Any], *, tiny: bool) -> Block:
    """Return the block of rows first..last as `dtype`; a `tiny` one has a row of ones on its columns."""
    targets, X = examples.targets, examples.X
    columns: FloatArray | None = None
    if tiny:
        columns = np.vstack([np.ones(last - first), X[first:last].T]).astype(dtype)
    elif not needs_conversion(X, dtype):
        columns = np.asarray(X[first:last]).T
    changes: FloatArray | IntArray | None = None
    if model.loss == "cross_entropy" and targets.labels is not None:
        if tiny or model.units == 1:
            # A product with signs is quicker for few outputs; for many, these would take the memory of the matrix Y.
            changes = np.ascontiguousarray(1.0 - 2.0 * targets.matrix(first, last).T, dtype=dtype)
        else:
            changes = targets.labels[first:last].astype(np.intp)
            changes *= last - first
            changes += np.arange(last - first)
    weights = None if examples.weights is None else examples.weights[first:last]
    return Block(first, last - first, columns, changes, targets, weights)


def block_loss(model: Model, out: Output, block: Block) -> float:
    """Return the loss of one block, and turn its logits into delta(L)."""
    if block.changes is not None:
        total = cross_entropy_labels(out, block.changes, block.weights)
    elif model.loss == "cross_entropy":
        total = cross_entropy_values(out, block.Y(out), block.weights)
    else:  # the sum of 1/2 (h - y)^2 over units and examples, h = g(z)
        error = _error(out.logits, block.Y(out), model.output)
        total = _weighted_sum(np.square(error, dtype=np.float64), block.weights) / 2
        np.multiply(error, model.output.derivative(out.logits), out=out.logits)
    if block.weights is not None:
        out.logits[:] *= block.weights
    return total


@dataclass(frozen=True, slots=True)
class Output:
    """The output layer's buffers for a block of b examples, each contiguous."""

    logits: FloatArray  # Z(L), shape (K, b), which becomes delta(L)
    flat: FloatArray  # the same memory
    e: FloatArray  # room for e^t
    factors: FloatArray  # and for 1 + e^t
    groups: FloatArray  # the most of the factors that makes GROUP equal rows
    # a, b, 1 + a, and room for the products q and for a scratch: two halves of the same.
    pairs: tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]
    rest: FloatArray  # what is left of e^t then: all where there are few
    ones: FloatArray  # as many ones, of float64 in which they are summed
    few: bool


def make_output(units: int, rows: int, memory: FloatArray) -> Output:
    """Return the buffers for a block of `rows` examples in `memory`, shape (4, at least units rows)."""
    flat, n = memory[:, : units * rows], units * rows
    logits, e, factors = (buffer.reshape(units, rows) for buffer in flat[:3])
    half = n // GROUP * GROUP // 2 if n >= FEW else 0
    groups = flat[2, : 2 * half].reshape(GROUP, -1)
    pairs = (flat[1, :half], flat[1, half : 2 * half], flat[2, :half], flat[3, :half], flat[3, half : 2 * half])
    return Output(
        logits, flat[0], e, factors, groups, pairs, flat[1, 2 * half :], ONES_OF_FEW[: n - 2 * half], half == 0
    )


def block_curvature(model: Model, out: Output, block: Block, H: FloatArray, gauss_newton: FloatArray) -> None:
    """Write the slopes d delta(L) / dz into `H`, and their part without a delta, from the logits, which stay.

    For the cross-entropy both are g'(z); for the squared error g'(z)^2 + (g(z) - y) g''(z), and g'(z)^2.
    """
    z, g = out.logits, model.output
    if model.loss == "cross_entropy":
        # e^-|z| / (1 + e^-|z|)^2
        np.exp(np.negative(np.abs(z, H), H), H)
        np.add(H, ONES[H.itemsize], out.factors)
        H /= out.factors
        H /= out.factors
        gauss_newton[:] = H
    else:
        slope = g.derivative(z)
        np.multiply(slope, slope, gauss_newton)
        H[:] = 0.0
        if g.bend is not None:
            g.bend(g.value(z), H)
            H *= slope
            H *= _error(z, block.Y(out), g)
        H += gauss_newton
    if block.weights is not None:
        H *= block.weights
        gauss_newton *= block.weights


def cross_entropy_labels(out: Output, changes: FloatArray | IntArray, weights: FloatArray | None) -> float:
    """Return the sum of the cross-entropies for labels."""
    t, signs = out.logits, changes.ndim == 2
    if signs:
        np.multiply(t, changes, t)
    else:
        out.flat[changes] = -out.flat[changes]
    e, factors = out.e, out.factors
    np.exp(t, e)
    np.add(e, ONES[e.itemsize], factors)
    total = _sum_of_log1p(out) if weights is None else inf
    if total < inf:
        np.divide(e, factors, t)
    else:  # weighted, overflown, or not a number
        total = _careful_softplus(out, weights)
    if signs:
        np.multiply(t, changes, t)
    else:
        out.flat[changes] = -out.flat[changes]
    return total


def _sum_of_log1p(out: Output) -> float:
    """Return the sum of log(1 + e)."""
    if out.few:
        return float(np.log1p(out.rest).dot(out.ones))
    products = np.multiply.reduce(out.groups, axis=0)
    total = np.log(products, products).sum(dtype=np.float64)
    if total < SMALL_LOSS * out.groups.size:
        # Nothing may be lost to the 1: (1 + a) (1 + b) = 1 + q with q = a + b + a b, a sum of positive terms, of which
        # q is kept; then pairs of pairs.
        a, b, factors, q, scratch = out.pairs
        np.multiply(b, factors, q)
        q += a
        while q.size > out.groups.shape[1]:
            half = q.size // 2
            a, b, scratch = q[:half], q[half:], scratch[:half]
            np.multiply(a, b, scratch)
            a += b
            a += scratch
            q = a
        total = np.log1p(q, q).sum(dtype=np.float64)
    return float(total + np.log1p(out.rest).sum(dtype=np.float64))


def _careful_softplus(out: Output, weights: FloatArray | None) -> float:
    """Return the sum of softplus(t) = max(t, 0) + log1p(e^-|t|), for t of any size, and replace t by sigmoid(t)."""
    t, decay = out.logits, out.e
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
    z, decay = out.logits, out.e
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


def _error(z: FloatArray, Y: FloatArray, activation: Activation) -> FloatArray:
    """Return h - y, with nothing cancelled where h is near 1 or -1."""
    if activation.name == "sigmoid":
        # (1 - y) g(z) - y g(-z)
        return (1.0 - Y) * expit(z) - Y * expit(-z)
    if activation.name == "tanh":
        # (1 - y) g(2z) - (1 + y) g(-2z) with the sigmoid g; near 0 the difference itself is exact.
        return np.where(np.abs(z) < 1.0, np.tanh(z) - Y, (1.0 - Y) * expit(2.0 * z) - (1.0 + Y) * expit(-2.0 * z))
    return activation.value(z) - Y


def _weighted_sum(losses: FloatArray, weights: FloatArray | None) -> float:
    return float(losses.sum(dtype=np.float64) if weights is None else losses.sum(axis=0, dtype=np.float64) @ weights)
