"""The parts of ex2: logistic regression, with and without a penalty."""

from __future__ import annotations

import numpy as np

from courseport.crosscheck.grade import solutions as right
from courseport.crosscheck.grade.data import MAGIC3, column, with_ones
from courseport.crosscheck.grade.parts import Case, Mistake, Part
from courseport.network import sigmoid

_SIGMOID_MISTAKES = (
    Mistake(
        "the sign of z is missing", "g(z) = 1 ./ (1 + exp(-z)).", lambda z: (1 / (1 + np.exp(np.clip(z, -700, 700))),)
    ),
    Mistake("exp(-z) alone", "g(z) = 1 ./ (1 + exp(-z)).", lambda z: (np.exp(np.clip(-z, -700, 700)),)),
    Mistake(
        "the derivative of the sigmoid",
        "g(z) = 1 ./ (1 + exp(-z)), without g (1 - g).",
        lambda z: (sigmoid(z) * sigmoid(-z),),
    ),
    Mistake("tanh in place of the sigmoid", "g(z) = 1 ./ (1 + exp(-z)).", lambda z: (np.tanh(z),)),
)
SIGMOID_CASES = (
    Case("a number", (0.0,)),
    Case("a negative number", (-5.0,)),
    Case("a row", (np.array([[-1.0, 0, 1, 4]]),)),
    Case("a column", (column([-5, 0, 5, 4, 6]),)),
    Case("a matrix", (np.vstack([[[-1.0, -2, -3]], MAGIC3]),)),
    Case("large numbers", (np.array([[-1000.0, 1000]]),), required=False),
)

_TEST = with_ones(MAGIC3), column([1, 0, 1])
_THETA = column([-2, -1, 1, 2])
_TWO_SCORES = with_ones([[34.6, 78.0], [30.3, 43.9], [60.2, 86.3], [79.0, 75.3], [45.1, 56.3]]), column([0, 0, 1, 1, 0])


def cost_cases(*lambdas: float) -> tuple[Case, ...]:
    """Return the cases of a logistic cost function; with lambdas, each case once for each."""
    strengths: list[tuple[float, ...]] = [(strength,) for strength in lambdas] or [()]
    data = (
        ("two features", column([-24, 0.2, 0.2]), _TWO_SCORES),
        ("three features", _THETA, _TEST),
        ("theta of zeros", column([0, 0, 0]), _TWO_SCORES),
    )
    cases = tuple(
        Case(name + (f", lambda {strength[0]:g}" if strength else ""), (theta, *examples, *strength))
        for name, theta, examples in data
        for strength in strengths
    )
    one = Case("one example", (column([-1, 0.5]), with_ones([[3.0]]), column([1]), *strengths[0]), required=False)
    return *cases, one


_PREDICT_CASES = (
    Case("four examples", (column([-3.5, 1.3]), with_ones([[1], [2.5], [3], [4]]))),
    Case("two features", (column([-24, 0.2, 0.2]), with_ones([[34, 78], [80, 60], [20, 30], [90, 90]]))),
    Case("one example", (column([-3.5, 1.3]), with_ones([[4]]))),
    Case("a probability of exactly 0.5", (column([0, 1]), with_ones([[0], [-1], [1]])), required=False),
)
_PREDICT_MISTAKES = (
    Mistake(
        "probabilities, not 0 and 1",
        "Compare with 0.5: p = sigmoid(X*theta) >= 0.5.",
        lambda theta, X: (sigmoid(X @ theta),),
    ),
    Mistake(
        "0 and 1 are exchanged",
        "p is 1 where sigmoid(X*theta) >= 0.5.",
        lambda theta, X: (1.0 - right.predict(theta, X)[0],),
    ),
    Mistake(
        "X*theta is compared with 0.5",
        "Compare sigmoid(X*theta) with 0.5, or X*theta with 0.",
        lambda theta, X: ((X @ theta >= 0.5) * 1.0,),
    ),
)

_REGULARISED = ("theta", "X", "y", "lambda")
EX2 = (
    Part("ex2", "Sigmoid function", "sigmoid", 5, ("z",), right.sigmoid, SIGMOID_CASES, mistakes=_SIGMOID_MISTAKES),
    Part(
        "ex2",
        "Logistic regression cost",
        "costFunction",
        30,
        ("theta", "X", "y"),
        right.cost_function,
        cost_cases(),
        outputs=2,
        kind="logistic",
    ),
    Part(
        "ex2",
        "Logistic regression gradient",
        "costFunction",
        30,
        ("theta", "X", "y"),
        right.cost_function,
        cost_cases(),
        judged=(1,),
        outputs=2,
        kind="logistic",
    ),
    Part("ex2", "Predict", "predict", 5, ("theta", "X"), right.predict, _PREDICT_CASES, mistakes=_PREDICT_MISTAKES),
    Part(
        "ex2",
        "Regularized cost",
        "costFunctionReg",
        15,
        _REGULARISED,
        right.cost_function,
        cost_cases(0.0, 3.0, 0.1),
        outputs=2,
        kind="logistic",
    ),
    Part(
        "ex2",
        "Regularized gradient",
        "costFunctionReg",
        15,
        _REGULARISED,
        right.cost_function,
        cost_cases(0.0, 3.0, 0.1),
        judged=(1,),
        outputs=2,
        kind="logistic",
    ),
)
