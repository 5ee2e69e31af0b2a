"""What was found of a port: the verdict, each case and output, and the slips that were named."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from courseport.crosscheck.ports.agreement import Comparison
from courseport.crosscheck.ports.numeric import Worst

AGREES, DISAGREES, NOT_RUN = "agrees", "disagrees", "could not be run"
WIDTH = 100  # characters of a line
LINES = 25


@dataclass(frozen=True)
class OutputReport:
    """One output of one case.

    Attributes
    ----------
    name : str
        As the .m file calls it.
    parts : tuple of Comparison
        Of a cell or struct, each part of it; otherwise one.
    """

    name: str
    parts: tuple[Comparison, ...]

    @property
    def agrees(self) -> bool:
        """Whether all parts do."""
        return all(part.agrees for part in self.parts)

    @property
    def worst(self) -> Comparison:
        """The part that differs, by numbers the one that differs most; or the one that comes nearest to it."""
        return max(self.parts, key=lambda part: (not part.agrees, part.worst.relative if part.worst else 0.0))


@dataclass(frozen=True)
class CaseReport:
    """One case: what both functions gave.

    Attributes
    ----------
    name : str
    agrees : bool
    why : str
        Why it does not, where that is not in an output.
    ran : bool
        False where that could not be found out, because a function or what it needs was not there or did not end.
    outputs : tuple of OutputReport
    octave_error, python_error : str
        Empty where the function returned.
    printed : tuple of str
        What Octave's function printed, and Python's.
    octave_seconds, python_seconds : float
    """

    name: str
    agrees: bool
    why: str = ""
    ran: bool = True
    outputs: tuple[OutputReport, ...] = ()
    octave_error: str = ""
    python_error: str = ""
    printed: tuple[str, str] = ("", "")
    octave_seconds: float = 0.0
    python_seconds: float = 0.0

    @property
    def words(self) -> list[str]:
        """What differs, a line each: why the case as a whole does not agree, and each output that does not."""
        if self.agrees:
            return []
        bad = [f"{output.name}{output.worst.path}: {output.worst.why}" for output in self.outputs if not output.agrees]
        both = (("Octave", self.octave_error), ("Python", self.python_error))
        errors = [f"{side}: {error}" for side, error in both if error and error not in self.why]
        return [*filter(None, [self.why]), *errors, *bad]


@dataclass(frozen=True)
class PortReport:
    """Whether a Python function does what an Octave function does.

    ``str()`` of it is what a test prints, `as_dict()` is what JSON takes.

    Attributes
    ----------
    octave, python : str
        The functions.
    status : str
        "agrees", "disagrees" or "could not be run".
    finding : str
        What was found, in one sentence.
    cases : tuple of CaseReport
    slips : mapping
        By the name of an output, the slip that gives it in every case.
    notes : tuple of str
        What is odd, and no disagreement.
    """

    octave: str
    python: str
    status: str
    finding: str
    cases: tuple[CaseReport, ...] = ()
    slips: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether all outputs agree in all cases."""
        return self.status == AGREES

    @property
    def exit_status(self) -> int:
        """0 where the port agrees, 1 where it does not, 2 where that could not be found out."""
        return {AGREES: 0, DISAGREES: 1, NOT_RUN: 2}[self.status]

    @property
    def slip(self) -> str | None:
        """The name of the slip, or of several with commas; None where none is known."""
        return ", ".join(dict.fromkeys(slip.name for slip in self.slips.values())) or None

    @property
    def why(self) -> str:
        """The verdict's reason in one line: the slips where they are known, and else what was found."""
        named = [f"{name}: {slip.name}" for name, slip in self.slips.items()]
        return f"{self.finding} ({'; '.join(named)})" if named else self.finding

    def as_dict(self) -> dict[str, Any]:
        """Return the report as numbers, text, lists and dicts that strict JSON takes; what is not finite is text."""
        slips = {
            name: {key: getattr(slip, key) for key in ("name", "meaning", "remedy", "where")}
            for name, slip in self.slips.items()
        }
        found = {**{key.name: getattr(self, key.name) for key in dataclasses.fields(self)}, "slips": slips}
        result = _strict({**found, "agrees": self.agrees, "slip": self.slip, "exit_status": self.exit_status})
        return dict(result)

    def __str__(self) -> str:
        lines = [f"{self.octave} and {self.python}: {self.status}", f"  {self.finding}"]
        for name, slip in self.slips.items():
            place = f" ({slip.where})" if slip.where else ""
            lines += [f"  {name}: {slip.name}: {slip.meaning}{place}", f"    {slip.remedy}"]
        # Where the finding tells the one error of all cases, it is not told again for each.
        failed = [
            case for case in self.cases if not case.agrees and not all(word in self.finding for word in case.words)
        ]
        for case in failed[:4]:
            lines += [f"  {case.name}:", *(f"    {one}" for one in case.words[:4])]
        if len(failed) > 4:
            lines.append(f"  and {len(failed) - 4} cases more: {', '.join(case.name for case in failed[4:8])}")
        if self.agrees:
            lines += self._margins()
        lines += [f"  note: {note}" for note in self.notes]
        cut = [line if len(line) <= 2 * WIDTH else f"{line[: 2 * WIDTH - 4]} ..." for line in lines]
        return "\n".join(cut if len(cut) <= LINES else [*cut[: LINES - 1], f"  and {len(cut) - LINES + 1} lines more"])

    def _margins(self) -> list[str]:
        """Say of each output how far apart the two functions came at the most."""
        worst: dict[str, Worst] = {}
        for case in self.cases:
            for output in case.outputs:
                for part in output.parts:
                    if part.worst and (output.name not in worst or part.worst.relative > worst[output.name].relative):
                        worst[output.name] = part.worst
        return [
            f"  {name}: at the most {found.absolute:.2g} apart (relative {found.relative:.2g}, {found.ulp:.2g} ulp)"
            if found.absolute
            else f"  {name}: equal"
            for name, found in list(worst.items())[:8]
        ]


def _strict(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        found = {key.name: _strict(getattr(value, key.name)) for key in dataclasses.fields(value)}
        return {**found, "agrees": value.agrees} if hasattr(value, "agrees") else found
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _strict(value._asdict())
    if isinstance(value, Mapping):
        return {str(name): _strict(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(part) for part in value]
    if isinstance(value, np.generic):
        return _strict(value.item())
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)
