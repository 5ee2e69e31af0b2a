"""Exercise 1: linear regression by gradient descent and by the normal equation."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import OptimizeResult

from courseport._checks import FloatArray
from courseport.datasets import load_iris
from courseport.exercises.record import Exercise, Sheet, Words, course_file, read_table, source
from courseport.plots import BLUE, ORANGE, Axes, new_axes, plot_cost
from courseport.regression.costs import linear_cost, predict_linear
from courseport.regression.features import feature_normalize
from courseport.regression.least_squares import normal_equation
from courseport.training import gradient_descent

ALPHA = 0.01
THETA0, THETA1 = np.linspace(-10, 10, 100), np.linspace(-1, 4, 100)  # of the pictures of J

FOOD_TRUCKS = Words("people of the city in 10,000s", "profit in $10,000s", "Profit of a food truck")
PETALS = Words("length of a petal (cm)", "width of a petal (cm)", "Petals of iris")
HOUSES = Words("size in square feet", "price in $", "Prices of houses")
FLOWERS = Words("length of a petal (cm)", "width of a petal (cm)", "Iris, by the petal's and the sepal's length")


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on iris in their place."""
    cities, houses = course_file("ex1data1.txt", data), course_file("ex1data2.txt", data)
    flowers = load_iris()[0]
    X, y = (flowers[:, 2:3], flowers[:, 3]) if cities is None else read_table(cities)
    X2, y2 = (flowers[:, [2, 0]], flowers[:, 3]) if houses is None else read_table(houses)
    sheet = Sheet("ex1", known=cities is not None)
    descent = _one_feature(sheet, X, y)
    sheet.known = houses is not None
    descent2 = _two_features(sheet, X2, y2)
    words, words2 = FOOD_TRUCKS if cities else PETALS, HOUSES if houses else FLOWERS
    pictures = {
        "ex1_fit.png": partial(_draw_fit, X, y, descent.x, words),
        "ex1_cost.png": partial(_draw_cost, descent, words),
        "ex1_surface.png": partial(_draw_surface, X, y, descent.x),
        "ex1_contours.png": partial(_draw_contours, X, y, descent.x),
        "ex1_houses.png": partial(_draw_houses, X2, y2, words2),
        "ex1_houses_cost.png": partial(_draw_cost, descent2, words2),
    }
    used = source({"ex1data1.txt": cities, "ex1data2.txt": houses}, "iris")
    return Exercise("ex1", "Linear regression", used, sheet.steps, pictures)


def _one_feature(sheet: Sheet, X: FloatArray, y: FloatArray) -> OptimizeResult:
    sheet.step("computeCost")
    sheet.figure("J at zeros", "32.0727338774557", linear_cost([0, 0], X, y)[0], np.mean(y**2) / 2)
    other = np.mean((2 * X[:, 0] - 1 - y) ** 2) / 2
    sheet.figure("J at [-1; 2]", "54.2424550820124", linear_cost([-1, 2], X, y)[0], other)

    sheet.step("Gradient descent, alpha 0.01, 1500 iterations from zeros")
    descent = gradient_descent(linear_cost, np.zeros(2), (X, y), True, alpha=ALPHA, maxiter=1500)
    theta, J = _by_powers(X, y, 1500)
    sheet.figure("theta, gradient descent", "-3.63029143940436 1.16636235033558", descent.x, theta)
    sheet.figure("J, gradient descent", "4.48338825658773", descent.fun, J)
    for at, profit in ((3.5, "4519.76786770177"), (7.0, "45342.4501294471")):
        name = f"profit in $, {10_000 * at:,.0f} people" if sheet.known else f"10,000 times the width at {at:g} cm"
        sheet.figure(name, profit, 10_000 * predict_linear(descent.x, [[at]]), 10_000 * (theta[0] + theta[1] * at))
    return descent


def _two_features(sheet: Sheet, X: FloatArray, y: FloatArray) -> OptimizeResult:
    sheet.step("featureNormalize")
    X_norm, mu, sigma = feature_normalize(X)
    sheet.figure("sigma", "794.70235353389 0.7609818867801", sigma, np.sqrt(np.diag(np.cov(X.T))))

    sheet.step("Gradient descent on two features, alpha 0.01, 400 iterations")
    descent = gradient_descent(linear_cost, np.zeros(3), (X_norm, y), True, alpha=ALPHA, maxiter=400)
    theta, _ = _by_powers(X_norm, y, 400)
    sheet.figure("theta, two features", "334302.063993277 100087.116005846 3673.54845092825", descent.x, theta)
    # A house of 1650 square feet and 3 bedrooms, or a flower with petals of 5 cm and sepals of 6 cm.
    what, at = ("price in $", [[1650.0, 3.0]]) if sheet.known else ("width at 5 and 6 cm", [[5.0, 6.0]])
    here = (np.array(at) - mu) / sigma
    price, other = predict_linear(descent.x, here), theta[0] + here @ theta[1:]
    sheet.figure(f"{what}, gradient descent", "289314.620337776", price, other)

    sheet.step("Normal equation")
    theta, D = normal_equation(X, y), np.column_stack([np.ones(len(X)), X])
    others = np.linalg.solve(D.T @ D, D.T @ y)
    sheet.figure("theta, normal equation", "89597.9095427976 139.210674017625 -8738.01911232783", theta, others)
    price, other = predict_linear(theta, at), others[0] + at @ others[1:]
    sheet.figure(f"{what}, normal equation", "293081.464334896", price, other)
    return descent


