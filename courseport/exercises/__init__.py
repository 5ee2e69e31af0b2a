"""The course's exercises over the library: each step's figures beside the handout's, and its pictures.

Each module has ``run(data=None)``, which returns an `Exercise`; `data` is the folder of a user's own course files.
"""

from __future__ import annotations

from courseport.exercises.record import Exercise, Figure, Step, course_file

__all__ = ["Exercise", "Figure", "Step", "course_file"]
