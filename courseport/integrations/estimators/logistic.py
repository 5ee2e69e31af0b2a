"""The course's one-vs-all logistic regression as a scikit-learn classifier: the network without a hidden layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import validate_data

from courseport._checks import FloatArray
from courseport.cost import NeuralNetworkCost
from courseport.integrations.estimators import _fitting
from courseport.network.initialize import zero_weights

MINIMUM = {"ftol": 0.0, "gtol": 1e-6}  # J is convex: its one minimum can be found, whatever the start


class LogisticRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Logistic regression, one-vs-all for more than two classes: one sigmoid unit a class, trained side by side.

    Parameters
    ----------
    lambda_ : float, default 1.0
        Strength of the penalty lambda/(2m) times the sum of squared weights, the intercept left out.
    method : str, default "L-BFGS-B"
        As for `train`.
    max_iterations : int, default 1000
        Largest number of iterations.
    options : mapping, optional
        The method's own further options; where none are given L-BFGS-B goes on to a gradient of 1e-6.
    warm_start : bool, default False
        Go on from the weights of the fit before; otherwise training starts from zeros.
    n_threads : int or None
        Threads of the cost function; 1 is best under ``n_jobs``.

    Attributes
    ----------
    classes_ : ndarray, shape (K,)
        The labels, sorted.
    coef_ : ndarray, shape (K, n), or (1, n) for two classes
        The weights.
    intercept_ : ndarray, shape (K,) or (1,)
        The biases.
    layer_sizes_, theta_vec_, cost_, history_, n_iter_
        As for `NeuralNetworkClassifier`.

    Examples
    --------
    >>> classifier = LogisticRegression().fit([[0.0], [1.0], [3.0]], ["a", "a", "b"])
    >>> classifier.predict([[0.5], [4.0]]).tolist()
    ['a', 'b']
    """

    classes_: NDArray[Any]
    layer_sizes_: tuple[int, ...]
    theta_vec_: FloatArray
    cost_: float
    history_: FloatArray
    n_iter_: int

    def __init__(
        self,
        lambda_: float = 1.0,
        *,
        method: str = "L-BFGS-B",
        max_iterations: int = 1000,
        options: Mapping[str, Any] | None = None,
        warm_start: bool = False,
        n_threads: int | None = None,
    ) -> None:
        self.lambda_ = lambda_
        self.method = method
        self.max_iterations = max_iterations
        self.options = options
        self.warm_start = warm_start
        self.n_threads = n_threads

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X, shape (m, n), and labels y of any kind, shape (m,); return the estimator."""
        rows, labels = validate_data(self, X, y, dtype="numeric")
        kept = _fitting.warm_weights(self)
        self.classes_, numbers = _fitting.read_classes(labels, None if kept is None else self.classes_)
        sizes = (rows.shape[1], 1 if self.classes_.size == 2 else self.classes_.size)
        cost = NeuralNetworkCost(
            sizes, rows, numbers, self.lambda_, sample_weight=sample_weight, n_threads=self.n_threads
        )
        options = MINIMUM if self.options is None and self.method == "L-BFGS-B" else self.options
        _fitting.fit(self, cost, zero_weights, kept, options)
        (theta,) = cost.layout.reshape(self.theta_vec_)
        self.intercept_, self.coef_ = np.array(theta[:, 0]), np.array(theta[:, 1:])
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "theta_vec_")  # lambda_ ends in an underscore, too, and is a setting

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Return the logits, shape (m, K), or (m,) for two classes."""
        return _fitting.decide(_fitting.outputs(self, X))

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return the share of each class, shape (m, K): h over the row's sum, or 1 - h and h of two classes."""
        return _fitting.probabilities(_fitting.outputs(self, X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with the largest output, shape (m,); of two, the second where h >= 0.5."""
        return _fitting.choose(_fitting.outputs(self, X), self.classes_)
