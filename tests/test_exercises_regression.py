"""Exercises 1, 2, 5 and 8 by a second route (Octave, fractions, 40 digits), and the data generated for them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from course_data import FOLDER, needs_course_data
from tolerances import ALGEBRA, FIGURE, OCTAVE_GRADIENT, Tolerance, assert_close

import courseport as cp
from courseport._checks import FloatArray
from courseport.exercises import ex1, ex2, ex5, ex8
from courseport.exercises.ex2 import logistic_minimum
from courseport.exercises.record import ENVIRONMENT, Exercise, read_table
from courseport.octave import OctaveSession

LEAST_SQUARES = Tolerance(1e-10, 0.0)  # by two algorithms; the powers up to 8 lose some digits
own_and_course = pytest.mark.parametrize("own", [True, pytest.param(False, marks=needs_course_data)])


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)


def named(start: str, exercise: Exercise) -> list[float]:
    """Return our numbers of the figures whose name starts so."""
    return [figure.ours for figure in exercise.figures if figure.name.startswith(start)]


def test_made_up_ratings_are_stars_and_the_same_every_time() -> None:
    ratings = ex8._made_up()
    assert set(np.unique(ratings.Y[ratings.R == 1])) == {1, 2, 3, 4, 5}
    assert all(np.array_equal(a, b) for a, b in zip(ratings, ex8._made_up(), strict=True))


@pytest.mark.octave
def test_exercise_1_is_octave_s(octave: OctaveSession) -> None:
    exercise = ex1.run()
    flowers = cp.load_iris()[0]
    X, y = flowers[:, [2, 0]], flowers[:, 3]
    X_norm = octave.feval("featureNormalize", X, nout=3)[0]
    ones = np.ones((len(X), 1))
    theta = octave.feval("gradientDescentMulti", np.hstack([ones, X_norm]), y, np.zeros(3), 0.01, 400.0, nout=2)[0]
    assert_close(named("theta, two features", exercise), np.ravel(theta), ALGEBRA)
    theta = octave.feval("normalEqn", np.hstack([ones, X]), y)
    assert_close(named("theta, normal equation", exercise), np.ravel(theta), LEAST_SQUARES)


@pytest.mark.octave
def test_exercises_5_and_8_are_octave_s(octave: OctaveSession) -> None:
    powers = ex5._with_powers(ex5._petals())
    X, X_val = (np.column_stack([np.ones(len(x)), x]) for x in (powers.X, powers.X_val))
    strengths = np.array(list(ex5.COMPARED))
    errors = octave.feval("validationCurve", X, powers.y, X_val, powers.y_val, strengths, "normalEqn", nout=3)[2]
    assert_close(named("error of validation, lambda", ex5.run()), np.ravel(errors), LEAST_SQUARES)

    ratings = ex8._made_up()
    Y, R, features, Theta = ratings.Y[:5, :4], ratings.R[:5, :4], ratings.X[:5, :3], ratings.Theta[:4, :3]
    params = np.concatenate([features.ravel(order="F"), Theta.ravel(order="F")])
    J, grad = octave.feval("cofiCostFunc", params, Y, R, 4.0, 5.0, 3.0, 1.5, nout=2)
    exercise = ex8.run()
    assert_close(named("J, lambda 1.5", exercise), [J], FIGURE)
    assert_close(named("gradient, lambda 1.5", exercise), np.ravel(grad), OCTAVE_GRADIENT)


def rational_curve(water: ex5.Water) -> tuple[list[float], list[float]]:
    """Return the learning curve of the line, from the second example on, in rational arithmetic."""
    x, y, x_val, y_val = ([Fraction(float(value)) for value in array.ravel()] for array in water[:4])

    def error(intercept: Fraction, slope: Fraction, xs: list[Fraction], ys: list[Fraction]) -> float:
        return float(sum((intercept + slope * a - b) ** 2 for a, b in zip(xs, ys, strict=True)) / (2 * len(xs)))

    errors_train, errors_val = [], []
    for m in range(2, len(x) + 1):
        xs, ys = x[:m], y[:m]
        products = m * sum(a * b for a, b in zip(xs, ys, strict=True)) - sum(xs) * sum(ys)
        slope = products / (m * sum(a * a for a in xs) - sum(xs) ** 2)
        intercept = (sum(ys) - slope * sum(xs)) / m
        errors_train.append(error(intercept, slope, xs, ys))
        errors_val.append(error(intercept, slope, x_val, y_val))
    return errors_train, errors_val


@own_and_course
def test_the_learning_curve_is_that_of_rational_arithmetic(own: bool) -> None:
    water = ex5._petals() if own else ex5._load(FOLDER / "ex5data1.mat")
    error_train, error_val = rational_curve(water)
    exercise = ex5.run(None if own else FOLDER)
    assert_close(named("error of training", exercise)[1:], error_train, Tolerance(1e-12, 1e-24))
    assert_close(named("error of validation, 1 to", exercise)[1:], error_val, FIGURE)


def newton(X: FloatArray, y: FloatArray) -> Any:
    """Return the minimum of logistic regression without penalty, in mpmath's digits."""
    theta = mpmath.zeros(X.shape[1] + 1, 1)
    rows = [mpmath.matrix([1, *map(float, row)]) for row in X]
    for _ in range(12):
        slope, curvature = mpmath.zeros(theta.rows, 1), mpmath.zeros(theta.rows, theta.rows)
        for row, label in zip(rows, y, strict=True):
            h = 1 / (1 + mpmath.exp(-(row.T * theta)[0]))
            slope += (h - int(label)) * row
            curvature += h * (1 - h) * row * row.T
        theta -= mpmath.lu_solve(curvature, slope)
    assert mpmath.norm(slope) < mpmath.mpf(10) ** -25
    return theta


