"""What is checked: a cost function, what its arguments stand for, and how it is evaluated apart from us."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from courseport import _checks
from courseport.crosscheck.costs.cases import KIND_NAMES
from courseport.crosscheck.costs.mistakes.formulas import Values
from courseport.octave.call import names_in
from courseport.octave.signature import named, plain_name, role_of, roles_of

# The exercise's own size, where a file may be right for nothing else: so many features, and where that is.
OWN_SIZE = {"computecost": (1, "1 feature, as in ex1"), "costfunction": (2, "2 features, as in ex2")}
_LOGISTIC = re.compile(r"sigmoid|expit|\bexp\s*\(|\blog\s*\(", re.IGNORECASE)
_FIXED = re.compile(r"\b401\b|\breshape\b.*\breshape\b|\bTheta2\b", re.IGNORECASE | re.DOTALL)  # a network inside
# Functions of the course, and ways to call others, that take theta, X and y and are no cost functions.
_HELPER = re.compile(r"^(predict|plot|gradientdescent|gd|fit|train|learningcurve|validationcurve|check|visuali[sz]e)")


class NoCostFunctionError(ValueError):
    """The function takes no parameters, or no data: a helper, perhaps."""


@dataclass(frozen=True)
class Submission:
    """A cost function to be checked.

    Attributes
    ----------
    source : str
        The file or ``module:function``, as it was given.
    signature : str
        What it says of itself.
    names, roles : tuple of str
        The arguments of the call, and what each stands for.
    kinds : tuple of str
        "network", "logistic", "linear", "cofi": what it may be, the likeliest first.
    prepare : callable
        Puts what is needed into a folder, and returns the command that evaluates the cases there.
    write : callable
        Writes the cases' arguments into the folder.
    expression : str
        The call, in Octave.
    nout : int
        2, or 1 where an Octave function returns one thing.
    gradient_name : str
        What the function calls its second output.
    code : str
        Its text.
    python : bool
        Whether it is a Python function.
    helpers : tuple of str
        Helpers of the exercise that lie beside it: they are evaluated on their own, too.
    own : mapping or None
        The data it has itself, where it takes theta alone.
    notes : tuple of str
        What is odd, and no mistake.
    """

    source: str
    signature: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    kinds: tuple[str, ...]
    prepare: Callable[[Path], list[str]]
    write: Callable[[Path, Submission, Sequence[Values], Sequence[bool]], None]
    expression: str = ""
    nout: int = 2
    gradient_name: str = "grad"
    code: str = ""
    python: bool = False
    helpers: tuple[str, ...] = ()
    own: Values | None = None
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The function's name as it compares."""
        return plain_name(re.split(r"[^\w]", self.signature.partition("(")[0].rpartition("=")[2].strip())[-1])

    @property
    def own_size(self) -> tuple[int, str]:
        """The number of features that the exercise asks for, and words for it; 0 where it asks for any."""
        return OWN_SIZE.get(self.name, (0, "")) if "lambda" not in self.roles else (0, "")


def arguments_of(function: str, inputs: tuple[str, ...], call: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the call's arguments, and what they stand for."""
    if call is None:
        roles = roles_of(function, inputs)
        words = f"{function}({', '.join(inputs)})"
        known = [role_of(name) for name in inputs]
        if _HELPER.match(plain_name(function)):
            raise NoCostFunctionError(f"{words} is no cost function, by its name")
        if roles is None and "theta" not in known:
            raise NoCostFunctionError(f"{words} is no cost function: none of its arguments stands for the parameters")
        if roles is None:
            # The same call, with what is understood filled in; it is for the user to replace the question marks.
            filled = [role or f"{name}?" for name, role in zip(inputs, known, strict=True)]
            unknown = ", ".join(name for name, role in zip(inputs, known, strict=True) if not role)
            what = f"what {unknown} stands for" if unknown else "which of them is which"
            call = f"{function}({', '.join(filled)})"
            raise _checks.InputError(f'the arguments of {words} are not understood; say {what}: --call "{call}"')
        if not {"y", "Y"} & set(roles):
            raise NoCostFunctionError(f"{words} is no cost function: it takes no y")
        return named(inputs, roles), roles
    names = _data_in(call)
    roles = tuple("Y" if name == "Y" and "R" in names else role_of(name) for name in names)
    if "" in roles or "theta" not in roles:
        _checks.fail("--call", "use theta and names such as X, y, lambda, layer_sizes, num_labels, R", repr(call))
    return names, tuple("Y" if role == "y" and "R" in roles else role for role in roles)


def _data_in(call: str) -> tuple[str, ...]:
    """Return the names of the data in a call; one before a bracket is data too where nothing else stands for it."""
    found = names_in(call.partition("(")[2])
    plain = {role_of(name) for name, bracket in found if not bracket}
    indexed = {n for n, _ in found if role_of(n) not in plain | {""}}
    return tuple(dict.fromkeys(n for n, bracket in found if not bracket or n in indexed))


def kinds_of(function: str, roles: tuple[str, ...], wanted: str | None, code: str) -> tuple[str, ...]:
    """Return what the function may be: the kind that is `wanted`, or those that its arguments and its text tell."""
    if wanted is not None:
        return (str(_checks.choice("kind", wanted, KIND_NAMES)),)
    if "R" in roles:
        return ("cofi",)
    if {"layer_sizes", "input_layer_size", "hidden_layer_size", "num_labels"} & set(roles):
        return ("network",)
    name = plain_name(function)
    fixed = ("network",) if _FIXED.search(code) else ()
    linear = "linear" in name or not (_LOGISTIC.search(code) or "logistic" in name)
    return (*(("linear", "logistic") if linear else ("logistic", "linear")), *fixed)
