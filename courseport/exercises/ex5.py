"""Exercise 5: regularised linear regression, and how learning and validation curves tell bias from variance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from courseport._checks import FloatArray
from courseport.datasets import load_variables
from courseport.exercises.printed import printed
from courseport.exercises.record import Exercise, Figure, Step, course_file
from courseport.plots import new_axes
from courseport.regression.costs import linear_cost, predict_linear
from courseport.regression.features import feature_normalize, poly_features
from courseport.regression.least_squares import COURSE_LAMBDAS, learning_curve, normal_equation, validation_curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DEGREE = 8
COMPARED = {0.03: "12.8288775653", 0.1: "7.5870131229", 0.3: "4.63683270296", 1.0: "4.2606254676"}
COMPARED |= {3.0: "3.82290687372", 10.0: "9.94550849911"}  # errors of validation; below 0.03 fmincg has its own
COLORS = {0.0: "tab:green", 1.0: "tab:blue", 100.0: "tab:purple"}  # by lambda: overfitting, right, underfitting
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
    """Run the exercise on the user's own course files, or on data generated for it.

    Raises
    ------
    ValueError, OSError
        A folder of course files is given, and a file is not there or not what is expected.
    """
    path = course_file("ex5data1.mat", data)
    known = path is not None
    water = _generated() if path is None else _load(path)
    powers = _with_powers(water)
    steps = [
        Step("linearRegCostFunction at theta [1; 1], lambda 1", _cost(water, known)),
        Step("A line, lambda 0", _line(water, known)),
        Step("Learning curve of the line, lambda 0", _learning_curve(water, known)),
        Step("The powers 1 to 8, normalised: the optimum, lambda 1", _polynomial(powers, known)),
        _validation_curve(powers, known),
        Step("Test error at lambda 3", _test_error(powers, known)),
    ]
    pictures: dict[str, Callable[[], Axes]] = {
        "ex5_line.png": partial(_draw_line, water),
        "ex5_learning_curve.png": partial(_draw_learning_curve, water, 0.0, "a line"),
        "ex5_polynomial.png": partial(_draw_polynomials, water),
        "ex5_polynomial_learning_curve.png": partial(_draw_learning_curve, powers, 1.0, "a polynomial of degree 8"),
        "ex5_validation_curve.png": partial(_draw_validation_curve, powers),
    }
    source = str(path) if known else "generated data, of the shapes of ex5data1.mat"
    return Exercise("ex5", "Regularised linear regression, bias and variance", source, steps, pictures)


def _load(path: Path) -> Water:
    variables = load_variables(path)
    sets = [(variables[f"X{name}"], variables[f"y{name}"].ravel()) for name in ("", "val", "test")]
    return Water(*(np.asarray(array, dtype=np.float64) for pair in sets for array in pair))


def _generated() -> Water:
    rng = np.random.default_rng(31)
    sets: list[FloatArray] = []
    for m in (12, 21, 21):
        x = rng.permutation(np.linspace(-48, 38, m)) + rng.uniform(-2, 2, m)
        sets += [x[:, None], 9 * np.logaddexp(0, 0.1 * x) + rng.normal(0, 3, m)]
    return Water(*sets)


def _with_powers(water: Water) -> Water:
    """Return the powers of all three, normalised by what the training set says."""
    X, mu, sigma = feature_normalize(poly_features(water.X, DEGREE))
    X_val, X_test = ((poly_features(x, DEGREE) - mu) / sigma for x in (water.X_val, water.X_test))
    return water._replace(X=X, X_val=X_val, X_test=X_test)


def _cost(water: Water, known: bool) -> list[Figure]:
    J, grad = linear_cost([1, 1], water.X, water.y, 1.0)
    figures = printed("ex5", "J at [1; 1], lambda 1", "303.993192220264", J, known=known)
    gradient = "-15.3030156742012 598.250744172704"
    return figures + printed("ex5", "gradient at [1; 1], lambda 1", gradient, grad, known=known)


def _line(water: Water, known: bool) -> list[Figure]:
    theta = normal_equation(water.X, water.y)
    figures = printed("ex5", "theta, line", "13.0879035108691 0.367779229745651", theta, known=known)
    return figures + printed("ex5", "J, line", "22.3739064951", linear_cost(theta, water.X, water.y)[0], known=known)


def _learning_curve(water: Water, known: bool) -> list[Figure]:
    error_train, error_val = learning_curve(*water[:4], 0.0)
    name = "error of {}, 1 to 12 examples"
    figures = printed("ex5", name.format("training"), ERROR_TRAIN, error_train, known=known, rtol=CURVE)
    return figures + printed("ex5", name.format("validation"), ERROR_VAL, error_val, known=known, rtol=CURVE)


def _polynomial(powers: Water, known: bool) -> list[Figure]:
    theta = normal_equation(powers.X, powers.y, 1.0)
    J = linear_cost(theta, powers.X, powers.y, 1.0)[0]
    return printed("ex5", "J, powers, lambda 1", "7.26814810397", J, known=known)


def _validation_curve(powers: Water, known: bool) -> Step:
    error_val = validation_curve(*powers[:4], list(COMPARED))[1]
    figures = [
        figure
        for (lambda_, text), error in zip(COMPARED.items(), error_val, strict=True)
        for figure in printed("ex5", f"error of validation, lambda {lambda_:g}", text, error, known=known)
    ]
    best = COURSE_LAMBDAS[int(np.argmin(validation_curve(*powers[:4])[1]))]
    return Step("Validation curve: the optimum for each lambda", figures, f"The smallest is at lambda {best:g}.")


def _test_error(powers: Water, known: bool) -> list[Figure]:
    theta = normal_equation(powers.X, powers.y, 3.0)
    error = linear_cost(theta, powers.X_test, powers.y_test)[0]
    return printed("ex5", "error of test, lambda 3", "3.85988810512", error, known=known)


def _draw_data(water: Water, title: str) -> Axes:
    axes = new_axes()
    axes.plot(water.X, water.y, "x", color="tab:red", markersize=8, markeredgewidth=1.5, label="training data")
    axes.set(xlabel="change of the water level", ylabel="water flowing out of the dam", title=title)
    return axes


def _draw_line(water: Water) -> Axes:
    axes = _draw_data(water, "A line: high bias")
    ends = np.array([water.X.min(axis=0), water.X.max(axis=0)])
    axes.plot(ends, predict_linear(normal_equation(water.X, water.y), ends), "--", label="line, $\\lambda$ = 0")
    axes.legend()
    return axes


def _draw_polynomials(water: Water) -> Axes:
    axes = _draw_data(water, "Polynomials of degree 8")
    X, mu, sigma = feature_normalize(poly_features(water.X, DEGREE))
    x = np.linspace(water.X.min() - 8, water.X.max() + 8, 400)
    for lambda_, color in COLORS.items():
        y = predict_linear(normal_equation(X, water.y, lambda_), (poly_features(x, DEGREE) - mu) / sigma)
        axes.plot(x, y, "--", color=color, label=rf"$\lambda$ = {lambda_:g}")
    axes.set_ylim(water.y.min() - 30, water.y.max() + 30)  # beyond the data they leave for infinity
    axes.legend()
    return axes


def _draw_learning_curve(water: Water, lambda_: float, what: str) -> Axes:
    axes = new_axes()
    examples = np.arange(1, len(water.y) + 1)
    for error, name in zip(learning_curve(*water[:4], lambda_), ("training", "cross validation"), strict=True):
        axes.plot(examples, error, "o-", markersize=4, label=name)
    axes.set(xlabel="number of training examples", ylabel="error, 1/(2m) sum of squares")
    axes.set_title(rf"Learning curve of {what}, $\lambda$ = {lambda_:g}")
    axes.legend()
    return axes


def _draw_validation_curve(powers: Water) -> Axes:
    axes = new_axes()
    for error, name in zip(validation_curve(*powers[:4]), ("training", "cross validation"), strict=True):
        axes.plot(COURSE_LAMBDAS, error, "o-", markersize=4, label=name)
    axes.set_xscale("symlog", linthresh=0.001, linscale=0.5)
    axes.set(
        xlabel=r"$\lambda$", ylabel="error, 1/(2m) sum of squares", title="Validation curve of a polynomial of degree 8"
    )
    axes.legend()
    return axes
