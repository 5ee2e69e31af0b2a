"""Forward propagation and backpropagation over one block of examples: the lecture's formulas, as the kernel runs them.

Conventions: the lecture's column vectors side by side. An activation is a matrix of shape (s_l, b), one example a
column; ``T_l`` is Theta_l', shape (s_l + 1, s_{l+1}), a view of theta_vec with the biases in row 0. With A(l) the
activations under a row of ones::

    Z(l+1)   = Theta_l A(l) = T_l' A(l)            A(l+1) = g(Z(l+1))
    delta(l) = Theta_l' delta(l+1) * g'(Z(l))      without the bias row
    Delta_l' = A(l) delta(l+1)'                    summed over the blocks

What is there for speed: the row of ones of a hidden layer stands in its buffer for good; a large X gets none (its bias
is added, and the gradient of that is a row sum), so each block of X is used where it lies, and its Delta_1 is gathered
as (s_2, s_1), the form in which the BLAS is fastest; and all happens in place, in the buffers of a `Workspace`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from courseport._checks import FloatArray
from courseport.activations import Activation
from courseport.losses import Output
from courseport.model import Model


@dataclass(frozen=True)
class Buffers:
    """Views of a workspace for blocks of one size b.

    Attributes
    ----------
    inputs : list of ndarray
        A(2), ..., A(L-1) with their row of ones, shape (s_l + 1, b).
    outputs : list of ndarray
        Z(2), ..., Z(L), shape (s_l, b). Z(l) becomes g(Z(l)) in place: for hidden layers it is A(l) without its ones.
    deltas : list of ndarray
        delta(2), ..., delta(L), shape (s_l, b). delta(L) takes the place of Z(L).
    output : Output
        The last of the outputs, with room for the loss.
    """

    inputs: list[FloatArray]
    outputs: list[FloatArray]
    deltas: list[FloatArray]
    output: Output


class Workspace:
    """The buffers of one thread, for blocks of at most `rows` examples, and its sums over blocks.

    Attributes
    ----------
    block : ndarray, shape (rows, s_1), or None
        Room for a block of X that has to be converted.
    sums : list of ndarray
        Delta_l', shape (s_l + 1, s_{l+1}); but Delta_1, shape (s_2, s_1), where X has no row of ones.
    bias : ndarray, shape (s_2,)
        In that case, the bias column of Delta_1.
    multiply : callable
        ``multiply(a, b, out=c)``, with the least overhead for small matrices or the fastest for large ones.
    """

    def __init__(self, model: Model, rows: int, *, converts: bool, small: bool) -> None:
        sizes = model.layout.layer_sizes
        self.block = np.empty((rows, sizes[0])) if converts else None
        self._inputs = [np.ones((size + 1, rows)) for size in sizes[1:-1]]
        self._deltas = [np.empty((size, rows)) for size in sizes[1:-1]]
        self._output = [np.empty(sizes[-1] * rows) for _ in range(3)]
        self._buffers: dict[int, Buffers] = {}
        shapes = [(columns, size) for size, columns in model.layout.shapes]
        if not small:
            shapes[0] = (sizes[1], sizes[0])
        self.sums = [np.empty(shape) for shape in shapes]
        self.bias = np.empty(sizes[1])
        self._products = [np.empty(shape) for shape in shapes]
        self._ones = np.ones(rows)
        self.empty = True
        self.multiply: Callable[..., FloatArray] = np.dot if small else np.matmul

    def buffers(self, rows: int) -> Buffers:
        """Return the views for a block of `rows` examples, made once per size."""
        if rows not in self._buffers:
            inputs = [layer[:, :rows] for layer in self._inputs]
            logits, scratch, factors = (buffer[: buffer.size // self._ones.size * rows] for buffer in self._output)
            shape = (-1, rows)
            output = Output(logits.reshape(shape), logits, scratch.reshape(shape), factors.reshape(shape))
            deltas = [*(delta[:, :rows] for delta in self._deltas), output.logits]
            outputs = [*(layer[1:] for layer in inputs), output.logits]
            self._buffers[rows] = Buffers(inputs, outputs, deltas, output)
        return self._buffers[rows]

    def add(self, layer: int, left: FloatArray, right: FloatArray) -> None:
        """Add the product `left` @ `right` to the sum of `layer`."""
        if self.empty:
            self.multiply(left, right, out=self.sums[layer])
        else:
            self.sums[layer] += self.multiply(left, right, out=self._products[layer])

    def add_bias(self, delta: FloatArray) -> None:
        """Add the row sums of delta(2) to the bias column of Delta_1."""
        sums = delta.dot(self._ones[: delta.shape[1]])  # faster than a reduction
        if self.empty:
            self.bias[:] = sums
        else:
            self.bias += sums

    def add_to(self, other: Workspace) -> None:
        """Add this thread's sums to those of another."""
        other.bias += self.bias
        for mine, theirs in zip(self.sums, other.sums, strict=True):
            np.add(theirs, mine, out=theirs)


def with_ones(X: FloatArray) -> FloatArray:
    """Return A(1) of all the examples, shape (s_1 + 1, m): X' under a row of ones."""
    return np.vstack([np.ones(len(X)), X.T])


def forward(T: list[FloatArray], A1: FloatArray, buffers: Buffers, hidden: Activation, workspace: Workspace) -> None:
    """Fill A(2), ..., A(L-1) and Z(L) for the examples `A1`, with their row of ones or without."""
    Z, multiply = buffers.outputs, workspace.multiply
    if len(A1) == len(T[0]):
        multiply(T[0].T, A1, out=Z[0])
    else:
        multiply(T[0][1:].T, A1, out=Z[0])
        Z[0] += T[0][0][:, None]
    for layer in range(1, len(T)):
        hidden.apply(Z[layer - 1])
        multiply(T[layer].T, buffers.inputs[layer - 1], out=Z[layer])


def backward(T: list[FloatArray], A1: FloatArray, buffers: Buffers, hidden: Activation, workspace: Workspace) -> None:
    """Add the block's Delta_l to the sums of `workspace`, from delta(L) down; overwrites the activations."""
    deltas = buffers.deltas
    for layer in range(len(T) - 1, 0, -1):
        workspace.add(layer, buffers.inputs[layer - 1], deltas[layer].T)
        workspace.multiply(T[layer][1:], deltas[layer], out=deltas[layer - 1])
        hidden.scale(deltas[layer - 1], buffers.outputs[layer - 1])
    if len(A1) == len(T[0]):
        workspace.add(0, A1, deltas[0].T)
    else:
        workspace.add(0, deltas[0], A1.T)
        workspace.add_bias(deltas[0])
    workspace.empty = False
