"""Calls of functions that are not trusted, in another process: a call that hangs or crashes costs itself alone.

The process makes one call after another and writes each answer to a file of its own. Where it ends before the last
one, the call it was at is answered with how it ended, and the process is started again for the rest. A function that
keeps ending it is given up.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import stat
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from courseport.crosscheck.running.limits import LARGEST_FILE, Limits, Outcome, run_limited, scratch
from courseport.crosscheck.running.stand_ins import DRAWING, write_stand_ins
from courseport.octave.finding import SCRIPTS, batch_command, find_octave, quoted
from courseport.octave.values import UNREADABLE, encode, read

NO_ANSWER = "courseport:no-answer"  # the identifier where the process ended, or left something else
TOO_LONG = "it did not end within"  # how the error of such an answer begins where the time limit was reached
MEMORY = r"out of memory|Cannot allocate|MemoryError|bad_alloc"  # what a program says that has reached the other limit
DEFAULTS = Limits()


class Call(NamedTuple):
    """One call: the function's name, its arguments, the outputs asked for, and the folder of functions it is in.

    Only a Python function takes `keywords`.
    """

    function: str
    arguments: tuple[Any, ...]
    nout: int = 1
    place: str = "all"
    keywords: Mapping[str, Any] = {}


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
    identifier : str
        The identifier of an Octave error, the class of a Python one; empty where it has none.
    printed : str
        What the call printed, as far as it was caught: up to 100,000 characters.
    notes : tuple of str
        What else is to be told of the call.
    """

    outputs: tuple[Any, ...] = ()
    error: str = ""
    where: str = ""
    seconds: float = 0.0
    identifier: str = ""
    printed: str = ""
    notes: tuple[str, ...] = ()


def read_octave_answer(stream: IO[bytes]) -> Answer:
    """Return what courseport_calls.m, or `courseport.octave.values.encode`, has written."""
    message, identifier, where, seconds, printed, *outputs = read(stream).ravel()
    texts = (text if isinstance(text, str) else "" for text in (message, where, identifier, printed))  # 1 x 0: no text
    message, where, identifier, printed = texts
    return Answer(tuple(outputs), message, where, float(seconds.item()), identifier, printed)


class Program(NamedTuple):
    """What makes the calls: it goes by `name`.

    `prepare(folder)` puts files there, `command(folder)` runs, `encode(call)` gives the bytes of a call in parts, and
    `read_answer(stream)` reads an answer.
    """

    name: str
    prepare: Callable[[Path], None]
    command: Callable[[Path], list[str]]
    encode: Callable[[Call], Iterable[Any]]
    read_answer: Callable[[IO[bytes]], Answer] = read_octave_answer


def make_calls(
    program: Program,
    calls: Sequence[Call],
    limits: Limits = DEFAULTS,
    cancelled: threading.Event | None = None,
    *,
    patience: int = 1,
) -> tuple[list[Answer], str]:
    """Return the answer to each call, and the beginning of what was printed outside of the calls.

    A function that has ended its process `patience` times is given up. With a patience of 2 or more, each call may
    take the whole time limit: one that others came before is tried again, before them.
    """
    answers: dict[int, Answer] = {}
    printed = ""
    ends: Counter[tuple[str, str]] = Counter()
    with scratch() as own:
        program.prepare(own)
        for number, call in enumerate(calls):
            with _file(own, "call", number).open("wb") as stream:
                for part in program.encode(call):
                    stream.write(part)
        while len(answers) < len(calls):
            before = len(answers)
            outcome = run_limited(program.command(own), own, limits, cancelled)
            printed = printed or outcome.output
            for number in range(len(calls)):
                if number not in answers and (path := _file(own, "answer", number)).exists():
                    answers[number] = read_answer(path, program.read_answer)
                    path.unlink()
                    _file(own, "call", number).unlink()
            ended_at = next((number for number in range(len(calls)) if number not in answers), None)
            stopped = any(event is not None and event.is_set() for event in (cancelled, limits.cancelled))
            alone = patience == 1 or len(answers) == before or not outcome.timed_out
            if ended_at is not None and (alone or stopped):
                function = (calls[ended_at].function, calls[ended_at].place)
                ends[function] += 1
                end = Answer(error=ending(program.name, outcome, limits), identifier=NO_ANSWER)
                for number, call in enumerate(calls):
                    same = (call.function, call.place) == function and ends[function] >= patience
                    if number not in answers and (number == ended_at or same or stopped):
                        answers[number] = end
                        _file(own, "call", number).unlink()
    return [answers[number] for number in range(len(calls))], printed


def ending(who: str, outcome: Outcome, limits: Limits) -> str:
    """Say how a process ended that should have gone on."""
    if outcome.timed_out:
        return f"{TOO_LONG} {limits.seconds:g} s"
    if re.search(MEMORY, outcome.output):
        return f"it asks for more memory than the limit of {limits.megabytes:g} MB"
    if outcome.returncode < 0:
        return f"it crashed {who} (signal {-outcome.returncode})"
    last = outcome.output.strip().rpartition("\n")[2][:200]
    if outcome.returncode:
        return f"it ended {who} with status {outcome.returncode}" + (f": {last}" if last else "")
    return f"it ended {who} (exit or quit)"


