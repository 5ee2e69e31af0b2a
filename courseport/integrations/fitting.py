"""What the scikit-learn estimators share: training, outputs, labels."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin, is_classifier
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state, compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from courseport import _checks
from courseport._checks import FloatArray
from courseport.cost import NeuralNetworkCost
from courseport.network.prediction import hypothesis
from courseport.network.unrolling import rand_initialize_weights, reshape_thetas
from courseport.training.history import Progress, TrainingWarning
from courseport.training.train import train

Labels = NDArray[Any]
BETTER = 1e-4  # by which a held-out score must rise to count as better, scikit-learn's
SHARES = 1 + 1e-6  # weights whose sum is at most this are shares of a whole, not counts of examples


class HeldOut:
    """Examples that training does not see: it ends where they are no longer read better.

    Called after every iteration; StopIteration ends training.
    """

    def __init__(self, score: Callable[[FloatArray], float], patience: int) -> None:
        self.score, self.patience = score, patience
        self.scores: list[float] = []
        self.best, self.theta_vec, self.idle = -np.inf, np.zeros(0), 0

    def __call__(self, progress: Progress) -> None:
        """Score the parameters of one iteration; keep the best."""
        score = self.score(progress.theta_vec)
        if progress.iteration:
            self.scores.append(score)
        self.idle = 0 if score >= self.best + BETTER else self.idle + 1
        # So written that NaN, the R^2 of a single example, is kept rather than nothing.
        if not score <= self.best:
            self.best, self.theta_vec = score, progress.theta_vec
        if self.idle > self.patience:
            raise StopIteration


class Network(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Training, and the outputs of the trained network."""

    layer_sizes_: tuple[int, ...]
    theta_vec_: FloatArray
    cost_: float
    history_: FloatArray
    n_iter_: int

    def __sklearn_is_fitted__(self) -> bool:
        # lambda_ ends in an underscore, too, and is a setting.
        return hasattr(self, "theta_vec_")

    def _validate(self, X: ArrayLike, *y: ArrayLike, **options: Any) -> Any:
        # scikit-learn would take masked values for numbers, and let an overflow through.
        _checks.unmasked("X", X)
        try:
            return validate_data(self, X, *y, dtype="numeric", **options)
        except OverflowError:
            _checks.fail("X and y", "hold numbers that float64 can hold", "a larger one")

    def _read(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, **options: Any
    ) -> tuple[Labels, Labels, FloatArray | None]:
        _checks.unmasked("y", y)
        rows, answers = self._validate(X, y, **options)
        if sample_weight is None:
            return rows, answers, None
        weights = _checks.real_vector("sample_weight", sample_weight, len(rows), ", one for each row of X")
        total = float(weights.sum())
        # Boosting gives shares of the whole. As counts they would be one example, beside the whole penalty.
        return rows, answers, weights * (len(rows) / total) if 0 < total < SHARES else weights

    def _fit(self, X: Labels, y: Labels, units: int, sample_weight: FloatArray | None, **model: str) -> Self:
        """Train, from random weights or, with a warm start, from those of the fit before."""
        hidden = self.hidden_layer_sizes
        if isinstance(hidden, (str, bytes, memoryview)) or not np.iterable(hidden):
            _checks.fail("hidden_layer_sizes", "be a sequence of whole numbers, such as (25,)", repr(hidden))
        sizes = (X.shape[1], *hidden, units)
        held_out = None
        if self.early_stopping:
            X, y, sample_weight, held_out = self._hold_out(X, y, sample_weight, sizes)
        how: Any = {"hidden_activation": self.hidden_activation, "n_threads": self.n_threads, **model}
        cost = NeuralNetworkCost(sizes, X, y, self.lambda_, sample_weight=sample_weight, **how)
        warm = self.warm_start and hasattr(self, "theta_vec_")
        if warm and self.layer_sizes_ != cost.layer_sizes:
            _checks.fail("warm_start", f"meet the layer sizes of the fit before, {self.layer_sizes_}", cost.layer_sizes)
        theta0 = self.theta_vec_ if warm else self._start(cost.layer_sizes)
        settings = {"method": self.method, "max_iterations": self.max_iterations, "progress": bool(self.verbose)}
        # To be ended by the held-out examples is no failure.
        quiet = warnings.catch_warnings(action="ignore", category=TrainingWarning) if held_out else nullcontext()
        with cost, quiet:
            result = train(cost, theta0, callback=held_out, options=self._options(), **settings)
            self.layer_sizes_, self.theta_vec_, self.cost_ = cost.layer_sizes, result.x, float(result.fun)
            if held_out is not None:
                self.validation_scores_, self.best_validation_score_ = held_out.scores, held_out.best
                self.theta_vec_ = held_out.theta_vec
                self.cost_ = cost.cost(self.theta_vec_)
        if held_out is not None and held_out.idle <= held_out.patience and not result.success:
            warnings.warn(f"training ended without convergence: {result.message}", TrainingWarning, stacklevel=3)
        self.history_ = result["history"]
        # A start at the minimum counts as one iteration, as scikit-learn wants it.
        self.n_iter_ = max(1, int(result.nit))
        return self

    def _hold_out(
        self, X: Labels, y: Labels, sample_weight: FloatArray | None, sizes: tuple[int, ...]
    ) -> tuple[Labels, Labels, FloatArray, HeldOut]:
        """Return what is left to train with, and the rest."""
        fraction = _checks.number("validation_fraction", self.validation_fraction, above=0.0)
        patience = _checks.whole_number("n_iter_no_change", self.n_iter_no_change, 1)
        weights = np.ones(len(X)) if sample_weight is None else sample_weight
        how = {"stratify": y if is_classifier(self) else None, "random_state": check_random_state(self.random_state)}
        X, X_val, y, y_val, weights, val_weights = train_test_split(X, y, weights, test_size=fraction, **how)

        def score(theta_vec: FloatArray) -> float:
            outputs = hypothesis(theta_vec, sizes, X_val, **self._names())
            return float(self._score(outputs, y_val, val_weights))

        return X, y, weights, HeldOut(score, patience)

    def _start(self, layer_sizes: tuple[int, ...]) -> FloatArray:
        return rand_initialize_weights(layer_sizes, "glorot", check_random_state(self.random_state))

    def _options(self) -> Mapping[str, Any] | None:
        options: Mapping[str, Any] | None = self.options
        return options

    def _outputs(self, X: ArrayLike) -> FloatArray:
        """Return the logits of the fitted network (or the values of a regression's), shape (m, K)."""
        check_is_fitted(self)
        rows = self._validate(X, reset=False)
        return hypothesis(self.theta_vec_, self.layer_sizes_, rows, **self._names())

    def _names(self) -> dict[str, Any]:
        return {"hidden_activation": self.hidden_activation, "output_activation": "linear"}

    @property
    def coefs_(self) -> list[FloatArray]:
        """The weights of each layer, shape (s_l, s_{l+1}), as in scikit-learn's networks."""
        return [np.array(theta[:, 1:].T) for theta in reshape_thetas(self.theta_vec_, self.layer_sizes_)]

    @property
    def intercepts_(self) -> list[FloatArray]:
        """The biases of each layer, shape (s_{l+1},)."""
        return [np.array(theta[:, 0]) for theta in reshape_thetas(self.theta_vec_, self.layer_sizes_)]

    @property
    def loss_curve_(self) -> list[float]:
        """J after every iteration; `history_` begins with the start."""
        return [float(J) for J in self.history_[1:]]


