"""Exercise 2: logistic regression, plain, and regularised on products of powers of two features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize, root
from scipy.special import expit, xlogy

from courseport import _threads
from courseport._checks import FloatArray
from courseport.datasets import load_iris
from courseport.exercises.record import Exercise, Sheet, Words, course_file, read_table, source
from courseport.network.prediction import accuracy
from courseport.plots import BLUE, ORANGE, Axes, new_axes
from courseport.regression.costs import logistic_cost, predict_linear, predict_logistic
from courseport.regression.features import map_feature
from courseport.training import fminunc

Labels = NDArray[Any]
Logits = Callable[[FloatArray], FloatArray]

DEGREE = 6
POLISHING = 2  # Newton steps from where the trust region ends: each doubles the right digits
FMINUNC = {"GradObj": "on", "MaxIter": 400}
# Octave's fminunc and ours go other ways and end where J changes by less than TolFun, 1e-6; theta follows to its root.
FMINUNC_J, FMINUNC_THETA = 1e-6, 1e-3
ADMITTED = 1e-8  # the printed probability, too, is of an optimiser's end: 0.77629069078 is the minimum's
STYLES = {0.0001: (ORANGE, ":"), 1.0: ("black", "-"), 100.0: (BLUE, "--")}  # by lambda: over-, good and underfitting

EXAMS = Words("score of exam 1 (points)", "score of exam 2 (points)", "Admission by exams", "admitted", "not admitted")
PETALS = Words("length of a petal (cm)", "width of a petal (cm)", "Two kinds of iris", "virginica", "versicolor")
CHIPS = Words("result of test 1 (scaled)", "result of test 2 (scaled)", "Quality of microchips", "accepted", "rejected")
MIDDLE = Words("petal's length (scaled)", "sepal's width (scaled)", "Versicolor or not", "versicolor", "other")


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on iris in their place."""
    exams, chips = course_file("ex2data1.txt", data), course_file("ex2data2.txt", data)
    flowers, species = load_iris()
    # Virginica or versicolor by petals, and versicolor, which lies between the others, by two lengths at -1..1.
    X, y = (flowers[50:, 2:], species[50:] == 3) if exams is None else read_table(exams)
    middle = (flowers[:, [2, 1]] - [4.0, 3.2]) / [3.0, 1.2]
    X2, y2 = (middle, species == 2) if chips is None else read_table(chips)
    sheet = Sheet("ex2", known=exams is not None)
    theta = _plain(sheet, X, y)
    sheet.known = chips is not None
    thetas = _regularised(sheet, X2, y2)
    words, words2 = EXAMS if exams else PETALS, CHIPS if chips else MIDDLE
    pictures = {
        "ex2_exams.png": partial(_draw_exams, X, y, theta, words),
        "ex2_microchips.png": partial(_draw_chips, X2, y2, {1.0: thetas[1.0]}, words2),
        "ex2_lambdas.png": partial(_draw_chips, X2, y2, thetas, words2),
    }
    used = source({"ex2data1.txt": exams, "ex2data2.txt": chips}, "iris")
    return Exercise("ex2", "Logistic regression", used, sheet.steps, pictures)


