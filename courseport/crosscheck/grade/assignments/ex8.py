"""The parts of ex8: anomaly detection and collaborative filtering."""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.crosscheck.grade import solutions as right
from courseport.crosscheck.grade.data import MAGIC4, column
from courseport.crosscheck.grade.parts import Case, Mistake, Outputs, Part
from courseport.regression import select_threshold

_GAUSSIAN_CASES = (
    Case("three features", (np.sin(MAGIC4)[:, :3],)),
    Case("more features than examples", (np.cos(MAGIC4)[:2],)),
    Case("one feature", (column([1, 2, 4, 8, 3]),)),
    Case("one example", (np.array([[1.0, 2]]),), required=False),
)
_GAUSSIAN_MISTAKES = (
    Mistake(
        "the variance is divided by m - 1",
        "sigma2 = 1/m * sum((X - mu').^2): var(X, 1) in Octave.",
        lambda X: (column(X.mean(0)), column(X.var(0, ddof=1))),
    ),
    Mistake(
        "the standard deviation, not the variance",
        "sigma2 is the variance: do not take the root.",
        lambda X: (column(X.mean(0)), column(X.std(0))),
    ),
    Mistake(
        "the mean is not subtracted",
        "Subtract mu before you square.",
        lambda X: (column(X.mean(0)), column((X**2).mean(0))),
    ),
    Mistake(
        "the mean over the features",
        "There is one mean a column: mean(X) works down the columns.",
        lambda X: (column(X.mean(1)), column(X.var(1))),
    ),
)


def _threshold_cases() -> tuple[Case, ...]:
    rng = np.random.default_rng(8)
    yval = (rng.random(40) < 0.2) * 1.0
    pval = np.where(yval == 1, 0.4, 1.0) * rng.random(40)
    return (
        Case("five examples", (column([1, 0, 0, 1, 1]), column([0.1, 0.2, 0.3, 0.4, 0.5]))),
        Case("forty examples", (column(yval), column(pval))),
        Case("anomalies that are told from all others", (column([0, 0, 1, 0, 1]), column([0.7, 0.9, 0.1, 0.8, 0.2]))),
        Case("no anomaly at all", (column([0, 0, 0, 0]), column([0.1, 0.2, 0.3, 0.4])), required=False),
    )


def _threshold(measure: Any, *, above: bool = False) -> Any:
    """Return the outputs with the largest `measure(tp, fp, fn, tn)` in place of the largest F1."""

    def outputs(yval: FloatArray, pval: FloatArray) -> Outputs:
        best, found = 0.0, 0.0
        for epsilon in np.linspace(pval.min(), pval.max(), 1001):
            called, true = pval > epsilon if above else pval < epsilon, yval == 1
            counts = (called & true).sum(), (called & ~true).sum(), (~called & true).sum(), (~called & ~true).sum()
            value = measure(*map(float, counts))
            if value > best:
                best, found = value, float(epsilon)
        return found, best

    return outputs


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


_THRESHOLD_MISTAKES = (
    Mistake(
        "precision in place of F1",
        "F1 = 2 * prec * rec / (prec + rec).",
        _threshold(lambda tp, fp, fn, tn: _share(tp, tp + fp)),
    ),
    Mistake(
        "recall in place of F1",
        "F1 = 2 * prec * rec / (prec + rec).",
        _threshold(lambda tp, fp, fn, tn: _share(tp, tp + fn)),
    ),
    Mistake(
        "accuracy in place of F1",
        "F1 = 2 * prec * rec / (prec + rec).",
        _threshold(lambda tp, fp, fn, tn: (tp + tn) / (tp + tn + fp + fn)),
    ),
    Mistake(
        "the factor 2 is missing in F1",
        "F1 = 2 * prec * rec / (prec + rec).",
        _threshold(lambda tp, fp, fn, tn: _share(tp, 2 * tp + fp + fn)),
    ),
    Mistake(
        "examples above epsilon are called anomalies",
        "An anomaly has a small probability: pval < epsilon.",
        _threshold(lambda tp, fp, fn, tn: _share(2 * tp, 2 * tp + fp + fn), above=True),
    ),
)


def _ratings() -> tuple[tuple[str, tuple[Any, ...]], ...]:
    R = np.array([[1.0, 0, 1], [1, 1, 1], [0, 0, 1], [1, 1, 0]])
    other = np.array([[1.0, 1, 0, 1, 0], [0, 1, 1, 0, 1], [1, 0, 0, 1, 1]])
    stars = np.array([[5.0, 3, 0, 1, 0], [0, 4, 2, 0, 3], [1, 0, 0, 5, 4]])
    return (
        ("four movies", (column(np.arange(1, 15) / 10), MAGIC4[:, :3], R, 3.0, 4.0, 2.0)),
        ("three movies", (column(np.sin(np.arange(1, 25))), stars, other, 5.0, 3.0, 3.0)),
    )


def _cases(*lambdas: float) -> tuple[Case, ...]:
    return tuple(
        Case(name + (f", lambda {strength:g}" if strength else ""), (*arguments, strength))
        for name, arguments in _ratings()
        for strength in lambdas
    )


_COMMON: dict[str, Any] = {
    "function": "cofiCostFunc",
    "inputs": ("params", "Y", "R", "num_users", "num_movies", "num_features", "lambda"),
    "ours": right.cofi_cost,
    "outputs": 2,
    "kind": "cofi",
}
EX8 = (
    Part(
        "ex8",
        "Estimate Gaussian parameters",
        "estimateGaussian",
        15,
        ("X",),
        right.estimate_gaussian_,
        _GAUSSIAN_CASES,
        judged=(0, 1),
        outputs=2,
        mistakes=_GAUSSIAN_MISTAKES,
    ),
    Part(
        "ex8",
        "Select threshold",
        "selectThreshold",
        15,
        ("yval", "pval"),
        select_threshold,
        _threshold_cases(),
        judged=(0, 1),
        outputs=2,
        mistakes=_THRESHOLD_MISTAKES,
        rtol=2e-3,
    ),  # two of the thousand steps
    Part("ex8", "Collaborative filtering cost", points=20, cases=_cases(0.0), **_COMMON),
    Part(
        "ex8",
        "Collaborative filtering gradient",
        points=30,
        cases=_cases(0.0),
        judged=(1,),
        **_COMMON,
    ),
    Part("ex8", "Regularized cost", points=10, cases=_cases(1.5, 6.0), without=6, **_COMMON),
    Part(
        "ex8",
        "Gradient with regularization",
        points=10,
        cases=_cases(1.5, 6.0),
        judged=(1,),
        without=6,
        **_COMMON,
    ),
)
