"""The parts of ex5: regularised linear regression, bias and variance."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.grade import solutions as right
from courseport.crosscheck.grade.data import MAGIC3, column, with_ones
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part
from courseport.regression import linear_cost, normal_equation

_WATER = with_ones([[-15.9], [-29.2], [36.2], [37.5], [-48.1], [-8.9]]), column([2.1, 1.2, 34.4, 36.8, 2.8, 2.1])
_TEST = with_ones(MAGIC3), column([7, 6, 5])


def _cases() -> tuple[Case, ...]:
    data = (("three features", _TEST, column([0.1, 0.2, 0.3, 0.4])), ("one feature", _WATER, column([1, 1])))
    cases = [
        Case(f"{name}, lambda {strength:g}", (*examples, theta, strength))
        for name, examples, theta in data
        for strength in (0.0, 7.0, 0.3)
    ]
    # learningCurve begins with one example
    return *cases, Case("one example", (with_ones([[3.0]]), column([2]), column([1, 2]), 1.0), required=False)


# --- the curves ---


def _waves(first: int, last: int) -> tuple[FloatArray, FloatArray]:
    numbers = np.arange(first, last + 1.0)
    return with_ones(np.c_[np.sin(numbers), np.cos(numbers)]), column(np.sqrt(numbers))


_CURVES = (*_waves(1, 6), *_waves(7, 10))
_CURVE_CASES = (
    Case("six examples, lambda 1", (*_CURVES, 1.0)),
    Case("nine examples, lambda 0.1", (*_waves(3, 11), *_waves(1, 4), 0.1)),
)


def _curve(error: Any, fit: Any = None) -> Any:
    """Return a learning curve by the errors `error(i, theta, sets, lambda)` and the training `fit(i, sets, lambda)`."""

    def outputs(X: FloatArray, y: FloatArray, Xval: FloatArray, yval: FloatArray, lambda_: float) -> Outputs:
        sets = (X[:, 1:], y), (Xval[:, 1:], yval)
        pairs = []
        for i in range(1, len(y) + 1):
            theta = normal_equation(X[:i, 1:], y[:i], lambda_) if fit is None else fit(i, sets, lambda_)
            pairs.append(error(i, theta, sets, lambda_))
        train, val = np.transpose(pairs)
        return column(train), column(val)

    return outputs


def _J(
    theta: FloatArray, examples: tuple[FloatArray, FloatArray], lambda_: float = 0.0, rows: int | None = None
) -> float:
    return linear_cost(theta, examples[0][:rows], examples[1][:rows], lambda_)[0]


def _errors(i: int, theta: FloatArray, sets: Any, lambda_: float) -> tuple[float, float]:
    del lambda_
    return _J(theta, sets[0], rows=i), _J(theta, sets[1])


_CURVE_MISTAKES = (
    Mistake(
        "the errors contain the penalty",
        "Compute the errors with lambda 0; lambda is for the training alone.",
        _curve(lambda i, t, sets, c: (_J(t, sets[0], c, i), _J(t, sets[1], c))),
    ),
    Mistake(
        "the training error is over all the examples",
        "The training error is over the i examples trained on: X(1:i, :).",
        _curve(lambda i, t, sets, c: (_J(t, sets[0]), _J(t, sets[1]))),
    ),
    Mistake(
        "the validation error is over the first i examples",
        "The validation error is over the whole validation set.",
        _curve(lambda i, t, sets, c: (_J(t, sets[0], rows=i), _J(t, sets[1], rows=i))),
    ),
    Mistake(
        "it is trained on all the examples",
        "Train on the first i examples: X(1:i, :), y(1:i).",
        _curve(_errors, lambda i, sets, c: normal_equation(sets[0][0], sets[0][1], c)),
    ),
    Mistake(
        "lambda is not used in training",
        "Give lambda to trainLinearReg.",
        _curve(_errors, lambda i, sets, c: normal_equation(sets[0][0][:i], sets[0][1][:i], 0.0)),
    ),
)


def _validation(train: Any, error: Any) -> Any:
    def outputs(X: FloatArray, y: FloatArray, Xval: FloatArray, yval: FloatArray) -> Outputs:
        sets = (X[:, 1:], y), (Xval[:, 1:], yval)
        pairs = [error(normal_equation(sets[0][0], sets[0][1], train(c)), sets, c) for c in right.COURSE_LAMBDAS]
        return column(right.COURSE_LAMBDAS), *(column(values) for values in np.transpose(pairs))

    return outputs


_VALIDATION_MISTAKES = (
    Mistake(
        "the errors contain the penalty",
        "Compute the errors with lambda 0; lambda is for the training alone.",
        _validation(lambda c: c, lambda t, sets, c: (_J(t, sets[0], c), _J(t, sets[1], c))),
    ),
    Mistake(
        "every lambda is trained alike",
        "Train with lambda = lambda_vec(i).",
        _validation(lambda c: 0.0, lambda t, sets, c: (_J(t, sets[0]), _J(t, sets[1]))),
    ),
    Mistake(
        "the two errors are exchanged",
        "error_train is over X and y, error_val over Xval and yval.",
        _validation(lambda c: c, lambda t, sets, c: (_J(t, sets[1]), _J(t, sets[0]))),
    ),
    Mistake(
        "both errors are over the training set",
        "error_val is over Xval and yval.",
        _validation(lambda c: c, lambda t, sets, c: (_J(t, sets[0]), _J(t, sets[0]))),
    ),
)

_POWER_CASES = (
    Case("three values, power 4", (column([1, 2, 3]), 4.0)),
    Case("negative values, power 3", (column([-1.5, 0, 2.5, 4]), 3.0)),
    Case("power 1", (column([2, 5]), 1.0)),
    Case("a row of values", (np.array([[1.0, 2, 3]]), 2.0), required=False),
)
_POWER_MISTAKES = (
    Mistake("the powers begin with 0", "Column i is X.^i, from i = 1.", lambda X, p: (X ** np.arange(p),)),
    Mistake("multiples, not powers", "Column i is X.^i.", lambda X, p: (X * np.arange(1, p + 1),)),
    Mistake(
        "every column is the highest power", "Column i is X.^i, not X.^p.", lambda X, p: (X ** np.full(int(p), p),)
    ),
)

_REGULARISED = ("X", "y", "theta", "lambda")
EX5 = (
    Part(
        "ex5",
        "Regularized linear regression cost function",
        "linearRegCostFunction",
        25,
        _REGULARISED,
        right.linear_reg_cost,
        _cases(),
        outputs=2,
        kind="linear",
    ),
    Part(
        "ex5",
        "Regularized linear regression gradient",
        "linearRegCostFunction",
        25,
        _REGULARISED,
        right.linear_reg_cost,
        _cases(),
        judged=(1,),
        outputs=2,
        kind="linear",
    ),
    Part(
        "ex5",
        "Learning curve",
        "learningCurve",
        20,
        ("X", "y", "Xval", "yval", "lambda"),
        right.learning_curve_,
        _CURVE_CASES,
        judged=(0, 1),
        outputs=2,
        mistakes=_CURVE_MISTAKES,
        rtol=1e-3,
    ),
    Part(
        "ex5",
        "Polynomial feature mapping",
        "polyFeatures",
        10,
        ("X", "p"),
        right.poly_features_,
        _POWER_CASES,
        mistakes=_POWER_MISTAKES,
    ),
    Part(
        "ex5",
        "Cross validation curve",
        "validationCurve",
        20,
        ("X", "y", "Xval", "yval"),
        right.validation_curve_,
        (Case("the course's lambdas", _CURVES), Case("other data", (*_waves(3, 14), *_waves(1, 5)))),
        judged=(1, 2),
        outputs=3,
        mistakes=_VALIDATION_MISTAKES,
        rtol=1e-3,
    ),
)