def _plain(sheet: Sheet, X: FloatArray, y: Labels) -> FloatArray:
    """Add the steps without penalty; return the theta of the minimum."""
    D = np.column_stack([np.ones(len(X)), X])
    sheet.step("costFunction")
    at_zeros = "0.693147180559945", "-0.100000000000000 -12.0092165892912 -11.2628422055136"
    at_other = "0.218330193826598", "0.0429029948995345 2.56623411551076 2.64679737108243"
    for start, (cost, gradient) in {(0, 0, 0): at_zeros, (-24, 0.2, 0.2): at_other}.items():
        J, slope = logistic_cost(start, X, y)
        other_J, other_slope = _cost_by_scipy(np.array(start), D, y, 0.0)
        name = "[-24; 0.2; 0.2]" if any(start) else "zeros"
        sheet.figure(f"J at {name}", cost, J, other_J)
        sheet.figure(f"gradient at {name}", gradient, slope, other_slope)

    sheet.step("fminunc, at most 400 iterations from zeros", "It stops where J changes by less than 1e-6.")
    found = fminunc(partial(logistic_cost, X=X, y=y), np.zeros(3), FMINUNC)
    lowest, lowest_J = _minimum_by_scipy(D, y, 0.0, found.theta)
    sheet.figure("J, fminunc", "0.203497701677466", found.value, lowest_J, rtol=FMINUNC_J)
    printed = "-25.1612716361618 0.206232612389486 0.201470286971845"
    sheet.figure("theta, fminunc", printed, found.theta, lowest, rtol=FMINUNC_THETA)

    sheet.step("The minimum itself, by second derivatives")
    theta, J = logistic_minimum(X, y, 0.0)
    sheet.figure("J, minimum", "0.203497701589440", J, lowest_J)
    sheet.figure("theta, minimum", "-25.1613335666396 0.206231713293983 0.201471600441963", theta, lowest)
    # A student's scores, or a petal's length and width.
    name, at = ("P(admitted), scores 45 and 85", [45, 85]) if sheet.known else ("P(virginica), 5 by 1.7 cm", [5, 1.7])
    admitted, other = expit(predict_linear(theta, [at])), expit(lowest[0] + at @ lowest[1:])
    sheet.figure(name, "0.776290689", admitted, other, rtol=ADMITTED)
    right = 100 * np.mean((D @ lowest >= 0) == y)
    sheet.figure("accuracy %", "89", accuracy(predict_logistic(theta, X), y), right)
    return theta


def _regularised(sheet: Sheet, X: FloatArray, y: Labels) -> dict[float, FloatArray]:
    """Add the steps on 28 features; return the theta of the minimum for each lambda."""
    mapped = map_feature(X[:, 0], X[:, 1], DEGREE)
    # 1, x1, x2, x1^2, x1 x2, ..., x2^6: the columns of [1 mapFeature].
    pairs = [(degree - power, power) for degree in range(DEGREE + 1) for power in range(degree + 1)]
    D = np.column_stack([X[:, 0] ** first * X[:, 1] ** second for first, second in pairs])
    sheet.step("Regularised: costFunctionReg on the 28 features of mapFeature")
    zeros = "0.00847457627118644 0.018788093220339 7.77711864406751e-05 0.0503446395363559 0.011501330787339"
    ones = "0.346045073679245 0.161351919280912 0.194795755611997 0.22686278222505 0.0921856751032918"
    for name, start, lambda_, cost, gradient in (
        ("zeros, lambda 1", np.zeros(28), 1.0, "0.693147180559945", zeros),
        ("ones, lambda 10", np.ones(28), 10.0, "3.16450933161501", ones),
    ):
        J, slope = logistic_cost(start, mapped, y, lambda_)
        other_J, other_slope = _cost_by_scipy(start, D, y, lambda_)
        sheet.figure(f"J at {name}", cost, J, other_J)
        sheet.figure(f"gradient at {name}", gradient, slope[:5], other_slope[:5])

    sheet.step("Regularised: the minimum, lambda 1")
    thetas = {lambda_: logistic_minimum(mapped, y, lambda_)[0] for lambda_ in STYLES}
    lowest, lowest_J = _minimum_by_scipy(D, y, 1.0, np.zeros(28))
    sheet.figure("J, minimum, lambda 1", "0.529002729712647", logistic_cost(thetas[1.0], mapped, y, 1.0)[0], lowest_J)
    first = "1.272739510214483 0.625271797824617 1.181088686033808 -2.019960860753076 -0.917423748621757"
    sheet.figure("theta, minimum, lambda 1", first, thetas[1.0][:5], lowest[:5])
    reached = accuracy(predict_logistic(thetas[1.0], mapped), y)
    sheet.figure("accuracy %, lambda 1", "83.0508474576271", reached, 100 * np.mean((D @ lowest >= 0) == y))
    return thetas


