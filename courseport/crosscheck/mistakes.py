"""The known mistakes, as data: what each is called, what it changes, and how to put it right.

A mistake is one wrong way (`way`) to write one `part` of a formula. The diagnosis tries it in J, in the gradient or in
both, as `places` allows, because a file may go wrong in one of them and not in the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    part, way : str
        The part of the formula, and the wrong way taken.
    places : tuple of str
        "J", "gradient" or both: where it shows.
    text : str
        What is wrong, in words that the place is added to.
    remedy : str
        What is right.
    special : mapping
        Other words for a place: they stand alone.
    also_in_gradient : bool
        Whether J never has it alone: J would be that of another mistake, which is told instead.
    """

    name: str
    part: str
    way: str
    places: tuple[str, ...]
    text: str
    remedy: str
    special: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    also_in_gradient: bool = False

    def says(self, found: tuple[str, ...]) -> str:
        """Return what is wrong, for a mistake found in these places."""
        if found in self.special:
            return self.special[found]
        return self.text if len(self.places) == 1 else f"{self.text}, {_PLACES[found]}"


SIGMOID_SIGN = Mistake(
    "sigmoid-sign",
    *("sigmoid", "sign", BOTH),
    "the sigmoid has the wrong sign: exp(z) for exp(-z)",
    "sigmoid(z) = 1 ./ (1 + exp(-z)).",
    also_in_gradient=True,  # in J alone it is the same as log(h) and log(1 - h) exchanged
)
_ONE_OVER_M = "J is a mean over the m examples and so is its gradient."

