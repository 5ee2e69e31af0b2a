"""Calls of functions that are not trusted, in another process: a call that hangs or crashes costs itself alone.

The process makes one call after another and writes each answer to a file of its own. Where it ends before the last
one, the call it was at is answered with how it ended, the other calls of the same function with the same, and the
process is started again for the rest.
"""

from __future__ import annotations

import json
import os
import pickle
import stat
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from courseport.crosscheck.running.limits import Limits, Outcome, run_limited
from courseport.crosscheck.running.scratch import scratch
from courseport.octave.finding import SCRIPTS, find_octave, quoted
from courseport.octave.values import UNREADABLE, encode, read

LARGEST_ANSWER = 1 << 26  # bytes
TOO_LONG = "it took longer than"  # how the answer to a call begins that the time limit has ended
DEFAULTS = Limits()


class Call(NamedTuple):
    """One call: the function's name, its arguments, the outputs asked for, and the folder of functions it is in."""

    function: str
    arguments: tuple[Any, ...]
    nout: int = 1
    place: str = "all"


@dataclass(frozen=True)
class Answer:
    """What a call gave.

    Attributes
    ----------
    outputs : tuple
        The outputs that were set.
    error, where : str
        The error's message, and the function and line it was in; or how the process ended.
    seconds : float
        Time of the call.
    """

    outputs: tuple[Any, ...] = ()
    error: str = ""
    where: str = ""
    seconds: float = 0.0


class Program(NamedTuple):
    """What makes the calls: `prepare(folder)` puts files there, `command(folder)` runs, `encode(call)` is a call."""

    prepare: Callable[[Path], None]
    command: Callable[[Path], list[str]]
    encode: Callable[[Call], bytes]


def make_calls(
    program: Program, calls: Sequence[Call], limits: Limits = DEFAULTS, cancelled: threading.Event | None = None
) -> tuple[list[Answer], str]:
    """Return the answer to each call, and the beginning of what was printed."""
    answers: dict[int, Answer] = {}
    printed = ""
    with scratch() as own:
        program.prepare(own)
        for number, call in enumerate(calls):
            _file(own, "call", number).write_bytes(program.encode(call))
        while len(answers) < len(calls):
            outcome = run_limited(program.command(own), own, limits, cancelled)
            printed = printed or outcome.output
            for number in range(len(calls)):
                if number not in answers and (path := _file(own, "answer", number)).exists():
                    answers[number] = read_answer(path)
            ended_at = next((number for number in range(len(calls)) if number not in answers), None)
            if ended_at is not None:
                stopped = cancelled is not None and cancelled.is_set()
                end = Answer(error=ending(outcome, limits))
                for number, call in enumerate(calls):
                    same = (call.function, call.place) == (calls[ended_at].function, calls[ended_at].place)
                    if number not in answers and (same or stopped):
                        answers[number] = end
                        _file(own, "call", number).unlink()
    return [answers[number] for number in range(len(calls))], printed


def ending(outcome: Outcome, limits: Limits) -> str:
    """Say how a process ended that should have gone on."""
    if outcome.timed_out:
        return f"{TOO_LONG} {limits.seconds:g} s"
    last = outcome.output.strip().rpartition("\n")[2][:80]
    how = f"signal {-outcome.returncode}" if outcome.returncode < 0 else f"exit status {outcome.returncode}"
    return f"it ended the program it ran in ({how})" + (f": {last}" if last else "")


def read_answer(path: Path) -> Answer:
    """Return the answer in a file; one that is no answer is an error of whoever wrote it."""
    try:
        # Whoever is called can put anything there: a pipe would never end, a device has no end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_ANSWER:
                return Answer(error="it left no answer that can be read")
            message, where, seconds, *outputs = read(stream).ravel()
        return Answer(tuple(outputs), str(message), str(where), float(seconds.item()))
    except (OSError, *UNREADABLE):
        return Answer(error="it left no answer that can be read")


def octave_program(
    places: Mapping[str, Sequence[tuple[str, Path]]], folders: Sequence[Path] = (), *, called: Sequence[str] = ()
) -> Program:
    """Return the Octave that makes calls.

    A function that has the name of one of Octave's own, and is not called, is left out: the calling needs Octave's.

    Parameters
    ----------
    places : dict
        By the name of a place, its functions: (name, file). A file is copied under its function's name, which is how
        Octave finds it.
    folders : sequence of Path
        Folders with further functions, found last.
    called : sequence of str
        The functions that are called.
    """
    octave = find_octave()
    names = "{" + ", ".join(f"'{name}'" for name in called) + "}"

    def prepare(folder: Path) -> None:
        (folder / "work").mkdir()
        for place, functions in places.items():
            (folder / "code" / place).mkdir(parents=True)
            for name, file in functions:
                (folder / "code" / place / f"{name}.m").write_bytes(file.read_bytes())
        for number, target in enumerate(folders):  # links: addpath takes a colon for the end of a folder's name
            (folder / f"path{number}").symlink_to(target.resolve())

    def command(folder: Path) -> list[str]:
        paths = "".join(f", {quoted(folder / f'path{number}')}" for number in range(len(folders)))
        start = f"addpath ({quoted(SCRIPTS)}); courseport_unattended (); " + (
            f"addpath ({paths[2:]}, '-end'); " if folders else ""
        )
        places_of_code = quoted(folder / "code")
        start += f"cd ({quoted(folder / 'work')}); courseport_calls ({quoted(folder)}, {places_of_code}, {names});"
        return [octave, "--norc", "--no-history", "--no-window-system", "--quiet", "--eval", start]

    def encoded(call: Call) -> bytes:
        chunks: list[Any] = []
        encode(chunks, [call.function, float(call.nout), call.place, *call.arguments], call.function)
        return b"".join(chunk.data for chunk in chunks)

    return Program(prepare, command, encoded)


def python_program(
    places: Mapping[str, Sequence[tuple[str, str, Path]]], inputs: Mapping[str, Sequence[str]]
) -> Program:
    """Return the Python that makes calls.

    Parameters
    ----------
    places : dict
        By the name of a place, its functions: (name that is called, name in the file, file: a module or a notebook).
    inputs : dict
        By the name that is called, the arguments' names in the order of the calls; a function that takes the same
        names in another order is called in its own.
    """

    def prepare(folder: Path) -> None:
        found = {
            place: [(name, own_name, str(file.resolve())) for name, own_name, file in functions]
            for place, functions in places.items()
        }
        (folder / "functions.json").write_text(json.dumps({"places": found, "inputs": inputs}))

    def command(folder: Path) -> list[str]:
        return [sys.executable, "-m", "courseport.crosscheck.running.calls_worker", str(folder)]

    return Program(
        prepare, command, lambda call: pickle.dumps(tuple(call))
    )  # a call is read by a process that has our rights in any case


def _file(folder: Path, kind: str, number: int) -> Path:
    return folder / f"{kind}_{number:04d}"
