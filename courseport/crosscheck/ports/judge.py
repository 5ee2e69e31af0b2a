"""The judgement on a port: which outputs agree, case by case, and what that means for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from courseport.crosscheck.ports.agreement import Comparison, Tolerances, compare_values, largest, numeric_parts
from courseport.crosscheck.ports.conventions import Conventions, Record
from courseport.crosscheck.ports.python_calls import NOT_FOUND
from courseport.crosscheck.ports.recording import Recording
from courseport.crosscheck.ports.report import AGREES, DISAGREES, NOT_RUN, CaseReport, OutputReport
from courseport.crosscheck.running.calls import Answer


class Judge:
    """Compares the outputs of a recording's cases with Python's, each within tolerances that know the other cases.

    Parameters
    ----------
    recording : Recording
    answers : sequence of Answer
        Python's, with the outputs in Octave's order.
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
        self.recording, self.answers, self.conventions = recording, answers, conventions
        self._rtol, self._atol = rtol, atol
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

    def case(self, number: int) -> CaseReport:
        """Judge one case."""
        case, theirs, ours = self.recording.cases[number], self.recording.answers[number], self.answers[number]
        outputs: list[OutputReport] = []
        why = ""
        if theirs.error and ours.error:
            why = "" if self.conventions.errors_agree else "both fail, which agrees with errors_agree=True only"
        elif theirs.error or ours.error:
            why = "Octave fails, and Python does not" if theirs.error else "Python fails, and Octave does not"
        else:
            asked = case.nout is not None and len(ours.outputs) < len(theirs.outputs)
            if asked or (theirs.outputs and not ours.outputs):
                why = f"Octave gives {_outputs(len(theirs.outputs))}, Python {len(ours.outputs)}"
            further = [value for value in ours.outputs[len(theirs.outputs) :] if value is not None]
            if further and len(ours.outputs) <= max(len(self.recording.outputs), 1):
                why = f"Octave sets {_outputs(len(theirs.outputs))} only, Python {len(ours.outputs)}"
            for output, value in enumerate(theirs.outputs[: len(ours.outputs)]):
                parts = tuple(self.compare(number, output, value))
                outputs.append(OutputReport(output_name(self.recording.outputs, output), parts))
        if self.conventions.printed and not why and not theirs.error and _lines(theirs.printed) != _lines(ours.printed):
            pairs = zip([*_lines(theirs.printed), ""], [*_lines(ours.printed), ""], strict=False)
            one, other = next(((a, b) for a, b in pairs if a != b), ("", ""))
            why = f"Octave prints {one[:60]!r}, Python {other[:60]!r}"
        return CaseReport(
            case.name,
            not why and all(output.agrees for output in outputs),
            why,
            tuple(outputs),
            _error(theirs),
            _error(ours),
            (theirs.printed, ours.printed),
            theirs.seconds,
            ours.seconds,
        )


def outputs_of(ours: Answer, theirs: Answer, names: Sequence[str]) -> list[Any]:
    """Return what a Python function returned as outputs in Octave's order.

    A tuple is several outputs, or one vector or cell where Octave declares one; a list is several where Octave's first
    output has no room for it; a dict, where it has the outputs' names; None is none.
    """
    if ours.error or not ours.outputs:
        return []
    (returned,) = ours.outputs
    first = theirs.outputs[0] if theirs.outputs else None
    one = len(names) == 1 and names[0] != "varargout"
    if returned is None:
        return []
    if isinstance(returned, Record):
        return [returned] if isinstance(first, dict) else list(returned.values())
    if isinstance(returned, tuple):
        return [list(returned)] if one and len(returned) != 1 else list(returned)
    if isinstance(returned, list) and len(returned) == len(theirs.outputs) > 1 and _room(first) != len(returned):
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


def verdict(recording: Recording, given: Sequence[Answer], cases: Sequence[CaseReport]) -> tuple[str, str]:
    """Return the status, and what was found in one sentence."""
    count = len(cases)
    failed = [sum(bool(answer.error) for answer in answers) for answers in (recording.answers, given)]
    if given[0].identifier == NOT_FOUND:
        return NOT_RUN, given[0].error
    for language, failures, other, answers in (
        ("Octave", failed[0], failed[1], recording.answers),
        ("Python", failed[1], failed[0], given),
    ):
        if failures == count > other:
            return NOT_RUN, f"{language} fails in every case: {_error(answers[0])}"
    wrong = [case for case in cases if not case.agrees]
    if failed == [count, count] and wrong:
        return NOT_RUN, f"both fail in every case; Octave: {_error(recording.answers[0])}; Python: {_error(given[0])}"
    if wrong:
        outputs = dict.fromkeys(output.name for case in wrong for output in case.outputs if not output.agrees)
        which = f": {', '.join(outputs)}" if outputs else ""
        return DISAGREES, f"{len(wrong)} of {_cases(count)} differ{'s' if len(wrong) == 1 else ''}{which}"
    compared = dict.fromkeys(output.name for case in cases for output in case.outputs)
    if not compared and not any(case.octave_error for case in cases) and not any(case.printed[0] for case in cases):
        return NOT_RUN, "there is nothing to compare: neither function gives an output"
    return AGREES, f"{_cases(count)}, {', '.join(compared) or 'no outputs'}"


def notes_of(recording: Recording, given: Sequence[Answer], split: Sequence[Answer]) -> tuple[str, ...]:
    """Return what is odd about the answers, each thing once."""
    notes = [note for answer in given for note in answer.notes]
    for theirs, ours in zip(recording.answers, split, strict=True):
        declared = len(recording.outputs)
        if not ours.error and not theirs.error and 0 < len(ours.outputs) < len(theirs.outputs):
            notes.append(
                f"Python returns {len(ours.outputs)} of {_outputs(len(theirs.outputs))}; the others were not compared"
            )
        if declared and "varargout" not in recording.outputs and len(ours.outputs) > declared:
            notes.append(f"Python returns {len(ours.outputs)} outputs, of which Octave has the first {declared}")
    return tuple(dict.fromkeys(notes))


def _room(value: Any) -> int:
    """Return how many entries a vector or cell of Octave's has; 0 for anything else."""
    return value.size if isinstance(value, np.ndarray) and (value.size > 1 or value.dtype == object) else 0


def _error(answer: Answer) -> str:
    return f"{answer.error} ({answer.where})" if answer.where else answer.error


def _lines(text: str) -> list[str]:
    """Return the lines that were printed, without blanks at their ends, and without Octave's warnings."""
    lines = [line.rstrip() for line in text.rstrip().split("\n")]
    return [line for line in lines if not line.startswith(("warning: ", "error: called from"))]


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _outputs(count: int) -> str:
    return "1 output" if count == 1 else f"{count} outputs"
