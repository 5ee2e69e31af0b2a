"""What is checked: a cost function, what its arguments stand for, how it is called, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from courseport import _checks
from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import KIND_NAMES, Case
from courseport.crosscheck.costs.mistakes.formulas import Values
from courseport.crosscheck.running import calls
from courseport.crosscheck.running.limits import Limits
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
    program : Program
        What calls it.
    call : callable
        ``call(submission, case, again)`` is the call that evaluates a case; `again` has it evaluated twice.
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
    program: calls.Program
    call: Callable[[Submission, Case, bool], calls.Call]
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


@dataclass(frozen=True)
class Answer:
    """What a cost function returned for one case.

    Attributes
    ----------
    J, grad : array or None
        The numbers in one column; complex where they came so; None where none came.
    J_shape, grad_shape : tuple of int
        The shapes they came in.
    J_class, grad_class : str
        "double", "none", or the name of another class.
    slope : ndarray or None
        Its J differentiated numerically, where that was asked for.
    message, where : str
        Octave's or Python's error, and the function and line.
    ended : bool
        Whether the error is that the process ended.
    seconds : float
        Time of the one call.
    changed : tuple of str
        The arguments that it changed in place.
    repeats : bool
        Whether a second call with the same arguments gave the same, where there was one.
    remark : str
        How the answer came, where it was not J and a gradient.
    """

    J: NDArray[Any] | None = None
    grad: NDArray[Any] | None = None
    J_shape: tuple[int, ...] = ()
    grad_shape: tuple[int, ...] = ()
    J_class: str = "none"
    grad_class: str = "none"
    slope: FloatArray | None = None
    message: str = ""
    where: str = ""
    ended: bool = False
    seconds: float = 0.0
    changed: tuple[str, ...] = ()
    repeats: bool = True
    remark: str = ""


class Replies(NamedTuple):
    """The answers to the cases, what was printed meanwhile, and what its helpers of the exercise gave for HELPERS_Z."""

    answers: list[Answer]
    printed: str
    helpers: list[Any]


HELPERS_Z = np.array([[-8.0, -1.0, 0.0], [0.5, 2.0, 30.0]])


def ask(submission: Submission, cases: Sequence[Case], limits: Limits) -> Replies:
    """Have the submission evaluate the cases, and its helpers of the exercise before them."""
    helpers = [calls.Call(name, (HELPERS_Z,)) for name in submission.helpers]
    asked = [submission.call(submission, case, number == 0) for number, case in enumerate(cases)]
    given, printed = calls.make_calls(submission.program, [*helpers, *asked], limits)
    of_helpers, of_cases = given[: len(helpers)], given[len(helpers) :]
    printed = "".join(answer.printed for answer in of_cases) + printed
    return Replies([read_answer(one) for one in of_cases], printed, [one.outputs[:1] for one in of_helpers])


def read_answer(given: calls.Answer) -> Answer:
    """Return what courseport_evaluate.m, or evaluation.py, has told; whoever writes there is not trusted."""
    if given.error:
        message = re.sub(r"^(evalin|feval|error): ", "", " ".join(given.error.split()))
        return Answer(message=message, where=given.where, ended=given.identifier == calls.NO_ANSWER)
    try:
        told = given.outputs[0]
        slope = _numbers(told["slope"])
        return Answer(
            J=_numbers(told["J"]),
            grad=_numbers(told["grad"]),
            J_shape=tuple(map(int, np.ravel(told["J_shape"]))),
            grad_shape=tuple(map(int, np.ravel(told["grad_shape"]))),
            J_class=str(told["J_class"]),
            grad_class=str(told["grad_class"]),
            slope=slope if slope is None or slope.dtype == np.float64 else None,
            seconds=float(np.ravel(told["seconds"])[0]),
            changed=tuple(str(told.get("changed", "")).split()),
            repeats=bool(np.all(told["repeats"])),
            remark=str(told.get("remark", "")),
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return Answer(message="it left no answer that can be read")


def _numbers(told: Any) -> NDArray[Any] | None:
    column = np.ravel(np.asarray(told), order="F")
    return column.astype(np.complex128 if column.dtype.kind == "c" else np.float64) if column.size else None


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
