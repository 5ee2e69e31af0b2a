"""Finding the slip that gives, in every case, an output of a port that disagrees with Octave."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from courseport.crosscheck.ports.recording import Recording
from courseport.crosscheck.ports.slips.by_outputs import numbers, times_plus
from courseport.crosscheck.ports.slips.code import Code
from courseport.crosscheck.ports.slips.fitted import fitted, pairs_of, single_precision
from courseport.crosscheck.ports.slips.mutants import Mutant, files_of, helpers, mutants, read_code
from courseport.crosscheck.ports.slips.slip import NamedSlip, Output, Slip, named
from courseport.crosscheck.ports.slips.table import FLOAT32, OUTPUTS_EXCHANGED, REVERSED_ORDER, SLIPS
from courseport.crosscheck.running.calls import DEFAULTS, Answer, Call, make_calls, octave_program
from courseport.crosscheck.running.limits import Limits, scratch
from courseport.octave.values import value_bytes

# Makes calls of functions, whose files it gets as text (each byte a character), by their names.
RunMutants = Callable[[Mapping[str, str], Sequence[Call]], Sequence[Answer]]
# ``judge(case, output, value)``: whether the port's output of that case is `value`, one of Octave's values.
Judge = Callable[[int, int, Any], bool]

MOST = 800  # changed sources that are tried
PATIENCE = 60.0  # seconds of the clock for all of them
FOR_EACH = 0.02  # seconds that a changed source costs beside its own time
TOGETHER = 3  # so many slips with the same numbers are told; of more, none
OWN = "courseport_port"  # what a function of Octave's own is called through


def name_slips(
    recording: Recording,
    python_answers: Sequence[Answer],
    judge: Judge,
    run_mutants: RunMutants | None = None,
) -> dict[int, NamedSlip]:
    """Return the slip of each output that disagrees and for which exactly one explanation is found.

    A slip explains an output where it gives the port's value in every case. Slips that give the same numbers are told
    together, up to three of them. A factor or an offset is told only where nothing else explains the output.

    Parameters
    ----------
    recording : Recording
        Octave's cases and answers.
    python_answers : sequence of Answer
        The port's, one for each case.
    judge : callable
        ``judge(case, output, value)`` tells whether the port's output of that case is `value`; both count from 0.
    run_mutants : callable, optional
        Runs changed sources, such as `octave_runner` gives; without it the outputs alone are looked at.
    """
    question = _Question(recording, python_answers, judge)
    if not question.wrong:
        return {}
    codes, function = _codes(recording)
    found: dict[int, list[Mutant]] = {output: [] for output in question.wrong}
    if run_mutants is not None and codes:
        for mutant, output in _matching_mutants(question, codes, function, run_mutants):
            found[output].append(mutant)
    for output in question.wrong:
        found[output] += map(Mutant, _matching_outputs(question, output))
    text = "\n".join(code.text for code in codes.values())
    told = {
        output: _told(matches) if matches else _described(question, output, text) for output, matches in found.items()
    }
    # A few whole numbers fit by chance: they are not named beside an output that nothing explains.
    sure = all(told.values())
    return {output: slip for output, slip in told.items() if slip and (sure or not question.few_whole_numbers(output))}


def octave_runner(*, first: Sequence[Path] = (), setup: str = "", limits: Limits = DEFAULTS) -> RunMutants:
    """Return what runs changed sources in one Octave process, ended after `PATIENCE` seconds.

    Parameters
    ----------
    first, setup
        As `octave_program` takes them.
    limits : Limits
        Those of the function itself.
    """

    def run(files: Mapping[str, str], calls: Sequence[Call]) -> Sequence[Answer]:
        cancelled = threading.Event()
        timer = threading.Timer(PATIENCE, cancelled.set)
        timer.daemon = True
        timer.start()
        within = replace(limits, seconds=min(limits.seconds, PATIENCE / 2))
        try:
            with scratch() as folder:
                paths = [(name, folder / f"{name}.m") for name in files]
                for name, path in paths:
                    path.write_bytes(files[name].encode("latin-1"))
                program = octave_program({"all": paths}, first=first, setup=setup)
                return make_calls(program, calls, within, cancelled)[0]
        finally:
            timer.cancel()

    return run


class _Question:
    """The cases, the answers of both sides, and the outputs that disagree."""

    def __init__(self, recording: Recording, python_answers: Sequence[Answer], judge: Judge) -> None:
        self.recording = recording
        self.right = recording.answers
        self.theirs = python_answers
        self.agrees = judge
        # Where Octave gives an error there is nothing to explain.
        self.cases = [case for case, answer in enumerate(self.right) if not answer.error]
        answered = [case for case in self.cases if not python_answers[case].error]
        count = min((min(len(self.right[k].outputs), len(self.theirs[k].outputs)) for k in answered), default=0)
        self.wrong = {
            output: different
            for output in range(count)
            if (
                different := [
                    case for case in answered if not self.agrees(case, output, self.right[case].outputs[output])
                ]
            )
            and self._telling(different, output)
        }

    def explained(self, case: int, output: int, answer: Answer) -> bool:
        """Tell whether an answer is the port's: the same output, or an error on both sides."""
        if self.theirs[case].error or answer.error:
            return bool(self.theirs[case].error) and bool(answer.error)
        return len(answer.outputs) > output and self.agrees(case, output, answer.outputs[output])

    def gives(self, output: int, value: Callable[[int], Any]) -> bool:
        """Tell whether a way by the outputs gives what the port gave, in every case."""
        return not any(self.theirs[case].error for case in self.cases) and all(
            self.agrees(case, output, value(case)) for case in self.cases
        )

    def few_whole_numbers(self, output: int) -> bool:
        """Tell whether the output is less than four whole numbers, in all cases that disagree."""
        values = [numbers(self.right[case].outputs[output]) for case in self.wrong[output]]
        whole = all(value is not None and np.all(value == np.round(value)) for value in values)
        return whole and sum(value.size for value in values if value is not None) < 4

    def _telling(self, different: Sequence[int], output: int) -> bool:
        """Tell whether the difference is more than one truth value: that one would fit half of all slips."""
        values = [numbers(self.right[case].outputs[output]) for case in different]
        logical = all(value is not None and value.dtype.kind == "b" and value.size == 1 for value in values)
        return not logical or len(different) > 1


