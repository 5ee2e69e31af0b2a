"""scikit-learn estimators: scikit-learn's own checks, its tools around them, and the core's numbers underneath."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from sklearn import linear_model
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.ensemble import AdaBoostClassifier
from sklearn.exceptions import DataConversionWarning
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import compute_sample_weight
from sklearn.utils.estimator_checks import check_estimator
from tolerances import ALGEBRA, MINIMUM, ROUNDING, assert_close

import courseport as cp
from courseport._checks import how_to_install
from courseport.integrations.estimators import LogisticRegression, NeuralNetworkClassifier, NeuralNetworkRegressor

pytestmark = pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
IRIS = load_iris()
NAMES = np.array(["setosa", "versicolor", "virginica"])
KINDS = [LogisticRegression, NeuralNetworkClassifier, NeuralNetworkRegressor]
TO_THE_END = {"ftol": 0.0, "gtol": 1e-9}
NOT_FOR_US = {"check_array_api_input"}  # for estimators that compute on other arrays than numpy's; skipped by itself


@pytest.mark.parametrize("kind", KINDS)
def test_all_of_check_estimator(kind: type) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks try what warns on purpose
        results = check_estimator(kind(), on_fail="raise")
    assert len(results) >= 60
    assert {one["check_name"] for one in results if one["status"] != "passed"} <= NOT_FOR_US


def test_the_network_is_the_core_s() -> None:
    digits = load_digits()
    X, y = digits.data / 16, digits.target
    classifier = NeuralNetworkClassifier((8,), max_iterations=30, random_state=3).fit(X, y)
    sizes = (64, 8, 10)
    theta0 = cp.rand_initialize_weights(sizes, "glorot", np.random.RandomState(3))
    result = cp.train(cp.NeuralNetworkCost(sizes, X, y + 1, 1.0), theta0, max_iterations=30)
    assert_array_equal(classifier.theta_vec_, result.x)
    assert_array_equal(classifier.predict(X), cp.predict(result.x, sizes, X) - 1)
    h = cp.hypothesis(result.x, sizes, X)
    assert_close(classifier.predict_proba(X), h / h.sum(axis=1, keepdims=True), MINIMUM)
    assert classifier.n_iter_ == 30
    assert classifier.cost_ == result.fun == classifier.history_[-1]


def test_logistic_regression_against_scikit_learn_one_by_one() -> None:
    # sklearn minimises C sum of losses + |w|^2/2: C = 1/lambda gives lambda/(2m) |w|^2 after division by C m.
    X = StandardScaler().fit_transform(IRIS.data)
    ours = LogisticRegression(0.5, options=TO_THE_END).fit(X, IRIS.target)
    for label in range(3):
        peer = linear_model.LogisticRegression(C=2.0, tol=1e-10, max_iter=5000)
        peer.fit(X, IRIS.target == label)
        assert_close(ours.coef_[label], peer.coef_[0], MINIMUM)
        assert_close(ours.intercept_[label], peer.intercept_[0], MINIMUM)


def test_labels_of_any_kind_and_frames() -> None:
    frame = pd.DataFrame(IRIS.data, columns=IRIS.feature_names)
    species = pd.Series(NAMES[IRIS.target], dtype="category")
    classifier = NeuralNetworkClassifier((5,), lambda_=0.1, random_state=0).fit(frame, species)
    assert list(classifier.classes_) == list(NAMES)
    assert classifier.score(frame, species) > 0.95
    assert list(classifier.feature_names_in_) == IRIS.feature_names
    booleans = NeuralNetworkClassifier((3,), random_state=0).fit(IRIS.data, IRIS.target == 0)
    assert booleans.predict(IRIS.data).dtype == np.bool_


def test_pipeline_grid_search_and_cross_validation() -> None:
    network = NeuralNetworkClassifier((5,), random_state=0, n_threads=1)
    pipeline = make_pipeline(StandardScaler(), network)
    search = GridSearchCV(pipeline, {"neuralnetworkclassifier__lambda_": [0.1, 300.0]}, cv=3)
    search.fit(IRIS.data, NAMES[IRIS.target])
    assert search.best_params_ == {"neuralnetworkclassifier__lambda_": 0.1}
    with joblib.parallel_backend("threading"):
        scores = cross_val_score(pipeline, IRIS.data, IRIS.target, cv=3, n_jobs=2)
    assert scores.min() > 0.9


@pytest.mark.parametrize("kind", KINDS)
def test_clone_pickle_and_joblib(kind: type, tmp_path: Any) -> None:
    settings = {} if kind is LogisticRegression else {"random_state": 1}
    fitted = kind(**settings).fit(IRIS.data, IRIS.target)
    copy = pickle.loads(pickle.dumps(fitted))
    joblib.dump(fitted, tmp_path / "fitted.joblib")
    stored = joblib.load(tmp_path / "fitted.joblib")
    for other in (copy, stored, clone(fitted).fit(IRIS.data, IRIS.target)):
        assert_array_equal(other.predict(IRIS.data), fitted.predict(IRIS.data))
        assert_array_equal(other.theta_vec_, fitted.theta_vec_)


def test_sample_weights_are_repetitions() -> None:
    weights = np.random.default_rng(0).integers(0, 3, 150)
    X = StandardScaler().fit_transform(IRIS.data)
    weighted = LogisticRegression(options=TO_THE_END).fit(X, IRIS.target, sample_weight=weights)
    repeated = LogisticRegression(options=TO_THE_END).fit(X.repeat(weights, axis=0), IRIS.target.repeat(weights))
    assert_close(weighted.theta_vec_, repeated.theta_vec_, MINIMUM)


def test_weights_whose_sum_is_at_most_1_are_shares() -> None:
    X = StandardScaler().fit_transform(IRIS.data)
    weights = np.random.default_rng(1).random(150)
    mean_of_1 = LogisticRegression(options=TO_THE_END).fit(X, IRIS.target, sample_weight=weights / weights.mean())
    for total in (1.0, 0.8):
        own = total * weights / weights.sum()
        shares = LogisticRegression(options=TO_THE_END).fit(X, IRIS.target, sample_weight=own)
        assert_close(shares.theta_vec_, mean_of_1.theta_vec_, MINIMUM)
    boosted = AdaBoostClassifier(NeuralNetworkClassifier(random_state=0), n_estimators=5, random_state=0)
    assert boosted.fit(IRIS.data, IRIS.target).score(IRIS.data, IRIS.target) > 0.95


@pytest.mark.parametrize("class_weight", ["balanced", {0: 1.0, 1: 5.0, 2: 0.5}])
def test_class_weights_are_sample_weights(class_weight: Any) -> None:
    X, y = IRIS.data[:120], IRIS.target[:120]
    each = compute_sample_weight(class_weight, y)
    own = np.linspace(0.5, 2.0, 120)
    ours = LogisticRegression(class_weight=class_weight).fit(X, y, sample_weight=own)
    assert_array_equal(ours.theta_vec_, LogisticRegression().fit(X, y, sample_weight=own * each).theta_vec_)
    assert not np.array_equal(ours.theta_vec_, LogisticRegression().fit(X, y, sample_weight=own).theta_vec_)


def test_early_stopping_ends_training_and_keeps_the_best() -> None:
    data = load_digits()
    X, y = data.data / 16, data.target
    settings = {"max_iterations": 200, "n_iter_no_change": 3, "random_state": 0}
    fitted = NeuralNetworkClassifier((10,), lambda_=0.0, early_stopping=True, **settings).fit(X, y)
    scores = fitted.validation_scores_
    assert fitted.n_iter_ == len(scores) < 200
    assert max(scores[-4:]) < max(scores) + 1e-4
    assert fitted.best_validation_score_ == max(scores) > 0.9
    # The rows and the parameters can be had by hand: the same split, the iteration with the best score.
    rows = train_test_split(X, y, test_size=0.1, stratify=y, random_state=np.random.RandomState(0))
    assert fitted.score(rows[1], rows[3]) == max(scores)
    assert_close(fitted.cost_, fitted.history_[1 + int(np.argmax(scores))], ALGEBRA)
    regressor = NeuralNetworkRegressor((5,), hidden_activation="tanh", early_stopping=True, **settings)
    assert regressor.fit(X, X[:, :3] @ [1.0, 2.0, -1.0]).best_validation_score_ > 0.5
    with pytest.raises(ValueError, match="validation_fraction must be a finite real number > 0, got 0"):
        NeuralNetworkClassifier(early_stopping=True, validation_fraction=0).fit(X, y)


@pytest.mark.parametrize("kind", KINDS)
def test_verbose_shows_the_progress_of_training(kind: type, capfd: pytest.CaptureFixture[str]) -> None:
    kind(max_iterations=2).fit(IRIS.data, IRIS.target)
    assert capfd.readouterr().err == ""
    kind(verbose=True, max_iterations=2).fit(IRIS.data, IRIS.target)
    assert "2/2" in capfd.readouterr().err


def test_scikit_learn_s_names_for_the_weights() -> None:
    fitted = NeuralNetworkRegressor((4,), hidden_activation="tanh", random_state=0).fit(IRIS.data, IRIS.data[:, :2])
    hidden = np.tanh(IRIS.data @ fitted.coefs_[0] + fitted.intercepts_[0])
    assert_close(hidden @ fitted.coefs_[1] + fitted.intercepts_[1], fitted.predict(IRIS.data), ALGEBRA)
    assert fitted.loss_curve_ == fitted.history_[1:].tolist()
    assert not hasattr(NeuralNetworkRegressor(), "coefs_")


@pytest.mark.parametrize("kind", KINDS)
def test_masked_values_are_refused(kind: type) -> None:
    X, y = IRIS.data.copy(), IRIS.target
    hidden = np.ma.masked_equal(X, X[3, 1])
    fitted = kind().fit(X, y)
    for call in (lambda: kind().fit(hidden, y), lambda: fitted.predict(hidden), lambda: fitted.score(hidden, y)):
        with pytest.raises(ValueError, match="X must have no masked values"):
            call()
    with pytest.raises(ValueError, match="y must have no masked values"):
        kind().fit(X, np.ma.masked_equal(y, 2))
    with pytest.raises(ValueError, match="sample_weight must have no masked values"):
        kind().fit(X, y, sample_weight=np.ma.masked_less(np.linspace(0, 1, 150), 0.5))


def test_warm_start_goes_on() -> None:
    cold = NeuralNetworkClassifier((4,), max_iterations=5, random_state=0).fit(IRIS.data, IRIS.target)
    warm = NeuralNetworkClassifier((4,), max_iterations=5, random_state=0, warm_start=True)
    warm.fit(IRIS.data, IRIS.target)
    first = warm.cost_
    warm.fit(IRIS.data, IRIS.target)
    assert first == cold.cost_
    assert warm.history_[0] == first
    assert warm.cost_ < first
    with pytest.raises(ValueError, match=r"warm_start must meet the layer sizes of the fit before, \(4, 4, 3\)"):
        warm.set_params(hidden_layer_sizes=(6,)).fit(IRIS.data, IRIS.target)
    with pytest.raises(ValueError, match="y must hold the classes of the fit before"):
        warm.set_params(hidden_layer_sizes=(4,)).fit(IRIS.data, NAMES[IRIS.target])


def test_random_state_decides() -> None:
    one, same, other = (
        NeuralNetworkClassifier((4,), max_iterations=3, random_state=seed).fit(IRIS.data, IRIS.target).theta_vec_
        for seed in (5, 5, 6)
    )
    assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_regressor_with_several_targets() -> None:
    X = np.random.default_rng(0).normal(size=(80, 3))
    values = X @ np.array([[1.0, -2.0], [0.5, 0.0], [0.0, 3.0]]) + [1.0, -1.0]
    linear = NeuralNetworkRegressor((), lambda_=0.0, random_state=0, options=TO_THE_END)
    exact = np.linalg.lstsq(np.c_[np.ones(80), X], values, rcond=None)[0]
    assert_close(linear.fit(X, values).predict(X), np.c_[np.ones(80), X] @ exact, MINIMUM)
    assert linear.fit(X, values[:, 0]).predict(X).shape == (80,)
    with pytest.warns(DataConversionWarning):  # as scikit-learn's own network says and does
        assert linear.fit(X, values[:, :1]).predict(X).shape == (80,)
    curved = NeuralNetworkRegressor((8,), hidden_activation="tanh", lambda_=0.01, random_state=0, max_iterations=200)
    assert curved.fit(X, np.sin(2 * X[:, 0])).score(X, np.sin(2 * X[:, 0])) > 0.95


def test_probabilities_stay_right_where_every_output_underflows() -> None:
    classifier = LogisticRegression().fit(IRIS.data, IRIS.target)
    classifier.theta_vec_ = np.zeros(15)
    classifier.theta_vec_[:3] = [-800.0, -801.0, -900.0]
    expected = np.array([[1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1)), 0.0]])
    assert_close(classifier.predict_proba(IRIS.data[:1])[:, :2], expected[:, :2], ROUNDING)


def test_without_scikit_learn_one_line_says_what_to_install() -> None:
    code = "import sys; sys.modules['sklearn'] = None; import courseport; import courseport.integrations.estimators"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = ended.stderr.strip().splitlines()[-1]
    assert last.endswith(f"courseport.integrations.estimators needs sklearn: {how_to_install('sklearn')}")
