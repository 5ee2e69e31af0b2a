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


def _pieces(arguments: tuple[Any, ...]) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return X, Theta, the errors of all ratings and R."""
    params, Y, R, users, movies, features, _ = arguments
    place = int(movies * features)
    X = params[:place].reshape(int(movies), int(features), order="F")
    Theta = params[place:].reshape(int(users), int(features), order="F")
    return X, Theta, X @ Theta.T - Y, R


def _unrolled(X_grad: FloatArray, Theta_grad: FloatArray) -> FloatArray:
    return column(np.concatenate([X_grad.ravel(order="F"), Theta_grad.ravel(order="F")]))


def _with_J(change: Any) -> Any:
    return lambda *arguments: (change(*_pieces(arguments)), None)


def _with_gradient(change: Any) -> Any:
    return lambda *arguments: (None, _unrolled(*change(*_pieces(arguments))))


_J_MISTAKES = (
    Mistake(
        "movies without a rating count, too",
        "Sum over the ratings alone: multiply with R.",
        _with_J(lambda X, T, e, R: np.sum(e**2) / 2),
    ),
    Mistake(
        "the factor 1/2 is missing in J",
        "J = 1/2 * sum of squared errors.",
        _with_J(lambda X, T, e, R: np.sum(R * e**2)),
    ),
    Mistake(
        "J is divided by the number of ratings",
        "J is no mean: 1/2 times the sum.",
        _with_J(lambda X, T, e, R: np.sum(R * e**2) / 2 / R.sum()),
    ),
    Mistake("the errors are not squared", "Square each error.", _with_J(lambda X, T, e, R: np.sum(R * e) / 2)),
)
_GRADIENT_MISTAKES = (
    Mistake(
        "movies without a rating count, too, in the gradient",
        "Use the errors of the ratings alone: multiply with R.",
        _with_gradient(lambda X, T, e, R: (e @ T, e.T @ X)),
    ),
    Mistake(
        "X and Theta are exchanged in the gradient",
        "grad = [X_grad(:); Theta_grad(:)].",
        lambda *arguments: (None, _exchanged(arguments)),
    ),
    Mistake(
        "the gradient has the wrong sign",
        "The errors are X*Theta' - Y.",
        _with_gradient(lambda X, T, e, R: (-(R * e) @ T, -(R * e).T @ X)),
    ),
    Mistake(
        "a factor 2 in the gradient",
        "The 1/2 of the cost is gone in its gradient.",
        _with_gradient(lambda X, T, e, R: (2 * (R * e) @ T, 2 * (R * e).T @ X)),
    ),
)


def _exchanged(arguments: tuple[Any, ...]) -> FloatArray:
    X, Theta, errors, R = _pieces(arguments)
    return _unrolled((R * errors).T @ X, (R * errors) @ Theta)


def _penalised(J: float, slope: float, *, parts: tuple[float, float] = (1.0, 1.0), m: bool = False) -> Any:
    """Return the outputs with the penalty's factors `J` and `slope`, of X and Theta, perhaps by the ratings' number."""

    def outputs(*arguments: Any) -> Outputs:
        X, Theta, _, R = _pieces(arguments)
        cost, grad = right.cofi_cost(*(*arguments[:-1], 0.0))
        strength = arguments[-1] / (R.sum() if m else 1.0)
        squares = parts[0] * np.sum(X**2) + parts[1] * np.sum(Theta**2)
        return cost + J * strength * squares, grad + slope * strength * _unrolled(parts[0] * X, parts[1] * Theta)

    return outputs


_PENALTY_MISTAKES = (
    Mistake(
        "lambda in J without 1/2, or lambda/2 in the gradient",
        "The penalty is lambda/2 in J and lambda in the gradient.",
        _penalised(1.0, 0.5),
    ),
    Mistake(
        "the penalty of Theta is missing", "Both X and Theta have a penalty.", _penalised(0.5, 1.0, parts=(1.0, 0.0))
    ),
    Mistake("the penalty of X is missing", "Both X and Theta have a penalty.", _penalised(0.5, 1.0, parts=(0.0, 1.0))),
    Mistake("the penalty is subtracted", "Add the penalty.", _penalised(-0.5, -1.0)),
    Mistake(
        "the penalty is divided by the number of ratings",
        "There is no m here: lambda/2 in J, lambda in the gradient.",
        _penalised(0.5, 1.0, m=True),
    ),
)

_COMMON: dict[str, Any] = {
    "function": "cofiCostFunc",
    "inputs": ("params", "Y", "R", "num_users", "num_movies", "num_features", "lambda"),
    "ours": right.cofi_cost,
    "outputs": 2,
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
    Part("ex8", "Collaborative filtering cost", points=20, cases=_cases(0.0), mistakes=_J_MISTAKES, **_COMMON),
    Part(
        "ex8",
        "Collaborative filtering gradient",
        points=30,
        cases=_cases(0.0),
        judged=(1,),
        mistakes=_GRADIENT_MISTAKES,
        **_COMMON,
    ),
    Part(
        "ex8", "Regularized cost", points=10, cases=_cases(1.5, 6.0), mistakes=_PENALTY_MISTAKES, without=6, **_COMMON
    ),
    Part(
        "ex8",
        "Gradient with regularization",
        points=10,
        cases=_cases(1.5, 6.0),
        judged=(1,),
        mistakes=_PENALTY_MISTAKES,
        without=6,
        **_COMMON,
    ),
)
