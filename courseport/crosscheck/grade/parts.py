"""What a part of an assignment is: the function, what it is worth, the cases it is judged on, and known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

Outputs = tuple[Any, ...]


class Case(NamedTuple):
    """One call.

    Attributes
    ----------
    name : str
        What it shows, as it reads after "for".
    arguments : tuple
        In the assignment's order: floats, and arrays of two dimensions.
    required : bool
        Whether a wrong answer costs the part; where not, it is told as a note.
    """

    name: str
    arguments: tuple[Any, ...]
    required: bool = True


class Mistake(NamedTuple):
    """A known mistake: what it is, what to do, and the wrong outputs it gives for a call's arguments.

    Where it has no outputs of its own, `seen(arguments, outputs)` tells whether it has given these.
    """

    name: str
    remedy: str
    wrong: Callable[..., Outputs]
    seen: Callable[[tuple[Any, ...], Outputs], bool] | None = None


@dataclass(frozen=True)
class Part:
    """A graded part.

    Attributes
    ----------
    exercise, title, function : str
        "ex1", what the handout calls it, and the function it is in.
    points : int
        What the handout gives for it; 0 for an optional one.
    inputs : tuple of str
        The names of the arguments, in the assignment's order.
    ours : callable
        ``ours(*arguments)`` returns the right outputs, in the shapes of the assignment.
    cases : tuple of Case
    judged : tuple of int
        The outputs that count, from 0.
    outputs : int
        How many outputs the function is asked for.
    mistakes : tuple of Mistake
    kind : str
        Of a cost function "network", "logistic", "linear" or "cofi": its mistakes are those of the cross-check.
    rtol : float
        Largest difference, relative to the largest number of the output.
    without : int or None
        For a part about a penalty: the argument, lambda, that is 0 where there is none. An answer that is the same with
        and without it is a part that is not done yet, and one whose change by it is right is right.
    accepted : tuple of Mistake
        Other ways that are right, too; the name is told as a note.
    check : callable or None
        ``check(outputs of every case)`` says what is wrong, or nothing: for a part that has no single right answer.
    """

    exercise: str
    title: str
    function: str
    points: int
    inputs: tuple[str, ...]
    ours: Callable[..., Outputs]
    cases: tuple[Case, ...]
    judged: tuple[int, ...] = (0,)
    outputs: int = 1
    mistakes: tuple[Mistake, ...] = ()
    kind: str = ""
    rtol: float = 1e-8
    without: int | None = None
    accepted: tuple[Mistake, ...] = ()
    check: Callable[[list[Outputs]], str] | None = None
