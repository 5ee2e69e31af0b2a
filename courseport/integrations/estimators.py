"""scikit-learn estimators over the cost function: pipelines, grid searches, cross-validation.

They need scikit-learn, which is imported here and never by `import courseport`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network.activations import ActivationName

_checks.require("sklearn", "sklearn", "courseport.integrations.estimators")

from sklearn.base import RegressorMixin  # noqa: E402 - after the check that says what to install
from sklearn.metrics import r2_score  # noqa: E402 - the same
from sklearn.utils import column_or_1d  # noqa: E402 - the same

from courseport.integrations.fitting import Classifier, Network  # noqa: E402 - the same


@dataclass(eq=False, repr=False)
class Settings:
    """The parameters of a network as an estimator; see `NeuralNetworkClassifier`."""

    hidden_layer_sizes: Sequence[int] = (25,)
    _: KW_ONLY
    hidden_activation: ActivationName = "sigmoid"
    lambda_: float = 1.0
    method: str = "L-BFGS-B"
    max_iterations: int = 50
    options: Mapping[str, Any] | None = None
    early_stopping: bool = False
    validation_fraction: float = 0.1
    n_iter_no_change: int = 10
    random_state: int | np.random.RandomState | None = None
    warm_start: bool = False
    verbose: bool = False
    n_threads: int | None = None


@dataclass(eq=False, repr=False)
class NeuralNetworkClassifier(Settings, Classifier):
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
    class_weight : dict or "balanced", optional
        Weights of the classes, as in scikit-learn.
    early_stopping : bool, default False
        Hold a part of the rows out; end training where their score no longer rises, and keep the best parameters.
    validation_fraction : float, default 0.1
        The part that is held out, of each class alike.
    n_iter_no_change : int, default 10
        Iterations without a rise of 1e-4 that are waited for.
    random_state : int, RandomState or None
        For the rows that are held out, and for the first weights: uniform, by the "glorot" rule of
        `rand_initialize_weights`.
    warm_start : bool, default False
        Go on from the weights of the fit before.
    verbose : bool, default False
        Show the progress of training, as `train` does.
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
    coefs_, intercepts_ : list of ndarray
        The same, as in scikit-learn's networks.
    cost_ : float
        J at the end.
    history_ : ndarray
        J at the start and after every iteration; `loss_curve_` is the list without the start.
    n_iter_ : int
        Iterations done.
    validation_scores_, best_validation_score_ : list of float, float
        With early stopping: the accuracy (a regressor's R^2) on the rows held out after each iteration, and the best.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Examples
    --------
    >>> classifier = NeuralNetworkClassifier((2,), lambda_=0.0, random_state=0)
    >>> classifier.fit([[0.0], [1.0], [2.0]], ["a", "b", "b"]).predict([[0.0], [2.0]]).tolist()
    ['a', 'b']
    """

    _: KW_ONLY
    class_weight: Mapping[Any, float] | str | None = None


@dataclass(eq=False, repr=False)
class LogisticRegression(Classifier):
    """The network without a hidden layer: logistic regression, one-vs-all for more than two classes.

    Parameters
    ----------
    lambda_ : float, default 1.0
        Strength of the penalty lambda/(2m) times the sum of squared weights, the intercept left out.
    max_iterations : int, default 1000
        Largest number of iterations.
    options : mapping, optional
        The method's own further options; where none are given L-BFGS-B goes on to a gradient of 1e-6.
    method, class_weight, warm_start, verbose, n_threads
        As for `NeuralNetworkClassifier`. Training starts from zeros.

    Attributes
    ----------
    coef_ : ndarray, shape (K, n), or (1, n) for two classes
        The weights.
    intercept_ : ndarray, shape (K,) or (1,)
        The biases.
    classes_, layer_sizes_, theta_vec_, cost_, history_, n_iter_
        As for `NeuralNetworkClassifier`.

    Examples
    --------
    >>> classifier = LogisticRegression().fit([[0.0], [1.0], [3.0]], ["a", "a", "b"])
    >>> classifier.predict([[0.5], [4.0]]).tolist()
    ['a', 'b']
    """

    hidden_layer_sizes: ClassVar[tuple[int, ...]] = ()
    hidden_activation: ClassVar[str] = "linear"
    early_stopping: ClassVar[bool] = False
    lambda_: float = 1.0
    _: KW_ONLY
    method: str = "L-BFGS-B"
    max_iterations: int = 1000
    options: Mapping[str, Any] | None = None
    class_weight: Mapping[Any, float] | str | None = None
    warm_start: bool = False
    verbose: bool = False
    n_threads: int | None = None

    def _start(self, layer_sizes: tuple[int, ...]) -> FloatArray:
        return np.zeros(layer_sizes[1] * (layer_sizes[0] + 1))

    def _options(self) -> Mapping[str, Any] | None:
        # J is convex: its one minimum can be found, whatever the start.
        return {"ftol": 0.0, "gtol": 1e-6} if self.options is None and self.method == "L-BFGS-B" else self.options

    @property
    def coef_(self) -> FloatArray:
        """The weights, shape (K, n)."""
        return self.coefs_[0].T

    @property
    def intercept_(self) -> FloatArray:
        """The biases, shape (K,)."""
        return self.intercepts_[0]


@dataclass(eq=False, repr=False)
class NeuralNetworkRegressor(Settings, RegressorMixin, Network):  # type: ignore[misc]  # scikit-learn has no types
    """A network with linear outputs and half the squared error as loss, as a scikit-learn regressor.

    Parameters and attributes are those of `NeuralNetworkClassifier`, without the classes. Scale X and y to order 1.

    Examples
    --------
    >>> regressor = NeuralNetworkRegressor((), lambda_=0.0, random_state=0)
    >>> regressor.fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]).predict([[3.0]]).round(3).tolist()
    [7.0]
    """

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X, shape (m, n), and values y, shape (m,) or (m, K); return the estimator."""
        rows, values, weights = self._read(X, y, sample_weight, multi_output=True, y_numeric=True)
        if values.ndim == 2 and values.shape[1] == 1:
            values = column_or_1d(values, warn=True)  # as scikit-learn's own network
        self._single = values.ndim == 1
        units = 1 if self._single else values.shape[1]
        return self._fit(rows, values, units, weights, loss="squared_error", output_activation="linear")

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the outputs, shape (m,) or (m, K) as y had it."""
        values = self._outputs(X)
        return values[:, 0] if self._single else values

    def _score(self, values: FloatArray, y: FloatArray, weights: FloatArray) -> float:
        return float(r2_score(y, values[:, 0] if self._single else values, sample_weight=weights))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
