"""The parts of ex3: one-vs-all, and a trained network."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.grade import solutions as right
from courseport.crosscheck.grade.assignments.ex2 import cost_cases
from courseport.crosscheck.grade.data import MAGIC3, column, with_ones
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part
from courseport.regression import logistic_cost

NEAR = 0.02  # 50 iterations of fmincg stop that near to the optimum, relative to the largest theta

_THREE_CLASSES = np.vstack([MAGIC3, np.sin([[1.0, 2, 3]]), np.cos([[1.0, 2, 3]])]), column([1, 2, 2, 1, 3])
_TWO_FEATURES = (
    np.array([[0.5, 2], [1, 1.5], [-1, 0.3], [-2, 1], [0.2, -2], [1.5, -1], [0.4, 0.4], [-0.6, -1.1]]),
    column([1, 1, 2, 2, 3, 3, 1, 4]),
)
_ONE_VS_ALL_CASES = (
    Case("three labels", (*_THREE_CLASSES, 3.0, 0.1)),
    Case("four labels, lambda 1", (*_TWO_FEATURES, 4.0, 1.0)),
)


def _too_sure(arguments: tuple[Any, ...], outputs: Outputs) -> bool:
    """Tell whether thetas fit the examples far better than those with the penalty do."""
    X, y, num_labels, _ = arguments
    ours, theirs = right.one_vs_all(*arguments)[0], outputs[0]
    if theirs.shape != ours.shape:
        return False
    costs = np.array([[logistic_cost(row, X, y == k)[0] for k, row in enumerate(rows, 1)] for rows in (ours, theirs)])
    return len(ours) == num_labels and bool(np.all(costs[1] < 1.001 * costs[0]) and np.any(costs[1] < costs[0] / 2))


def _same_for_all(X: FloatArray, y: FloatArray, num_labels: float, lambda_: float) -> Outputs:
    all_theta = right.one_vs_all(X, y, num_labels, lambda_)[0]
    return (np.tile(all_theta[:1], (int(num_labels), 1)),)


_ONE_VS_ALL_MISTAKES = (
    Mistake(
        "lambda is not passed on",
        "Give lambda to lrCostFunction.",
        lambda *_: (),
        _too_sure,
    ),
    Mistake("every row is trained for the first label", "Row c is trained with the targets (y == c).", _same_for_all),
    Mistake(
        "the rows are trained for the labels from 0",
        "Row c is trained with the targets (y == c), c from 1.",
        lambda X, y, K, lambda_: (
            np.vstack([np.zeros((1, X.shape[1] + 1)), right.one_vs_all(X, y, K, lambda_)[0][:-1]]),
        ),
    ),
)

_SCORES = np.array([[1.0, -6, 3], [-2, 4, -3]])
_POINTS = np.array([[1.0, 7], [4, 5], [7, 8], [1, 4]])
_PREDICT_ALL_CASES = (
    Case("two labels", (_SCORES, _POINTS)),
    Case(
        "three labels",
        (np.array([[0.1, 1, -1], [0.3, -1, 1], [-0.2, -1, -1]]), np.array([[2.0, -1], [-1, 2], [-3, -1], [0.4, 0.1]])),
    ),
    Case("one example", (_SCORES, np.array([[4.0, 5]]))),
    Case("equal probabilities", (np.array([[0.0, 1], [0, 1]]), np.array([[1.0], [-1]])), required=False),
    Case("probabilities that round to 1", (np.array([[50.0, 1], [40, 2]]), np.array([[1.0], [20]])), required=False),
)
_PREDICT_ALL_MISTAKES = (
    Mistake(
        "the largest value, not its place",
        "Take the second output of max: [~, p] = max(..., [], 2).",
        lambda all_theta, X: (1 / (1 + np.exp(-(with_ones(X) @ all_theta.T).max(axis=1, keepdims=True))),),
    ),
    Mistake(
        "the maximum down the columns",
        "Take the maximum of each row: max(..., [], 2).",
        lambda all_theta, X: (column((with_ones(X) @ all_theta.T).argmax(axis=0) + 1),),
    ),
    Mistake(
        "the smallest, not the largest",
        "Take the label of the largest probability.",
        lambda all_theta, X: (column((with_ones(X) @ all_theta.T).argmin(axis=1) + 1),),
    ),
    Mistake(
        "labels from 0",
        "The labels are 1 to num_labels.",
        lambda all_theta, X: (right.predict_one_vs_all_(all_theta, X)[0] - 1,),
    ),
)


def _waves(start: float, step: float, rows: int, columns: int) -> FloatArray:
    """Return sin(start), sin(start + step), ... in a matrix, column by column."""
    matrix: FloatArray = np.sin(start + step * np.arange(rows * columns)).reshape(rows, columns, order="F")
    return matrix


_NETWORK = _waves(0, 0.5, 4, 3), _waves(0, 0.3, 4, 5)
_PREDICT_CASES = (
    Case("a 2-4-4 network", (*_NETWORK, _waves(1, 1, 8, 2))),
    Case("a 3-5-3 network", (_waves(0.2, 0.7, 5, 4), _waves(1.3, 0.9, 3, 6), _waves(2, 1.1, 7, 3))),
    Case("one example", (*_NETWORK, np.array([[0.3, -0.8]]))),
)


def _hidden(Theta1: FloatArray, X: FloatArray) -> FloatArray:
    return 1 / (1 + np.exp(-(with_ones(X) @ Theta1.T)))


_PREDICT_MISTAKES = (
    Mistake(
        "the hidden layer has no sigmoid",
        "a2 = sigmoid([1 X] * Theta1'), then a column of ones.",
        lambda Theta1, Theta2, X: (column((with_ones(with_ones(X) @ Theta1.T) @ Theta2.T).argmax(1) + 1),),
    ),
    Mistake(
        "the largest value, not its place",
        "Take the second output of max: [~, p] = max(..., [], 2).",
        lambda Theta1, Theta2, X: (column((1 / (1 + np.exp(-(with_ones(_hidden(Theta1, X)) @ Theta2.T)))).max(1)),),
    ),
    Mistake(
        "the label of the hidden layer",
        "Go on to the output layer: sigmoid([1 a2] * Theta2').",
        lambda Theta1, Theta2, X: (column(_hidden(Theta1, X).argmax(1) + 1),),
    ),
    Mistake("labels from 0", "The labels are 1 to num_labels.", lambda *args: (right.predict_labels(*args)[0] - 1,)),
)

EX3 = (
    Part(
        "ex3",
        "Regularized logistic regression",
        "lrCostFunction",
        30,
        ("theta", "X", "y", "lambda"),
        right.cost_function,
        cost_cases(0.0, 3.0, 0.1),
        judged=(0, 1),
        outputs=2,
        kind="logistic",
    ),
    Part(
        "ex3",
        "One-vs-all classifier training",
        "oneVsAll",
        20,
        ("X", "y", "num_labels", "lambda"),
        right.one_vs_all,
        _ONE_VS_ALL_CASES,
        mistakes=_ONE_VS_ALL_MISTAKES,
        rtol=NEAR,
    ),
    Part(
        "ex3",
        "One-vs-all classifier prediction",
        "predictOneVsAll",
        20,
        ("all_theta", "X"),
        right.predict_one_vs_all_,
        _PREDICT_ALL_CASES,
        mistakes=_PREDICT_ALL_MISTAKES,
    ),
    Part(
        "ex3",
        "Neural network prediction function",
        "predict",
        30,
        ("Theta1", "Theta2", "X"),
        right.predict_labels,
        _PREDICT_CASES,
        mistakes=_PREDICT_MISTAKES,
    ),
)
