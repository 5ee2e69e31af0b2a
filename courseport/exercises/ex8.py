"""Exercise 8: anomaly detection, and collaborative filtering, whose unrolled vector is [X(:); Theta(:)]."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import OptimizeResult

from courseport._checks import FloatArray
from courseport.datasets import load_variables
from courseport.exercises.record import Exercise, Sheet, course_file, source
from courseport.network.gradient_check import check_gradient
from courseport.plots import Axes, new_axes, plot_cost
from courseport.regression.features import estimate_gaussian, select_threshold
from courseport.regression.recommender import CollaborativeCost, normalize_ratings, split_params
from courseport.training import fmincg

MOVIES, USERS, FEATURES = 1682, 943, 10
LAMBDA, ITERATIONS = 10.0, 100  # of the training
MANY = 50  # ratings of a movie that is recommended
GRADIENT = """
    -0.955963393432561 0.603080880979296 0.129856157163688 0.296843952346254 0.602526771833594 6.97535513974712
    2.77421144612434 4.08985219789325 1.06300932757001 4.90185327323116 -0.108611088785302 0.258398223889248
    -0.892473343597432 0.667381444654644 -0.197479281036198 -10.1398547813025 -2.29347024277489 -0.647874841514519
    1.09289757768831 2.10136256138868 0.482440977879083 -0.718206734196469 -0.407840857935279 -6.76563627736618
    -2.99791422394336 1.27006665864392 0.490265406355578"""


class Ratings(NamedTuple):
    """Ratings Y where R is 1, both (MOVIES, USERS), and given features X of movies and Theta of users."""

    Y: FloatArray
    R: FloatArray
    X: FloatArray
    Theta: FloatArray


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on ratings made up in their place."""
    movies, given = course_file("ex8_movies.mat", data), course_file("ex8_movieParams.mat", data)
    known = movies is not None and given is not None
    sheet = Sheet("ex8")
    _anomalies(sheet)
    sheet.known = known
    ratings = _made_up()
    if movies and given:
        variables = load_variables(movies) | load_variables(given)
        ratings = Ratings(*(variables[name].astype(np.float64) for name in Ratings._fields))
    sheet.step("The ratings")
    first = ratings.Y[0][ratings.R[0] == 1]
    centred, means = normalize_ratings(ratings.Y, ratings.R)
    sheet.figure("mean rating of movie 1", "3.878319", means[0], sum(first) / len(first))

    _costs(sheet, ratings)
    result = learn(centred, ratings.R)
    text = _recommended(result, ratings, centred, means)
    sheet.step(f"Learning: at most {ITERATIONS} iterations of fmincg, lambda {LAMBDA:g}; recommendations", text)
    pictures = {
        "ex8_ratings.png": partial(_draw_ratings, ratings.Y, ratings.R),
        "ex8_cost.png": partial(_draw_cost, result.history),
    }
    used = source({"ex8_movies.mat": movies, "ex8_movieParams.mat": given}, "ratings made up for all")
    title = "Anomaly detection and recommender systems"
    return Exercise("ex8", title, used, sheet.steps, pictures)


def _anomalies(sheet: Sheet) -> None:
    sheet.step("Anomaly detection: estimateGaussian and selectThreshold, the test cases")
    magic = np.array([[16, 2, 3], [5, 11, 10], [9, 7, 6], [4, 14, 15]])  # magic(4)(:, 1:3)
    mu, sigma2 = estimate_gaussian(np.sin(magic))
    sheet.figure("mu of sin(magic(4))", "-0.397877900349 0.389225293672 -0.008007190218", mu)
    sheet.figure("sigma2 of sin(magic(4))", "0.277947113181 0.658437807686 0.204141165269", sigma2)
    epsilon, F1 = select_threshold([1, 0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5])
    sheet.figure("epsilon", "0.4004", epsilon)
    sheet.figure("F1", "0.571428571429", F1)