@own_and_course
def test_the_minimum_of_exercise_2_is_that_of_40_digits(own: bool) -> None:
    flowers, species = cp.load_iris()
    X, y = (flowers[50:, 2:], species[50:] == 3) if own else read_table(FOLDER / "ex2data1.txt")
    with mpmath.workdps(40):
        theta = newton(X, y)
        admitted = 1 / (1 + mpmath.exp(-(mpmath.matrix([[1, 5, 1.7] if own else [1, 45, 85]]) * theta)[0]))
    exercise = ex2.run(None if own else FOLDER)
    assert_close(named("theta, minimum[", exercise), [float(value) for value in theta], FIGURE)
    assert_close(named("P(", exercise), [float(admitted)], FIGURE)


@pytest.mark.parametrize("lambda_", [0.01, 1.0, 100.0])
def test_logistic_minimum_has_no_slope_and_is_below_its_neighbours(lambda_: float) -> None:
    X, y = (cp.load_iris()[0][:, [2, 1]] - [4.0, 3.2]) / [3.0, 1.2], cp.load_iris()[1] == 2
    mapped = cp.map_feature(X[:, 0], X[:, 1], 6)
    theta, J = logistic_minimum(mapped, y, lambda_)
    value, slope = cp.logistic_cost(theta, mapped, y, lambda_)
    assert value == J
    assert np.abs(slope).max() < 1e-15
    for step in np.random.default_rng(0).normal(0, 1e-3, (10, theta.size)):
        assert cp.logistic_cost(theta + step, mapped, y, lambda_)[0] > J


def test_what_exercise_8_learns_is_closer_to_the_ratings_than_each_movie_s_mean() -> None:
    ratings = ex8._made_up()
    centred = cp.regression.normalize_ratings(ratings.Y, ratings.R)[0]
    result = ex8.learn(centred, ratings.R)
    X, Theta = cp.regression.split_params(result.x, ex8.MOVIES, ex8.USERS, ex8.FEATURES)
    rated = ratings.R == 1
    assert np.square(centred - X @ Theta.T)[rated].sum() < 0.5 * np.square(centred[rated]).sum()
    assert result.history[-1] < 0.1 * result.history[0]
    assert (np.diff(result.history) <= 0).all()
