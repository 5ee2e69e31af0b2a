"""Forward propagation and backpropagation over one block of examples: the lecture's formulas, as the kernel runs them.

Conventions: the lecture's column vectors side by side. An activation is a matrix of shape (s_l, b), one example a
column; ``T_l`` is Theta_l', shape (s_l + 1, s_{l+1}), a view of theta_vec with the biases in row 0. With A(l) the
activations under a row of ones::

    Z(l+1)   = Theta_l A(l) = T_l' A(l)            A(l+1) = g(Z(l+1))
    delta(l) = Theta_l' delta(l+1) * g'(Z(l))      without the bias row
    Delta_l' = A(l) delta(l+1)'                    summed over the blocks

What is there for speed: the row of ones of a hidden layer stands in its buffer for good; X gets none (its bias is
added, and the gradient of that is a row sum), so each block of X is used where it lies, and its Delta_1 is gathered as
(s_2, s_1), the form in which the BLAS is fastest; and all happens in place, in the buffers of a `Workspace`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from courseport._checks import FloatArray
from courseport.kernel.context import own_context
from courseport.kernel.losses import Output, make_output
from courseport.network.activations import Activation
from courseport.network.model import Model


class Layer(NamedTuple):
    """Views of one Theta_l.

    Attributes
    ----------
    transposed : ndarray
        What A(l) is multiplied with: Theta_l, shape (s_{l+1}, s_l + 1); for l = 1 without its bias column.
    bias : ndarray, shape (s_{l+1}, 1)
        The bias column.
    weights : ndarray, shape (s_l, s_{l+1})
        What delta(l+1) is multiplied with: Theta_l' without its bias row.
    """

    transposed: FloatArray
    bias: FloatArray
    weights: FloatArray


def layers_of(T: list[FloatArray]) -> list[Layer]:
    """Return the views of all Thetas, from their transposes `T`; nothing is copied."""
    return [Layer((t if i else t[1:]).T, t[0][:, None], t[1:]) for i, t in enumerate(T)]


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
    ones : ndarray, shape (b,)
        A product with ones is the quickest sum.
    """

    inputs: list[FloatArray]
    outputs: list[FloatArray]
    deltas: list[FloatArray]
    output: Output
    ones: FloatArray


class Workspace:
    """The buffers of one thread, for blocks of at most `rows` examples, and its sums over blocks.

    Attributes
    ----------
    block : ndarray, shape (rows, s_1), or None
        Room for a block of X that has to be converted.
    sums : list of ndarray
        Delta_1 without its bias column, shape (s_2, s_1), then Delta_l', shape (s_l + 1, s_{l+1}).
    bias : ndarray, shape (s_2,)
        The bias column of Delta_1.
    context : contextvars.Context
        Where this thread computes.
    """

    def __init__(self, model: Model, rows: int, *, converts: bool) -> None:
        sizes = model.layout.layer_sizes
        self.block = np.empty((rows, sizes[0])) if converts else None
        self._inputs = [np.ones((size + 1, rows)) for size in sizes[1:-1]]
        self._deltas = [np.empty((size, rows)) for size in sizes[1:-1]]
        self._output = np.ones((4, sizes[-1] * rows))
        self._ones = np.ones(rows)
        self._buffers: dict[int, Buffers] = {}
        shapes = [(sizes[1], sizes[0]), *((columns, size) for size, columns in model.layout.shapes[1:])]
        self.sums = [np.empty(shape) for shape in shapes]
        self._products = [np.empty(shape) for shape in shapes]
        self.bias = np.empty(sizes[1])
        self._empty = True
        self.context = own_context()

    def clear(self) -> None:
        """Begin new sums."""
        self._empty = True
        self.bias[:] = 0.0

    def buffers(self, rows: int) -> Buffers:
        """Return the views for a block of `rows` examples, made once per size."""
        if rows not in self._buffers:
            inputs = [layer[:, :rows] for layer in self._inputs]
            output = make_output(self._output.shape[1] // self._ones.size, rows, self._output)
            deltas = [*(delta[:, :rows] for delta in self._deltas), output.logits]
            outputs = [*(layer[1:] for layer in inputs), output.logits]
            self._buffers[rows] = Buffers(inputs, outputs, deltas, output, self._ones[:rows])
        return self._buffers[rows]

    def add(self, layer: int, left: FloatArray, right: FloatArray) -> None:
        """Add the product `left` @ `right` to the sum of `layer`."""
        if self._empty:
            np.matmul(left, right, self.sums[layer])
        else:
            self.sums[layer] += np.matmul(left, right, self._products[layer])

    def finish_block(self) -> None:
        """Note that the sums hold a block."""
        self._empty = False

    def add_to(self, other: Workspace) -> None:
        """Add this thread's sums to those of another."""
        other.bias += self.bias
        for mine, theirs in zip(self.sums, other.sums, strict=True):
            np.add(theirs, mine, out=theirs)


def forward(layers: list[Layer], block: FloatArray, buffers: Buffers, hidden: Activation) -> None:
    """Fill A(2), ..., A(L-1) and Z(L) for the rows `block` of X."""
    Z, first = buffers.outputs, layers[0]
    np.matmul(first.transposed, block.T, Z[0])
    np.add(Z[0], first.bias, Z[0])
    for i, A in enumerate(buffers.inputs):
        hidden.apply(Z[i])
        np.matmul(layers[i + 1].transposed, A, Z[i + 1])


def backward(layers: list[Layer], block: FloatArray, buffers: Buffers, hidden: Activation, sums: Workspace) -> None:
    """Add the block's Delta_l to `sums`, from delta(L) down; overwrites the activations."""
    deltas = buffers.deltas
    for i in range(len(layers) - 1, 0, -1):
        sums.add(i, buffers.inputs[i - 1], deltas[i].T)
        np.matmul(layers[i].weights, deltas[i], deltas[i - 1])
        hidden.scale(deltas[i - 1], buffers.outputs[i - 1])
    sums.add(0, deltas[0], block)
    sums.bias += deltas[0].dot(buffers.ones)
    sums.finish_block()
