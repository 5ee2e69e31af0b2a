"""The parts of every assignment, in the order of the handouts."""

from courseport.crosscheck.grade.assignments.ex1 import EX1
from courseport.crosscheck.grade.assignments.ex2 import EX2
from courseport.crosscheck.grade.assignments.ex3 import EX3
from courseport.crosscheck.grade.assignments.ex4 import EX4
from courseport.crosscheck.grade.assignments.ex5 import EX5
from courseport.crosscheck.grade.assignments.ex8 import EX8
from courseport.crosscheck.grade.parts import Part
from courseport.octave.signature import plain_name

ASSIGNMENTS = {"ex1": EX1, "ex2": EX2, "ex3": EX3, "ex4": EX4, "ex5": EX5, "ex8": EX8}


def by_function() -> dict[str, Part]:
    """Return a part by its function's plain name; predict, which two assignments have, is left out."""
    return {
        plain_name(part.function): part
        for parts in ASSIGNMENTS.values()
        for part in parts
        if part.function != "predict" and part.check is None
    }