def _codes(recording: Recording) -> tuple[dict[str, Code], str]:
    """Return the code of the function and of the functions beside it, and the name it is called by."""
    if not recording.source:
        own = f"function varargout = {OWN} (varargin)\n"
        return {
            OWN: Code(f"{own}[varargout{{1:max (1, nargout)}}] = {recording.function} (varargin{{:}});\nend\n")
        }, OWN
    path = Path(recording.source)
    codes: dict[str, Code] = {}
    with contextlib.suppress(OSError):
        codes[path.stem] = read_code(path)
        codes.update(helpers(path, codes[path.stem]))
    return codes, path.stem


def _matching_mutants(
    question: _Question, codes: Mapping[str, Code], function: str, run_mutants: RunMutants
) -> Iterator[tuple[Mutant, int]]:
    """Yield the changed sources, and of each the outputs that it gives as the port does in every case."""
    seconds = {case: question.right[case].seconds for case in question.cases}
    probes = sorted({min(different, key=seconds.__getitem__) for different in question.wrong.values()})
    rest = [case for case in question.cases if case not in probes]
    families = [[Mutant()], [Mutant(FLOAT32, single=True)]]
    families += [family for slip in SLIPS for family in mutants(slip, codes)]
    tried = {f"{OWN}_{k}_{j}": mutant for k, family in enumerate(families) for j, mutant in enumerate(family)}
    most = max(20, min(MOST, int(PATIENCE / 2 / (FOR_EACH + 3 * sum(seconds[case] for case in probes)))))
    answers: dict[tuple[str, int], Answer] = {}

    def ask(wanted: Sequence[tuple[str, int]]) -> None:
        calls = [
            Call(mark, question.recording.cases[case].octave, len(question.right[case].outputs))
            for mark, case in wanted
        ]
        files: dict[str, str] = {}
        for mark in dict.fromkeys(mark for mark, _ in wanted):
            files.update(files_of(tried[mark], function, codes, mark))
        answers.update(zip(wanted, run_mutants(files, calls) if calls else (), strict=True))

    def fits(mark: str, cases: Sequence[int]) -> set[int]:
        return {
            output
            for output in question.wrong
            if all(question.explained(case, output, answers[mark, case]) for case in cases)
        }

    # First each slip in all its places, and the function as it stands, in a case that disagrees for each output.
    whole = [mark for mark in tried if mark.endswith("_0")][:most]
    ask([(mark, case) for mark in whole for case in probes])
    control = whole[0]
    # What changes nothing there changes nothing in a part of the places either.
    bare = [_held_by(answers[control, case]) for case in probes]
    idle = {
        mark.removesuffix("_0")
        for mark in whole
        if [_held_by(answers[mark, case]) for case in probes] == bare and mark != control
    }
    parts = [mark for mark in tried if not mark.endswith("_0") and mark.rpartition("_")[0] not in idle]
    parts = parts[: max(0, most - len(whole))]
    left = [mark for mark in whole if mark == control or fits(mark, probes)]
    ask([*((mark, case) for mark in left for case in rest), *((mark, case) for mark in parts for case in probes)])
    also = [mark for mark in parts if fits(mark, probes)]
    ask([(mark, case) for mark in also for case in rest])
    # A function that does not repeat itself, by its state, the time or random numbers, is no evidence.
    repeated = {
        output
        for output in question.wrong
        if all(
            question.explained(case, output, answers[control, case])
            == question.explained(case, output, question.right[case])
            for case in question.cases
        )
    }
    for mark in [*left[1:], *also]:
        yield from ((tried[mark], output) for output in sorted(fits(mark, question.cases) & repeated))


