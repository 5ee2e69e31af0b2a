"""Our own answers to the cases, and the formulas and mistakes that belong to each kind of cost function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from courseport.cost import NeuralNetworkCost
from courseport.crosscheck.costs.blocks import Block
from courseport.crosscheck.costs.mistakes.cofi import COFI_MISTAKES, cofi_answer
from courseport.crosscheck.costs.mistakes.mistake import Mistake, Result, Values, Ways
from courseport.crosscheck.costs.mistakes.network import NETWORK_MISTAKES, network_answer
from courseport.crosscheck.costs.mistakes.regression import (
    LINEAR_MISTAKES,
    LOGISTIC_MISTAKES,
    linear_answer,
    logistic_answer,
)
from courseport.regression.costs import linear_cost, logistic_cost
from courseport.regression.recommender import collaborative_cost


@dataclass(frozen=True)
class Kind:
    """A kind of cost function: our answer, the plain formula with its wrong ways, and the known mistakes."""

    ours: Callable[[Values], Result]
    formula: Callable[[Values, Ways], Result]
    mistakes: Sequence[Mistake]


def _network(values: Values) -> Result:
    sizes = [int(size) for size in values["layer_sizes"]]
    with NeuralNetworkCost(sizes, values["X"], values["y"], values["lambda"]) as cost:
        return cost(values["theta"])


def _regression(cost: Callable[..., Result]) -> Callable[[Values], Result]:
    """Return our cost function for cases whose X has its column of ones, which ours does not take."""
    return lambda values: cost(values["theta"], values["X"][:, 1:], values["y"], values["lambda"])


def _cofi(values: Values) -> Result:
    features = int(values["num_features"])
    return collaborative_cost(values["theta"], values["Y"], values["R"], features, values["lambda"])


KINDS = {
    "network": Kind(_network, network_answer, NETWORK_MISTAKES),
    "logistic": Kind(_regression(logistic_cost), logistic_answer, LOGISTIC_MISTAKES),
    "linear": Kind(_regression(linear_cost), linear_answer, LINEAR_MISTAKES),
    "cofi": Kind(_cofi, cofi_answer, COFI_MISTAKES),
}


def blocks_of(kind: str, values: Values) -> tuple[Block, ...]:
    """Return the matrices that the gradient is unrolled from, in order."""
    if kind == "network":
        sizes = [int(size) for size in values["layer_sizes"]]
        return tuple(Block(f"Theta{n}", b, a + 1) for n, (a, b) in enumerate(pairwise(sizes), start=1))
    if kind == "cofi":
        features = int(values["num_features"])
        return Block("X", int(values["num_movies"]), features), Block("Theta", int(values["num_users"]), features)
    return (Block("theta", values["theta"].size, 1),)
