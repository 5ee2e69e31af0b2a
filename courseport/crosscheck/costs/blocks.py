"""The matrices that a gradient is unrolled from, column by column, and the names of their entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courseport._checks import FloatArray


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