PENALTY = (
    Mistake(
        "penalty-missing",
        *("penalty", "missing", BOTH),
        "the penalty is missing",
        "J has lambda/(2m) times the squares of the weights, biases left out; the gradient lambda/m times them.",
    ),
    Mistake(
        "penalty-doubled",
        *("penalty", "doubled", BOTH),
        "the penalty is twice what it should be (lambda/m for lambda/(2m))",
        "The factor is lambda/(2m) in J, and lambda/m in the gradient.",
        {(GRADIENT,): "the penalty is twice what it should be (2 lambda/m for lambda/m), in the gradient"},
    ),
    Mistake(
        "penalty-halved",
        *("penalty", "halved", BOTH),
        "the penalty is half what it should be (lambda/(4m) for lambda/(2m))",
        "The factor is lambda/(2m) in J, and lambda/m in the gradient: the 2 goes when the square is differentiated.",
        {(GRADIENT,): "the penalty is half what it should be (lambda/(2m) for lambda/m), in the gradient"},
    ),
    Mistake(
        "penalty-without-m",
        *("penalty", "no 1/m", BOTH),
        "the penalty is not divided by m (lambda/2 for lambda/(2m))",
        "The slide's D = (1/m) Delta + lambda Theta is a misprint: it is (1/m)(Delta + lambda Theta).",
        {(GRADIENT,): "the slide's D: lambda Theta is added without 1/m, in the gradient"},
    ),
    Mistake(
        "penalty-without-2m",
        *("penalty", "no 1/2m", BOTH),
        "the penalty is not divided by 2m (lambda for lambda/(2m))",
        "The factor is lambda/(2m) in J, and lambda/m in the gradient.",
        {(GRADIENT,): "the penalty has the factor 2 lambda for lambda/m, in the gradient"},
    ),
    Mistake(
        "penalty-times-m",
        *("penalty", "times m", BOTH),
        "the penalty is multiplied by m (lambda/2*m for lambda/(2*m))",
        "Octave reads lambda/2*m as (lambda/2)*m: write lambda/(2*m).",
        {(GRADIENT,): "the penalty is multiplied by m (lambda*m for lambda/m), in the gradient"},
    ),
    Mistake(
        "penalty-sign",
        *("penalty", "sign", BOTH),
        "the penalty is subtracted",
        "The penalty is added, in J and in the gradient: mind brackets after a minus.",
    ),
    Mistake(
        "penalty-by-m-twice",
        *("penalty", "1/m twice", BOTH),
        "the penalty is divided by m twice",
        "Divide by m once: lambda/(2m) in J, lambda/m in the gradient.",
    ),
    Mistake(
        "penalty-not-squared",
        *("squares", "not squared", (J,)),
        "the penalty in J is lambda/(2m) times the sum of the weights, not of their squares",
        "Sum Theta(:, 2:end) .^ 2.",
    ),
    Mistake(
        "penalty-absolute",
        *("squares", "absolute", (J,)),
        "the penalty in J sums absolute values, not squares",
        "Sum Theta(:, 2:end) .^ 2.",
    ),
    Mistake(
        "penalty-square-of-sum",
        *("squares", "square of the sum", (J,)),
        "the penalty in J is the square of the sum, not the sum of the squares",
        "Square each weight first, then sum.",
    ),
)
SCALE = (
    Mistake(
        "gradient-by-m-twice",
        "gradient",
        "1/m twice",
        (GRADIENT,),
        "the gradient's data term is divided by m twice",
        _ONE_OVER_M,
    ),
    Mistake(
        "gradient-halved", "gradient", "halved", (GRADIENT,), "the gradient is half of what it should be", _ONE_OVER_M
    ),
    Mistake(
        "gradient-doubled", "gradient", "doubled", (GRADIENT,), "the gradient is twice what it should be", _ONE_OVER_M
    ),
    Mistake(
        "gradient-negated",
        "gradient",
        "negated",
        (GRADIENT,),
        "the gradient has the wrong sign throughout",
        "It points uphill.",
    ),
    Mistake("gradient-zero", "gradient", "zero", (GRADIENT,), "the gradient is zero: it is not computed", "Set grad."),
    Mistake("J-zero", "J", "zero", (J,), "J is 0: it is not computed", "Set J."),
)
MEAN = (
    Mistake("J-without-m", "average", "missing", (J,), "1/m is missing in J's data term", _ONE_OVER_M),
    Mistake("J-by-m-twice", "average", "twice", (J,), "J's data term is divided by m twice", _ONE_OVER_M),
    Mistake(
        "gradient-without-m",
        "gradient",
        "no 1/m",
        (GRADIENT,),
        "1/m is missing in the gradient's data term",
        _ONE_OVER_M,
    ),
    Mistake(
        "gradient-without-m-anywhere",
        *("gradient", "no 1/m anywhere", (GRADIENT,)),
        "1/m is missing in the whole gradient",
        _ONE_OVER_M,
    ),
    Mistake(
        "m-is-length-of-X",
        *("m", "length(X)", BOTH),
        "m is length(X), the longer side of X, not the number of examples",
        "m = size(X, 1).",
    ),
    Mistake(
        "m-is-columns-of-X",
        *("m", "columns(X)", BOTH),
        "m is the number of columns of X, not of examples",
        "m = size(X, 1).",
    ),
    Mistake(
        "last-example-only",
        *("examples", "last only", BOTH),
        "only the last example counts",
        "Add up over the examples: a loop that assigns keeps the last one only.",
    ),
)
CROSS_ENTROPY = tuple(
    Mistake(name, "loss", way, (J,), text, "J = -(1/m) sum of y .* log(h) + (1 - y) .* log(1 - h).")
    for name, way, text in (
        ("log-h-twice", "log h twice", "J has log(h) where log(1 - h) belongs (a misprint of the slides)"),
        ("log-1-h-twice", "log 1-h twice", "J has log(1 - h) where log(h) belongs"),
        ("second-term-missing", "first term only", "the term (1 - y) log(1 - h) is missing in J"),
        ("first-term-missing", "second term only", "the term y log(h) is missing in J"),
        ("h-exchanged", "h and 1-h exchanged", "log(h) and log(1 - h) are exchanged in J"),
        ("y-twice", "y twice", "J has y where 1 - y belongs"),
        ("J-sign", "sign", "J's data term has the wrong sign"),
        ("second-term-sign", "sign of the second", "the term (1 - y) log(1 - h) has the wrong sign in J"),
        ("first-term-sign", "sign of the first", "the term y log(h) has the wrong sign in J"),
        ("squared-error", "squared", "J has the squared error, not the cross-entropy"),
        ("half-squared-error", "half squared", "J has half the squared error, not the cross-entropy"),
        ("log10", "log10", "J has log10, not the natural logarithm"),
        ("log2", "log2", "J has log2, not the natural logarithm"),
    )
)
