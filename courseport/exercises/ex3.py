"""Exercise 3: the digits by one-vs-all logistic regression, and by a given network."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from courseport._checks import FloatArray, IntArray
from courseport.datasets import load_data, load_digits, load_theta
from courseport.exercises.ex2 import logistic_minimum
from courseport.exercises.record import Exercise, Sheet, course_file, source
from courseport.network.prediction import accuracy, predict
from courseport.network.unrolling import debug_initialize_weights, reshape_thetas, unroll
from courseport.plots import Axes, display_data, new_axes
from courseport.regression.costs import logistic_cost, predict_one_vs_all, train_one_vs_all

LAYER_SIZES = (400, 25, 10)
LAMBDA = 0.1
UNCONVERGED = 0.3 / 94.98  # 50 iterations do not converge; the order of sums moves their end by 0.035 (deviation of 20)
SHIPPED = "the shipped 5000 digits, equal to the course's within 1e-13"


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on the shipped digits."""
    X, y, used = load_course_digits(data)
    sheet = Sheet("ex3")
    sheet.step("The data: 5000 images of 20 x 20 pixels, one a row")
    sheet.figure("smallest pixel of X", "-0.1319632301985249", X.min())
    sheet.figure("largest pixel of X", "1.1276882991588884", X.max())

    sheet.step("lrCostFunction: the test case")
    J, grad = logistic_cost([-2, -1, 1, 2], np.arange(1, 16).reshape(5, 3, order="F") / 10, [1, 0, 1, 0, 1], 3.0)
    sheet.figure("J, test case", "2.53481939610974", J)
    printed = "0.146561367924898 -0.54855841185316 0.724722272109289 1.39800295607174"
    sheet.figure("gradient, test case", printed, grad)

    text = "Not converged: correct solutions reach 94.88 to 95.08, and the order of their sums moves that by 0.1."
    sheet.step("One-vs-all: ten logistic regressions, lambda 0.1, 50 iterations of fmincg", text)
    all_theta = train_one_vs_all(X, y, 10, LAMBDA)
    reached = accuracy(predict_one_vs_all(all_theta, X), y)
    sheet.figure("accuracy %, 50 iterations", "94.98", reached, rtol=UNCONVERGED)

    sheet.step("One-vs-all at the ten minima, by second derivatives")
    thetas, costs = zip(*(logistic_minimum(X, y == label, LAMBDA) for label in range(1, 11)), strict=True)
    sheet.figure("accuracy %, converged", "96.46", accuracy(predict_one_vs_all(np.array(thetas), X), y))
    sheet.figure("sum of the ten costs, converged", "0.416138684602", sum(costs))

    theta_vec, known, name = given_network(data)
    sheet.known = known
    sheet.step(f"A given network: predict with {name}")
    other = 100 * np.mean(h_by_numpy(theta_vec, X).argmax(axis=1) + 1 == y)
    sheet.figure("accuracy %, given network", "97.52", accuracy(predict(theta_vec, LAYER_SIZES, X), y), other)

    pictures = {
        "ex3_digits.png": partial(draw_digits, X),
        "ex3_one_vs_all.png": partial(_draw_weights, all_theta),
    }
    return Exercise("ex3", "Multi-class classification and neural networks", used, sheet.steps, pictures)


def load_course_digits(data: Path | None) -> tuple[FloatArray, IntArray, str]:
    """Return X, y and where they are from: the user's ex4data1.mat or ex3data1.mat, or the shipped digits."""
    path = course_file("ex4data1.mat", data)
    X, y = load_digits() if path is None else load_data(path)
    used = SHIPPED if data is None and path is None else source({"ex4data1.mat": path}, SHIPPED)
    return X, y.astype(np.intp), used


def given_network(data: Path | None) -> tuple[FloatArray, bool, str]:
    """Return the unrolled weights of ex4weights.mat, or others instead; whether they are there; and what they are."""
    path = course_file("ex4weights.mat", data)
    if path is None:
        return debug_initialize_weights(LAYER_SIZES), False, "the debug weights (without ex4weights.mat)"
    return unroll(load_theta(path)), True, "the weights of ex4weights.mat"


def h_by_numpy(theta_vec: FloatArray, X: FloatArray) -> FloatArray:
    """Return h(x) of a network of LAYER_SIZES, as the handout's formula stands."""
    h = X
    for theta in reshape_thetas(theta_vec, LAYER_SIZES):
        h = expit(np.hstack([np.ones((len(h), 1)), h]) @ theta.T)
    return h


def draw_digits(X: FloatArray) -> Axes:
    """Draw 100 of the digits, ten of each."""
    axes = display_data(X[::50])
    axes.set_title("100 of the 5000 digits")
    return axes


def _draw_weights(all_theta: FloatArray) -> Axes:
    figure: Any = new_axes(7.5, 3.6).figure
    figure.clear()
    panels: list[Axes] = figure.subplots(2, 5).ravel().tolist()
    for digit, panel in enumerate(panels):
        weights = all_theta[digit - 1, 1:]  # digit 0 is label 10, the last row
        display_data(weights[None, :], panel).set_title(str(digit), fontsize=10)
    figure.suptitle("One-vs-all: the weights from each pixel (white speaks for the digit)")
    return panels[0]
