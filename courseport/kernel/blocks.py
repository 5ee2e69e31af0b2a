"""Blocks of examples, and the loss of one: where the data meet the logits."""

from __future__ import annotations

from typing import NamedTuple

from courseport._checks import FloatArray, IntArray
from courseport.kernel import losses
from courseport.kernel.losses import Output
from courseport.network.examples import Examples
from courseport.network.model import Model


class Block(NamedTuple):
    """Rows first..last of X, and what turns the signs of their logits (see `losses`)."""

    first: int
    last: int
    sign_changes: FloatArray | IntArray | None


def make_block(examples: Examples, first: int, last: int) -> Block:
    """Return the block of rows first..last."""
    few = examples.m * examples.targets.units <= losses.SIGNS_AT_MOST
    return Block(first, last, losses.sign_changes(examples.targets, first, last, few=few))


def block_loss(model: Model, examples: Examples, out: Output, block: Block) -> float:
    """Return the loss of one block, and turn its logits into delta(L)."""
    weights = None if examples.weights is None else examples.weights[block.first : block.last]
    if block.sign_changes is not None and model.loss == "cross_entropy":
        total = losses.cross_entropy_labels(out, block.sign_changes, weights)
    else:
        Y = examples.targets.matrix(block.first, block.last).T
        if model.loss == "cross_entropy":
            total = losses.cross_entropy_values(out, Y, weights)
        else:
            total = losses.squared_error(out, Y, weights, model.output)
    if weights is not None:
        out.logits[:] *= weights
    return total
