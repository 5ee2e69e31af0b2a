"""The judgement on a port: which outputs agree, case by case, and what that means for the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from courseport.crosscheck.ports.agreement import Comparison, compare_values, numeric_parts
from courseport.crosscheck.ports.conventions import Conventions, Record, cannot_cross
from courseport.crosscheck.ports.numeric import Tolerances, largest
from courseport.crosscheck.ports.python_calls import NOT_FOUND
from courseport.crosscheck.ports.recording import Recording
from courseport.crosscheck.ports.report import AGREES, DISAGREES, NOT_RUN, CaseReport, OutputReport, PortReport
from courseport.crosscheck.running.calls import NO_ANSWER, Answer


class Judge:
    """Compares the outputs of a recording's cases with Python's, each within tolerances that know the other cases.

    Parameters
    ----------
    recording : Recording
    answers : sequence of Answer
        Python's; the attribute `answers` has them with the outputs in Octave's order.
    conventions : Conventions
    rtol, atol : float or None
    """

    def __init__(
        self,
        recording: Recording,
        answers: Sequence[Answer],
        conventions: Conventions,
        rtol: float | None,
        atol: float | None,
    ) -> None:
        self.recording, self.conventions, self._given = recording, conventions, answers
        self.answers = [
            replace(ours, outputs=tuple(outputs_of(ours, theirs, recording.outputs)))
            for ours, theirs in zip(answers, recording.answers, strict=True)
        ]
        self._rtol, self._atol = rtol, atol
        self._most = max((len(answer.outputs) for answer in self.answers), default=0)
        self._both_run = all(any(not answer.error for answer in side) for side in (recording.answers, answers))
        self._arguments = [
            max((largest(part) for value in case.octave for _, part in numeric_parts(value)), default=0.0)
            for case in recording.cases
        ]
        self._scales: dict[int, dict[str, float]] = {}
        for answer in recording.answers:
            for output, value in enumerate(answer.outputs):
                scales = self._scales.setdefault(output, {})
                for path, part in numeric_parts(value):
                    scales[path] = max(scales.get(path, 0.0), largest(part))

    def compare(self, case: int, output: int, value: Any) -> list[Comparison]:
        """Compare Python's output of a case with a value of Octave's."""
        tolerances = Tolerances(self._rtol, self._atol, self._scales.get(output, {}), self._arguments[case])
        return compare_values(value, self.answers[case].outputs[output], self.conventions, tolerances)

    def same(self, case: int, output: int, value: Any) -> bool:
        """Tell whether Python's output of a case is this value of Octave's."""
        there = not self.answers[case].error and output < len(self.answers[case].outputs)
        return there and all(part.agrees for part in self.compare(case, output, value))

    def report(self, python: str) -> PortReport:
        """Judge all cases; `python` is what the function is called."""
        cases = tuple(map(self.case, range(len(self.recording.cases))))
        octave = Path(self.recording.source).name or self.recording.function
        status, finding = verdict(cases, printed=self.conventions.printed)
        return PortReport(octave, python, status, finding, cases, notes=self._notes())

    def _notes(self) -> tuple[str, ...]:
        """Return what is odd about the answers, each thing once."""
        names = self.recording.outputs
        notes = [*self.recording.notes, *(note for answer in self._given for note in answer.notes)]
        for theirs, ours in zip(self.recording.answers, self.answers, strict=True):
            for output, value in enumerate(theirs.outputs):
                if kind := cannot_cross(value):
                    notes.append(f"{output_name(names, output)} is a {kind}, which cannot be compared")
            given, count = len(ours.outputs), len(theirs.outputs)
            if not ours.error and not theirs.error and 0 < given < count:
                notes.append(f"Python returns {given} of {_outputs(count)}; the others were not compared")
            if names and "varargout" not in names and given > len(names):
                notes.append(f"Python returns {given} outputs, of which Octave has the first {len(names)}")
        return tuple(dict.fromkeys(notes))

    def case(self, number: int) -> CaseReport:
        """Judge one case."""
        case, theirs, ours = self.recording.cases[number], self.recording.answers[number], self.answers[number]
        outputs: list[OutputReport] = []
        why = not_run(theirs, "Octave") or not_run(ours, "Python")
        # Where both fail, an argument may be missing for both; unless one of the functions is never there.
        both = theirs.error and ours.error and self._both_run
        ran = not why or bool(both and NO_ANSWER not in (theirs.identifier, ours.identifier))
        if not ran:
            pass
        elif theirs.error and ours.error:
            told = f"both fail, which agrees where errors_agree is true only: {error_of(theirs)}"
            why = "" if self.conventions.errors_agree else told
        elif theirs.error or ours.error:
            one, other = ("Octave", "Python") if theirs.error else ("Python", "Octave")
            why = f"{one} fails, and {other} does not: {error_of(theirs) or error_of(ours)}"
        else:
            count, given = len(theirs.outputs), len(ours.outputs)
            # Fewer outputs than Octave's are a choice of the port's, but not in some cases only.
            if given < count and (case.nout is not None or not given or given < self._most):
                why = f"Octave gives {_outputs(count)}, Python {given}"
            further = any(value is not None for value in ours.outputs[count : case.nout])
            if further and given <= len(self.recording.outputs):
                why = f"Octave sets {_outputs(count)} only, Python {given}"
            for output, value in enumerate(theirs.outputs[:given]):
                if not cannot_cross(value):
                    parts = tuple(self.compare(number, output, value))
                    outputs.append(OutputReport(output_name(self.recording.outputs, output), parts))
        if self.conventions.printed and not why and not theirs.error:
            why = _printed_apart(theirs.printed, ours.printed)
        return CaseReport(
            case.name,
            not why and all(output.agrees for output in outputs),
            why,
            ran,
            tuple(outputs),
            error_of(theirs),
            error_of(ours),
            (theirs.printed, ours.printed),
            theirs.seconds,
            ours.seconds,
        )


def not_run(answer: Answer, language: str) -> str:
    """Return why an error says nothing about the function, but that it could not be called as it is; else nothing."""
    if not answer.error:
        return ""
    if language == "Octave":
        there = answer.identifier in ("Octave:undefined-function", "courseport:unattended", "Octave:bad-input-file")
        words = ("parse error", "out of memory", "package ", "the setup code failed", "feval: function '")
        there = there or answer.error.startswith(words) or "called with too many inputs" in answer.error
    else:
        kinds = (NOT_FOUND, "ImportError", "ModuleNotFoundError", "SyntaxError", "NotImplementedError", "MemoryError")
        # A TypeError without a place in the function: it takes other arguments.
        there = answer.identifier in kinds or (answer.identifier == "TypeError" and not answer.where)
    there = there or answer.identifier == NO_ANSWER
    return f"{language} could not run it: {error_of(answer)}" if there else ""


def outputs_of(ours: Answer, theirs: Answer, names: Sequence[str]) -> list[Any]:
    """Return what a Python function returned as outputs in Octave's order.

    A tuple is several outputs, or one vector or cell where Octave declares one; a list is several where Octave's first
    output has no room for it; a dict, where it has the outputs' names; None is [], or none where Octave gives none.
    """
    if ours.error or not ours.outputs:
        return []
    (returned,) = ours.outputs
    first = theirs.outputs[0] if theirs.outputs else None
    one = len(names) == 1 and names[0] != "varargout"
    if returned is None:
        return [None] if theirs.outputs else []
    if isinstance(returned, Record):
        return [returned] if isinstance(first, dict) else list(returned.values())
    if isinstance(returned, tuple):
        return [list(returned)] if one and len(returned) != 1 else list(returned)
    if isinstance(returned, list) and len(returned) == len(theirs.outputs) > 1 and not _holds(first, returned):
        return list(returned)
    if isinstance(returned, dict) and not isinstance(first, dict) and names and all(name in returned for name in names):
        return [returned[name] for name in names[: len(theirs.outputs)]]
    return [returned]


def output_name(names: Sequence[str], output: int) -> str:
    """Return what the .m file calls an output, counted from 0."""
    if output < len(names) and names[output] != "varargout":
        return names[output]
    if names and names[-1] == "varargout":
        return f"varargout{{{output - len(names) + 2}}}"
    return f"output {output + 1}"


def verdict(cases: Sequence[CaseReport], *, printed: bool) -> tuple[str, str]:
    """Return the status, and what was found in one sentence; `printed` tells whether that was compared."""
    count = "1 case" if len(cases) == 1 else f"{len(cases)} cases"
    wrong = [case for case in cases if case.ran and not case.agrees]
    if wrong:
        outputs = dict.fromkeys(output.name for case in wrong for output in case.outputs if not output.agrees)
        which = ", ".join(outputs) or wrong[0].why
        return DISAGREES, f"{len(wrong)} of {count} differ{'s' if len(wrong) == 1 else ''}: {which}"
    if lost := [case for case in cases if not case.ran]:
        where = "" if len(lost) == len(cases) else f"{lost[0].name}: "
        return NOT_RUN, f"{where}{lost[0].why}"
    compared = dict.fromkeys(output.name for case in cases for output in case.outputs)
    failed = sum(bool(case.octave_error) for case in cases)
    if not compared and not failed and not (printed and any(case.printed[0] for case in cases)):
        return NOT_RUN, "there is nothing to compare: no output that both give; printed=True compares what they print"
    errors = f", {failed} with an error in both" if failed else ""
    return AGREES, f"{count}{errors}: {', '.join(compared) or 'no outputs'}"


def _holds(value: Any, parts: list[Any]) -> bool:
    """Tell whether a value of Octave's is a cell or vector that the parts of a list may be meant for."""
    if not isinstance(value, np.ndarray) or value.size != len(parts):
        return False
    return value.dtype == object or not any(isinstance(part, (list, np.ndarray)) for part in parts)


def error_of(answer: Answer) -> str:
    """Return an error as one line, with its place, and without Octave's invitation to contribute."""
    text = " ".join(answer.error.partition("Please read <")[0].split())
    return f"{text} ({answer.where})" if answer.where else text


def _printed_apart(octave: str, python: str) -> str:
    """Say where what was printed differs, or nothing."""
    theirs, ours = _lines(octave), _lines(python)
    size = max(len(theirs), len(ours))
    for one, other in zip(theirs + [""] * (size - len(theirs)), ours + [""] * (size - len(ours)), strict=True):
        if one != other:
            return f"Octave prints {one[:60]!r}, Python {other[:60]!r}"
    return ""


def _lines(text: str) -> list[str]:
    """Return the lines that were printed, without blanks at their ends, and without Octave's warnings."""
    warned = re.compile(r"(warning|error): .*|    \S+ at line \d+ column \d+")
    lines = [line.rstrip() for line in text.rstrip().split("\n")]
    return [line for line in lines if not warned.fullmatch(line)]


def _outputs(count: int) -> str:
    return "1 output" if count == 1 else f"{count} outputs"
