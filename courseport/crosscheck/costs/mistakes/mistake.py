"""A known mistake, and those that all the cost functions share.

A mistake is one wrong way to write one part of a formula. It holds that way itself, and the formula of its kind takes
it in the place of the right one: in J, in the gradient or in both, because a file may go wrong in one of them alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from courseport._checks import FloatArray

J, GRADIENT = "J", "gradient"
BOTH = (J, GRADIENT)
_PLACES = {(J,): "in J", (GRADIENT,): "in the gradient", BOTH: "in J and in the gradient"}

Values = Mapping[str, Any]  # the arguments of a cost function, by what they stand for: theta, X, y, lambda, ...
Ways = Mapping[str, Any]  # the wrong ways taken, by the part of the formula
Result = tuple[float, FloatArray]


@dataclass(frozen=True, eq=False)  # each stands once in its table: itself is its identity
class Mistake:
    """One mistake.

    Attributes
    ----------
    name : str
        A short name that stays the same, for programs.
    part : str
        The part of the formula.
    way
        The wrong way to write it: what the formula takes in the place of the right one.
    places : tuple of str
        "J", "gradient" or both: where it shows.
    text : str
        What is wrong; the place is added to it.
    remedy : str
        What is right.
    in_gradient : str
        Other words for the gradient alone.
    never_alone_in_J : bool
        Whether J alone never has it: that J would be that of another mistake, which is told instead.
    """

    name: str
    part: str
    way: Any
    places: tuple[str, ...]
    text: str
    remedy: str
    in_gradient: str = ""
    never_alone_in_J: bool = False  # noqa: N815 - J is its name

    def says(self, found: tuple[str, ...]) -> str:
        """Return what is wrong, for a mistake found in these places."""
        if found == (GRADIENT,) and self.in_gradient:
            return f"{self.in_gradient}, in the gradient"
        return self.text if len(self.places) == 1 else f"{self.text}, {_PLACES[found]}"


def taken(right: Ways, ways: Ways) -> SimpleNamespace:
    """Return the ways to write each part: the wrong ones where there are any, the right ones elsewhere."""
    return SimpleNamespace(**{**right, **ways})


def without(theta: FloatArray, left_out: Any) -> FloatArray:
    """Return a copy with zeros at `left_out`."""
    kept = theta.copy()
    kept[left_out] = 0.0
    return kept


def log_loss(h: FloatArray, Y: FloatArray) -> FloatArray:
    """Return the cross-entropy of each example and unit."""
    return -Y * np.log(h) - (1 - Y) * np.log(1 - h)


# The parts that all formulas share, written rightly. The penalty's factors are those of J and of the gradient.
SHARED: Ways = {
    "m": lambda X, K: X.shape[0],
    "examples": slice(None),
    "average": lambda total, m, K: total / m,
    "penalty": (lambda strength, m: strength / (2 * m), lambda strength, m: strength / m),
    "squares": lambda T: float((T**2).sum()),
    "scale": lambda Delta, penalty, m, layer: Delta / m + penalty,
    "J": 1.0,
}
_FACTOR = "The factor is lambda/(2m) in J, and lambda/m in the gradient."
_SQUARES = "Sum the squares of the weights, Theta(:, 2:end) .^ 2."
_MEAN = "J is a mean over the m examples and so is its gradient: divide by m once, and by nothing else."

SCALE = (
    Mistake(
        "gradient-by-m-twice",
        *("scale", lambda Delta, penalty, m, layer: Delta / m**2 + penalty, (GRADIENT,)),
        "the gradient's data term is divided by m twice",
        _MEAN,
    ),
    Mistake(
        "gradient-halved",
        *("scale", lambda Delta, penalty, m, layer: (Delta / m + penalty) / 2, (GRADIENT,)),
        "the gradient is half of what it should be",
        "The 2 of 1/(2m) goes when the square is differentiated: divide the gradient by m, not by 2m.",
    ),
    Mistake(
        "gradient-doubled",
        *("scale", lambda Delta, penalty, m, layer: (Delta / m + penalty) * 2, (GRADIENT,)),
        "the gradient is twice what it should be",
        "The 2 of the square cancels with that of 1/(2m): take no factor 2 into the gradient.",
    ),
    Mistake(
        "gradient-negated",
        *("scale", lambda Delta, penalty, m, layer: -(Delta / m + penalty), (GRADIENT,)),
        "the gradient has the wrong sign throughout",
        "Take the minus away: grad is the gradient of J, and the optimiser goes down it by itself.",
    ),
    Mistake(
        "gradient-penalty-only",
        *("scale", lambda Delta, penalty, m, layer: penalty, (GRADIENT,)),
        "the gradient is the penalty alone: the data term is missing or overwritten",
        "Add the penalty to the data term: grad = grad + lambda/m * [0; theta(2:end)].",
    ),
    Mistake(
        "gradient-zero",
        *("scale", lambda Delta, penalty, m, layer: 0.0 * (Delta + penalty), (GRADIENT,)),
        "the gradient is zero: it is not computed",
        "Compute grad, and return it.",
    ),
    Mistake("J-zero", "J", 0.0, (J,), "J is 0: it is not computed", "Compute J, and return it."),
)
PENALTY = (
    Mistake(
        "penalty-missing",
        *("penalty", (lambda strength, m: 0.0, lambda strength, m: 0.0), BOTH),
        "the penalty is missing",
        "J has lambda/(2m) times the squares of the weights, biases left out; the gradient lambda/m times them.",
    ),
    Mistake(
        "penalty-doubled",
        *("penalty", (lambda strength, m: strength / m, lambda strength, m: 2 * strength / m), BOTH),
        "the penalty is twice what it should be (lambda/m for lambda/(2m))",
        _FACTOR,
        "the penalty is twice what it should be (2 lambda/m for lambda/m)",
    ),
    Mistake(
        "penalty-halved",
        *("penalty", (lambda strength, m: strength / (4 * m), lambda strength, m: strength / (2 * m)), BOTH),
        "the penalty is half what it should be (lambda/(4m) for lambda/(2m))",
        f"{_FACTOR[:-1]}: the 2 goes when the square is differentiated.",
        "the penalty is half what it should be (lambda/(2m) for lambda/m)",
    ),
    Mistake(
        "penalty-without-m",
        *("penalty", (lambda strength, m: strength / 2, lambda strength, m: strength), BOTH),
        "the penalty is not divided by m (lambda/2 for lambda/(2m))",
        "The slide's D = (1/m) Delta + lambda Theta is a misprint: it is (1/m)(Delta + lambda Theta).",
        "the slide's D: lambda Theta is added without 1/m",
    ),
    Mistake(
        "penalty-without-2m",
        *("penalty", (lambda strength, m: strength, lambda strength, m: 2 * strength), BOTH),
        "the penalty is not divided by 2m (lambda for lambda/(2m))",
        _FACTOR,
        "the penalty has the factor 2 lambda for lambda/m",
    ),
    Mistake(
        "penalty-times-m",
        *("penalty", (lambda strength, m: strength * m / 2, lambda strength, m: strength * m), BOTH),
        "the penalty is multiplied by m (lambda/2*m for lambda/(2*m))",
        "Octave reads lambda/2*m as (lambda/2)*m: write lambda/(2*m).",
        "the penalty is multiplied by m (lambda*m for lambda/m)",
    ),
    Mistake(
        "penalty-sign",
        *("penalty", (lambda strength, m: -strength / (2 * m), lambda strength, m: -strength / m), BOTH),
        "the penalty is subtracted",
        "The penalty is added, in J and in the gradient: mind brackets after a minus.",
    ),
    Mistake(
        "penalty-by-m-twice",
        *("penalty", (lambda strength, m: strength / (2 * m**2), lambda strength, m: strength / m**2), BOTH),
        "the penalty is divided by m twice",
        "Divide by m once: lambda/(2m) in J, lambda/m in the gradient.",
    ),
    Mistake(
        "penalty-once-more-by-m-twice",
        *("penalty", (lambda s, m: s / (2 * m) + s / (2 * m**2), lambda s, m: s / m + s / m**2), BOTH),
        "the penalty is added twice, the second time divided by m twice",
        "Add the penalty once, and divide by m once.",
    ),
    Mistake(
        "penalty-without-lambda",
        *("penalty", (lambda strength, m: 1 / (2 * m), lambda strength, m: 1 / m), BOTH),
        "the penalty is not multiplied by lambda",
        _FACTOR,
    ),
    Mistake(
        "penalty-not-squared",
        *("squares", lambda T: float(T.sum()), (J,)),
        "the penalty in J is lambda/(2m) times the sum of the weights, not of their squares",
        _SQUARES,
    ),
    Mistake(
        "penalty-absolute",
        *("squares", lambda T: float(np.abs(T).sum()), (J,)),
        "the penalty in J sums absolute values, not squares",
        _SQUARES,
    ),
    Mistake(
        "penalty-square-of-sum",
        *("squares", lambda T: float(T.sum()) ** 2, (J,)),
        "the penalty in J is the square of the sum, not the sum of the squares",
        "Square each weight first, then sum.",
    ),
)
MEAN = (
    Mistake("J-without-m", "average", lambda total, m, K: total, (J,), "1/m is missing in J's data term", _MEAN),
    Mistake(
        "J-by-m-twice", "average", lambda total, m, K: total / m**2, (J,), "J's data term is divided by m twice", _MEAN
    ),
    Mistake(
        "gradient-without-m",
        *("scale", lambda Delta, penalty, m, layer: Delta + penalty, (GRADIENT,)),
        "1/m is missing in the gradient's data term",
        _MEAN,
    ),
    Mistake(
        "gradient-without-m-anywhere",
        *("scale", lambda Delta, penalty, m, layer: Delta + penalty * m, (GRADIENT,)),
        "1/m is missing in the whole gradient",
        _MEAN,
    ),
    Mistake(
        "m-is-length-of-X",
        *("m", lambda X, K: max(X.shape), BOTH),
        "m is length(X), the longer side of X, not the number of examples",
        "m = size(X, 1).",
    ),
    Mistake(
        "m-is-columns-of-X",
        *("m", lambda X, K: X.shape[1], BOTH),
        "m is the number of columns of X, not of examples",
        "m = size(X, 1).",
    ),
    Mistake(
        "last-example-only",
        *("examples", slice(-1, None), BOTH),
        "only the last example counts",
        "Add up over the examples: a loop that assigns keeps the last one only.",
    ),
    Mistake(
        "first-example-only",
        *("examples", slice(0, 1), BOTH),
        "only the first example counts",
        "Add up over all m examples.",
    ),
)
CROSS_ENTROPY = tuple(
    Mistake(name, "loss", way, (J,), text, "J = -(1/m) sum of y .* log(h) + (1 - y) .* log(1 - h).")
    for name, way, text in (
        (
            "log-h-twice",
            lambda h, Y: -Y * np.log(h) - (1 - Y) * np.log(h),
            "J has log(h) where log(1 - h) belongs (a misprint of the slides)",
        ),
        (
            "log-1-h-twice",
            lambda h, Y: -Y * np.log(1 - h) - (1 - Y) * np.log(1 - h),
            "J has log(1 - h) where log(h) belongs",
        ),
        ("second-term-missing", lambda h, Y: -Y * np.log(h), "the term (1 - y) log(1 - h) is missing in J"),
        ("first-term-missing", lambda h, Y: -(1 - Y) * np.log(1 - h), "the term y log(h) is missing in J"),
        (
            "h-exchanged",
            lambda h, Y: -Y * np.log(1 - h) - (1 - Y) * np.log(h),
            "log(h) and log(1 - h) are exchanged in J",
        ),
        ("y-twice", lambda h, Y: -Y * np.log(h) - Y * np.log(1 - h), "J has y where 1 - y belongs"),
        ("J-sign", lambda h, Y: Y * np.log(h) + (1 - Y) * np.log(1 - h), "J's data term has the wrong sign"),
        (
            "second-term-sign",
            lambda h, Y: -Y * np.log(h) + (1 - Y) * np.log(1 - h),
            "the term (1 - y) log(1 - h) has the wrong sign in J",
        ),
        (
            "first-term-sign",
            lambda h, Y: Y * np.log(h) - (1 - Y) * np.log(1 - h),
            "the term y log(h) has the wrong sign in J",
        ),
        ("squared-error", lambda h, Y: (h - Y) ** 2, "J has the squared error, not the cross-entropy"),
        ("half-squared-error", lambda h, Y: (h - Y) ** 2 / 2, "J has half the squared error, not the cross-entropy"),
        ("log10", lambda h, Y: log_loss(h, Y) / np.log(10.0), "J has log10, not the natural logarithm"),
        ("log2", lambda h, Y: log_loss(h, Y) / np.log(2.0), "J has log2, not the natural logarithm"),
    )
)
J_BY_2M = Mistake(
    "J-by-2m",
    *("average", lambda total, m, K: total / (2 * m), (J,)),
    "J's data term has 1/(2m) for 1/m",
    "The cross-entropy has no 1/2.",
)
SIGMOID_SIGN = Mistake(
    "sigmoid-sign",
    *("hypothesis", lambda z: 1.0 / (1.0 + np.exp(z)), BOTH),
    "the sigmoid has the wrong sign: exp(z) for exp(-z)",
    "sigmoid(z) = 1 ./ (1 + exp(-z)).",
    never_alone_in_J=True,  # there it is the same as log(h) and log(1 - h) exchanged
)
