"""Exercise 5: regularised linear regression, and how learning and validation curves tell bias from variance."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from courseport._checks import FloatArray
from courseport.datasets import load_iris, load_variables
from courseport.exercises.record import Exercise, Sheet, course_file, source
from courseport.plots import BLUE, ORANGE, Axes, new_axes
from courseport.regression.costs import linear_cost, predict_linear
from courseport.regression.features import feature_normalize, poly_features
from courseport.regression.least_squares import COURSE_LAMBDAS, learning_curve, normal_equation, validation_curve

DEGREE = 8
COMPARED = {0.03: "12.8288775653", 0.1: "7.5870131229", 0.3: "4.63683270296", 1.0: "4.2606254676"}
COMPARED |= {3.0: "3.82290687372", 10.0: "9.94550849911"}  # errors of validation; below 0.03 fmincg has its own
STYLES = {0.0: (ORANGE, ":"), 1.0: ("black", "-"), 100.0: (BLUE, "--")}  # by lambda: over-, good and underfitting
WATER = "change of the water level", "water flowing out of the dam"
CURVES = ("training", BLUE, "o-"), ("cross validation", ORANGE, "s--")
PETALS = "length of the petal (cm)", "width of the sepal (cm)"
ERROR_TRAIN = """
    0 0 3.28659504550 2.84267768940 13.15404880911 19.44396251250 20.09852165509 18.1728586952 22.60940542495
    23.2614615926 24.3172495880 22.3739064951"""
ERROR_VAL = """
    205.121095745 110.300366108 45.0102313785 48.3689113695 35.8651647503 33.8299615966 31.9709857982 30.8624463238
    31.1359979550 28.93620746825 29.5514316220 29.4338181299"""
# Optimisers' ends were printed, but for the two numbers of 13 digits: these are of rational arithmetic, as ours are.
CURVE = 2e-11


class Water(NamedTuple):
    """The change of a water level, a column, and the water that flows out of the dam, three times."""

    X: FloatArray
    y: FloatArray
    X_val: FloatArray
    y_val: FloatArray
    X_test: FloatArray
    y_test: FloatArray


def run(data: Path | None = None) -> Exercise:
    """Run the exercise on the user's own course files, or on iris in their place."""
    path = course_file("ex5data1.mat", data)
    sheet = Sheet("ex5", known=path is not None)
    water = _petals() if path is None else _load(path)
    words = WATER if path else PETALS
    powers = _with_powers(water)
    _line(sheet, water)
    _polynomial(sheet, powers)
    pictures = {
        "ex5_line.png": partial(_draw_line, water, words),
        "ex5_learning_curve.png": partial(_draw_learning_curve, water, 0.0, "a line"),
        "ex5_polynomial.png": partial(_draw_polynomials, water, words),
        "ex5_polynomial_learning_curve.png": partial(_draw_learning_curve, powers, 1.0, "a polynomial of degree 8"),
        "ex5_validation_curve.png": partial(_draw_validation_curve, powers),
    }
    title = "Regularised linear regression, bias and variance"
    return Exercise("ex5", title, source({"ex5data1.mat": path}, "54 flowers of iris"), sheet.steps, pictures)


def _line(sheet: Sheet, water: Water) -> None:
    sheet.step("linearRegCostFunction at theta [1; 1], lambda 1")
    J, grad = linear_cost([1, 1], water.X, water.y, 1.0)
    D = _design(water.X)
    errors = D.sum(axis=1) - water.y
    m = len(errors)
    sheet.figure("J at [1; 1], lambda 1", "303.993192220264", J, (errors @ errors + 1) / (2 * m))
    slope = (errors @ D + [0, 1]) / m
    sheet.figure("gradient at [1; 1], lambda 1", "-15.3030156742012 598.250744172704", grad, slope)

    sheet.step("A line, lambda 0")
    theta, other = normal_equation(water.X, water.y), _ridge(water.X, water.y, 0.0)
    sheet.figure("theta, line", "13.0879035108691 0.367779229745651", theta, other)
    cost = linear_cost(theta, water.X, water.y)[0]
    sheet.figure("J, line", "22.3739064951", cost, _error(other, water.X, water.y))

    sheet.step("Learning curve of the line, lambda 0")
    others = [_ridge(water.X[:k], water.y[:k], 0.0) for k in range(1, m + 1)]
    train = [_error(theta, water.X[:k], water.y[:k]) for k, theta in enumerate(others, start=1)]
    val = [_error(theta, water.X_val, water.y_val) for theta in others]
    error_train, error_val = learning_curve(*water[:4], 0.0)
    sheet.figure("error of training, 1 to 12 examples", ERROR_TRAIN, error_train, np.round(train, 14), rtol=CURVE)
    sheet.figure("error of validation, 1 to 12 examples", ERROR_VAL, error_val, val, rtol=CURVE)