def _held_by(answer: Answer) -> bytes | str:
    """Return what an answer holds in a form that compares."""
    return answer.error or value_bytes(answer.outputs)


def _matching_outputs(question: _Question, output: int) -> Iterator[Slip]:
    """Yield the slips that the outputs alone tell of."""

    def gives(way: Output) -> bool:
        return question.gives(output, lambda case: way(question.right[case].outputs[output]))

    found = dict.fromkeys(slip for slip in SLIPS for way in slip.outputs if gives(way))
    # Of a square matrix row by row and transposed are the same.
    yield from (slip for slip in found if slip.name != "row-major" or not any(s.name == "transposed" for s in found))
    pairs = _pairs(question, output)
    if pairs and single_precision(pairs):
        yield FLOAT32


def _told(matches: Sequence[Mutant]) -> NamedSlip | None:
    """Return the slip, or the few with the same numbers; the place is the narrowest one that was found."""
    alone = [match for match in matches if not match.combined]
    # The causes come before what only describes the output.
    slips = list(dict.fromkeys(match.slip for match in sorted(alone or matches, key=_rank) if match.slip is not None))
    written = {match.where for match in alone or matches if not match.where.startswith(f"{OWN}.m")}
    places = sorted(written - {""}, key=lambda where: where.count(","))
    narrowest = [where for where in places if where.count(",") == places[0].count(",")]
    return named(*slips, where=" or ".join(narrowest[:2])) if len(slips) <= TOGETHER else None


def _rank(match: Mutant) -> tuple[bool, int]:
    return not match.where, [None, *SLIPS, FLOAT32].index(match.slip)


def _described(question: _Question, output: int, text: str) -> NamedSlip | None:
    """Return what is told where no slip explains an output: a factor, an offset, another order, another output."""
    pairs = _pairs(question, output)
    if pairs:

        def gives(of_case: Callable[[int], tuple[float, float]]) -> bool:
            values = {
                case: times_plus(question.right[case].outputs[output], *of_case(place))
                for place, case in enumerate(question.cases)
            }
            return question.gives(output, values.__getitem__)

        with np.errstate(all="ignore"):
            if (slip := fitted(pairs, gives, text)) is not None:
                return slip
    for way in REVERSED_ORDER.outputs:
        if question.gives(output, lambda case, way=way: way(question.right[case].outputs[output])):  # type: ignore[misc] # bound at once
            return named(REVERSED_ORDER)
    for place in set(range(min(len(question.right[case].outputs) for case in question.cases))) - {output}:
        if question.gives(output, lambda case, place=place: question.right[case].outputs[place]):  # type: ignore[misc] # bound at once
            return named(OUTPUTS_EXCHANGED)
    return None


def _pairs(question: _Question, output: int) -> Any:
    if any(question.theirs[case].error for case in question.cases):
        return None
    return pairs_of(
        [question.right[case].outputs[output] for case in question.cases],
        [question.theirs[case].outputs[output] for case in question.cases],
        [question.recording.cases[case].octave for case in question.cases],
    )
