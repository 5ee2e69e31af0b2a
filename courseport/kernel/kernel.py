"""The sums over all examples, block by block, on several threads: what makes the cost function fast and lean.

- Rows of X come in blocks: each is read once, for the forward and for the gradient product, and the extra memory is
  that of one block a thread, however many examples there are.
- Threads share the rows out among them. numpy releases the interpreter in products and elementwise functions, so they
  run side by side; every BLAS is held to one thread meanwhile (see `_blas`).
- The parts are fixed and summed in a fixed order: the same bits from call to call.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from courseport import _blas
from courseport._checks import FloatArray
from courseport._parallel import Crew, available_cores, equal_parts
from courseport.kernel.blocks import Block, block_loss, make_block
from courseport.kernel.layers import Layer, Workspace, backward, forward, layers_of
from courseport.network.examples import Examples
from courseport.network.model import Model
from courseport.network.rows import needs_conversion, read_block

HOLD_WORK = 2e5  # multiplications in one evaluation below which no BLAS starts threads of its own
THREAD_WORK = 5e6  # multiplications for one thread, below which waking it costs more than it brings
BLOCK_WORK = 2**20  # rows times parameters at which a block's calls cost little beside its products
BLOCK_NUMBERS = 360_000  # most numbers of X in a block, 2.7 MiB: it is read again for the gradient, from the cache
BLOCK_ROWS = (448, 8192)  # fewest and most rows of a block: at 448, OpenBLAS works in halves that its cache likes
WIDE_ROWS = 2  # least rows of a block for each unit of the widest layer: the BLAS packs every Theta anew for each block
WIDE_NUMBERS = 2**22  # numbers of one layer's activations in a block, 32 MiB at the most


class Kernel:
    """Evaluates a model on examples.

    Parameters
    ----------
    model : Model
    examples : Examples
    block_rows, n_threads : int or None
        Chosen from the sizes and the machine where None.
    """

    def __init__(self, model: Model, examples: Examples, block_rows: int | None, n_threads: int | None) -> None:
        self.model, self.examples = model, examples
        work = 3.0 * examples.m * model.layout.size
        self._holds_blas = work > HOLD_WORK
        if n_threads is None:
            n_threads = max(1, min(available_cores(), int(work / THREAD_WORK)))
        self.n_threads = min(n_threads, examples.m)
        rows = _usual_rows(model) if block_rows is None else block_rows
        part = ceil(examples.m / self.n_threads)
        self.block_rows = ceil(part / ceil(part / rows))  # equal blocks, none larger than asked
        self._blocks = self._blocks_of_parts()
        self._start()

    def loss(self, vector: FloatArray) -> float:
        """Return the mean loss of the examples at theta_vec."""
        spaces = self._take_workspaces()
        total = self._run(self.model.layout.transposed_views(vector), spaces, gradient=False)
        self._workspaces.append(spaces)
        return total / self.examples.total

    def loss_and_gradient(self, vector: FloatArray) -> tuple[float, FloatArray]:
        """Return it and its gradient, a fresh array."""
        layout = self.model.layout
        grad_vec = np.empty(layout.size)
        D = layout.transposed_views(grad_vec)
        spaces = self._take_workspaces()
        first = spaces[0]
        own = first.sums
        first.sums = [own[0], *D[1:]]  # written where they are wanted
        total = self._run(layout.transposed_views(vector), spaces, gradient=True)
        for space in spaces[1:]:
            space.add_to(first)
        D[0][0] = first.bias
        D[0][1:] = own[0].T
        first.sums = own
        self._workspaces.append(spaces)
        grad_vec *= 1 / self.examples.total
        return total / self.examples.total, grad_vec

    def close(self) -> None:
        """End the threads and free the workspaces; a later call starts new ones."""
        self._crew.close()
        self._workspaces.clear()
        _blas.release()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_crew", "_workspaces")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    def _start(self) -> None:
        self._crew = Crew(self.n_threads)
        self._workspaces: list[list[Workspace]] = []  # sets not in use; append and pop are atomic

    def _blocks_of_parts(self) -> list[list[Block]]:
        """Return each thread's blocks: equal shares of the rows, in equal blocks."""
        parts = []
        for start, end in equal_parts(self.examples.m, self.n_threads):
            firsts = range(start, end, self.block_rows)
            parts.append([make_block(self.examples, first, min(first + self.block_rows, end)) for first in firsts])
        return parts

    def _take_workspaces(self) -> list[Workspace]:
        """Return one workspace a thread: a set used before, or a new one where another call holds it."""
        try:
            return self._workspaces.pop()
        except IndexError:
            converts = needs_conversion(self.examples.X)
            return [Workspace(self.model, self.block_rows, converts=converts) for _ in self._blocks]

    def _run(self, T: list[FloatArray], spaces: list[Workspace], *, gradient: bool) -> float:
        layers = layers_of(T)

        def work(part: int) -> float:
            space = spaces[part]
            return space.context.run(self._part, layers, space, self._blocks[part], gradient)

        if not self._holds_blas:
            return sum(self._crew.run(work))
        _blas.enter()
        try:
            return sum(self._crew.run(work))
        finally:
            _blas.leave()

    def _part(self, layers: list[Layer], space: Workspace, blocks: list[Block], gradient: bool) -> float:
        """Work through one thread's blocks; return the sum of their losses, leave their Deltas in `space`."""
        hidden, X = self.model.hidden, self.examples.X
        space.clear()
        total = 0.0
        for block in blocks:
            rows = read_block(X, block.first, block.last, space.block)
            buffers = space.buffers(block.last - block.first)
            forward(layers, rows, buffers, hidden)
            total += block_loss(self.model, self.examples, buffers.output, block)
            if gradient:
                backward(layers, rows, buffers, hidden, space)
        return total


def _usual_rows(model: Model) -> int:
    """Return the rows of a block for networks of these sizes."""
    sizes = model.layout.layer_sizes
    fewest, most = BLOCK_ROWS
    widest = max(sizes[1:])
    rows = min(BLOCK_WORK // model.layout.size, BLOCK_NUMBERS // sizes[0])
    rows = min(most, max(fewest, WIDE_ROWS * widest, rows))
    return max(1, min(rows, WIDE_NUMBERS // widest))
