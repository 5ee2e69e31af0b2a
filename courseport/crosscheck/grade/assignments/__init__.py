"""The parts of every assignment, in the order of the handouts."""

from courseport.crosscheck.grade.assignments.ex1 import EX1
from courseport.crosscheck.grade.assignments.ex2 import EX2
from courseport.crosscheck.grade.assignments.ex3 import EX3
from courseport.crosscheck.grade.assignments.ex4 import EX4
from courseport.crosscheck.grade.assignments.ex5 import EX5
from courseport.crosscheck.grade.assignments.ex8 import EX8

ASSIGNMENTS = {"ex1": EX1, "ex2": EX2, "ex3": EX3, "ex4": EX4, "ex5": EX5, "ex8": EX8}
