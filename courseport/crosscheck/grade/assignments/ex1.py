"""The parts of ex1: linear regression by gradient descent, and by the normal equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.grade import solutions as right
from courseport.crosscheck.grade.data import MAGIC3, column, with_ones
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part

LINE = with_ones([[2], [3], [4], [5]]), column([7, 6, 5, 4])
SECOND_LINE = with_ones([[5], [2], [4], [5], [-3]]), column([1, 6, 4, 2, 0.5])
PLANE = with_ones([[2, 3], [3, 4], [4, 5], [5, 6]]), column([7, 6, 5, 4])
RAW = np.array([[2.0, 1, 3], [7, 1, 9], [1, 8, 1], [3, 7, 4]]), column([2, 5, 5, 6])

_COST_CASES = (
    Case("a line through four points", (*LINE, column([0.1, 0.2]))),
    Case("another line", (*SECOND_LINE, column([-1.5, 0.7]))),
    Case("theta of zeros", (*SECOND_LINE, column([0, 0]))),
    Case("one example", (with_ones([[3]]), column([2]), column([1, 2])), required=False),
)
_MULTI_COST_CASES = (
    Case("three columns", (*RAW, column([0.4, 0.6, 0.8]))),
    Case("a plane through four points", (*PLANE, column([0.1, 0.2, 0.3]))),
    Case("a line", (*SECOND_LINE, column([-1.5, 0.7]))),
    Case("one example", (with_ones([[3, 4]]), column([2]), column([1, 2, 3])), required=False),
)


def _errors(X: FloatArray, y: FloatArray, theta: FloatArray) -> FloatArray:
    return X @ theta - y


def _descent(step: Any) -> Any:
    """Return a gradient descent whose step is `step(X, y, theta, alpha)`."""

    def descend(X: FloatArray, y: FloatArray, theta: FloatArray, alpha: float, num_iters: float) -> Outputs:
        history = []
        for _ in range(int(num_iters)):
            theta = theta - step(X, y, theta, alpha)
            history.append(right.compute_cost_any(X, y, theta)[0])
        return theta, column(history)

    return descend


def _one_after_the_other(X: FloatArray, y: FloatArray, theta: FloatArray, alpha: float, num_iters: float) -> Outputs:
    history = []
    theta = theta.copy()
    for _ in range(int(num_iters)):
        for j in range(len(theta)):
            theta[j] -= alpha / len(y) * float((X[:, [j]] * _errors(X, y, theta)).sum())
        history.append(right.compute_cost_any(X, y, theta)[0])
    return theta, column(history)


def _history_before(X: FloatArray, y: FloatArray, theta: FloatArray, alpha: float, num_iters: float) -> Outputs:
    start = right.compute_cost_any(X, y, theta)[0]
    theta, history = right.gradient_descent(X, y, theta, alpha, num_iters)
    return theta, np.vstack([[start], history[:-1]])


_DESCENT_MISTAKES = (
    Mistake(
        "theta is changed one by one, not all at once",
        "Compute every new theta(j) from the old theta; take them over together.",
        _one_after_the_other,
    ),
    Mistake(
        "1/m is missing in the step",
        "The gradient is a mean: theta = theta - alpha/m * X'*(X*theta - y).",
        _descent(lambda X, y, theta, alpha: alpha * X.T @ _errors(X, y, theta)),
    ),
    Mistake(
        "the step is divided by 2*m, not by m",
        "The 1/2 of the cost is gone in its gradient: divide by m.",
        _descent(lambda X, y, theta, alpha: alpha / (2 * len(y)) * X.T @ _errors(X, y, theta)),
    ),
    Mistake(
        "the step goes uphill",
        "Subtract alpha times the gradient; here it is added.",
        _descent(lambda X, y, theta, alpha: -alpha / len(y) * X.T @ _errors(X, y, theta)),
    ),
    Mistake(
        "the errors are not multiplied with x",
        "Each theta(j) has the sum of the errors times column j of X: X'*(X*theta - y).",
        _descent(lambda X, y, theta, alpha: alpha / len(y) * np.sum(_errors(X, y, theta)) * np.ones_like(theta)),
    ),
    Mistake(
        "J_history holds the cost before each step", "Compute J_history(iter) after theta has changed.", _history_before
    ),
)


def _descent_cases(*data: tuple[str, tuple[FloatArray, FloatArray], FloatArray, float, float]) -> tuple[Case, ...]:
    cases = tuple(
        Case(f"{name}, {int(steps)} iterations", (*examples, start, alpha, steps))
        for name, examples, start, alpha, steps in data
    )
    _, examples, start, alpha, _ = data[0]
    return *cases, Case("no iteration", (*examples, start, alpha, 0.0), required=False)


_FIGURES = with_ones([[5], [2], [4], [5]]), column([1, 6, 4, 2])
_TWO_POINTS = with_ones([[5], [2]]), column([1, 6])

# --- featureNormalize, normalEqn ---

_NORMALIZE_MISTAKES = (
    Mistake(
        "the mean is not taken from X",
        "Subtract the mean of each column before you divide: (X - mu) ./ sigma.",
        lambda X: (X / X.std(0, ddof=1), X.mean(0, keepdims=True), X.std(0, ddof=1, keepdims=True)),
    ),
    Mistake(
        "X is divided by the variance",
        "Divide by the standard deviation, the square root of the variance: std(X).",
        lambda X: ((X - X.mean(0)) / X.var(0, ddof=1), X.mean(0, keepdims=True), X.var(0, ddof=1, keepdims=True)),
    ),
    Mistake(
        "one mean and one deviation for all the columns",
        "Each feature has its own: mean(X) and std(X) work column by column.",
        lambda X: ((X - X.mean()) / X.std(ddof=1), X.mean(), X.std(ddof=1)),
    ),
    Mistake(
        "X is divided by its range",
        "Divide by the standard deviation, std(X).",
        lambda X: ((X - X.mean(0)) / np.ptp(X, axis=0), X.mean(0, keepdims=True), np.ptp(X, axis=0)[None]),
    ),
)

_NORMAL_MISTAKES = (
    Mistake("the inverse of X'X is missing", "theta = pinv(X'*X) * X' * y.", lambda X, y: (X.T @ y,)),
    Mistake("X'X is not inverted, but multiplied", "theta = pinv(X'*X) * X' * y.", lambda X, y: (X.T @ X @ X.T @ y,)),
    Mistake("y is missing", "theta = pinv(X'*X) * X' * y.", lambda X, y: (np.linalg.pinv(X),)),
)

EX1 = (
    Part(
        "ex1",
        "Warm up exercise",
        "warmUpExercise",
        10,
        (),
        right.warm_up_exercise,
        (Case("the 5 x 5 identity", ()),),
        mistakes=(
            Mistake(
                "ones everywhere", "The identity has ones on its diagonal alone: eye(5).", lambda: (np.ones((5, 5)),)
            ),
        ),
    ),
    Part(
        "ex1",
        "Cost, one variable",
        "computeCost",
        40,
        ("X", "y", "theta"),
        right.compute_cost_any,
        (*_COST_CASES, Case("two features, as in computeCostMulti", (*PLANE, column([0.1, 0.2, 0.3])), required=False)),
        kind="linear",
    ),
    Part(
        "ex1",
        "Gradient descent, one variable",
        "gradientDescent",
        50,
        ("X", "y", "theta", "alpha", "num_iters"),
        right.gradient_descent,
        _descent_cases(
            ("four points", _FIGURES, column([0, 0]), 0.01, 50.0),
            ("two points", _TWO_POINTS, column([0.5, 0.5]), 0.1, 10.0),
            ("five points", SECOND_LINE, column([-1, 1]), 0.02, 3.0),
        ),
        judged=(0, 1),
        outputs=2,
        mistakes=_DESCENT_MISTAKES,
    ),
    Part(
        "ex1",
        "Feature normalization",
        "featureNormalize",
        0,
        ("X",),
        right.feature_normalize,
        (
            Case("a magic square", (MAGIC3,)),
            Case("four rows", (np.vstack([-np.ones((1, 3)), MAGIC3]),)),
            Case("two features", (np.array([[2104.0, 3], [1600, 3], [2400, 4], [1416, 2]]),)),
            Case("a constant feature", (np.array([[1.0, 2], [1, 4], [1, 9]]),), required=False),
        ),
        judged=(0, 1, 2),
        outputs=3,
        mistakes=_NORMALIZE_MISTAKES,
        accepted=(
            Mistake(
                "std divides by m here; the handout's figures divide by m - 1, as Octave's std does",
                "",
                lambda X: ((X - X.mean(0)) / X.std(0), X.mean(0, keepdims=True), X.std(0, keepdims=True)),
            ),
        ),
    ),
    Part(
        "ex1",
        "Cost, several variables",
        "computeCostMulti",
        0,
        ("X", "y", "theta"),
        right.compute_cost_any,
        _MULTI_COST_CASES,
        kind="linear",
    ),
    Part(
        "ex1",
        "Gradient descent, several variables",
        "gradientDescentMulti",
        0,
        ("X", "y", "theta", "alpha", "num_iters"),
        right.gradient_descent,
        _descent_cases(
            ("from zeros", RAW, column([0, 0, 0]), 0.01, 10.0),
            ("from elsewhere", RAW, column([0.1, -0.2, 0.3]), 0.01, 10.0),
            ("one feature", SECOND_LINE, column([-1, 1]), 0.02, 3.0),
        ),
        judged=(0, 1),
        outputs=2,
        mistakes=_DESCENT_MISTAKES,
    ),
    Part(
        "ex1",
        "Normal equations",
        "normalEqn",
        0,
        ("X", "y"),
        right.normal_eqn,
        (Case("three columns", RAW), Case("a line", SECOND_LINE), Case("dependent columns", PLANE, required=False)),
        mistakes=_NORMAL_MISTAKES,
        rtol=1e-6,
    ),
)