class Classifier(ClassifierMixin, Network):  # type: ignore[misc]  # scikit-learn has no types
    """Labels to targets and back."""

    classes_: Labels

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Train on X, shape (m, n), and labels y of any kind, shape (m,); return the estimator.

        A weight of 2 counts as two rows. Weights whose sum is at most 1 are shares: they count as if their mean
        were 1.
        """
        rows, labels, weights = self._read(X, y, sample_weight)
        check_classification_targets(labels)
        classes, numbers = np.unique(labels, return_inverse=True)
        if classes.size < 2:
            _checks.fail("y", "hold at least two classes", f"one class, {classes[0]!r}")
        if self.warm_start and hasattr(self, "classes_") and not np.array_equal(classes, self.classes_):
            _checks.fail("y", f"hold the classes of the fit before, {self.classes_}", classes)
        self.classes_ = classes
        if self.class_weight is not None:
            own = compute_sample_weight(self.class_weight, labels)
            weights = own if weights is None else own * weights
        # 0/1 for the one output of two classes, else 1..K.
        units = 1 if classes.size == 2 else classes.size
        return self._fit(rows, numbers + (units > 1), units, weights)

    def decision_function(self, X: ArrayLike) -> FloatArray:
        """Return the logits of the outputs, shape (m, K), or (m,) for two classes."""
        logits = self._outputs(X)
        return logits[:, 0] if logits.shape[1] == 1 else logits

    def predict_proba(self, X: ArrayLike) -> FloatArray:
        """Return the share of each class in the outputs, shape (m, K): h over the row's sum, or 1 - h and h of one."""
        logits = self._outputs(X)
        if logits.shape[1] == 1:
            return np.hstack([expit(-logits), expit(logits)])
        # h / sum h, also where every h underflows.
        shares: FloatArray = softmax(log_expit(logits), axis=1)
        return shares

    def predict(self, X: ArrayLike) -> Labels:
        """Return the class with the largest output, shape (m,); of two, the second where h >= 0.5."""
        chosen = _choose(self._outputs(X))
        named: Labels = self.classes_[chosen]
        return named

    def _score(self, logits: FloatArray, numbers: Labels, weights: FloatArray) -> float:
        return float(np.average(_choose(logits) + (logits.shape[1] > 1) == numbers, weights=weights))


def _choose(logits: FloatArray) -> Labels:
    """Return the number of each row's class, from 0."""
    return (logits[:, 0] >= 0).astype(np.intp) if logits.shape[1] == 1 else logits.argmax(axis=1)
