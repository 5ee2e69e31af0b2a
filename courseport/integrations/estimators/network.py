"""The course's network as scikit-learn's classifier and regressor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import validate_data

from courseport import _checks
from courseport._checks import FloatArray
from courseport.cost import NeuralNetworkCost
from courseport.integrations.estimators import _fitting
from courseport.network.initialize import rand_initialize_weights


class _Network(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Settings and attributes of both."""

    layer_sizes_: tuple[int, ...]
    theta_vec_: FloatArray
    classes_: NDArray[Any]
    cost_: float
    history_: FloatArray
    n_iter_: int

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (25,),
        *,
        hidden_activation: str = "sigmoid",
        lambda_: float = 1.0,
        method: str = "L-BFGS-B",
        max_iterations: int = 50,
        options: Mapping[str, Any] | None = None,
        random_state: int | np.random.RandomState | None = None,
        warm_start: bool = False,
        n_threads: int | None = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.hidden_activation = hidden_activation
        self.lambda_ = lambda_
        self.method = method
        self.max_iterations = max_iterations
        self.options = options
        self.random_state = random_state
        self.warm_start = warm_start
        self.n_threads = n_threads

    def _fit(
        self,
        X: NDArray[Any],
        y: NDArray[Any],
        units: int,
        sample_weight: ArrayLike | None,
        kept: tuple[FloatArray, tuple[int, ...]] | None,
        **model: Any,
    ) -> None:
        hidden = self.hidden_layer_sizes
        if isinstance(hidden, (str, bytes)) or not np.iterable(hidden):
            _checks.fail("hidden_layer_sizes", "be a sequence of whole numbers, such as (25,)", repr(hidden))
        cost = NeuralNetworkCost(
            (X.shape[1], *hidden, units),
            X,
            y,
            self.lambda_,
            hidden_activation=self.hidden_activation,
            sample_weight=sample_weight,
            n_threads=self.n_threads,
            **model,
        )
        _fitting.fit(self, cost, self._draw, kept, self.options)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "theta_vec_")  # lambda_ ends in an underscore, too, and is a setting

    def _draw(self, layer_sizes: tuple[int, ...]) -> FloatArray:
        return rand_initialize_weights(layer_sizes, "glorot", check_random_state(self.random_state))

    def _outputs(self, X: ArrayLike) -> FloatArray:
        return _fitting.outputs(self, X, self.hidden_activation)


class NeuralNetworkClassifier(ClassifierMixin, _Network):  # type: ignore[misc]  # scikit-learn has no types
    """The course's network, one sigmoid output a class (one alone for two classes), as a scikit-learn classifier.

    Parameters
    ----------
    hidden_layer_sizes : sequence of int, default (25,)
        Units of each hidden layer; () for none.
    hidden_activation : str, default "sigmoid"
        As for `NeuralNetworkCost`.
    lambda_ : float, default 1.0
        Strength of the penalty lambda/(2m) times the sum of squared weights, biases left out.
    method : str, default "L-BFGS-B"
        As for `train`.
    max_iterations : int, default 50
        Largest number of iterations, the course's; an end without convergence is a `TrainingWarning`.
    options : mapping, optional
        The method's own further options.
    random_state : int, RandomState or None
        For the first weights, uniform by the "glorot" rule of `rand_initialize_weights`.
    warm_start : bool, default False
        Go on from the weights of the fit before.
    n_threads : int or None
        Threads of the cost function; 1 is best under ``n_jobs``.

    Attributes
    ----------
    classes_ : ndarray, shape (K,)
        The labels, sorted.
    layer_sizes_ : tuple of int
        Units per layer without bias.
    theta_vec_ : ndarray, shape (n,)
        The trained parameters; ``reshape_thetas(theta_vec_, layer_sizes_)`` gives Theta1, Theta2, ...
    cost_ : float
        J at the end.
    history_ : ndarray
        J at the start and after every iteration.
    n_iter_ : int
        Iterations done.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Examples
    --------
    >>> classifier = NeuralNetworkClassifier((2,), lambda_=0.0, random_state=0)
    >>> classifier.fit([[0.0], [1.0], [2.0]], ["a", "b", "b"]).predict([[0.0], [2.0]]).tolist()
    ['a', 'b']
    """

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X, shape (m, n), and labels y of any kind, shape (m,); return the estimator."""
        rows, labels = validate_data(self, X, y, dtype="numeric")
        kept = _fitting.warm_weights(self)
        self.classes_, numbers = _fitting.read_classes(labels, None if kept is None else self.classes_)
        units = 1 if self.classes_.size == 2 else self.classes_.size
        self._fit(rows, numbers, units, sample_weight, kept)
        return self

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Return the logits of the outputs, shape (m, K), or (m,) for two classes."""
        return _fitting.decide(self._outputs(X))

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return the share of each class in the outputs, shape (m, K): h over the row's sum, or 1 - h and h of one."""
        return _fitting.probabilities(self._outputs(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with the largest output, shape (m,); of two, the second where h >= 0.5."""
        return _fitting.choose(self._outputs(X), self.classes_)


class NeuralNetworkRegressor(RegressorMixin, _Network):  # type: ignore[misc]  # scikit-learn has no types
    """A network with linear outputs and half the squared error as loss, as a scikit-learn regressor.

    Parameters and attributes are those of `NeuralNetworkClassifier`, without `classes_`. Scale X and y to order 1.

    Examples
    --------
    >>> regressor = NeuralNetworkRegressor((), lambda_=0.0, random_state=0)
    >>> [round(value, 3) for value in regressor.fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]).predict([[3.0]])]
    [7.0]
    """

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X, shape (m, n), and values y, shape (m,) or (m, K); return the estimator."""
        rows, values = validate_data(self, X, y, dtype="numeric", multi_output=True, y_numeric=True)
        kept = _fitting.warm_weights(self)
        units = 1 if values.ndim == 1 else values.shape[1]
        self._fit(rows, values, units, sample_weight, kept, loss="squared_error", output_activation="linear")
        self._single = values.ndim == 1
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the outputs, shape (m,) or (m, K) as y had it."""
        values = self._outputs(X)
        return values[:, 0] if self._single else values

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
