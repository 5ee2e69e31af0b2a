"""Exercise 2: logistic regression, plain, and regularised on products of powers of two features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from courseport._checks import FloatArray
from courseport.datasets import load_data
from courseport.exercises.minimum import logistic_minimum
from courseport.exercises.printed import printed
from courseport.exercises.record import Exercise, Figure, Step, course_file
from courseport.network.prediction import accuracy
from courseport.plots import new_axes
from courseport.regression.costs import logistic_cost, predict_linear, predict_logistic
from courseport.regression.features import map_feature
from courseport.training import fminunc

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Labels = NDArray[Any]
Logits = Callable[[FloatArray], FloatArray]

DEGREE = 6
FMINUNC = {"GradObj": "on", "MaxIter": 400}
# Octave's fminunc and ours go other ways and end where J changes by less than TolFun, 1e-6; theta follows to its root.
FMINUNC_J, FMINUNC_THETA = 1e-6, 1e-3
ADMITTED = 1e-8  # the printed probability, too, is of an optimiser's end: 0.77629069078 is the minimum's
COLORS = {0.0001: "tab:green", 1.0: "black", 100.0: "tab:purple"}  # by lambda: overfitting, right, underfitting


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on data generated for it.

    Raises
    ------
    ValueError, OSError
        A folder of course files is given, and a file is not there or not what is expected.
    """
    exams, chips = course_file("ex2data1.txt", data), course_file("ex2data2.txt", data)
    known = exams is not None and chips is not None
    X, y = _generated_exams() if exams is None else load_data(exams)
    X2, y2 = _generated_chips() if chips is None else load_data(chips)
    source = f"{exams}, {chips}" if known else "generated data, of the shapes of ex2data1.txt and ex2data2.txt"

    theta, J = logistic_minimum(X, y, 0.0)
    mapped = _mapped(X2)
    thetas = {lambda_: logistic_minimum(mapped, y2, lambda_)[0] for lambda_ in COLORS}
    steps = [
        Step("costFunction", _costs(X, y, known)),
        _fminunc(X, y, known),
        Step("The minimum itself, by second derivatives", _minimum(theta, J, X, y, known)),
        Step("Regularised: costFunctionReg on the 28 features of mapFeature", _mapped_costs(mapped, y2, known)),
        Step("Regularised: the minimum, lambda 1", _mapped_minimum(thetas[1.0], mapped, y2, known)),
    ]
    pictures: dict[str, Callable[[], Axes]] = {
        "ex2_exams.png": partial(_draw_exams, X, y, theta),
        "ex2_microchips.png": partial(_draw_chips, X2, y2, {1.0: thetas[1.0]}, "Quality of microchips, degree 6"),
        "ex2_lambdas.png": partial(_draw_chips, X2, y2, thetas, "Overfitting, a good fit and underfitting, degree 6"),
    }
    return Exercise("ex2", "Logistic regression", source, steps, pictures)


def _generated_exams() -> tuple[FloatArray, Labels]:
    """Return 100 students: the scores of two exams, and 1 where admitted."""
    rng = np.random.default_rng(3)
    X = rng.uniform(30, 100, (100, 2))
    return X, (rng.random(100) < 1 / (1 + np.exp(25 - 0.2 * X.sum(axis=1)))).astype(np.intp)


def _generated_chips() -> tuple[FloatArray, Labels]:
    """Return 118 microchips: the results of two tests, and 1 where accepted, mostly within an ellipse."""
    rng = np.random.default_rng(4)
    X = rng.uniform([-0.85, -0.8], [1.1, 1.1], (118, 2))
    distance = ((X - [0.1, 0.15]) ** 2 / [0.6, 0.65]).sum(axis=1) + rng.normal(0, 0.2, 118)
    return X, (distance < 1).astype(np.intp)


def _mapped(X: FloatArray) -> FloatArray:
    return map_feature(X[:, 0], X[:, 1], DEGREE)


def _costs(X: FloatArray, y: Labels, known: bool) -> list[Figure]:
    J, grad = logistic_cost(np.zeros(3), X, y)
    J_other, grad_other = logistic_cost([-24, 0.2, 0.2], X, y)
    zeros = "-0.100000000000000 -12.0092165892912 -11.2628422055136"
    other = "0.0429029948995345 2.56623411551076 2.64679737108243"
    return [
        *printed("ex2", "J at zeros", "0.693147180559945", J, known=known),
        *printed("ex2", "gradient at zeros", zeros, grad, known=known),
        *printed("ex2", "J at [-24; 0.2; 0.2]", "0.218330193826598", J_other, known=known),
        *printed("ex2", "gradient at [-24; 0.2; 0.2]", other, grad_other, known=known),
    ]


def _fminunc(X: FloatArray, y: Labels, known: bool) -> Step:
    found = fminunc(lambda theta: logistic_cost(theta, X, y), np.zeros(3), FMINUNC)
    theta = "-25.1612716361618 0.206232612389486 0.201470286971845"
    figures = [
        *printed("ex2", "J, fminunc", "0.203497701677466", found.value, known=known, rtol=FMINUNC_J),
        *printed("ex2", "theta, fminunc", theta, found.theta, known=known, rtol=FMINUNC_THETA),
    ]
    return Step("fminunc, at most 400 iterations from zeros", figures, "It stops where J changes by less than 1e-6.")


