"""A slip: one wrong way to write in NumPy what an Octave function does, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from courseport.crosscheck.ports.slips.code import Change, Code

# The wrong way by a changed source. By the names of functions, or an operator: the Octave code that stands for each,
# where `f` is its name, `in` its arguments, `x` and `y` the first two, and `out` the cell of its outputs; an expression
# gives all outputs. Names after "&" are changed only together with all the others. Or a function that finds the
# changes itself.
Source = Mapping[str, str] | Callable[[Code], list[Change]]
# The wrong way by the outputs: what the port gives where Octave gives `value`, or None where this says nothing.
Output = Callable[[Any], Any]


@dataclass(frozen=True, eq=False)  # each stands once in its table: itself is its identity
class Slip:
    """One slip.

    Attributes
    ----------
    name : str
        A short name that stays the same, for programs.
    meaning : str
        What the port does, in one sentence.
    remedy : str
        What to write in NumPy.
    source : tuple
        The wrong ways by a changed source, each tried in all places at once and in each alone.
    outputs : tuple
        The wrong ways by the outputs.
    """

    name: str
    meaning: str
    remedy: str
    source: tuple[Source, ...] = ()
    outputs: tuple[Output, ...] = ()


class NamedSlip(NamedTuple):
    """The slip of one output, or the two or three that give the same numbers.

    Attributes
    ----------
    name : str
        Its name, such as "population-std"; several are joined by " or ".
    meaning, remedy : str
        What the port does, and what to write in NumPy.
    where : str
        The place in the Octave source, such as "line 3, std"; empty where the outputs told it.
    """

    name: str
    meaning: str
    remedy: str
    where: str = ""


def named(*slips: Slip, where: str = "") -> NamedSlip:
    """Return what is told of a slip, or of several with the same numbers."""
    names = " or ".join(slip.name for slip in slips)
    meaning = " Or: ".join(slip.meaning for slip in slips)
    remedy = " Or: ".join(dict.fromkeys(slip.remedy for slip in slips))
    return NamedSlip(names, meaning, remedy, where)
