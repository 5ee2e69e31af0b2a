"""Grading: every graded function of the course's assignments, checked at once, for one student or for a class."""

from courseport.crosscheck.grade.grade import grade, grade_functions
from courseport.crosscheck.grade.record import Grade, PartGrade
from courseport.crosscheck.grade.roster import common_mistakes, grade_class, names_of

__all__ = ["Grade", "PartGrade", "common_mistakes", "grade", "grade_class", "grade_functions", "names_of"]
