"""What the exercises stand on, against its Octave reference and a second route."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from tolerances import ALGEBRA, FIGURE, ROUNDING, TWO_SIDED, Tolerance, assert_close

import courseport as cp
from courseport._checks import FloatArray

SEEDS = st.integers(0, 2**32 - 1)
LAMBDAS = st.sampled_from([0.0, 0.1, 3.0])
SOLVED = Tolerance(1e-9, 1e-10)  # least squares of well-conditioned random matrices by two algorithms


CRITERION = Tolerance(1e-5, 0.0)  # J where each method's own criterion ends it


def with_ones(X: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(X)), X])


def test_features_worked_by_hand() -> None:
    assert cp.map_feature([2.0], [3.0], 3).tolist() == [[2, 3, 4, 6, 9, 8, 12, 18, 27]]
    assert cp.map_feature([1.0, 2.0], [1.0, 0.0]).shape == (2, 27)
    assert cp.poly_features([[2.0], [-1.0]], 3).tolist() == [[2, 4, 8], [-1, 1, -1]]
    X_norm, mu, sigma = cp.feature_normalize([[1.0, 10.0], [3.0, 30.0]])
    assert mu.tolist() == [2, 20]
    assert_close(sigma, np.sqrt([2.0, 200.0]), ROUNDING)  # divisor m - 1 = 1
    assert_close(X_norm, np.array([[-1, -1], [1, 1]]) / np.sqrt(2), ROUNDING)


@given(m=st.integers(2, 30), n=st.integers(1, 6), seed=SEEDS)
@settings(max_examples=20)
def test_normalised_columns_have_mean_0_and_deviation_1(m: int, n: int, seed: int) -> None:
    X_norm, _, _ = cp.feature_normalize(np.random.default_rng(seed).standard_normal((m, n)) * 100 + 7)
    assert_close(X_norm.mean(axis=0), np.zeros(n), Tolerance(0.0, 1e-12))
    assert_close(X_norm.std(axis=0, ddof=1), np.ones(n), ALGEBRA)


@given(m=st.integers(8, 30), n=st.integers(1, 4), lambda_=LAMBDAS, seed=SEEDS)
@settings(max_examples=20)
def test_the_normal_equation_is_the_minimum(m: int, n: int, lambda_: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((m, n)), rng.standard_normal(m)
    theta = cp.normal_equation(X, y, lambda_)
    assert_close(cp.linear_cost(theta, X, y, lambda_)[1], np.zeros(n + 1), Tolerance(0.0, 1e-12))


@given(m=st.integers(1, 4), n=st.integers(4, 6), seed=SEEDS)
@settings(max_examples=10)
def test_of_many_best_theta_it_is_one(m: int, n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((m, n)), rng.standard_normal(m)
    theta = cp.normal_equation(X, y)
    assert_close(cp.regression.predict_linear(theta, X), y, Tolerance(1e-7, 1e-7))


def test_curves_take_another_way_to_fit() -> None:
    seen: list[tuple[int, float]] = []

    def fit(X: FloatArray, y: FloatArray, lambda_: float) -> FloatArray:
        seen.append((len(y), lambda_))
        return np.zeros(X.shape[1] + 1)

    X, y = np.ones((3, 1)), np.array([1.0, 2.0, 3.0])
    error_train, error_val = cp.regression.learning_curve(X, y, X, y, 2.0, fit=fit)
    assert seen == [(1, 2.0), (2, 2.0), (3, 2.0)]
    assert_close(error_train, [1 / 2, 5 / 4, 14 / 6], ROUNDING)
    assert_close(error_val, [14 / 6] * 3, ROUNDING)
    seen.clear()
    cp.regression.validation_curve(X, y, X, y, fit=fit)
    assert seen == [(3, strength) for strength in (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)]


def test_one_vs_all_converged_is_the_network_without_hidden_layer() -> None:
    X, y = cp.load_iris()
    X = cp.feature_normalize(X)[0]
    all_theta = cp.regression.train_one_vs_all(X, y, 3, 1.0, method="BFGS", max_iterations=500)
    J, grad = cp.nn_cost_function(cp.unroll([all_theta]), (4, 3), X, y, 1.0)
    assert np.abs(grad).max() < 1e-5
    each = [cp.logistic_cost(theta, X, y == label, 1.0)[0] for label, theta in enumerate(all_theta, 1)]
    assert_close(J, sum(each), ALGEBRA)
    labels = cp.regression.predict_one_vs_all(all_theta, X)
    assert np.array_equal(labels, cp.predict(cp.unroll([all_theta]), (4, 3), X))
    assert cp.accuracy(labels, y) > 90


@pytest.mark.parametrize("method", ["fmincg", "L-BFGS-B", "CG", "SLSQP", "Newton-CG"])
def test_one_vs_all_by_any_method_comes_to_the_same_minima(method: str) -> None:
    X, y = cp.load_iris()
    X = cp.feature_normalize(X[:, 2:])[0]

    def costs(method: str, max_iterations: int) -> list[float]:
        all_theta = cp.regression.train_one_vs_all(X, y, 3, 30.0, method=method, max_iterations=max_iterations)
        return [cp.logistic_cost(theta, X, y == label, 30.0)[0] for label, theta in enumerate(all_theta, 1)]

    minima = costs("BFGS", 500)
    assert_close(costs(method, 500), minima, CRITERION)
    assert max(np.subtract(costs(method, 1), minima)) > 0.01


def ratings(movies: int, users: int, features: int, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    Y = rng.integers(1, 6, (movies, users)).astype(np.float64)
    return rng.standard_normal((movies + users) * features), Y, (rng.random((movies, users)) < 0.6).astype(np.float64)


def test_collaborative_filtering_is_its_sum_over_ratings_and_its_own_slope() -> None:
    params, Y, R = ratings(6, 5, 3, 4)
    X, Theta = cp.regression.split_params(params, 6, 5, 3)
    rated = sum((Theta[j] @ X[i] - Y[i, j]) ** 2 for i in range(6) for j in range(5) if R[i, j]) / 2
    J, grad = cp.collaborative_cost(params, np.where(R, Y, np.nan), R, 3, 2.0)  # what is not rated is not read
    assert_close(J, rated + (X**2).sum() + (Theta**2).sum(), ALGEBRA)
    check = cp.check_gradient(lambda vector: cp.collaborative_cost(vector, Y, R, 3, 2.0), params)
    assert check.relative_difference < TWO_SIDED.rtol
    assert not np.shares_memory(grad, cp.collaborative_cost(params, Y, R, 3, 2.0)[1])
    assert np.array_equal(np.concatenate([X.ravel(order="F"), Theta.ravel(order="F")]), params)


def test_the_product_of_its_hessian_is_the_complex_step_of_its_gradient_and_symmetric() -> None:
    params, Y, R = ratings(7, 5, 3, 11)
    p, q = np.random.default_rng(1).standard_normal((2, params.size))

    def gradient(vector: Any) -> Any:
        X, Theta = vector[:21].reshape(7, 3, order="F"), vector[21:].reshape(5, 3, order="F")
        E = R * (X @ Theta.T - Y)
        return np.concatenate([(E @ Theta + 0.7 * X).ravel(order="F"), (E.T @ X + 0.7 * Theta).ravel(order="F")])

    cost = cp.CollaborativeCost(Y, R, 3, 0.7)
    Hp, Hq = cost.hessp(params, p), cost.hessp(params, q)
    assert_close(cost(params)[1], gradient(params), ALGEBRA)
    step = gradient(params + 1e-200j * p).imag / 1e-200
    assert np.linalg.norm(Hp - step) <= ALGEBRA.rtol * np.linalg.norm(step)
    assert_close(q @ Hp, p @ Hq, ALGEBRA)
    assert np.array_equal(cp.regression.collaborative_cost_hessp(params, p, Y, R, 3, 0.7), Hp)
    with pytest.raises(ValueError, match=r"p must have shape \(36,\)"):
        cost.hessp(params, p[1:])
    result = minimize(cost, params, jac=True, hessp=cost.hessp, method="trust-ncg", options={"gtol": 1e-9})
    assert np.linalg.norm(cost(result.x)[1]) < 1e-8


def test_its_cost_for_an_optimiser_keeps_what_it_was_given_and_finds_a_minimum() -> None:
    params, Y, R = ratings(6, 5, 2, 7)
    cost = cp.CollaborativeCost(Y, R, 2, 0.5)
    J, grad = cost(params)
    Y += 1.0
    R[:] = 1.0
    assert cost(params)[0] == J
    result = minimize(cost, params, jac=True, method="BFGS")
    assert result.fun < J
    assert np.abs(cost(result.x)[1]).max() < 1e-4
    assert np.array_equal(cost(params)[1], grad)


def test_collaborative_filtering_worked_by_hand() -> None:
    # x = 2, theta = (3, 5), ratings 5 and none: J = (6 - 5)^2/2 + 1/2 (4 + 9 + 25) = 19.5
    # dx = 1 * 3 + 2, dtheta = (1 * 2 + 3, 5)
    J, grad = cp.collaborative_cost([2.0, 3.0, 5.0], [[5, 0]], [[1, 0]], 1, 1.0)
    assert_close(J, 19.5, FIGURE)
    assert grad.tolist() == [5.0, 5.0, 5.0]


BAD: dict[str, tuple[Any, str]] = {
    "another length": (
        lambda: cp.map_feature([1.0, 2.0], [1.0]),
        r"x2 must have shape \(2,\), one value for each of x1",
    ),
    "overflow": (lambda: cp.map_feature([1e200], [1.0], 2), r"the products must have finite values only, got inf"),
    "powers overflow": (lambda: cp.poly_features([2.0, 1e200], 3), r"the powers of x must .* got inf at \[1, 1\]"),
    "TNC, which counts evaluations": (
        lambda: cp.regression.train_one_vs_all(np.eye(2), [1, 2], 2, method="TNC"),
        "method must be one of 'L-BFGS-B', .* got 'TNC'",
    ),
    "degree beyond reason": (lambda: cp.map_feature([1.0], [1.0], 10**18), "degree must be at most 1000, got 10{18}"),
    "degree 0": (lambda: cp.poly_features([1.0], 0), "degree must be a whole number >= 1, got 0"),
    "matrix for a feature": (lambda: cp.poly_features(np.eye(2), 2), r"x must have shape \(n,\), got \(2, 2\)"),
    "one row": (lambda: cp.feature_normalize([[1.0, 2.0]]), "X must have at least two rows, .* got 1"),
    "constant": (lambda: cp.feature_normalize([[1.0, 2.0], [3.0, 2.0]]), "no column of equal values.*got column 1"),
    "y too short": (
        lambda: cp.normal_equation(np.eye(2), [1.0]),
        r"y must have shape \(2,\), one value for each row of X",
    ),
    "lambda below 0": (
        lambda: cp.regression.validation_curve([[1.0]], [1.0], [[1.0]], [1.0], [1.0, -1.0]),
        r"lambdas\[1\] must",
    ),
    "validation columns": (
        lambda: cp.regression.learning_curve([[1.0]], [1.0], np.eye(2), [1, 2]),
        r"X_val must have shape \(m, 1\)",
    ),
    "label 0": (
        lambda: cp.regression.train_one_vs_all(np.eye(2), [0, 1], 2),
        r"y must hold whole labels 1\.\.2, got 0 in row 0",
    ),
    "one label": (
        lambda: cp.regression.train_one_vs_all(np.eye(2), [1, 1], 1),
        "num_labels must be a whole number >= 2, got 1",
    ),
    "matrix of labels": (
        lambda: cp.regression.train_one_vs_all(np.eye(2), np.eye(2), 2),
        r"y must have shape \(2,\), a label",
    ),
    "theta of other data": (
        lambda: cp.regression.predict_one_vs_all(np.eye(2), np.eye(2)),
        r"all_theta must have shape \(m, 3\)",
    ),
    "R of another shape": (
        lambda: cp.regression.normalize_ratings(np.eye(2), [1, 1]),
        r"R must have the shape of Y, \(2, 2\)",
    ),
    "R not 0 or 1": (
        lambda: cp.regression.normalize_ratings(np.eye(2), 2 * np.eye(2)),
        "R must hold 0 and 1 only, got 2",
    ),
    "rating NaN": (
        lambda: cp.regression.normalize_ratings([[np.nan]], [[1]]),
        r"Y must have finite values only, got nan at \[0, 0\]",
    ),
    "params too short": (
        lambda: cp.collaborative_cost(np.ones(3), np.eye(2), np.eye(2), 1),
        r"params must have shape \(4,\) for 2 movies and 2 users with 1 features, got \(3,\)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(name: str) -> None:
    call, message = BAD[name]
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert re.search(message, str(caught.value)), caught.value


def test_the_normal_equation_meets_columns_of_any_size() -> None:
    X, y = [[1e17], [2e17], [3e17]], [5.0, 6.0, 7.0]
    assert_close(cp.normal_equation(X, y), [4.0, 1e-17], SOLVED)


def test_a_deviation_that_is_no_number_is_refused() -> None:
    for X in ([[1e200], [-1e200]], [[1e-200], [3e-200]]):
        with pytest.raises(ValueError, match=r"X must have deviations that float64 can hold, got .* in column 0"):
            cp.feature_normalize(X)
