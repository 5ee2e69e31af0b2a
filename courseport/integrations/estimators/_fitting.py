"""What the estimators share: classes to labels and back, the start, the training, and what a network says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit, softmax
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from courseport import _checks
from courseport._checks import FloatArray
from courseport.cost import NeuralNetworkCost
from courseport.network.prediction import hypothesis
from courseport.training.train import train

Array = NDArray[Any]
Start = Callable[[tuple[int, ...]], FloatArray]


class Fitted(Protocol):
    """The attributes that fitting gives every estimator, and the settings it reads."""

    method: str
    max_iterations: int
    n_threads: int | None
    warm_start: bool
    layer_sizes_: tuple[int, ...]
    theta_vec_: FloatArray
    cost_: float
    history_: FloatArray
    n_iter_: int


def read_classes(y: ArrayLike, before: Array | None) -> tuple[Array, Array]:
    """Return the classes in `y`, sorted, and the labels a network is trained with: 0/1 for two classes, else 1..K.

    `before` are the classes of the fit that a warm start goes on from.
    """
    check_classification_targets(y)
    classes, indices = np.unique(np.asarray(y), return_inverse=True)
    if classes.size < 2:
        _checks.fail("y", "hold at least two classes", f"one class, {classes[0]!r}")
    if before is not None and not np.array_equal(classes, before):
        _checks.fail("y", f"hold the classes of the fit before, {before}", classes)
    return classes, indices + (classes.size > 2)


def fit(
    estimator: Fitted,
    cost: NeuralNetworkCost,
    start: Start,
    kept: tuple[FloatArray, tuple[int, ...]] | None,
    options: Mapping[str, Any] | None,
) -> None:
    """Train on `cost` from `start(layer_sizes)`, or from the `kept` weights of an earlier fit."""
    if kept is None:
        theta0 = start(cost.layer_sizes)
    else:
        theta0, sizes = kept
        if sizes != cost.layer_sizes:
            _checks.fail("warm_start", f"meet the layer sizes of the fit before, {sizes}", cost.layer_sizes)
    with cost:
        result = train(
            cost,
            theta0,
            method=estimator.method,
            max_iterations=estimator.max_iterations,
            options=options,
        )
    estimator.layer_sizes_, estimator.theta_vec_ = cost.layer_sizes, result.x
    estimator.cost_, estimator.history_ = float(result.fun), result["history"]
    estimator.n_iter_ = max(1, int(result.nit))  # a start at the minimum counts as one, as scikit-learn wants it


def warm_weights(estimator: Fitted) -> tuple[FloatArray, tuple[int, ...]] | None:
    """Return weights and layer sizes of the fit before, where the estimator goes on from them."""
    if estimator.warm_start and hasattr(estimator, "theta_vec_"):
        return estimator.theta_vec_, estimator.layer_sizes_
    return None


def outputs(estimator: Any, X: ArrayLike, hidden_activation: str = "linear") -> FloatArray:
    """Return the logits of the fitted network (or the values of a regression's), shape (m, K)."""
    check_is_fitted(estimator)
    rows = validate_data(estimator, X, reset=False, dtype="numeric")
    return hypothesis(
        estimator.theta_vec_,
        estimator.layer_sizes_,
        rows,
        hidden_activation=hidden_activation,
        output_activation="linear",
    )


def decide(logits: FloatArray) -> FloatArray:
    """Return the logits as scikit-learn wants a decision function: a vector for two classes."""
    return logits[:, 0] if logits.shape[1] == 1 else logits


def choose(logits: FloatArray, classes: Array) -> Array:
    """Return the class of each row: that of the largest output, or the second of two where h >= 0.5."""
    chosen = (logits[:, 0] >= 0).astype(np.intp) if logits.shape[1] == 1 else logits.argmax(axis=1)
    named: Array = classes[chosen]
    return named


def probabilities(logits: FloatArray) -> FloatArray:
    """Return h for two classes as (1 - h, h); for more, each h over the sum of the row's."""
    if logits.shape[1] == 1:
        return np.hstack([expit(-logits), expit(logits)])
    shares: FloatArray = softmax(log_expit(logits), axis=1)  # h / sum h, also where every h underflows
    return shares