def read_answer(path: Path, read_stream: Callable[[IO[bytes]], Answer] = read_octave_answer) -> Answer:
    """Return the answer in a file; one that is no answer is an error of whoever wrote it."""
    try:
        # Whoever is called can put anything there: a pipe would never end, a device has no end.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_FILE:
                return Answer(error="it left no answer that can be read", identifier=NO_ANSWER)
            return read_stream(stream)
    except (OSError, *UNREADABLE):
        return Answer(error="it left no answer that can be read", identifier=NO_ANSWER)


def octave_program(
    places: Mapping[str, Sequence[tuple[str, Path]]],
    folders: Sequence[Path] = (),
    *,
    called: Sequence[str] = (),
    first: Sequence[Path] = (),
    setup: str = "",
) -> Program:
    """Return the Octave that makes calls.

    A function that has the name of one that is built into Octave, and is not called, is left out: the calling needs
    Octave's. The calls are made in the folder of the place.

    Parameters
    ----------
    places : dict
        By the name of a place, its functions: (name, file). A file is copied under its function's name, which is how
        Octave finds it, and the folder private beside it comes with it. What is no .m file is linked under its name.
    folders : sequence of Path
        Folders with further functions, found last.
    called : sequence of str
        The functions that are called.
    first : sequence of Path
        Folders with further functions, found before Octave's own, and after those of the place.
    setup : str
        Octave code that is run first, such as ``pkg load statistics``.
    """
    octave = find_octave()

    def prepare(folder: Path) -> None:
        for place, functions in places.items():
            (folder / "code" / place).mkdir(parents=True)
            for name, file in functions:
                if file.suffix != ".m" or not file.is_file():
                    (folder / "code" / place / name).symlink_to(file)
                    continue
                (folder / "code" / place / f"{name}.m").write_bytes(file.read_bytes())
                if (private := file.resolve().parent / "private").is_dir():
                    with contextlib.suppress(FileExistsError):
                        (folder / "code" / place / "private").symlink_to(private)
        for number, target in enumerate([*first, *folders]):  # links: addpath takes a colon for the end of a name
            (folder / f"path{number}").symlink_to(target.resolve())
        (folder / "setup.m").write_text(setup, encoding="utf-8", errors="surrogateescape")
        (folder / "drawing").mkdir()
        write_stand_ins(folder / "drawing", dict.fromkeys(DRAWING.split(), "NaN"))

    def command(folder: Path) -> list[str]:
        paths = [quoted(folder / f"path{number}") for number in range(len(first) + len(folders))]
        start = f"addpath ({quoted(SCRIPTS)}); courseport_unattended (); "
        start += f"if isempty (available_graphics_toolkits ()); addpath ({quoted(folder / 'drawing')}); end; "
        if folders:
            start += f"addpath ({', '.join(paths[len(first) :])}, '-end'); "
        lists = (
            "{" + ", ".join(texts) + "}" for texts in (map(quoted, places), map(quoted, called), paths[: len(first)])
        )
        start += f"courseport_calls ({quoted(folder)}, {', '.join(lists)});"
        return batch_command(octave, start)

    def encoded(call: Call) -> Iterable[Any]:
        chunks: list[Any] = []
        encode(chunks, [call.function, float(call.nout), call.place, *call.arguments], call.function)
        return [chunk.data for chunk in chunks]

    return Program("Octave", prepare, command, encoded)


def python_program(
    places: Mapping[str, Sequence[tuple[str, str, Path]]] = {}, inputs: Mapping[str, Sequence[str]] = {}
) -> Program:
    """Return the Python that makes calls: of an assignment's functions, or of ``module:function``.

    Parameters
    ----------
    places : dict
        By the name of a place, its functions: (name that is called, name in the file, file: a module or a notebook).
    inputs : dict
        By the name that is called, the arguments' names in the order of the calls; a function that takes the same
        names in another order is called in its own.
    """
    path = [str(Path.cwd()), *sys.path]

    def prepare(folder: Path) -> None:
        found = {
            place: [(name, own_name, str(file.resolve())) for name, own_name, file in functions]
            for place, functions in places.items()
        }
        (folder / "functions.json").write_text(json.dumps({"places": found, "inputs": inputs}))

    def command(folder: Path) -> list[str]:
        # Not -m: this very package is to be found, wherever it was found here, and what the user's own path holds.
        start = f"import sys; sys.path[:] = {path!r}; from courseport.crosscheck.running.calls_worker import main; "
        return [sys.executable, "-c", f"{start}main({str(folder)!r})"]

    # A call is read by a process that has our rights in any case.
    return Program("Python", prepare, command, lambda call: [pickle.dumps(tuple(call))])


def _file(folder: Path, kind: str, number: int) -> Path:
    return folder / f"{kind}_{number:06d}"
