"""The grades of what was handed in: of each part, and of all."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from courseport.crosscheck.grade.judge import FAILED, NOT_DONE, RIGHT


@dataclass(frozen=True)
class PartGrade:
    """The grade of one part.

    Attributes
    ----------
    exercise, part, function : str
        "ex1", what the handout calls the part, and the function it is in.
    status : str
        "right", "wrong", "not done yet" or "could not be run".
    points, of : int
        What it gets, and what the handout gives for it.
    why, remedy, mistake : str
        What is wrong, what to do, and the known mistake's name.
    notes : tuple of str
        What is odd and costs no points.
    """

    exercise: str
    part: str
    function: str
    status: str
    points: int
    of: int
    why: str = ""
    remedy: str = ""
    mistake: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grade:
    """The grades of what was handed in.

    Attributes
    ----------
    source : str
        The folder or file.
    parts : tuple of PartGrade
        In the order of the handouts.
    error : str
        Why nothing could be graded; else empty.
    """

    source: str
    parts: tuple[PartGrade, ...] = ()
    error: str = ""

    @property
    def points(self) -> int:
        """The points of all parts."""
        return sum(part.points for part in self.parts)

    @property
    def of(self) -> int:
        """The points there are."""
        return sum(part.of for part in self.parts)

    @property
    def exit_status(self) -> int:
        """Return 0 where every part that gives points is right, 1 where one is not, 2 where one could not be run."""
        statuses = {part.status for part in self.parts if part.of}
        if self.error or (FAILED in statuses and statuses <= {FAILED, NOT_DONE}):
            return 2
        return 0 if statuses <= {RIGHT} else 1

    def __str__(self) -> str:
        """Return a line a part, and what to do about it."""
        if self.error:
            return f"could not be graded: {self.error}"
        lines = [
            f"{part.status:17} {part.exercise} {part.part}"
            + (f", {part.points} of {part.of}" if part.of else "")
            + "".join(f"\n    {text}" for text in (part.why, part.remedy) if text)
            for part in self.parts
        ]
        return "\n".join([*lines, f"{self.points} of {self.of} points"])

    def as_dict(self) -> dict[str, Any]:
        """Return the grades as plain values, for JSON."""
        found: dict[str, Any] = {"points": self.points, "of": self.of, "parts": [asdict(part) for part in self.parts]}
        return {"error": self.error, **found} if self.error else found
