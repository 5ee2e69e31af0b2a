"""Our own answers to the cases, and the formulas and mistakes that belong to each kind of cost function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from courseport._checks import FloatArray
from courseport.cost import NeuralNetworkCost
from courseport.crosscheck.blocks import Block
from courseport.crosscheck.cases import Case, Values, cofi_cases, network_cases, regression_cases
from courseport.crosscheck.cofi_formula import cofi_answer
from courseport.crosscheck.cofi_mistakes import COFI_MISTAKES
from courseport.crosscheck.mistakes import Mistake
from courseport.crosscheck.network_formula import network_answer
from courseport.crosscheck.network_mistakes import NETWORK_MISTAKES
from courseport.crosscheck.regression_formula import linear_answer, logistic_answer
from courseport.crosscheck.regression_mistakes import LINEAR_MISTAKES, LOGISTIC_MISTAKES
from courseport.crosscheck.shared_formula import Choices
from courseport.regression.costs import linear_cost, logistic_cost

Result = tuple[float, FloatArray]


@dataclass(frozen=True)
class Kind:
    """A kind of cost function: our answer, the plain formula with its wrong ways, and the known mistakes."""

    ours: Callable[[Values], Result]
    formula: Callable[[Values, Choices], Result]
    mistakes: Sequence[Mistake]


def _network(values: Values) -> Result:
    sizes = [int(size) for size in values["layer_sizes"]]
    with NeuralNetworkCost(sizes, values["X"], values["y"], values["lambda"]) as cost:
        return cost(values["theta"])


def _regression(cost: Callable[..., Result]) -> Callable[[Values], Result]:
    """Return our cost function for cases whose X has its column of ones, which ours does not take."""
    return lambda values: cost(values["theta"], values["X"][:, 1:], values["y"], values["lambda"])


KINDS = {
    "network": Kind(_network, network_answer, NETWORK_MISTAKES),
    "logistic": Kind(_regression(logistic_cost), logistic_answer, LOGISTIC_MISTAKES),
    "linear": Kind(_regression(linear_cost), linear_answer, LINEAR_MISTAKES),
    "cofi": Kind(lambda values: cofi_answer(values, {}), cofi_answer, COFI_MISTAKES),
}


def make_cases(kind: str, roles: Sequence[str], *, digits: bool = True, random: int = 8, seed: int = 0) -> list[Case]:
    """Return the cases for a function of this kind that takes these arguments."""
    regularised = "lambda" in roles
    if kind == "network":
        layers = "layer_sizes" in roles
        return network_cases(layers=layers, regularised=regularised, digits=digits, random=random, seed=seed)
    if kind == "cofi":
        return cofi_cases(regularised=regularised, random=random, seed=seed)
    return regression_cases(linear=kind == "linear", regularised=regularised, random=random, seed=seed)


def blocks_of(kind: str, values: Values) -> tuple[Block, ...]:
    """Return the matrices that the gradient is unrolled from, in order."""
    if kind == "network":
        sizes = [int(size) for size in values["layer_sizes"]]
        return tuple(Block(f"Theta{n}", b, a + 1) for n, (a, b) in enumerate(pairwise(sizes), start=1))
    if kind == "cofi":
        features = int(values["num_features"])
        return Block("X", int(values["num_movies"]), features), Block("Theta", int(values["num_users"]), features)
    return (Block("theta", values["theta"].size, 1),)
