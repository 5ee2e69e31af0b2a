"""A known mistake, and those that all the cost functions share.

A mistake is one wrong way to write one part of a formula. It holds that way itself, and the formula of its kind takes
it in the place of the right one: in J, in the gradient or in both, because a file may go wrong in one of them alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy import log

from courseport.crosscheck.costs.mistakes.formulas import log_loss

J, GRADIENT = "J", "gradient"
BOTH = (J, GRADIENT)
_PLACES = {(J,): "in J", (GRADIENT,): "in the gradient", BOTH: "in J and in the gradient"}


@dataclass(frozen=True, eq=False)  # each stands once in its table: itself is its identity
class Mistake:
    """One mistake.

    Attributes
    ----------
    name : str
        A short name that stays the same, for programs.
    part : str
        The part of the formula.
    places : tuple of str
        "J", "gradient" or both: where it shows.
    way
        The wrong way to write it: what the formula takes in the place of the right one.
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
    places: tuple[str, ...]
    way: Any
    text: str
    remedy: str
    in_gradient: str = ""
    never_alone_in_J: bool = False  # noqa: N815 - J is its name

    def says(self, found: tuple[str, ...]) -> str:
        """Return what is wrong, for a mistake found in these places."""
        if found == (GRADIENT,) and self.in_gradient:
            return f"{self.in_gradient}, in the gradient"
        return self.text if len(self.places) == 1 else f"{self.text}, {_PLACES[found]}"


def alike(part: str, places: tuple[str, ...], remedy: str, *rows: tuple[Any, ...]) -> tuple[Mistake, ...]:
    """Return mistakes in one part of the formula that have one remedy, from a row for each: name, way, text."""
    return tuple(Mistake(name, part, places, way, text, remedy) for name, way, text in rows)


SCALE = (
    Mistake(
        *("gradient-by-m-twice", "scale", (GRADIENT,), lambda m, layer: (1 / m, 1)),
        "the gradient's data term is divided by m twice",
        "The gradient is a mean over the examples, as J is: divide its data term by m once.",
    ),
    Mistake(
        *("gradient-halved", "scale", (GRADIENT,), lambda m, layer: (1 / 2, 1 / 2)),
        "the gradient is half of what it should be",
        "The 2 of 1/(2m) goes when the square is differentiated: divide the gradient by m, not by 2m.",
    ),
    Mistake(
        *("gradient-doubled", "scale", (GRADIENT,), lambda m, layer: (2, 2)),
        "the gradient is twice what it should be",
        "The 2 of the square cancels with that of 1/(2m): take no factor 2 into the gradient.",
    ),
    Mistake(
        *("gradient-negated", "scale", (GRADIENT,), lambda m, layer: (-1, -1)),
        "the gradient has the wrong sign throughout",
        "Take the minus away: grad is the gradient of J, and the optimiser goes down it by itself.",
    ),
    Mistake(
        *("gradient-penalty-only", "scale", (GRADIENT,), lambda m, layer: (0, 1)),
        "the gradient is the penalty alone: the data term is missing or overwritten",
        "Add the penalty to the data term: grad = grad + lambda/m * [0; theta(2:end)].",
    ),
    Mistake(
        *("gradient-zero", "scale", (GRADIENT,), lambda m, layer: (0, 0)),
        "the gradient is zero: it is not computed",
        "Compute grad, and return it.",
    ),
    Mistake("J-zero", "J", (J,), 0.0, "J is 0: it is not computed", "Compute J, and return it."),
)

_FACTOR = "The factor is lambda/(2m) in J, and lambda/m in the gradient."
_SQUARES = "Sum the squares of the weights, Theta(:, 2:end) .^ 2."
# The way is what stands for lambda: s is lambda itself.
PENALTY = (
    Mistake(
        *("penalty-missing", "penalty", BOTH, lambda s, m: 0),
        "the penalty is missing",
        "J has lambda/(2m) times the squares of the weights, biases left out; the gradient lambda/m times them.",
    ),
    Mistake(
        *("penalty-doubled", "penalty", BOTH, lambda s, m: 2 * s),
        "the penalty is twice what it should be (lambda/m for lambda/(2m))",
        _FACTOR,
        "the penalty is twice what it should be (2 lambda/m for lambda/m)",
    ),
    Mistake(
        *("penalty-halved", "penalty", BOTH, lambda s, m: s / 2),
        "the penalty is half what it should be (lambda/(4m) for lambda/(2m))",
        f"{_FACTOR[:-1]}: the 2 goes when the square is differentiated.",
        "the penalty is half what it should be (lambda/(2m) for lambda/m)",
    ),
    Mistake(
        *("penalty-without-m", "penalty", BOTH, lambda s, m: s * m),
        "the penalty is not divided by m (lambda/2 for lambda/(2m))",
        "The slide's D = (1/m) Delta + lambda Theta is a misprint: it is (1/m)(Delta + lambda Theta).",
        "the slide's D: lambda Theta is added without 1/m",
    ),
    Mistake(
        *("penalty-without-2m", "penalty", BOTH, lambda s, m: 2 * m * s),
        "the penalty is not divided by 2m (lambda for lambda/(2m))",
        _FACTOR,
        "the penalty has the factor 2 lambda for lambda/m",
    ),
    Mistake(
        *("penalty-times-m", "penalty", BOTH, lambda s, m: s * m**2),
        "the penalty is multiplied by m (lambda/2*m for lambda/(2*m))",
        "Octave reads lambda/2*m as (lambda/2)*m: write lambda/(2*m).",
        "the penalty is multiplied by m (lambda*m for lambda/m)",
    ),
    Mistake(
        *("penalty-sign", "penalty", BOTH, lambda s, m: -s),
        "the penalty is subtracted",
        "The penalty is added, in J and in the gradient: mind brackets after a minus.",
    ),
    Mistake(
        *("penalty-by-m-twice", "penalty", BOTH, lambda s, m: s / m),
        "the penalty is divided by m twice",
        "Divide by m once: lambda/(2m) in J, lambda/m in the gradient.",
    ),
    Mistake(
        *("penalty-once-more-by-m-twice", "penalty", BOTH, lambda s, m: s + s / m),
        "the penalty is added twice, the second time divided by m twice",
        "Add the penalty once, and divide by m once.",
    ),
    Mistake(
        *("penalty-without-lambda", "penalty", BOTH, lambda s, m: 1),
        "the penalty is not multiplied by lambda",
        _FACTOR,
    ),
    Mistake(
        *("penalty-not-squared", "squares", (J,), lambda T: float(T.sum())),
        "the penalty in J is lambda/(2m) times the sum of the weights, not of their squares",
        _SQUARES,
    ),
    Mistake(
        *("penalty-absolute", "squares", (J,), lambda T: float(np.abs(T).sum())),
        "the penalty in J sums absolute values, not squares",
        _SQUARES,
    ),
    Mistake(
        *("penalty-square-of-sum", "squares", (J,), lambda T: float(T.sum()) ** 2),
        "the penalty in J is the square of the sum, not the sum of the squares",
        "Square each weight first, then sum.",
    ),
)