def _by_powers(X: FloatArray, y: FloatArray, iterations: int) -> tuple[FloatArray, float]:
    """Return where gradient descent from zeros ends, and J there, without descending.

    A step multiplies the distance from the minimum by I - alpha/m D'D, with D = [1 X].
    """
    D = np.column_stack([np.ones(len(X)), X])
    minimum = np.linalg.lstsq(D, y, rcond=None)[0]
    step = np.eye(D.shape[1]) - ALPHA / len(X) * D.T @ D
    theta = minimum - np.linalg.matrix_power(step, iterations) @ minimum
    return theta, float(np.mean((D @ theta - y) ** 2) / 2)


def _draw_fit(X: FloatArray, y: Any, theta: FloatArray, words: Words) -> Axes:
    axes = new_axes()
    axes.plot(X, y, "x", color=ORANGE, label="training data")
    ends = np.array([[X.min()], [X.max()]])
    axes.plot(ends, predict_linear(theta, ends), color=BLUE, label="linear regression")
    axes.set(xlabel=words.x, ylabel=words.y, title=words.title)
    axes.legend()
    return axes


def _draw_cost(result: OptimizeResult, words: Words) -> Axes:
    axes = plot_cost(result.history)
    axes.set_title(f"{words.title}: cost during gradient descent")
    axes.ticklabel_format(axis="y", style="plain")
    if result.history[0] > 1e6:
        axes.set_yscale("log")
    return axes


def _cost_grid(X: FloatArray, y: Any) -> FloatArray:
    """Return J, a row for each theta_1 and a column for each theta_0."""
    theta0, theta1 = np.meshgrid(THETA0, THETA1)
    J: FloatArray = np.mean((theta0[..., None] + theta1[..., None] * X[:, 0] - y) ** 2, axis=-1) / 2
    return J


def _draw_surface(X: FloatArray, y: Any, theta: FloatArray) -> Axes:
    figure: Any = new_axes().figure
    figure.clear()
    axes: Any = figure.add_subplot(projection="3d")
    axes.plot_surface(*np.meshgrid(THETA0, THETA1), _cost_grid(X, y), cmap="viridis", alpha=0.9)
    axes.plot(*theta[:, None], linear_cost(theta, X, y)[0], "o", color=ORANGE, zorder=10)
    axes.set(xlabel=r"$\theta_0$", ylabel=r"$\theta_1$", title="Cost J; the point is where gradient descent ended")
    axes.set(xticks=range(-10, 11, 5), yticks=range(-1, 5))
    axes.set_zlabel("cost J")
    axes.set_box_aspect(None, zoom=0.85)  # leaves room for the label of J
    drawn: Axes = axes
    return drawn


def _draw_contours(X: FloatArray, y: Any, theta: FloatArray) -> Axes:
    axes = new_axes()
    J = _cost_grid(X, y)
    levels: list[float] = np.log(np.geomspace(max(1.1 * J.min(), J.max() / 300), J.max(), 12)).tolist()
    lines = axes.contour(THETA0, THETA1, np.log(J), levels=levels)
    axes.clabel(lines, levels[2:], fmt=lambda log_J: f"{np.exp(log_J):.3g}", fontsize=8)
    axes.plot(*theta, "x", color=ORANGE, markersize=10, label="gradient descent")
    axes.set(xlabel=r"$\theta_0$", ylabel=r"$\theta_1$", title="Lines of equal cost J")
    axes.legend()
    return axes


def _draw_houses(X: FloatArray, y: Any, words: Words) -> Axes:
    axes = new_axes()
    points = axes.scatter(X[:, 0], y, c=X[:, 1], cmap="viridis")
    second = "bedrooms" if words is HOUSES else "length of a sepal (cm)"
    axes.figure.colorbar(points, label=second, ticks=np.unique(X[:, 1]) if words is HOUSES else None)
    at = 3.0 if words is HOUSES else float(np.mean(X[:, 1]))
    sizes = np.linspace(X[:, 0].min(), X[:, 0].max(), 2)
    line = predict_linear(normal_equation(X, y), np.column_stack([sizes, np.full(2, at)]))
    axes.plot(sizes, line, color=ORANGE, label=f"normal equation, {second} {at:.2g}")
    axes.set(xlabel=words.x, ylabel=words.y, title=words.title)
    axes.ticklabel_format(axis="y", style="plain")
    axes.legend()
    return axes
