"""Collaborative filtering: another unrolled vector, [X(:); Theta(:)], on the same contract."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from courseport import _checks, _threads
from courseport._checks import FloatArray

Mask = NDArray[np.bool_]


class CollaborativeCost:
    """The cost of collaborative filtering, checked once: params -> (J, grad), for an optimiser.

    ``J = 1/2 sum over r(i, j) = 1 of (theta(j)' x(i) - y(i, j))^2 + lambda/2 (sum X^2 + sum Theta^2)``. Only the
    entries with a rating are computed.

    Parameters
    ----------
    Y : array_like, shape (num_movies, num_users)
        Ratings; where R is 0 they may be anything, NaN too.
    R : array_like, shape (num_movies, num_users)
        1 where Y is a rating, else 0.
    num_features : int
        Features of a movie, >= 1.
    lambda_ : float, default 0.0
        Strength of the penalty, >= 0. There is no intercept: every parameter is penalised.
    """

    def __init__(self, Y: ArrayLike, R: ArrayLike, num_features: int, lambda_: float = 0.0) -> None:
        ratings, rated = _check_ratings(Y, R)
        self.shape: tuple[int, int] = ratings.shape
        self.num_features = _checks.whole_number("num_features", num_features, 1)
        self.lambda_ = _checks.lambda_(lambda_)
        self._movies, self._users = np.nonzero(rated)
        self._ratings = ratings[rated]
        self._row_ends = np.concatenate([[0], np.cumsum(rated.sum(axis=1))])

    def __call__(self, params: ArrayLike) -> tuple[float, FloatArray]:
        """Return J and its gradient, a fresh array of the same shape as `params`.

        `params` is ``[X(:); Theta(:)]``, each column by column: X of shape (num_movies, num_features), then Theta of
        shape (num_users, num_features).
        """
        X, Theta = self._split(params)
        # Held for the optimiser's own work between two evaluations, too.
        with _threads.held():
            errors = self._products(X, Theta) - self._ratings
            J = float(errors @ errors) / 2 + self.lambda_ / 2 * float(np.vdot(X, X) + np.vdot(Theta, Theta))
            by_X, by_Theta = self._back(errors, X, Theta)
            return J, _unroll(by_X + self.lambda_ * X, by_Theta + self.lambda_ * Theta)

    def hessp(self, params: ArrayLike, p: ArrayLike) -> FloatArray:
        """Return the Hessian at `params` times `p`, a fresh array of the same shape.

        For ``minimize(cost, params0, jac=True, hessp=cost.hessp, method="trust-ncg")``.
        """
        X, Theta = self._split(params)
        P, Q = self._split(p, "p")
        with _threads.held():
            errors = self._products(X, Theta) - self._ratings
            slopes = self._products(P, Theta) + self._products(X, Q)
            by_X, by_Theta = self._back(slopes, X, Theta)
            more_by_X, more_by_Theta = self._back(errors, P, Q)
            return _unroll(by_X + more_by_X + self.lambda_ * P, by_Theta + more_by_Theta + self.lambda_ * Q)

    def _split(self, params: ArrayLike, name: str = "params") -> tuple[FloatArray, FloatArray]:
        parts = split_params(params, *self.shape, self.num_features, name=name)
        # By rows, as they are fetched.
        return np.ascontiguousarray(parts[0]), np.ascontiguousarray(parts[1])

    def _products(self, X: FloatArray, Theta: FloatArray) -> FloatArray:
        """Return theta(j)' x(i) for each rating."""
        products: FloatArray = np.einsum("kf,kf->k", X[self._movies], Theta[self._users])
        return products

    def _back(self, errors: FloatArray, X: FloatArray, Theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return ``E Theta`` and ``E' X`` with the matrix E of an error for each rating."""
        E = csr_array((errors, self._users, self._row_ends), shape=self.shape)
        return E @ Theta, E.T @ X


def collaborative_cost(
    params: ArrayLike, Y: ArrayLike, R: ArrayLike, num_features: int, lambda_: float = 0.0
) -> tuple[float, FloatArray]:
    """Return J of collaborative filtering and its gradient, a fresh array: the course's cofiCostFunc.

    The parameters are those of `CollaborativeCost`, which does not check the same ratings at every evaluation.
    """
    return CollaborativeCost(Y, R, num_features, lambda_)(params)


def collaborative_cost_hessp(  # noqa: PLR0917 - SciPy passes them by position
    params: ArrayLike, p: ArrayLike, Y: ArrayLike, R: ArrayLike, num_features: int, lambda_: float = 0.0
) -> FloatArray:
    """Return the Hessian of `collaborative_cost` at `params` times `p`, a fresh array of the same shape."""
    return CollaborativeCost(Y, R, num_features, lambda_).hessp(params, p)


def split_params(
    params: ArrayLike, num_movies: int, num_users: int, num_features: int, *, name: str = "params"
) -> tuple[FloatArray, FloatArray]:
    """Return X, shape (num_movies, num_features), and Theta, shape (num_users, num_features), as views of `params`."""
    features = _checks.whole_number("num_features", num_features, 1)
    _checks.whole_number("num_movies", num_movies, 1)
    _checks.whole_number("num_users", num_users, 1)
    why = f" for {num_movies} movies and {num_users} users with {features} features"
    vector = _checks.real_vector(name, params, (num_movies + num_users) * features, why)
    place = num_movies * features
    X = vector[:place].reshape(num_movies, features, order="F")
    return X, vector[place:].reshape(num_users, features, order="F")


def normalize_ratings(Y: ArrayLike, R: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the ratings less the mean of each movie's, and these means: the course's normalizeRatings.

    Y and R are those of `CollaborativeCost`. The first answer is 0 where there is no rating, the second, of shape
    (num_movies,), for a movie without ratings.
    """
    ratings, rated = _check_ratings(Y, R)
    Y_mean = ratings.sum(axis=1) / np.maximum(rated.sum(axis=1), 1)
    return np.where(rated, ratings - Y_mean[:, None], 0.0), Y_mean


def _unroll(X: FloatArray, Theta: FloatArray) -> FloatArray:
    return np.concatenate([X.ravel(order="F"), Theta.ravel(order="F")])


def _check_ratings(Y: ArrayLike, R: ArrayLike) -> tuple[FloatArray, Mask]:
    """Return Y, with 0 where there is no rating, and R as a mask."""
    ratings = _checks.real_array("Y", Y, "a matrix of shape (num_movies, num_users)")
    marks = _checks.real_array("R", R, "a matrix of shape (num_movies, num_users)")
    if ratings.ndim != 2 or ratings.size == 0:
        _checks.fail("Y", "have shape (num_movies, num_users), both >= 1", ratings.shape)
    if marks.shape != ratings.shape:
        _checks.fail("R", f"have the shape of Y, {ratings.shape}", marks.shape)
    rated: Mask = marks != 0
    if not np.array_equal(rated, marks):
        _checks.fail("R", "hold 0 and 1 only", f"{marks[rated & (marks != 1)].flat[0]:g}")
    return _checks.finite("Y", np.where(rated, ratings, 0.0).astype(np.float64)), rated