def _costs(sheet: Sheet, ratings: Ratings) -> None:
    sheet.step("cofiCostFunc on 5 movies, 4 users and 3 features")
    Y, R, X, Theta = ratings.Y[:5, :4], ratings.R[:5, :4], ratings.X[:5, :3], ratings.Theta[:4, :3]
    params = np.concatenate([X.ravel(order="F"), Theta.ravel(order="F")])
    errors = (X @ Theta.T - Y) * R
    other = np.sum(errors**2) / 2
    sheet.figure("J, lambda 0", "22.2246037256857", CollaborativeCost(Y, R, 3)(params)[0], other)
    J, grad = CollaborativeCost(Y, R, 3, 1.5)(params)
    sheet.figure("J, lambda 1.5", "31.3440562442742", J, other + 0.75 * params @ params)
    slopes = np.concatenate([(errors @ Theta).ravel(order="F"), (errors.T @ X).ravel(order="F")]) + 1.5 * params
    sheet.figure("gradient, lambda 1.5", GRADIENT, grad, slopes)

    sheet.step("checkCostFunction: the gradient beside the numerical one")
    rng = np.random.default_rng(0)
    cost = CollaborativeCost(rng.normal(3, 1, (4, 5)), (rng.random((4, 5)) < 0.5).astype(np.float64), 3, 1.5)
    difference = check_gradient(cost, rng.standard_normal((4 + 5) * 3)).relative_difference
    sheet.figure("difference from the numerical gradient", "0", difference, rtol=1e-9)


def _made_up() -> Ratings:
    """Return ratings by users who agree in part, 6 percent of all; a few movies are rated by many."""
    rng = np.random.default_rng(8)
    X, Theta = rng.normal(0, 0.6, (MOVIES, FEATURES)), rng.normal(0, 0.6, (USERS, FEATURES))
    quality = rng.normal(3.5, 0.5, (MOVIES, 1))
    Y = (quality + X @ Theta.T + rng.normal(0, 0.5, (MOVIES, USERS))).round().clip(1, 5)
    popularity = 1 / (1 + np.arange(MOVIES) / 150)
    R = (rng.random((MOVIES, USERS)) < 0.06 * (popularity / popularity.mean())[:, None]).astype(np.float64)
    return Ratings(Y * R, R, X, Theta)


def learn(centred: FloatArray, R: FloatArray) -> OptimizeResult:
    """Train on the ratings less the mean of each movie, from random features."""
    start = np.random.default_rng(0).standard_normal((MOVIES + USERS) * FEATURES)
    return fmincg(CollaborativeCost(centred, R, FEATURES, LAMBDA), start, jac=True, maxiter=ITERATIONS)


def _recommended(result: OptimizeResult, ratings: Ratings, centred: FloatArray, means: FloatArray) -> str:
    X, Theta = split_params(result.x, MOVIES, USERS, FEATURES)
    learned, rated = X @ Theta.T, ratings.R == 1
    before, after = (np.sqrt(np.mean(np.square(error[rated]))) for error in (centred, centred - learned))
    # The mean of a movie that few have rated says little.
    new = np.flatnonzero(~rated[:, 0] & (rated.sum(axis=1) >= MANY))
    best = new[np.argsort(-(learned + means[:, None])[new, 0], kind="stable")[:5]]
    films = ", ".join(f"{movie + 1} ({learned[movie, 0] + means[movie]:.1f} stars)" for movie in best)
    return (
        f"J falls from {result.history[0]:.6g} to {result.fun:.6g} in {result.nfev} evaluations. The ratings differ "
        f"from their movie's mean by {before:.3f}, from what is learned by {after:.3f} (root mean square).\n"
        f"User 1 has not rated, and would like best, of the movies with {MANY} ratings and more: {films}."
    )


def _draw_ratings(Y: FloatArray, R: FloatArray) -> Axes:
    axes = new_axes(5.4, 7.4)
    stars = import_module("matplotlib").colormaps["viridis"].resampled(5)
    image = axes.imshow(
        np.where(R == 1, Y, np.nan), cmap=stars, vmin=0.5, vmax=5.5, aspect="auto", interpolation="none"
    )
    axes.figure.colorbar(image, ticks=range(1, 6), label="stars; white: not rated")
    axes.set(xlabel="user", ylabel="movie", title="The ratings Y")
    return axes


def _draw_cost(history: FloatArray) -> Axes:
    axes = plot_cost(history)
    axes.set(title=rf"Collaborative filtering by fmincg, $\lambda$ = {LAMBDA:g}", yscale="log")
    return axes
