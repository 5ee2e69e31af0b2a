"""Exercise 1: linear regression by gradient descent and by the normal equation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import OptimizeResult, minimize

from courseport._checks import FloatArray
from courseport.datasets import load_data
from courseport.exercises.printed import printed
from courseport.exercises.record import Exercise, Figure, Step, course_file
from courseport.plots import new_axes, plot_cost
from courseport.regression.costs import linear_cost, predict_linear
from courseport.regression.features import feature_normalize
from courseport.regression.least_squares import normal_equation
from courseport.training import gradient_descent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ALPHA = 0.01
HOUSE = np.array([[1650.0, 3.0]])  # square feet and bedrooms
CITIES = np.array([[3.5], [7.0]])  # 35,000 and 70,000 people
THETA0, THETA1 = np.linspace(-10, 10, 100), np.linspace(-1, 4, 100)  # of the pictures of J


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on data generated for it.

    Raises
    ------
    ValueError, OSError
        A folder of course files is given, and a file is not there or not what is expected.
    """
    cities, houses = course_file("ex1data1.txt", data), course_file("ex1data2.txt", data)
    known = cities is not None and houses is not None
    X, y = _generated_cities() if cities is None else load_data(cities)
    X2, y2 = _generated_houses() if houses is None else load_data(houses)
    source = f"{cities}, {houses}" if known else "generated data, of the shapes of ex1data1.txt and ex1data2.txt"

    descent = _descend(X, y, 1500)
    X2_norm, mu, sigma = feature_normalize(X2)
    descent2 = _descend(X2_norm, y2, 400)
    steps = [
        Step("computeCost", _costs(X, y, known)),
        Step("Gradient descent, alpha 0.01, 1500 iterations from zeros", _descent(descent, known)),
        Step("featureNormalize", printed("ex1", "sigma", "794.70235353389 0.7609818867801", sigma, known=known)),
        Step("Gradient descent on two features, alpha 0.01, 400 iterations", _descent2(descent2, mu, sigma, known)),
        Step("Normal equation", _normal_equation(X2, y2, known)),
    ]
    pictures: dict[str, Callable[[], Axes]] = {
        "ex1_fit.png": partial(_draw_fit, X, y, descent.x),
        "ex1_cost.png": partial(_draw_cost, descent, "Profit of a food truck: cost during gradient descent"),
        "ex1_surface.png": partial(_draw_surface, X, y, descent.x),
        "ex1_contours.png": partial(_draw_contours, X, y, descent.x),
        "ex1_houses.png": partial(_draw_houses, X2, y2),
        "ex1_houses_cost.png": partial(_draw_cost, descent2, "Prices of houses: cost during gradient descent"),
    }
    return Exercise("ex1", "Linear regression", source, steps, pictures)


def _generated_cities() -> tuple[FloatArray, FloatArray]:
    """Return 97 cities: people in 10,000s, and the profit of a food truck in 10,000 dollars."""
    rng = np.random.default_rng(1)
    people = 5 + 17 * rng.random(97) ** 2
    return people[:, None], 1.2 * people - 4 + rng.normal(0, 3, 97)


def _generated_houses() -> tuple[FloatArray, FloatArray]:
    """Return 47 houses: square feet and bedrooms, and the price in dollars."""
    rng = np.random.default_rng(2)
    size = rng.normal(2000, 700, 47).clip(850, 4500).round()
    bedrooms = (size / 700 + rng.normal(0, 0.6, 47)).round().clip(1, 5)
    price = 90_000 + 140 * size - 8_000 * bedrooms + rng.normal(0, 60_000, 47)
    return np.column_stack([size, bedrooms]), price.round(-2)


def _descend(X: FloatArray, y: Any, iterations: int) -> OptimizeResult:
    solve: Any = minimize  # its stubs know no options of other methods
    options = {"alpha": ALPHA, "maxiter": iterations}
    result: OptimizeResult = solve(
        linear_cost, np.zeros(X.shape[1] + 1), args=(X, y), jac=True, method=gradient_descent, options=options
    )
    return result


def _costs(X: FloatArray, y: Any, known: bool) -> list[Figure]:
    at_zeros, at_other = linear_cost([0, 0], X, y)[0], linear_cost([-1, 2], X, y)[0]
    figures = printed("ex1", "J at zeros", "32.0727338774557", at_zeros, known=known)
    return figures + printed("ex1", "J at [-1; 2]", "54.2424550820124", at_other, known=known)


