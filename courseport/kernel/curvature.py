"""Products of the Hessian with a direction, over blocks of examples: Pearlmutter's R-operator on the kernel's buffers.

R{f} is the derivative of f(theta + r p) at r = 0. Applied to each line of `propagation`, with V_l the part of p that
belongs to T_l = Theta_l', and R{X} = 0::

    R{Z(l+1)}   = V_l' A(l) + T_l' R{A(l)}               R{A(l)} = g'(Z(l)) * R{Z(l)}
    R{delta(L)} = H * R{Z(L)}                            H = d delta(L) / dZ(L)
    R{delta(l)} = (V_l delta(l+1) + T_l R{delta(l+1)}) * g'(Z(l)) + T_l delta(l+1) * g''(Z(l)) * R{Z(l)}
    R{Delta_l'} = A(l) R{delta(l+1)}' + R{A(l)} delta(l+1)'

The Gauss-Newton product leaves out every term with a delta: what is left is positive semidefinite. The Octave reference
has the same lines in nnHessianProduct.m.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from courseport._checks import FloatArray
from courseport.kernel.losses import Block, block_curvature, block_loss
from courseport.kernel.propagation import Plan, Views, Workspace
from courseport.network.model import Model


@dataclass(frozen=True, slots=True)
class Point:
    """What does not depend on the direction, for one block at one theta_vec."""

    views: Views  # with A(2), ..., A(L-1) and delta(2), ..., delta(L)
    slopes: list[FloatArray]  # g'(Z(l)) for l = 2, ..., L-1, each of shape (s_l, b)
    bends: list[FloatArray]  # T_l delta(l+1) * g''(Z(l)) / g'(Z(l))
    H: FloatArray  # d delta(L) / dZ(L), shape (K, b)
    H_gauss_newton: FloatArray  # its part without delta(L)


class CurvatureWorkspace(Workspace):
    """The buffers of one thread for products with the Hessian.

    The direction p is put into `direction`, which the threads share, before a product. Where it `keeps`, each block
    has its own `Point` for the next direction; else all share one.
    """

    def __init__(self, model: Model, plan: Plan, theta: FloatArray, direction: FloatArray, *, keeps: bool) -> None:
        super().__init__(model, plan, theta)
        self.direction = direction
        self._keeps = keeps
        self._points: dict[int, Point] = {}
        self._V = model.layout.transposed_views(direction)
        sizes = model.layout.layer_sizes[1:]
        self._R = [np.empty((size, plan.rows), plan.dtype) for size in sizes]
        self._S = [np.empty((size, plan.rows), plan.dtype) for size in sizes]
        self._scratch = [np.empty((size, plan.rows), plan.dtype) for size in sizes]

    def product(self, blocks: list[Block], *, gauss_newton: bool, moved: bool) -> None:
        """Leave the sums R{Delta_l} of `blocks` in `sums`; `moved` says that theta is another than last time."""
        several = self.sums is not self._block_sums
        if several:
            self.sums[:] = 0.0
        for block in blocks:
            columns = self._read_columns(block) if block.columns is None else block.columns
            key = block.first if self._keeps else block.rows
            if key not in self._points:
                if self._keeps:
                    self._allocate(block.rows)
                hidden = self._model.layout.layer_sizes[1:-1]
                slopes, bends = ([np.empty((size, block.rows), self._dtype) for size in hidden] for _ in range(2))
                H, H_gauss_newton = np.empty((2, self._model.units, block.rows), self._dtype)
                self._points[key] = Point(self._make_views(block.rows), slopes, bends, H, H_gauss_newton)
            point = self._points[key]
            if moved or not self._keeps:
                self._prepare(columns, block, point)
            self._differentiate(columns, point, gauss_newton=gauss_newton)
            if several:
                self.sums += self._block_sums

    def _prepare(self, columns: FloatArray, block: Block, point: Point) -> None:
        """Compute all activations and deltas, and what their derivatives are multiplied with."""
        views, g, T = point.views, self._model.hidden, self._T
        self._forward(columns, views)
        block_curvature(self._model, views.output, block, point.H, point.H_gauss_newton)
        block_loss(self._model, views.output, block)
        for i in reversed(range(len(point.slopes))):
            a, delta = views.A[i][1:], views.delta[i]
            g.slope(a, point.slopes[i])
            self._multiply(T[i + 1][1:], views.delta[i + 1], delta)
            if g.bend is not None:
                g.bend(a, point.bends[i])
                point.bends[i] *= delta
            delta *= point.slopes[i]

    def _differentiate(self, columns: FloatArray, point: Point, *, gauss_newton: bool) -> None:
        """Leave the block's R{Delta_l} in its sums."""
        multiply, T, V, D = self._multiply, self._T, self._V, self._D
        views, A, delta = point.views, point.views.A, point.views.delta
        rows = point.H.shape[1]
        R, S, scratch = ([buffer[:, :rows] for buffer in buffers] for buffers in (self._R, self._S, self._scratch))
        hidden = range(len(A))

        self._enter_layer_2(columns, V[0], R[0])
        for i in hidden:
            R[i] *= point.slopes[i]
            multiply(V[i + 1].T, A[i], R[i + 1])
            multiply(T[i + 1][1:].T, R[i], scratch[i + 1])
            R[i + 1] += scratch[i + 1]

        np.multiply(point.H_gauss_newton if gauss_newton else point.H, R[-1], S[-1])
        for i in reversed(hidden):
            multiply(A[i], S[i + 1].T, D[i + 1])
            multiply(T[i + 1][1:], S[i + 1], S[i])
            if not gauss_newton:
                D[i + 1][1:] += multiply(R[i], delta[i + 1].T)
                multiply(V[i + 1][1:], delta[i + 1], scratch[i])
                S[i] += scratch[i]
            S[i] *= point.slopes[i]
            if not gauss_newton and self._model.hidden.bend is not None:
                R[i] *= point.bends[i]
                S[i] += R[i]
        self._sum_first(columns, S[0], views.ones)
