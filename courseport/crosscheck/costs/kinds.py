"""The kinds of cost functions: what is right, the known mistakes, and what the gradient is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from courseport._checks import FloatArray
from courseport.crosscheck.costs.mistakes import formulas
from courseport.crosscheck.costs.mistakes.cofi import COFI_MISTAKES
from courseport.crosscheck.costs.mistakes.formulas import Result, Values, Ways
from courseport.crosscheck.costs.mistakes.mistake import Mistake
from courseport.crosscheck.costs.mistakes.network import NETWORK_MISTAKES
from courseport.crosscheck.costs.mistakes.regression import LINEAR_MISTAKES, LOGISTIC_MISTAKES


@dataclass(frozen=True)
class Kind:
    """A kind of cost function: its formula, which takes wrong ways too, and the known mistakes."""

    formula: Callable[[Values, Ways], Result]
    mistakes: Sequence[Mistake]


KINDS = {
    "network": Kind(formulas.network, NETWORK_MISTAKES),
    "logistic": Kind(formulas.logistic, LOGISTIC_MISTAKES),
    "linear": Kind(formulas.linear, LINEAR_MISTAKES),
    "cofi": Kind(formulas.cofi, COFI_MISTAKES),
}


@dataclass(frozen=True)
class Block:
    """A matrix by its name in Octave and its shape."""

    name: str
    rows: int
    columns: int

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.rows * self.columns


def entry_name(blocks: Sequence[Block], index: int) -> str:
    """Return the name of entry `index` of the gradient, as Octave writes it: ``Theta1(3, 2)``."""
    for block in blocks:
        if index < block.size:
            column, row = divmod(index, block.rows)
            return f"{block.name}({row + 1}{f', {column + 1}' if block.columns > 1 else ''})"
        index -= block.size
    raise IndexError(index)


def matrices(blocks: Sequence[Block], vector: FloatArray) -> Iterator[tuple[Block, FloatArray]]:
    """Yield each block with its part of `vector`, reshaped."""
    start = 0
    for block in blocks:
        yield block, vector[start : start + block.size].reshape((block.rows, block.columns), order="F")
        start += block.size


def parts(blocks: Sequence[Block], vector: FloatArray) -> dict[str, FloatArray]:
    """Return `vector` in named parts: the bias weights of each block and the others; a single theta likewise."""
    named: dict[str, FloatArray] = {}
    for block, matrix in matrices(blocks, vector):
        if block.columns == 1:
            named |= {f"{block.name}(1)": matrix[:1], f"{block.name}(2:end)": matrix[1:]}
        else:
            named |= {f"{block.name}(:, 1)": matrix[:, :1], f"{block.name}(:, 2:end)": matrix[:, 1:]}
    return named


def blocks_of(kind: str, values: Values) -> tuple[Block, ...]:
    """Return the matrices that the gradient is unrolled from, in order."""
    if kind == "network":
        sizes = [int(size) for size in values["layer_sizes"]]
        return tuple(Block(f"Theta{n}", b, a + 1) for n, (a, b) in enumerate(pairwise(sizes), start=1))
    if kind == "cofi":
        features = int(values["num_features"])
        return Block("X", int(values["num_movies"]), features), Block("Theta", int(values["num_users"]), features)
    return (Block("theta", values["theta"].size, 1),)
