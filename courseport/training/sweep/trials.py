"""One trial of a sweep: a training, and what it is worth on the training and the validation set."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import FloatArray
from courseport.cost import NeuralNetworkCost
from courseport.network.initialize import rand_initialize_weights
from courseport.network.prediction import accuracy, predict
from courseport.network.rows import RowSource
from courseport.training.train import METHODS, TrainingWarning, train

Set = tuple[RowSource, NDArray[Any]]  # X and y
Pair = tuple[tuple[int, ...], float]  # layer sizes and lambda


@dataclass(frozen=True)
class Settings:
    """What all trials of a sweep have in common.

    Attributes
    ----------
    method : str
        As for `train`.
    max_iterations : int
        As for `train`.
    seed : int
        For the first weights, as for `rand_initialize_weights`.
    """

    method: str = "L-BFGS-B"
    max_iterations: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        _checks.choice("method", self.method, METHODS)
        _checks.whole_number("max_iterations", self.max_iterations, 1)
        _checks.whole_number("seed", self.seed, 0)


@dataclass(frozen=True)
class Trial:
    """One training and what it is worth.

    Attributes
    ----------
    layer_sizes : tuple of int
    lambda_ : float
    training_cost, validation_cost : float
        J at the end without the penalty, as the course compares them.
    training_accuracy, validation_accuracy : float
        In percent.
    iterations : int
    seconds : float
    """

    layer_sizes: tuple[int, ...]
    lambda_: float
    training_cost: float
    validation_cost: float
    training_accuracy: float
    validation_accuracy: float
    iterations: int
    seconds: float


def run_trial(pair: Pair, training: Set, validation: Set, settings: Settings, n_threads: int | None) -> Trial:
    """Train and judge; KeyboardInterrupt where training was cut off, which is no result to compare."""
    sizes, lambda_ = pair
    began = time.monotonic()
    theta0 = rand_initialize_weights(sizes, "glorot", settings.seed)
    with NeuralNetworkCost(sizes, *training, lambda_, n_threads=n_threads) as cost, warnings.catch_warnings():
        warnings.simplefilter("ignore", TrainingWarning)  # the table shows the iterations
        result = train(cost, theta0, method=settings.method, max_iterations=settings.max_iterations)
    if result["interrupted"]:
        raise KeyboardInterrupt
    judged = [_judge(result.x, sizes, data, n_threads) for data in (training, validation)]
    (J, J_validation), (right, right_validation) = zip(*judged, strict=True)
    seconds = time.monotonic() - began
    return Trial(sizes, lambda_, J, J_validation, right, right_validation, int(result.nit), seconds)


def _judge(theta_vec: FloatArray, sizes: tuple[int, ...], data: Set, n_threads: int | None) -> tuple[float, float]:
    """Return J without the penalty, and the accuracy."""
    X, y = data
    with NeuralNetworkCost(sizes, X, y, n_threads=n_threads) as cost:
        J = cost.cost(theta_vec)
    labels = y.argmax(axis=1) + 1 if y.ndim == 2 and y.shape[1] > 1 else y  # a matrix of targets: the largest
    return J, accuracy(predict(theta_vec, sizes, X), labels)