def _descent(result: OptimizeResult, known: bool) -> list[Figure]:
    profits = 10_000 * predict_linear(result.x, CITIES)
    return [
        *printed("ex1", "theta, gradient descent", "-3.63029143940436 1.16636235033558", result.x, known=known),
        *printed("ex1", "J, gradient descent", "4.48338825658773", result.fun, known=known),
        *printed("ex1", "profit in $, 35,000 people", "4519.76786770177", profits[0], known=known),
        *printed("ex1", "profit in $, 70,000 people", "45342.4501294471", profits[1], known=known),
    ]


def _descent2(result: OptimizeResult, mu: FloatArray, sigma: FloatArray, known: bool) -> list[Figure]:
    theta = "334302.063993277 100087.116005846 3673.54845092825"
    price = predict_linear(result.x, (HOUSE - mu) / sigma)
    return [
        *printed("ex1", "theta, two features", theta, result.x, known=known),
        *printed("ex1", "price in $, gradient descent", "289314.620337776", price, known=known),
    ]


def _normal_equation(X: FloatArray, y: Any, known: bool) -> list[Figure]:
    theta = normal_equation(X, y)
    expected = "89597.9095427976 139.210674017625 -8738.01911232783"
    return [
        *printed("ex1", "theta, normal equation", expected, theta, known=known),
        *printed("ex1", "price in $, normal equation", "293081.464334896", predict_linear(theta, HOUSE), known=known),
    ]


def _draw_fit(X: FloatArray, y: Any, theta: FloatArray) -> Axes:
    axes = new_axes()
    axes.plot(X, y, "x", color="tab:red", label="training data")
    ends = np.array([[X.min()], [X.max()]])
    axes.plot(ends, predict_linear(theta, ends), label="linear regression")
    axes.set(xlabel="people of the city in 10,000s", ylabel="profit in $10,000s", title="Profit of a food truck")
    axes.legend()
    return axes


def _draw_cost(result: OptimizeResult, title: str) -> Axes:
    axes = plot_cost(result.history)
    axes.set_title(title)
    return axes


def _cost_grid(X: FloatArray, y: Any) -> FloatArray:
    """Return J, a row for each theta_1 and a column for each theta_0."""
    return np.array([[linear_cost([theta0, theta1], X, y)[0] for theta0 in THETA0] for theta1 in THETA1])


def _draw_surface(X: FloatArray, y: Any, theta: FloatArray) -> Axes:
    figure: Any = new_axes().figure
    figure.clear()
    axes: Any = figure.add_subplot(projection="3d")
    axes.plot_surface(*np.meshgrid(THETA0, THETA1), _cost_grid(X, y), cmap="viridis", alpha=0.9)
    axes.plot(*theta[:, None], linear_cost(theta, X, y)[0], "o", color="tab:red", zorder=10)
    axes.set(xlabel=r"$\theta_0$", ylabel=r"$\theta_1$", title="Cost J; the point is where gradient descent ended")
    axes.set(xticks=range(-10, 11, 5), yticks=range(-1, 5))
    axes.set_zlabel("cost J")
    axes.set_box_aspect(None, zoom=0.85)  # leaves room for the label of J
    drawn: Axes = axes
    return drawn


def _draw_contours(X: FloatArray, y: Any, theta: FloatArray) -> Axes:
    axes = new_axes()
    J = _cost_grid(X, y)
    levels = np.geomspace(1.1 * J.min(), J.max(), 12).tolist()
    axes.clabel(axes.contour(THETA0, THETA1, np.log(J), levels=np.log(levels).tolist()), fmt=_rounded, fontsize=8)
    axes.plot(*theta, "x", color="tab:red", markersize=10, label="gradient descent")
    axes.set(xlabel=r"$\theta_0$", ylabel=r"$\theta_1$", title="Lines of equal cost J")
    axes.legend()
    return axes


def _rounded(log_J: float) -> str:
    return f"{np.exp(log_J):.3g}"


def _draw_houses(X: FloatArray, y: Any) -> Axes:
    axes = new_axes()
    points = axes.scatter(X[:, 0], np.asarray(y) / 1000, c=X[:, 1], cmap="viridis")
    axes.figure.colorbar(points, label="bedrooms", ticks=np.unique(X[:, 1]))
    theta = normal_equation(X, y)
    sizes = np.linspace(X[:, 0].min(), X[:, 0].max(), 2)
    line = predict_linear(theta, np.column_stack([sizes, np.full(2, 3.0)])) / 1000
    axes.plot(sizes, line, color="tab:red", label="normal equation, 3 bedrooms")
    axes.set(xlabel="size in square feet", ylabel="price in $1000s", title="Prices of houses")
    axes.legend()
    return axes
