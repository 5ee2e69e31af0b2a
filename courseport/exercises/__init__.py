"""The course's exercises over the library: each step's figures beside the expected ones, and its pictures.

Each module has ``run(data=None)``, which returns an `Exercise`; `data` is the folder of a user's own course files. The
figures expected are then the course's. A folder that holds none of them, or a file that is not what is expected, is an
error. Where a file is not there, shipped or made-up data take its place, and the figures expected come from NumPy and
SciPy, by another route than ours.
"""

from courseport.exercises.record import Exercise, Figure, Step, check_answer, course_file

__all__ = ["Exercise", "Figure", "Step", "check_answer", "course_file"]
