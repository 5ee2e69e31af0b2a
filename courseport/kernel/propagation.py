"""Forward propagation and backpropagation over blocks of examples: the lecture's formulas, as the kernel runs them.

Conventions: the lecture's column vectors side by side. An activation is a matrix of shape (s_l, b), one example a
column; ``T_l`` is Theta_l', shape (s_l + 1, s_{l+1}), a view of theta_vec with the biases in row 0. With A(l) the
activations under a row of ones::

    Z(l+1)   = Theta_l A(l) = T_l' A(l)            A(l+1) = g(Z(l+1))
    delta(l) = Theta_l' delta(l+1) * g'(Z(l))      without the bias row
    Delta_l' = A(l) delta(l+1)'                    summed over the blocks

What is there for speed: all happens in place, in buffers whose views are made once for each size of block; the row of
ones of a hidden layer stands in its buffer for good. X gets none (its bias is added, and the gradient of that is a row
sum), so each block of X is used where it lies, and its Delta_1 is gathered as (s_2, s_1), the form in which the BLAS is
fastest. Only a tiny problem has its row of ones stacked on X: that is fewer calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.kernel.losses import Block, Output, block_loss, make_output
from courseport.network.model import Model
from courseport.network.rows import RowSource

Product = tuple[FloatArray, FloatArray, FloatArray]  # left, right, and where left @ right is written
TURNED_UNITS = 32  # units of layer 2 up to which its product is the other way round in float32
dot = np.ndarray.dot  # for small matrices, half the overhead of matmul


@dataclass(frozen=True)
class Plan:
    """How the examples are worked through."""

    rows: int  # the most examples in a block
    source: RowSource | None  # X, where its blocks have to be read and converted
    stacked: bool  # whether the blocks' columns of X have a row of ones
    several: bool  # whether a thread has more than one block to sum over
    dtype: np.dtype[Any]  # of all that is multiplied, float64 or float32; sums over blocks, and J, are float64


@dataclass(frozen=True, slots=True)
class Views:
    """What a block of b examples needs of a workspace."""

    A: list[FloatArray]  # A(2), ..., A(L-1) with their row of ones, shape (s_l + 1, b)
    delta: list[FloatArray]  # delta(2), ..., delta(L), shape (s_l, b); delta(L) takes the place of Z(L)
    Z2: FloatArray  # Z(2), shape (s_2, b), which becomes g(Z(2)) in place
    # For l = 2, 3, ...: Z(l), which the activation is applied to, and then the product Z(l+1) = T_l' A(l).
    forward: list[tuple[FloatArray, Product]]
    output: Output  # Z(L), which becomes delta(L), with room for the loss
    # For l = L-1, ..., 2: Delta_l' = A(l) delta(l+1)', delta(l) = Theta_l' delta(l+1), and g(Z(l)) for its slope.
    back: list[tuple[Product, Product, FloatArray]]
    ones: FloatArray  # shape (b,): a product with ones is the quickest sum


class Workspace:
    """The buffers of one thread, and its sums over blocks.

    theta_vec is put into `theta`, which its threads share, before an evaluation. `sums` holds the sums Delta_l,
    unrolled like theta_vec; where X has no row of ones, Delta_1 as its bias column and then its other columns in the
    shape (s_2, s_1).
    """

    def __init__(self, model: Model, plan: Plan, theta: FloatArray) -> None:
        self.theta, self._dtype = theta, plan.dtype
        self._model, self._source, self._stacked = model, plan.source, plan.stacked
        self._multiply = dot if plan.stacked else np.matmul
        layout, inputs = model.layout, model.layout.layer_sizes[0]
        self._read = None if plan.source is None else np.empty((plan.rows, inputs), self._dtype)
        self._allocate(plan.rows)
        # In float32, OpenBLAS takes a quarter less for few columns X T than for few rows T' X'.
        turns = plan.dtype == np.float32 and layout.layer_sizes[1] <= TURNED_UNITS
        self._turned = np.empty((plan.rows, layout.layer_sizes[1]), self._dtype) if turns else None
        self._views: dict[int, Views] = {}
        # What one block gives, and the sum over blocks; the same where there is one block of float64.
        self._block_sums = np.empty(layout.size, self._dtype)
        self.sums = np.empty(layout.size) if plan.several or plan.dtype != np.float64 else self._block_sums
        self._T, self._D = layout.transposed_views(theta), layout.transposed_views(self._block_sums)
        self._first, self._bias_sums = self._T[0].T, self._D[0][0]
        self._first_sums = self._D[0] if plan.stacked else self._D[0][1:].reshape(-1, inputs)

    def evaluate(self, blocks: list[Block], gradient: bool) -> float:
        """Return the sum of the losses of `blocks`; with `gradient`, leave their Deltas in `sums`."""
        sums, block_sums = self.sums, self._block_sums
        if sums is not block_sums:
            sums[:] = 0.0
        total, multiply, scale = 0.0, self._multiply, self._model.hidden.scale
        for block in blocks:
            columns = self._read_columns(block) if block.columns is None else block.columns
            try:
                views = self._views[block.rows]
            except KeyError:
                views = self._make_views(block.rows)
            self._forward(columns, views)
            total += block_loss(self._model, views.output, block)
            if gradient:
                for product, back, a in views.back:
                    multiply(*product)
                    multiply(*back)
                    scale(back[2], a)
                self._sum_first(columns, views.delta[0], views.ones)
                if sums is not block_sums:
                    sums += block_sums
        return total

    def gather(self, others: Sequence[Workspace], share: FloatArray) -> FloatArray:
        """Return the sums of all threads times `share`, a fresh vector unrolled like theta_vec."""
        for other in others:
            self.sums += other.sums
        vector = np.multiply(self.sums, share)
        if not self._stacked:
            T = self._model.layout.transposed_views(vector)[0][1:]
            T[:] = T.reshape(T.shape[::-1]).T.copy()
        return vector

    def _read_columns(self, block: Block) -> FloatArray:
        """Return the block's examples side by side, shape (s_1, b)."""
        assert self._source is not None  # noqa: S101 - a block without columns has a source; told to the type checker
        assert self._read is not None  # noqa: S101 - made with it
        read = self._read[: block.rows]
        np.copyto(read, self._source[block.first : block.first + block.rows], casting="unsafe")
        return read.T

    def _forward(self, columns: FloatArray, views: Views) -> None:
        multiply, apply = self._multiply, self._model.hidden.apply
        if self._stacked:
            dot(self._first, columns, views.Z2)
        else:
            self._enter_layer_2(columns, self._T[0], views.Z2)
        for Z, product in views.forward:
            apply(Z)
            multiply(*product)

    def _enter_layer_2(self, columns: FloatArray, T: FloatArray, out: FloatArray) -> None:
        """Write T' A(1) into `out`, for T_1 or a direction of its shape."""
        if self._stacked:
            dot(T.T, columns, out)
        elif self._turned is None:
            np.matmul(T[1:].T, columns, out)
            np.add(out, T[0][:, None], out)
        else:
            turned = self._turned[: out.shape[1]]
            np.matmul(columns.T, T[1:], turned)
            np.add(turned.T, T[0][:, None], out)

    def _sum_first(self, columns: FloatArray, delta: FloatArray, ones: FloatArray) -> None:
        """Leave the block's Delta_1 in its sums, from delta(2)."""
        if self._stacked:
            self._multiply(columns, delta.T, self._first_sums)
        else:
            self._multiply(delta, columns.T, self._first_sums)
            np.matmul(delta, ones, self._bias_sums)

    def _allocate(self, rows: int) -> None:
        """Make room for the activations and deltas of `rows` examples."""
        *hidden, units = self._model.layout.layer_sizes[1:]
        self._A = [np.ones((size + 1, rows), self._dtype) for size in hidden]
        self._delta = [np.empty((size, rows), self._dtype) for size in hidden]
        self._output = np.empty((4, units * rows), self._dtype)
        self._ones = np.ones(rows, self._dtype)

    def _make_views(self, rows: int) -> Views:
        """Return the views for a block of `rows` examples, and keep them."""
        output = make_output(self._model.units, rows, self._output)
        A = [layer[:, :rows] for layer in self._A]
        Z = [*(layer[1:] for layer in A), output.logits]
        delta = [*(layer[:, :rows] for layer in self._delta), output.logits]
        T, D, hidden = self._T, self._D, range(len(A))
        self._views[rows] = Views(
            A=A,
            delta=delta,
            Z2=Z[0],
            forward=[(Z[i], (T[i + 1].T, A[i], Z[i + 1])) for i in hidden],
            output=output,
            back=[
                ((A[i], delta[i + 1].T, D[i + 1]), (T[i + 1][1:], delta[i + 1], delta[i]), Z[i])
                for i in reversed(hidden)
            ],
            ones=self._ones[:rows],
        )
        return self._views[rows]