def logistic_minimum(X: FloatArray, y: ArrayLike, lambda_: float) -> tuple[FloatArray, float]:
    """Return the theta that minimises `logistic_cost` to all its digits, by second derivatives, and J there.

    X is of shape (m, n), without a column of ones; y holds 0 and 1. With lambda 0 there is a minimum only where no line
    parts the two classes.
    """
    with_ones = np.column_stack([np.ones(len(X)), X])
    penalty = np.diag([0.0, *np.full(X.shape[1], lambda_ / len(X))])

    def curvature(theta: FloatArray, *_: object) -> FloatArray:
        h = expit(with_ones @ theta)
        weighted = with_ones * np.sqrt(h * (1 - h) / len(X))[:, None]
        matrix: FloatArray = weighted.T @ weighted + penalty  # a product that the BLAS knows to be symmetric
        return matrix

    solve: Any = minimize  # its stubs take no array of any shape
    start, options = np.zeros(with_ones.shape[1]), {"gtol": 1e-7, "maxiter": 1000}
    how = {"jac": True, "hess": curvature, "method": "trust-exact", "options": options}
    with _threads.held():  # its threads, between these short products, cost more than they give
        theta: FloatArray = solve(logistic_cost, start, args=(X, y, lambda_), **how).x
        for _ in range(POLISHING):
            theta = theta - np.linalg.solve(curvature(theta), logistic_cost(theta, X, y, lambda_)[1])
    return theta, logistic_cost(theta, X, y, lambda_)[0]


def _cost_by_scipy(theta: FloatArray, D: FloatArray, y: Labels, lambda_: float) -> tuple[float, FloatArray]:
    """Return J and gradient as the formulas stand, for a matrix D with its column of ones."""
    h, weights = expit(D @ theta), np.concatenate([[0.0], theta[1:]])
    J = -np.mean(xlogy(y, h) + xlogy(1 - y, 1 - h)) + lambda_ / (2 * len(y)) * weights @ weights
    return float(J), D.T @ (h - y) / len(y) + lambda_ / len(y) * weights


def _minimum_by_scipy(D: FloatArray, y: Labels, lambda_: float, start: FloatArray) -> tuple[FloatArray, float]:
    """Return where the gradient is 0, and J there."""

    def slope(theta: FloatArray) -> FloatArray:
        return _cost_by_scipy(theta, D, y, lambda_)[1]

    theta: FloatArray = root(slope, start, tol=1e-15).x
    return theta, _cost_by_scipy(theta, D, y, lambda_)[0]


def _draw_exams(X: FloatArray, y: Labels, theta: FloatArray, words: Words) -> Axes:
    axes = _draw_classes(X, y, words)
    _draw_boundary(axes, X, lambda points: predict_linear(theta, points), ("black", "-"), "decision boundary")
    axes.figure.legend(loc="outside lower center", ncols=3)  # where it hides no point
    return axes


def _draw_chips(X: FloatArray, y: Labels, thetas: Mapping[float, FloatArray], words: Words) -> Axes:
    axes = _draw_classes(X, y, words)
    fits = "overfitting, a good fit and underfitting" if len(thetas) > 1 else "powers up to degree 6"
    axes.set_title(f"{words.title}: {fits}")
    for lambda_, theta in thetas.items():

        def logits(points: FloatArray, theta: FloatArray = theta) -> FloatArray:
            return predict_linear(theta, map_feature(points[:, 0], points[:, 1], DEGREE))

        _draw_boundary(axes, X, logits, STYLES[lambda_], rf"boundary, $\lambda$ = {lambda_:g}")
    axes.figure.legend(loc="outside lower center", ncols=3)
    return axes


def _draw_classes(X: FloatArray, y: Labels, words: Words) -> Axes:
    axes = new_axes(6.4, 5.6)
    axes.plot(*X[y == 1].T, "+", color=BLUE, markersize=8, markeredgewidth=2, label=words.yes)
    axes.plot(*X[y == 0].T, "o", color="white", markeredgecolor=ORANGE, label=words.no)
    axes.set(xlabel=words.x, ylabel=words.y, title=words.title)
    return axes


def _draw_boundary(axes: Axes, X: FloatArray, logits: Logits, style: tuple[str, str], label: str) -> None:
    """Draw the line on which h = 0.5, that is z = 0."""
    margin = 0.05 * np.ptp(X, axis=0)
    x1, x2 = np.linspace(X.min(axis=0) - margin, X.max(axis=0) + margin, 200).T
    grid = np.stack(np.meshgrid(x1, x2), axis=-1)
    color, line = style
    axes.contour(x1, x2, logits(grid.reshape(-1, 2)).reshape(200, 200), levels=[0.0], colors=color, linestyles=line)
    axes.plot([], [], line, color=color, label=label)  # for the legend, which knows no contours
