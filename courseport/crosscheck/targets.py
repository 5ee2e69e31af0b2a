"""What is checked: a cost function, what its arguments stand for, and how it is evaluated apart from us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from courseport import _checks
from courseport.crosscheck.reference import KINDS
from courseport.octave.call import names_in
from courseport.octave.signature import ROLE_OF, named, plain_name, roles_of

_KIND_OF = {
    **dict.fromkeys(("lrcostfunction", "costfunction", "costfunctionreg"), "logistic"),
    **dict.fromkeys(("linearregcostfunction", "computecost", "computecostmulti"), "linear"),
}


class NoCostFunctionError(ValueError):
    """The function takes no parameters, or no data: a helper, perhaps."""


@dataclass(frozen=True)
class Target:
    """A cost function to be checked.

    Attributes
    ----------
    source : str
        The file or ``module:function``, as it was given.
    signature : str
        What it says of itself.
    names, roles : tuple of str
        The arguments of the call, and what each stands for.
    expression : str
        The call, in Octave.
    nout : int
        2, or 1 where it returns J alone.
    kind : str
        "network", "logistic", "linear" or "cofi".
    prepare : callable
        Puts what is needed into a folder, and returns the command that evaluates the cases there.
    gradient_name : str
        What the function calls its second output.
    code : str
        The text of a .m file.
    notes : tuple of str
        What is odd, and no mistake.
    """

    source: str
    signature: str
    names: tuple[str, ...]
    roles: tuple[str, ...]
    expression: str
    nout: int
    kind: str
    prepare: Callable[[Path], list[str]]
    gradient_name: str = "grad"
    code: str = ""
    notes: tuple[str, ...] = ()

    @property
    def python(self) -> bool:
        """Whether it is a Python function."""
        return not self.code


def arguments_of(function: str, inputs: tuple[str, ...], call: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the call's arguments, and what they stand for."""
    if call is None:
        roles = roles_of(function, inputs)
        words = f"{function}({', '.join(inputs)})"
        if roles is None and "theta" not in {ROLE_OF.get(name.lower()) for name in inputs}:
            raise NoCostFunctionError(f"{words} is no cost function: none of its arguments stands for the parameters")
        if roles is None:
            call = f"{function}(theta, X, y, lambda)"
            raise ValueError(f'the arguments of {words} are not understood; say what they stand for: --call "{call}"')
        if not {"y", "Y"} & set(roles):
            raise NoCostFunctionError(f"{words} is no cost function: it takes no y")
        return named(inputs, roles), roles
    names = _data_in(call)
    roles = tuple(ROLE_OF.get(name.lower(), "Y" if name == "Y" else "") for name in names)
    if "" in roles or "theta" not in roles:
        _checks.fail("--call", "use theta and names such as X, y, lambda, layer_sizes, num_labels, R", repr(call))
    return names, tuple("Y" if role == "y" and "R" in roles else role for role in roles)


def _data_in(call: str) -> tuple[str, ...]:
    """Return the names of the data in a call; one before a bracket is data too where nothing else stands for it."""
    found = names_in(call.partition("(")[2])
    plain = {ROLE_OF.get(name.lower()) for name, bracket in found if not bracket}
    indexed = {n for n, _ in found if ROLE_OF.get(n.lower(), "") not in plain | {""}}
    return tuple(dict.fromkeys(n for n, bracket in found if not bracket or n in indexed))


def kind_of(function: str, roles: tuple[str, ...], wanted: str | None) -> str:
    """Return the kind that is `wanted`, or else the one that the arguments or the function's name tell."""
    if wanted is not None:
        return str(_checks.choice("kind", wanted, tuple(KINDS)))
    if "R" in roles:
        return "cofi"
    if {"layer_sizes", "input_layer_size", "num_labels"} & set(roles):
        return "network"
    name = plain_name(function)
    guess = _KIND_OF.get(name) or ("linear" if "linear" in name else "logistic" if "logistic" in name else None)
    if guess is None:
        raise ValueError(f"{function} may be linear or logistic regression; say which with --kind")
    return guess
