"""Slips of ports: each is named where it is planted, and none where it is not."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from planted_slips import PLANTED, Port

from courseport.crosscheck.ports.cases import read_cases
from courseport.crosscheck.ports.conventions import USUAL
from courseport.crosscheck.ports.judge import Judge
from courseport.crosscheck.ports.python_calls import call_python
from courseport.crosscheck.ports.recording import Recording
from courseport.crosscheck.ports.slips import SLIPS, NamedSlip, name_slips, octave_runner
from courseport.crosscheck.running.calls import NO_ANSWER, Answer, Call, make_calls, octave_program
from courseport.crosscheck.running.limits import Limits

OUTPUTS = 4
BY_NAME = {planted.name: planted for planted in PLANTED}
Found = dict[tuple[str, str], dict[int, NamedSlip]]
WRONG = [(planted.name, key) for planted in PLANTED for key in planted.wrong]


class Octave:
    """Answers of all planted functions and of their changed sources: few Octave processes for some hundred ports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, dict[str, Path]] = {}
        self.answers: dict[tuple[str, str, int], Answer] = {}
        self.waiting: dict[tuple[str, str, int], Call] = {}
        self.cases = {planted.name: read_cases(planted.cases, ()) for planted in PLANTED}
        for planted in PLANTED:
            own = folder / planted.name
            for name, text in {f"{planted.name}.m": planted.octave, **planted.helpers}.items():
                (own / name).parent.mkdir(parents=True, exist_ok=True)
                (own / name).write_bytes(text.encode("latin-1"))
            self.files[planted.name] = {planted.name: own / f"{planted.name}.m"}
            self.ask(planted.name, self.calls(planted.name), {})
        self.run()

    def calls(self, name: str) -> list[Call]:
        return [Call(name, case.octave, OUTPUTS) for case in self.cases[name]]

    def recording(self, name: str) -> Recording:
        answers = [self.answers[name, name, number] for number in range(len(self.cases[name]))]
        assert not any(answer.error for answer in answers), answers
        source = str(self.files[name][name])
        return Recording(name, source, "", (), "", tuple(self.cases[name]), tuple(answers))

    def ask(self, name: str, calls: Sequence[Call], files: Mapping[str, str]) -> list[Answer]:
        """Return the answers that are there, and note the other calls; of those the answer is an error for now."""
        for own, text in files.items():
            path = self.folder / name / "changed" / f"{own}.m"
            if own not in self.files[name]:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(text.encode("latin-1"))
                self.files[name][own] = path
        keys = [(name, call.function, self.number(name, call)) for call in calls]
        self.waiting |= {key: call for key, call in zip(keys, calls, strict=True) if key not in self.answers}
        return [self.answers.get(key, Answer(error="not asked yet")) for key in keys]

    def number(self, name: str, call: Call) -> int:
        return next(k for k, case in enumerate(self.cases[name]) if case.octave is call.arguments)

    def run(self) -> None:
        places = {name: list(files.items()) for name, files in self.files.items()}
        first = [self.folder / name for name in self.files if BY_NAME[name].helpers]
        calls = [call._replace(place=key[0]) for key, call in self.waiting.items()]
        answers, printed = make_calls(
            octave_program(places, called=tuple(self.files), first=first), calls, Limits(600.0)
        )
        assert len(answers) == len(calls), printed
        self.answers |= dict(zip(self.waiting, answers, strict=True))
        self.waiting.clear()


def named_by(octave: Octave, name: str, port: Port) -> dict[int, NamedSlip]:
    recording = octave.recording(name)
    with np.errstate(all="ignore"):
        given = call_python(port, recording.cases)
    judge = Judge(recording, given, USUAL, None, None)
    return name_slips(
        recording,
        judge.answers,
        judge.same,
        lambda files, calls: octave.ask(name, calls, files),
    )


@pytest.fixture(scope="module")
def octave(tmp_path_factory: pytest.TempPathFactory) -> Octave:
    known = Octave(tmp_path_factory.mktemp("planted"))
    for _ in range(3):  # as often as names are asked for: see _matching_mutants
        for name, key in WRONG:
            named_by(known, name, BY_NAME[name].wrong[key])
        known.run()
    return known


@pytest.fixture(scope="module")
def found(octave: Octave) -> Found:
    """What is named in each wrong port."""
    known = {(name, key): named_by(octave, name, BY_NAME[name].wrong[key]) for name, key in WRONG}
    assert not octave.waiting
    return known


@pytest.mark.parametrize(("name", "key"), WRONG)
def test_a_slip_is_named_where_it_is_planted(found: Found, name: str, key: str) -> None:
    names = {slip.name for slip in found[name, key].values()}
    assert names == (set() if key.startswith("unknown") else set(key.partition("  ")[0].split("+")))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_right_port_has_no_slip(octave: Octave, name: str) -> None:
    assert named_by(octave, name, BY_NAME[name].right) == {}


def of_two(first: Port, second: Port) -> Port:
    """Return the port with the first output of one, and the others of another."""

    def port(*arguments: Any) -> Any:
        return (first(*arguments)[0], *second(*arguments)[1:])

    return port


@pytest.mark.parametrize("name", [planted.name for planted in PLANTED if "[" in planted.octave.partition("=")[0]])
def test_two_slips_in_one_port_are_told_by_output(octave: Octave, found: Found, name: str) -> None:
    wrong = BY_NAME[name].wrong
    for first, second in permutations(list(wrong)[:6], 2):
        for output, slip in named_by(octave, name, of_two(wrong[first], wrong[second])).items():
            assert slip == found[name, second if output else first].get(output), (first, second)


def test_each_slip_of_the_table_stands_once_and_says_what_and_what_to_do() -> None:
    assert len({slip.name for slip in SLIPS}) == len(SLIPS)
    for slip in SLIPS:
        assert slip.name.replace("-", "").isalnum()
        assert slip.name.islower()
        assert slip.meaning.endswith(".")
        assert slip.remedy.endswith(".")
        assert slip.source or slip.outputs


@pytest.mark.octave
def test_an_interruption_ends_the_search_for_slips() -> None:
    cancelled = threading.Event()
    cancelled.set()
    run = octave_runner(limits=Limits(600.0, cancelled=cancelled))
    (answer,) = run({"waits": "function waits ()\nt = tic (); while toc (t) < 5, end\n"}, [Call("waits", (), 0)])
    assert answer.identifier == NO_ANSWER