_MEAN = "J is a mean over the m examples and so is its gradient: divide by m once, and by nothing else."
MEAN = (
    *alike(
        "average",
        (J,),
        _MEAN,
        ("J-without-m", lambda total, m, K: total, "1/m is missing in J's data term"),
        ("J-by-m-twice", lambda total, m, K: total / m**2, "J's data term is divided by m twice"),
    ),
    *alike(
        "scale",
        (GRADIENT,),
        _MEAN,
        ("gradient-without-m", lambda m, layer: (m, 1), "1/m is missing in the gradient's data term"),
        ("gradient-without-m-anywhere", lambda m, layer: (m, m), "1/m is missing in the whole gradient"),
    ),
    *alike(
        "m",
        BOTH,
        "m = size(X, 1).",
        (
            "m-is-length-of-X",
            lambda X, K: max(X.shape),
            "m is length(X), the longer side of X, not the number of examples",
        ),
        ("m-is-columns-of-X", lambda X, K: X.shape[1], "m is the number of columns of X, not of examples"),
    ),
    Mistake(
        *("last-example-only", "examples", BOTH, slice(-1, None)),
        "only the last example counts",
        "Add up over the examples: a loop that assigns keeps the last one only.",
    ),
    Mistake(
        *("first-example-only", "examples", BOTH, slice(0, 1)),
        "only the first example counts",
        "Add up over all m examples.",
    ),
)

LOSSES = alike(
    "loss",
    (J,),
    "J = -(1/m) sum of y .* log(h) + (1 - y) .* log(1 - h).",
    (
        "log-h-twice",
        lambda h, Y: -Y * log(h) - (1 - Y) * log(h),
        "J has log(h) where log(1 - h) belongs (a misprint of the slides)",
    ),
    ("log-1-h-twice", lambda h, Y: -Y * log(1 - h) - (1 - Y) * log(1 - h), "J has log(1 - h) where log(h) belongs"),
    ("second-term-missing", lambda h, Y: -Y * log(h), "the term (1 - y) log(1 - h) is missing in J"),
    ("first-term-missing", lambda h, Y: -(1 - Y) * log(1 - h), "the term y log(h) is missing in J"),
    ("h-exchanged", lambda h, Y: log_loss(1 - h, Y), "log(h) and log(1 - h) are exchanged in J"),
    ("y-twice", lambda h, Y: -Y * log(h) - Y * log(1 - h), "J has y where 1 - y belongs"),
    ("J-sign", lambda h, Y: -log_loss(h, Y), "J's data term has the wrong sign"),
    (
        "second-term-sign",
        lambda h, Y: -Y * log(h) + (1 - Y) * log(1 - h),
        "the term (1 - y) log(1 - h) has the wrong sign in J",
    ),
    ("first-term-sign", lambda h, Y: Y * log(h) - (1 - Y) * log(1 - h), "the term y log(h) has the wrong sign in J"),
    ("squared-error", lambda h, Y: (h - Y) ** 2, "J has the squared error, not the cross-entropy"),
    ("half-squared-error", lambda h, Y: (h - Y) ** 2 / 2, "J has half the squared error, not the cross-entropy"),
    ("log10", lambda h, Y: log_loss(h, Y) / log(10.0), "J has log10, not the natural logarithm"),
    ("log2", lambda h, Y: log_loss(h, Y) / log(2.0), "J has log2, not the natural logarithm"),
)


# What linear and logistic regression and networks have in common, and what those with the cross-entropy have.
COMMON = (*PENALTY, *MEAN, *SCALE)
CROSS_ENTROPY = (
    *LOSSES,
    Mistake(
        *("J-by-2m", "average", (J,), lambda total, m, K: total / (2 * m)),
        "J's data term has 1/(2m) for 1/m",
        "The cross-entropy has no 1/2.",
    ),
)
