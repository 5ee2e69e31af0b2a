"""The parts of ex2: logistic regression, with and without a penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.grade import solutions as right
from courseport.crosscheck.grade.data import MAGIC3, column, with_ones
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part
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


def _terms(theta: FloatArray, X: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return -y log h and -(1 - y) log(1 - h) of every example, from the logits."""
    z = X @ theta
    return y * np.logaddexp(0, -z), (1 - y) * np.logaddexp(0, z)


def _penalty(theta: FloatArray, y: FloatArray, lambda_: float, *, bias: bool = False) -> float:
    return lambda_ / (2 * len(y)) * float(np.sum(theta[0 if bias else 1 :] ** 2))


def _wrong_J(change: Any) -> Any:
    """Return the outputs with J changed by `change(positive terms, negative terms, m)`."""

    def outputs(theta: FloatArray, X: FloatArray, y: FloatArray, lambda_: float = 0.0) -> Outputs:
        J = change(*_terms(theta, X, y), len(y)) + _penalty(theta, y, lambda_)
        return J, right.cost_function(theta, X, y, lambda_)[1]

    return outputs


def _wrong_gradient(change: Any) -> Any:
    """Return the outputs with the gradient `change(theta, X, y, h)`, and its right penalty."""

    def outputs(theta: FloatArray, X: FloatArray, y: FloatArray, lambda_: float = 0.0) -> Outputs:
        grad = change(theta, X, y, sigmoid(X @ theta))
        grad[1:] += lambda_ / len(y) * theta[1:]
        return right.cost_function(theta, X, y, lambda_)[0], grad

    return outputs


J_MISTAKES = (
    Mistake(
        "1/m is missing in J",
        "J is the mean over the examples: divide the sum by m.",
        _wrong_J(lambda a, b, m: np.sum(a + b)),
    ),
    Mistake(
        "J has the wrong sign",
        "J = 1/m * sum(-y.*log(h) - (1-y).*log(1-h)).",
        _wrong_J(lambda a, b, m: -np.sum(a + b) / m),
    ),
    Mistake("the term of y = 0 is missing in J", "Add -(1-y).*log(1-h).", _wrong_J(lambda a, b, m: np.sum(a) / m)),
    Mistake(
        "the term of y = 0 is added, not subtracted",
        "Both terms have a minus: -y.*log(h) - (1-y).*log(1-h).",
        _wrong_J(lambda a, b, m: np.sum(a - b) / m),
    ),
    Mistake(
        "J is divided by 2*m",
        "The cost of logistic regression has 1/m.",
        _wrong_J(lambda a, b, m: np.sum(a + b) / (2 * m)),
    ),
    Mistake(
        "the sum over the examples is missing in J",
        "J is one number: sum over the examples.",
        _wrong_J(lambda a, b, m: (a + b) / m),
    ),
)
GRADIENT_MISTAKES = (
    Mistake(
        "1/m is missing in the gradient",
        "grad = 1/m * X'*(h - y).",
        _wrong_gradient(lambda theta, X, y, h: X.T @ (h - y)),
    ),
    Mistake(
        "the gradient has the wrong sign",
        "grad = 1/m * X'*(h - y): h - y, not y - h.",
        _wrong_gradient(lambda theta, X, y, h: X.T @ (y - h) / len(y)),
    ),
    Mistake(
        "the sigmoid is missing in the gradient",
        "h = sigmoid(X*theta), not X*theta.",
        _wrong_gradient(lambda theta, X, y, h: X.T @ (X @ theta - y) / len(y)),
    ),
    Mistake(
        "the errors are not multiplied with x",
        "grad = 1/m * X'*(h - y).",
        _wrong_gradient(lambda theta, X, y, h: np.full_like(theta, np.mean(h - y))),
    ),
)


def _regularised(J: Any, slope: Any) -> Any:
    """Return the outputs with the penalty `J(theta, m, lambda)` and its gradient `slope(theta, m, lambda)`."""

    def outputs(theta: FloatArray, X: FloatArray, y: FloatArray, lambda_: float) -> Outputs:
        cost, grad = right.cost_function(theta, X, y)
        return cost + J(theta, len(y), lambda_), grad + slope(theta, len(y), lambda_)

    return outputs


def _without_bias(theta: FloatArray) -> FloatArray:
    return np.vstack([np.zeros((1, 1)), theta[1:]])


PENALTY_MISTAKES = (
    Mistake(
        "the penalty is missing",
        "Add lambda/(2*m) * sum(theta(2:end).^2) to J, and lambda/m * theta(2:end) to the gradient.",
        lambda theta, X, y, lambda_: right.cost_function(theta, X, y),
    ),
    Mistake(
        "the bias is penalised",
        "theta(1) has no penalty: use theta(2:end).",
        _regularised(lambda t, m, c: c / (2 * m) * np.sum(t**2), lambda t, m, c: c / m * t),
    ),
    Mistake(
        "the penalty has 1/m in J, or 1/(2*m) in the gradient",
        "The penalty is lambda/(2*m) in J and lambda/m in the gradient.",
        _regularised(lambda t, m, c: c / m * np.sum(t[1:] ** 2), lambda t, m, c: c / (2 * m) * _without_bias(t)),
    ),
    Mistake(
        "the penalty is not divided by m",
        "The penalty is lambda/(2*m) in J and lambda/m in the gradient.",
        _regularised(lambda t, m, c: c / 2 * np.sum(t[1:] ** 2), lambda t, m, c: c * _without_bias(t)),
    ),
    Mistake(
        "lambda is missing in the penalty",
        "Multiply the penalty with lambda.",
        _regularised(lambda t, m, c: np.sum(t[1:] ** 2) / (2 * m), lambda t, m, c: _without_bias(t) / m),
    ),
    Mistake(
        "the penalty is subtracted",
        "Add the penalty.",
        _regularised(lambda t, m, c: -c / (2 * m) * np.sum(t[1:] ** 2), lambda t, m, c: -c / m * _without_bias(t)),
    ),
    Mistake(
        "the weights are not squared, or have the wrong slope",
        "The penalty is the sum of theta(2:end).^2; its gradient is lambda/m * theta.",
        _regularised(lambda t, m, c: c / (2 * m) * np.sum(t[1:]), lambda t, m, c: c / m * _without_bias(t) ** 2),
    ),
)

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
        mistakes=J_MISTAKES,
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
        mistakes=GRADIENT_MISTAKES,
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
        mistakes=(*PENALTY_MISTAKES, *J_MISTAKES),
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
        mistakes=(*PENALTY_MISTAKES, *GRADIENT_MISTAKES),
    ),
)
