"""The sums over all examples, block by block, on several threads: what makes the cost function fast and lean.

- Rows of X come in blocks: each is read once, for the forward and for the gradient product, and the extra memory is
  that of one block a thread, however many examples there are.
- Threads share the rows out among them. numpy releases the interpreter in products and elementwise functions, so they
  run side by side; every BLAS is held to one thread meanwhile (see `_threads`).
- The parts are fixed and summed in a fixed order: the same bits from call to call.
- A tiny problem is one block, X with a row of ones: there the calls of numpy cost more than the arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from math import ceil
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from courseport import _threads
from courseport._checks import FloatArray
from courseport._threads import Crew, available_cores, equal_parts, quiet
from courseport.kernel.curvature import CurvatureWorkspace
from courseport.kernel.losses import Block, make_block
from courseport.kernel.propagation import Plan, Workspace
from courseport.network.model import Examples, Model
from courseport.network.rows import needs_conversion

T = TypeVar("T")
TINY_WORK = 2e5  # examples times parameters: OpenBLAS starts threads for a product beyond 262,144
HOLD_WORK = 2e5  # multiplications in one evaluation below which no BLAS starts threads of its own
THREAD_WORK = 5e6  # multiplications for one thread, below which waking it costs more than it brings
BLOCK_WORK = 2**20  # rows times parameters at which a block's calls cost little beside its products
BLOCK_BYTES = 2_880_000  # most bytes of X in a block: it is read again for the gradient, from the cache
BLOCK_ROWS = (448, 8192)  # fewest and most rows of a block: at 448, OpenBLAS works in halves that its cache likes
WIDE_ROWS = 2  # least rows of a block for each unit of the widest layer: the BLAS packs every Theta anew for each block
WIDE_NUMBERS = 2**22  # numbers of one layer's activations in a block, 32 MiB at the most

KEPT_BYTES = 2**27  # most that products with the Hessian keep of one theta_vec for the next direction, 128 MiB

NO_GRADIENT = np.empty(0)


class Evaluation:
    """Evaluates J and its gradient for a model on examples; what is None is chosen from the sizes and the machine."""

    def __init__(
        self,
        model: Model,
        examples: Examples,
        lambda_: float,
        *,
        block_rows: int | None,
        n_threads: int | None,
        dtype: np.dtype[Any],
    ) -> None:
        self.model, self.examples, self.lambda_, self.dtype = model, examples, lambda_, dtype
        self._slopes = model.penalty_slopes(lambda_, examples.total)
        m, work = examples.m, 3.0 * examples.m * model.layout.size
        one_block = (block_rows is None or block_rows >= m) and n_threads in (None, 1)
        self._tiny = one_block and isinstance(examples.X, np.ndarray) and work <= 3 * TINY_WORK
        self._holds_blas = not self._tiny and work > HOLD_WORK
        if n_threads is None:
            n_threads = max(1, min(available_cores(), int(work / THREAD_WORK)))
        self.n_threads = min(n_threads, m)
        sizes, (fewest, most) = model.layout.layer_sizes, BLOCK_ROWS
        widest = max(sizes[1:])
        usual = min(BLOCK_WORK // model.layout.size, BLOCK_BYTES // (dtype.itemsize * sizes[0]))
        usual = min(most, max(fewest, WIDE_ROWS * widest, usual))
        usual = max(1, min(usual, WIDE_NUMBERS // widest))
        rows = min(block_rows or (m if self._tiny else usual), m)
        part = ceil(m / self.n_threads)
        self.block_rows = ceil(part / ceil(part / rows))  # equal blocks, none larger than asked
        self._start()

    def cost_and_gradient(self, theta_vec: ArrayLike, *, gradient: bool = True) -> tuple[float, FloatArray]:
        """Return J and its gradient, a fresh array (empty if not asked for), of a theta_vec that is checked here."""
        # With one workspace a thread, and under our numpy settings, whatever the caller's are.
        try:
            context, spaces = self._idle.pop()
        except IndexError:  # the first call, or other calls hold all there are
            theta = np.empty(self._slopes.size, self.dtype)
            context, spaces = Context(), [Workspace(self.model, self._plan, theta) for _ in self._blocks]
            context.run(quiet)
        answer = context.run(self._compute, theta_vec, spaces, gradient)
        self._idle.append((context, spaces))
        return answer

    def _compute(self, theta_vec: ArrayLike, spaces: list[Workspace], gradient: bool) -> tuple[float, FloatArray]:
        """Return J, and its gradient if asked for, else an empty array."""
        vector = self.model.layout.check(theta_vec)
        first = spaces[0]
        first.theta[:] = vector  # one for all threads
        grad_vec = NO_GRADIENT
        if self._tiny:  # one workspace, whose sums lie like theta_vec: each further call would be seen
            total = first.evaluate(self._blocks[0], gradient)
            if gradient:
                grad_vec = np.multiply(first.sums, self._share)
        else:
            total = sum(self._run(lambda part: spaces[part].evaluate(self._blocks[part], gradient)))
            if gradient:
                grad_vec = first.gather(spaces[1:], self._share)
        J = total / self._total
        if self.lambda_:
            penalty_gradient = vector * self._slopes
            J += float(penalty_gradient.dot(vector)) / 2
            if gradient:
                np.add(grad_vec, penalty_gradient, grad_vec)
        return J, grad_vec

    @np.errstate(over="ignore", under="ignore")
    def hessian_product(self, theta_vec: ArrayLike, p: ArrayLike, *, gauss_newton: bool) -> FloatArray:
        """Return the Hessian of J at theta_vec times p, a fresh array, of vectors that are checked here."""
        vector, direction = self.model.layout.check(theta_vec), self.model.layout.check(p, "p")
        try:
            spaces = self._idle_products.pop()
        except IndexError:
            theta, place = np.full((2, self._slopes.size), np.nan, self.dtype)
            *hidden, units = self.model.layout.layer_sizes[1:]
            keeps = self.dtype.itemsize * self.examples.m * (4 * sum(hidden) + 7 * units) <= KEPT_BYTES
            spaces = [CurvatureWorkspace(self.model, self._plan, theta, place, keeps=keeps) for _ in self._blocks]
        first = spaces[0]
        moved = not np.array_equal(vector.astype(self.dtype, copy=False), first.theta)
        first.theta[:], first.direction[:] = vector, direction

        self._run(lambda part: spaces[part].product(self._blocks[part], gauss_newton=gauss_newton, moved=moved))
        product = first.gather(spaces[1:], self._share)
        product += direction * self._slopes
        self._idle_products.append(spaces)
        return product

    def close(self) -> None:
        """End the threads and free the workspaces; a later call starts new ones."""
        self._crew.close()
        self._idle.clear()
        self._idle_products.clear()
        _threads.release()

    def __getstate__(self) -> dict[str, Any]:
        left_out = ("_crew", "_idle", "_idle_products", "_blocks", "_plan")
        return {key: value for key, value in self.__dict__.items() if key not in left_out}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    def _start(self) -> None:
        self._crew = Crew(self.n_threads)
        # Workspaces not in use, and the context they are used in; append and pop are atomic.
        self._idle: list[tuple[Context, list[Workspace]]] = []
        self._idle_products: list[list[CurvatureWorkspace]] = []
        examples = self.examples
        if examples.weights is not None and self.dtype != np.float64:
            # Of any size in float64; in float32 around 1.
            examples = replace(examples, weights=examples.weights * (examples.m / examples.total), total=examples.m)
        self._total, self._share = examples.total, np.array(1 / examples.total)
        # Each thread's blocks: equal shares of the rows, in equal blocks.
        self._blocks: list[list[Block]] = [
            [
                make_block(self.model, examples, first, min(first + self.block_rows, end), self.dtype, tiny=self._tiny)
                for first in range(start, end, self.block_rows)
            ]
            for start, end in equal_parts(self.examples.m, self.n_threads)
        ]
        X = examples.X
        self._plan = Plan(
            rows=self.block_rows,
            source=X if not self._tiny and needs_conversion(X, self.dtype) else None,
            stacked=self._tiny,
            several=max(map(len, self._blocks)) > 1,
            dtype=self.dtype,
        )

    def _run(self, work: Callable[[int], T]) -> list[T]:
        """Return what `work` returns for each thread's part, with every BLAS held to one thread."""
        if not self._holds_blas:
            return self._crew.run(work)
        _threads.enter()
        try:
            return self._crew.run(work)
        finally:
            _threads.leave()
