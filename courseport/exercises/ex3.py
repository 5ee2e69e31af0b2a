"""Exercise 3: the digits by one-vs-all logistic regression, and by a given network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from courseport._checks import FloatArray, IntArray
from courseport.datasets import load_data, load_digits, load_theta
from courseport.exercises.minimum import logistic_minimum
from courseport.exercises.printed import printed
from courseport.exercises.record import Exercise, Step, course_file
from courseport.network.prediction import accuracy, predict
from courseport.network.unrolling import unroll
from courseport.plots import display_data, new_axes
from courseport.regression.costs import logistic_cost
from courseport.regression.one_vs_all import predict_one_vs_all, train_one_vs_all

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAYER_SIZES = (400, 25, 10)
LAMBDA = 0.1
UNCONVERGED = 0.3 / 94.98  # 50 iterations do not converge; the order of sums moves their end by 0.035 (deviation of 20)


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on the shipped digits.

    Raises
    ------
    ValueError, OSError
        A folder of course files is given, and a file is not there or not what is expected.
    """
    X, y, source = load_course_digits(data)
    weights = course_file("ex4weights.mat", data)
    all_theta = train_one_vs_all(X, y, 10, LAMBDA)
    steps = [_data(X), _cost(), _one_vs_all(all_theta, X, y), _converged(X, y), _network(weights, X, y)]
    pictures: dict[str, Callable[[], Axes]] = {
        "ex3_digits.png": partial(draw_digits, X),
        "ex3_one_vs_all.png": partial(_draw_weights, all_theta),
    }
    return Exercise("ex3", "Multi-class classification and neural networks", source, steps, pictures)


def load_course_digits(data: Path | None) -> tuple[FloatArray, IntArray, str]:
    """Return X, y and where they are from: the user's ex4data1.mat or ex3data1.mat, or the shipped digits."""
    path = course_file("ex4data1.mat", data)
    X, y = load_digits() if path is None else load_data(path)
    source = "the shipped 5000 digits, equal to the course's within 1e-13" if path is None else str(path)
    return X, y.astype(np.intp), source


def draw_digits(X: FloatArray) -> Axes:
    """Draw 100 of the digits, ten of each."""
    axes = display_data(X[::50])
    axes.set_title("100 of the 5000 digits")
    return axes


def _data(X: FloatArray) -> Step:
    figures = [
        *printed("ex3", "smallest pixel of X", "-0.1319632301985249", X.min()),
        *printed("ex3", "largest pixel of X", "1.1276882991588884", X.max()),
    ]
    return Step("The data: 5000 images of 20 x 20 pixels, one a row", figures)


def _cost() -> Step:
    X = np.arange(1, 16).reshape(5, 3, order="F") / 10
    J, grad = logistic_cost([-2, -1, 1, 2], X, [1, 0, 1, 0, 1], 3.0)
    gradient = "0.146561367924898 -0.54855841185316 0.724722272109289 1.39800295607174"
    figures = printed("ex3", "J, test case", "2.53481939610974", J)
    return Step("lrCostFunction: the test case", figures + printed("ex3", "gradient, test case", gradient, grad))


def _one_vs_all(all_theta: FloatArray, X: FloatArray, y: IntArray) -> Step:
    reached = accuracy(predict_one_vs_all(all_theta, X), y)
    text = "Not converged: correct solutions reach 94.88 to 95.08, and the order of their sums moves that by 0.1."
    figures = printed("ex3", "accuracy %, 50 iterations", "94.98", reached, rtol=UNCONVERGED)
    return Step("One-vs-all: ten logistic regressions, lambda 0.1, 50 iterations of fmincg", figures, text)


def _converged(X: FloatArray, y: IntArray) -> Step:
    thetas, costs = zip(*(logistic_minimum(X, y == label, LAMBDA) for label in range(1, 11)), strict=True)
    reached = accuracy(predict_one_vs_all(np.array(thetas), X), y)
    figures = [
        *printed("ex3", "accuracy %, converged", "96.46", reached),
        *printed("ex3", "sum of the ten costs, converged", "0.416138684602", sum(costs)),
    ]
    return Step("One-vs-all at the ten minima, by second derivatives", figures)


def _network(weights: Path | None, X: FloatArray, y: IntArray) -> Step:
    reached, text = np.nan, "ex4weights.mat is not there."
    if weights is not None:
        reached, text = accuracy(predict(unroll(load_theta(weights)), LAYER_SIZES, X), y), ""
    figures = printed("ex3", "accuracy %, given network", "97.52", reached, known=weights is not None)
    return Step("A given network: predict with the weights of ex4weights.mat", figures, text)


def _draw_weights(all_theta: FloatArray) -> Axes:
    figure: Any = new_axes(7.5, 3.6).figure
    figure.clear()
    panels: list[Axes] = figure.subplots(2, 5).ravel().tolist()
    for digit, panel in enumerate(panels):
        weights = all_theta[digit - 1, 1:]  # digit 0 is label 10, the last row
        display_data(weights[None, :], panel).set_title(str(digit), fontsize=10)
    figure.suptitle("One-vs-all: the weights from each pixel (white speaks for the digit)")
    return panels[0]
