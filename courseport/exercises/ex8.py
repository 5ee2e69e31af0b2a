"""Exercise 8: collaborative filtering, whose unrolled vector is [X(:); Theta(:)]."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.optimize import OptimizeResult, minimize

from courseport._checks import FloatArray
from courseport.datasets import load_variables
from courseport.exercises.printed import printed
from courseport.exercises.record import Exercise, Figure, Step, course_file
from courseport.network.gradient_check import check_gradient
from courseport.plots import new_axes, plot_cost
from courseport.regression.recommender import CollaborativeCost, normalize_ratings, split_params
from courseport.training import fmincg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOVIES, USERS, FEATURES = 1682, 943, 10
LAMBDA, ITERATIONS = 10.0, 100  # of the training
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
    """Run the exercise on the user's own course files, or on data generated for it.

    Raises
    ------
    ValueError, OSError
        A folder of course files is given, and a file is not there or not what is expected.
    """
    movies, given = course_file("ex8_movies.mat", data), course_file("ex8_movieParams.mat", data)
    if movies is None or given is None:
        ratings, source = _generated(), "generated data, of the shapes of ex8_movies.mat and ex8_movieParams.mat"
    else:
        variables = load_variables(movies) | load_variables(given)
        ratings = Ratings(*(variables[name].astype(np.float64) for name in Ratings._fields))
        source = f"{movies}, {given}"
    known = movies is not None
    result = _train(ratings)
    steps = [
        Step("The ratings", _mean(ratings, known)),
        Step("cofiCostFunc on 5 movies, 4 users and 3 features", _corner(ratings, known)),
        Step("checkCostFunction: the gradient beside the numerical one", [_check_gradient()]),
        Step(f"Learning: at most {ITERATIONS} iterations of fmincg, lambda {LAMBDA:g}", [], _learned(result, ratings)),
    ]
    pictures: dict[str, Callable[[], Axes]] = {
        "ex8_ratings.png": partial(_draw_ratings, ratings.Y),
        "ex8_cost.png": partial(_draw_cost, result.history),
    }
    return Exercise("ex8", "Recommender systems: collaborative filtering", source, steps, pictures)


def _generated() -> Ratings:
    """Return ratings by users who agree in part, 6 percent of all; a few movies are rated by many."""
    rng = np.random.default_rng(8)
    X, Theta = rng.normal(0, 0.6, (MOVIES, FEATURES)), rng.normal(0, 0.6, (USERS, FEATURES))
    quality = rng.normal(3.5, 0.5, MOVIES)
    Y = (quality[:, None] + X @ Theta.T + rng.normal(0, 0.5, (MOVIES, USERS))).round().clip(1, 5)
    popularity = 1 / (1 + np.arange(MOVIES) / 150)
    R = (rng.random((MOVIES, USERS)) < 0.06 * (popularity / popularity.mean())[:, None]).astype(np.float64)
    return Ratings(Y * R, R, X, Theta)


def _mean(ratings: Ratings, known: bool) -> list[Figure]:
    mean = normalize_ratings(ratings.Y, ratings.R)[1][0]
    return printed("ex8", "mean rating of movie 1", "3.878319", mean, known=known)


def _corner(ratings: Ratings, known: bool) -> list[Figure]:
    Y, R, X, Theta = ratings.Y[:5, :4], ratings.R[:5, :4], ratings.X[:5, :3], ratings.Theta[:4, :3]
    params = np.concatenate([X.ravel(order="F"), Theta.ravel(order="F")])
    plain = CollaborativeCost(Y, R, 3)(params)[0]
    J, grad = CollaborativeCost(Y, R, 3, 1.5)(params)
    return [
        *printed("ex8", "J, lambda 0", "22.2246037256857", plain, known=known),
        *printed("ex8", "J, lambda 1.5", "31.3440562442742", J, known=known),
        *printed("ex8", "gradient, lambda 1.5", GRADIENT, grad, known=known),
    ]


def _check_gradient() -> Figure:
    rng = np.random.default_rng(0)
    Y, R = rng.normal(3, 1, (4, 5)), (rng.random((4, 5)) < 0.5).astype(np.float64)
    check = check_gradient(CollaborativeCost(Y, R, 3, 1.5), rng.standard_normal((4 + 5) * 3))
    return Figure("ex8", "difference from the numerical gradient", 0.0, check.relative_difference, 1e-9)


def _train(ratings: Ratings) -> OptimizeResult:
    """Train on the ratings less the mean of each movie, from random features."""
    centred = normalize_ratings(ratings.Y, ratings.R)[0]
    cost = CollaborativeCost(centred, ratings.R, FEATURES, LAMBDA)
    start = np.random.default_rng(0).standard_normal((MOVIES + USERS) * FEATURES)
    solve: Any = minimize  # its stubs know no options of other methods
    result: OptimizeResult = solve(cost, start, jac=True, method=fmincg, options={"maxiter": ITERATIONS})
    return result


def _learned(result: OptimizeResult, ratings: Ratings) -> str:
    X, Theta = split_params(result.x, MOVIES, USERS, FEATURES)
    centred = normalize_ratings(ratings.Y, ratings.R)[0]
    rated = ratings.R == 1
    before, after = (np.sqrt(np.mean(np.square(error[rated]))) for error in (centred, centred - X @ Theta.T))
    return (
        f"J falls from {result.history[0]:.6g} to {result.fun:.6g} in {result.nfev} evaluations. The ratings differ "
        f"from their movie's mean by {before:.3f}, from what is learned by {after:.3f} (root mean square)."
    )


def _draw_ratings(Y: FloatArray) -> Axes:
    axes = new_axes(5.4, 7.4)
    image = axes.imshow(Y, cmap="viridis", vmin=0, vmax=5, aspect="auto", interpolation="nearest")
    axes.figure.colorbar(image, ticks=range(6), label="stars; 0 is not rated")
    axes.set(xlabel="user", ylabel="movie", title="The ratings Y")
    return axes


def _draw_cost(history: FloatArray) -> Axes:
    axes = plot_cost(history)
    axes.set(title=rf"Collaborative filtering by fmincg, $\lambda$ = {LAMBDA:g}", yscale="log")
    return axes
