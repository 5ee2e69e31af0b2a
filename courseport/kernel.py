"""The sums over all examples, block by block, on several threads: what makes the cost function fast and lean.

- Rows of X come in blocks: each is read once, for the forward and for the gradient product, and the extra memory is
  that of one block a thread, however many examples there are.
- Threads share the rows out among them. numpy releases the interpreter in products and elementwise functions, so they
  run side by side; every BLAS is held to one thread meanwhile (see `_blas`).
- The parts are fixed and summed in a fixed order: the same bits from call to call.
"""

from __future__ import annotations

from math import ceil
from typing import Any, NamedTuple

import numpy as np

from courseport import _blas, _checks, losses
from courseport._checks import FloatArray, IntArray
from courseport.examples import Examples
from courseport.losses import Output
from courseport.model import Model
from courseport.network import Workspace, backward, forward, with_ones
from courseport.parallel import Crew, available_cores, equal_parts
from courseport.rows import needs_conversion, read_block

HOLD_WORK = 2e5  # multiplications in one evaluation below which no BLAS starts threads of its own
THREAD_WORK = 5e6  # multiplications for one thread, below which waking it costs more than it brings
BLOCK_NUMBERS = 2**20  # numbers of X in a block, 8 MiB: enough for the BLAS to be at its speed
BLOCK_ROWS = (2048, 8192)  # fewest and most rows of a block, measured: fewer cost calls, more cost cache
WIDE_NUMBERS = 2**22  # numbers of one layer's activations in a block, 32 MiB at the most

SMALL_X = 2**14  # numbers in X up to which it is kept with its ones, where calls cost more than arithmetic


class Block(NamedTuple):
    """Rows first..last of X, and what turns the signs of their logits (see `losses`)."""

    first: int
    last: int
    sign_changes: FloatArray | IntArray | None


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
        self.n_threads = min(_checks.whole_number("n_threads", n_threads, 1), examples.m)
        rows = _usual_rows(model) if block_rows is None else _checks.whole_number("block_rows", block_rows, 1)
        part = ceil(examples.m / self.n_threads)
        self.block_rows = ceil(part / ceil(part / rows))  # equal blocks, none larger than asked
        self._blocks = self._blocks_of_parts()
        one_block = self.block_rows == examples.m
        small = one_block and isinstance(examples.X, np.ndarray) and examples.X.size <= SMALL_X
        self._A1 = with_ones(read_block(examples.X, 0, examples.m, None)) if small else None
        self._start()

    def losses(self, T: list[FloatArray]) -> float:
        """Return the sum of the examples' losses for the transposed Thetas `T`."""
        spaces = self._take_workspaces()
        total = self._run(T, spaces, gradient=False)
        self._workspaces.append(spaces)
        return total

    def losses_and_deltas(self, T: list[FloatArray], D: list[FloatArray]) -> float:
        """Do the same, and write the sums Delta_l', shape (s_l + 1, s_{l+1}), into the arrays `D`."""
        spaces = self._take_workspaces()
        first = spaces[0]
        own = first.sums
        first.sums = D if self._A1 is not None else [own[0], *D[1:]]  # written where they are wanted
        total = self._run(T, spaces, gradient=True)
        for space in spaces[1:]:
            space.add_to(first)
        if self._A1 is None:
            D[0][0] = first.bias
            D[0][1:] = own[0].T
        first.sums = own
        self._workspaces.append(spaces)
        return total

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
        targets, m, rows = self.examples.targets, self.examples.m, self.block_rows
        few = m * targets.units <= losses.SIGNS_AT_MOST
        parts = []
        for start, end in equal_parts(m, self.n_threads):
            ranges = [(first, min(first + rows, end)) for first in range(start, end, rows)]
            parts.append([Block(*one, losses.sign_changes(targets, *one, few=few)) for one in ranges])
        return parts

    def _take_workspaces(self) -> list[Workspace]:
        """Return one workspace a thread: a set used before, or a new one where another call holds it."""
        try:
            return self._workspaces.pop()
        except IndexError:
            converts = needs_conversion(self.examples.X)
            small = self._A1 is not None
            return [Workspace(self.model, self.block_rows, converts=converts, small=small) for _ in self._blocks]

    def _run(self, T: list[FloatArray], spaces: list[Workspace], *, gradient: bool) -> float:
        def work(part: int) -> float:
            return self._part(T, spaces[part], self._blocks[part], gradient=gradient)

        if not self._holds_blas:
            return sum(self._crew.run(work))
        _blas.enter()
        try:
            return sum(self._crew.run(work))
        finally:
            _blas.leave()

    def _part(self, T: list[FloatArray], space: Workspace, blocks: list[Block], *, gradient: bool) -> float:
        """Work through one thread's blocks; return the sum of their losses, leave their Deltas in `space`."""
        hidden, X = self.model.hidden, self.examples.X
        space.empty = True
        total = 0.0
        with np.errstate(over="ignore"):  # e^-z of a saturated unit may be inf, and 1/inf = 0 is right
            for block in blocks:
                A1 = read_block(X, block.first, block.last, space.block).T if self._A1 is None else self._A1
                buffers = space.buffers(block.last - block.first)
                forward(T, A1, buffers, hidden, space)
                total += self._loss(buffers.output, block)
                if gradient:
                    backward(T, A1, buffers, hidden, space)
        return total

    def _loss(self, out: Output, block: Block) -> float:
        """Return the loss of one block, and turn its logits into delta(L)."""
        weights = None if self.examples.weights is None else self.examples.weights[block.first : block.last]
        if block.sign_changes is not None and self.model.loss == "cross_entropy":
            total = losses.cross_entropy_labels(out, block.sign_changes, weights)
        else:
            Y = self.examples.targets.matrix(block.first, block.last).T
            if self.model.loss == "cross_entropy":
                total = losses.cross_entropy_values(out, Y, weights)
            else:
                total = losses.squared_error(out, Y, weights, self.model.output)
        if weights is not None:
            out.logits[:] *= weights
        return total


def _usual_rows(model: Model) -> int:
    """Return the rows of a block for networks of these sizes."""
    sizes = model.layout.layer_sizes
    fewest, most = BLOCK_ROWS
    rows = min(most, max(fewest, BLOCK_NUMBERS // sizes[0]))
    return max(1, min(rows, WIDE_NUMBERS // max(sizes[1:])))