def _minimum(theta: FloatArray, J: float, X: FloatArray, y: Labels, known: bool) -> list[Figure]:
    admitted = 1 / (1 + np.exp(-predict_linear(theta, [[45, 85]])))
    exact = "-25.1613335666396 0.206231713293983 0.201471600441963"
    return [
        *printed("ex2", "J, minimum", "0.203497701589440", J, known=known),
        *printed("ex2", "theta, minimum", exact, theta, known=known),
        *printed("ex2", "P(admitted), scores 45 and 85", "0.776290689", admitted, known=known, rtol=ADMITTED),
        *printed("ex2", "accuracy %", "89", accuracy(predict_logistic(theta, X), y), known=known),
    ]


def _mapped_costs(mapped: FloatArray, y: Labels, known: bool) -> list[Figure]:
    n = mapped.shape[1] + 1
    J, grad = logistic_cost(np.zeros(n), mapped, y, 1.0)
    J_ones, grad_ones = logistic_cost(np.ones(n), mapped, y, 10.0)
    zeros = "0.00847457627118644 0.018788093220339 7.77711864406751e-05 0.0503446395363559 0.011501330787339"
    ones = "0.346045073679245 0.161351919280912 0.194795755611997 0.22686278222505 0.0921856751032918"
    return [
        *printed("ex2", "J at zeros, lambda 1", "0.693147180559945", J, known=known),
        *printed("ex2", "gradient at zeros, lambda 1", zeros, grad[:5], known=known),
        *printed("ex2", "J at ones, lambda 10", "3.16450933161501", J_ones, known=known),
        *printed("ex2", "gradient at ones, lambda 10", ones, grad_ones[:5], known=known),
    ]


def _mapped_minimum(theta: FloatArray, mapped: FloatArray, y: Labels, known: bool) -> list[Figure]:
    first = "1.272739510214483 0.625271797824617 1.181088686033808 -2.019960860753076 -0.917423748621757"
    reached = accuracy(predict_logistic(theta, mapped), y)
    return [
        *printed(
            "ex2", "J, minimum, lambda 1", "0.529002729712647", logistic_cost(theta, mapped, y, 1.0)[0], known=known
        ),
        *printed("ex2", "theta, minimum, lambda 1", first, theta[:5], known=known),
        *printed("ex2", "accuracy %, lambda 1", "83.0508474576271", reached, known=known),
    ]


def _draw_exams(X: FloatArray, y: Labels, theta: FloatArray) -> Axes:
    axes = _draw_classes(X, y, "admitted", "not admitted")
    _draw_boundary(axes, X, lambda points: predict_linear(theta, points), "black", "decision boundary")
    axes.set(xlabel="score of exam 1 (points)", ylabel="score of exam 2 (points)", title="Admission by two exams")
    _place_legend(axes)
    return axes


def _draw_chips(X: FloatArray, y: Labels, thetas: Mapping[float, FloatArray], title: str) -> Axes:
    axes = _draw_classes(X, y, "accepted", "rejected")
    for lambda_, theta in thetas.items():
        logits = partial(_mapped_logits, theta)
        _draw_boundary(axes, X, logits, COLORS[lambda_], rf"decision boundary, $\lambda$ = {lambda_:g}")
    axes.set(xlabel="result of test 1 (scaled)", ylabel="result of test 2 (scaled)", title=title)
    _place_legend(axes)
    return axes


def _mapped_logits(theta: FloatArray, points: FloatArray) -> FloatArray:
    return predict_linear(theta, _mapped(points))


def _draw_classes(X: FloatArray, y: Labels, yes: str, no: str) -> Axes:
    axes = new_axes(6.4, 5.6)
    axes.plot(*X[y == 1].T, "+", color="tab:blue", markersize=8, markeredgewidth=2, label=yes)
    axes.plot(*X[y == 0].T, "o", color="tab:orange", markeredgecolor="black", label=no)
    return axes


def _draw_boundary(axes: Axes, X: FloatArray, logits: Logits, color: str, label: str) -> None:
    """Draw the line on which h = 0.5, that is z = 0."""
    margin = 0.05 * np.ptp(X, axis=0)
    x1, x2 = np.linspace(X.min(axis=0) - margin, X.max(axis=0) + margin, 200).T
    grid = np.stack(np.meshgrid(x1, x2), axis=-1)
    axes.contour(x1, x2, logits(grid.reshape(-1, 2)).reshape(200, 200), levels=[0.0], colors=color)
    axes.plot([], [], color=color, label=label)  # for the legend, which knows no contours


def _place_legend(axes: Axes) -> None:
    """Put the legend above the data, where it hides none of them."""
    axes.figure.legend(loc="outside lower center", ncols=2)
