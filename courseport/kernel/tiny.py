"""The sums over all examples of a tiny problem, where the calls of numpy cost more than the arithmetic.

All examples are one block, and every operand of every product is a view that was made beforehand: of a buffer for
theta_vec, of one for the sums, and of the layers between. The formulas are those of `network`, with a row of ones on
X too::

    Z(l+1) = T_l' A(l)        Delta_l' = A(l) delta(l+1)'        delta(l) = Theta_l' delta(l+1) * g'(Z(l))
"""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.kernel.blocks import block_loss, make_block
from courseport.kernel.losses import make_output
from courseport.network.examples import Examples
from courseport.network.model import Model

MOST_WORK = 2e5  # examples times parameters: OpenBLAS starts threads for a product beyond 262,144
dot = np.ndarray.dot  # for small matrices, half the overhead of matmul


def is_tiny(model: Model, examples: Examples, block_rows: int | None, n_threads: int | None) -> bool:
    """Return whether `TinyKernel` is for this problem, and nothing else was asked for."""
    one_block = (block_rows is None or block_rows >= examples.m) and n_threads in (None, 1)
    return one_block and isinstance(examples.X, np.ndarray) and examples.m * model.layout.size <= MOST_WORK


class TinyKernel:
    """Evaluates a model on a few examples; the interface of `kernel.Kernel`."""

    n_threads = 1

    def __init__(self, model: Model, examples: Examples) -> None:
        self.model, self.examples = model, examples
        self.block_rows = examples.m
        self._share = np.array(1 / examples.total)
        self._block = make_block(examples, 0, examples.m)
        self._A1 = np.vstack([np.ones(examples.m), np.asarray(examples.X, dtype=np.float64).T])
        self._spaces: list[_Space] = []  # not in use; append and pop are atomic

    def loss(self, vector: FloatArray) -> float:
        """Return the mean loss of the examples at theta_vec."""
        space = self._take()
        total = self._forward(space, vector)
        self._spaces.append(space)
        return total / self.examples.total

    def loss_and_gradient(self, vector: FloatArray) -> tuple[float, FloatArray]:
        """Return it and its gradient, a fresh array."""
        space = self._take()
        total = self._forward_and_backward(space, vector)
        grad_vec = np.multiply(space.sums, self._share)
        self._spaces.append(space)
        return total / self.examples.total, grad_vec

    def close(self) -> None:
        """Free the buffers."""
        self._spaces.clear()

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_spaces": []}

    def _take(self) -> _Space:
        try:
            return self._spaces.pop()
        except IndexError:
            return _Space(self.model, self._A1)

    def _forward(self, space: _Space, vector: FloatArray) -> float:
        space.theta[:] = vector
        apply = self.model.hidden.apply
        for left, right, Z in space.products:
            dot(left, right, Z)
            apply(Z)
        dot(*space.last_product)
        return block_loss(self.model, self.examples, space.output, self._block)

    def _forward_and_backward(self, space: _Space, vector: FloatArray) -> float:
        total = self._forward(space, vector)
        scale = self.model.hidden.scale
        for gradient, (weights, delta, delta_before), outputs in space.steps_back:
            dot(*gradient)
            dot(weights, delta, delta_before)
            scale(delta_before, outputs)
        dot(*space.last_gradient)
        return total


class _Space:
    """The buffers of one call, and the triples (left, right, product) of its products.

    Attributes
    ----------
    theta, sums : ndarray, shape (n,)
        theta_vec, and the sums Delta_l unrolled like it.
    products, last_product : list of triples, triple
        T_l', A(l), Z(l+1) for the hidden layers, and for the output layer.
    steps_back : list of tuples
        (A(l), delta(l+1)', Delta_l'), (T_l, delta(l+1), delta(l)) and g(Z(l)) from the last layer to the second.
    last_gradient : triple
        A(1), delta(2)', Delta_1'.
    output : Output
    """

    def __init__(self, model: Model, A1: FloatArray) -> None:
        layout, rows = model.layout, A1.shape[1]
        self.theta, self.sums = np.empty(layout.size), np.empty(layout.size)
        self.output = make_output(model.units, rows, np.ones((4, model.units * rows)))
        sizes = layout.layer_sizes[1:-1]
        inputs = [A1, *(np.ones((size + 1, rows)) for size in sizes)]
        outputs = [*(A[1:] for A in inputs[1:]), self.output.logits]
        deltas = [*(np.empty((size, rows)) for size in sizes), self.output.logits]
        T, D = layout.transposed_views(self.theta), layout.transposed_views(self.sums)
        gradients = [(A, delta.T, sums) for A, delta, sums in zip(inputs, deltas, D, strict=True)]
        *self.products, self.last_product = [(t.T, A, Z) for t, A, Z in zip(T, inputs, outputs, strict=True)]
        self.steps_back = [
            (gradients[i], (T[i][1:], deltas[i], deltas[i - 1]), outputs[i - 1]) for i in range(len(T) - 1, 0, -1)
        ]
        self.last_gradient = gradients[0]