def _polynomial(sheet: Sheet, powers: Water) -> None:
    sheet.step("The powers 1 to 8, normalised: the optimum, lambda 1")
    J = linear_cost(normal_equation(powers.X, powers.y, 1.0), powers.X, powers.y, 1.0)[0]
    theta = _ridge(powers.X, powers.y, 1.0)
    other_J = _error(theta, powers.X, powers.y) + theta[1:] @ theta[1:] / (2 * len(powers.y))
    sheet.figure("J, powers, lambda 1", "7.26814810397", J, other_J)

    best = COURSE_LAMBDAS[int(np.argmin(validation_curve(*powers[:4])[1]))]
    sheet.step("Validation curve: the optimum for each lambda", f"The smallest is at lambda {best:g}.")
    for (lambda_, printed), error in zip(COMPARED.items(), validation_curve(*powers[:4], [*COMPARED])[1], strict=True):
        other_error = _error(_ridge(powers.X, powers.y, lambda_), powers.X_val, powers.y_val)
        sheet.figure(f"error of validation, lambda {lambda_:g}", printed, error, other_error)

    sheet.step("Test error at lambda 3")
    error = linear_cost(normal_equation(powers.X, powers.y, 3.0), powers.X_test, powers.y_test)[0]
    other_error = _error(_ridge(powers.X, powers.y, 3.0), powers.X_test, powers.y_test)
    sheet.figure("error of test, lambda 3", "3.85988810512", error, other_error)


def _load(path: Path) -> Water:
    variables = load_variables(path)
    sets = [(variables[f"X{name}"], variables[f"y{name}"].ravel()) for name in ("", "val", "test")]
    return Water(*(np.asarray(array, dtype=np.float64) for pair in sets for array in pair))


def _petals() -> Water:
    """Return the length of petals, and the width of sepals, which no line follows: 12, 21 and 21 flowers."""
    flowers = np.random.default_rng(44).permutation(load_iris()[0])
    sets = np.split(flowers[:54], [12, 33])
    return Water(*(array for part in sets for array in (part[:, 2:3], part[:, 1])))


def _design(X: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(X)), X])


def _ridge(X: FloatArray, y: FloatArray, lambda_: float) -> FloatArray:
    """Return the optimum as the normal equation stands, the intercept without penalty."""
    D, L = _design(X), np.diag([0.0, *np.ones(X.shape[1])])
    return np.linalg.pinv(D.T @ D + lambda_ * L) @ D.T @ y


def _error(theta: FloatArray, X: FloatArray, y: FloatArray) -> float:
    return float(np.mean((_design(X) @ theta - y) ** 2) / 2)


def _with_powers(water: Water) -> Water:
    """Return the powers of all three, normalised by what the training set says."""
    X, mu, sigma = feature_normalize(poly_features(water.X, DEGREE))
    X_val, X_test = ((poly_features(x, DEGREE) - mu) / sigma for x in (water.X_val, water.X_test))
    return water._replace(X=X, X_val=X_val, X_test=X_test)


def _draw_data(water: Water, words: tuple[str, str], title: str) -> Axes:
    axes = new_axes()
    axes.plot(water.X, water.y, "x", color=ORANGE, markersize=8, markeredgewidth=1.5, label="training data")
    axes.set(xlabel=words[0], ylabel=words[1], title=title)
    return axes


def _draw_line(water: Water, words: tuple[str, str]) -> Axes:
    axes = _draw_data(water, words, "A line: high bias")
    ends = np.array([water.X.min(axis=0), water.X.max(axis=0)])
    axes.plot(ends, predict_linear(normal_equation(water.X, water.y), ends), "--", label="line, $\\lambda$ = 0")
    axes.legend()
    return axes


def _draw_polynomials(water: Water, words: tuple[str, str]) -> Axes:
    axes = _draw_data(water, words, "Polynomials of degree 8")
    X, mu, sigma = feature_normalize(poly_features(water.X, DEGREE))
    spread = float(np.ptp(water.X))
    x = np.linspace(water.X.min() - 0.1 * spread, water.X.max() + 0.1 * spread, 400)
    for lambda_, (color, line) in STYLES.items():
        y = predict_linear(normal_equation(X, water.y, lambda_), (poly_features(x, DEGREE) - mu) / sigma)
        axes.plot(x, y, line, color=color, label=rf"$\lambda$ = {lambda_:g}")
    margin = 0.7 * np.ptp(water.y)
    axes.set_ylim(water.y.min() - margin, water.y.max() + margin)  # beyond the data they leave for infinity
    axes.legend()
    return axes


def _draw_errors(x: ArrayLike, errors: tuple[FloatArray, FloatArray], xlabel: str, title: str) -> Axes:
    axes = new_axes()
    for error, (name, color, style) in zip(errors, CURVES, strict=True):
        axes.plot(x, error, style, color=color, markersize=5, label=name)
    axes.set(xlabel=xlabel, ylabel="error, 1/(2m) sum of squares", title=title)
    axes.legend()
    return axes


def _draw_learning_curve(water: Water, lambda_: float, what: str) -> Axes:
    title = rf"Learning curve of {what}, $\lambda$ = {lambda_:g}"
    examples = np.arange(1, len(water.y) + 1)
    return _draw_errors(examples, learning_curve(*water[:4], lambda_), "number of training examples", title)


def _draw_validation_curve(powers: Water) -> Axes:
    title = "Validation curve of a polynomial of degree 8"
    axes = _draw_errors(COURSE_LAMBDAS, validation_curve(*powers[:4]), r"$\lambda$", title)
    axes.set_xscale("symlog", linthresh=0.001, linscale=0.5)
    return axes
