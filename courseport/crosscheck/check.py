"""The cross-check of one cost function, and of many at once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from courseport.crosscheck.answers import Answer, ask
from courseport.crosscheck.cases import Case, presentations
from courseport.crosscheck.compare import Comparison, compare
from courseport.crosscheck.diagnosis import SURE, diagnose
from courseport.crosscheck.limits import Limits, Outcome
from courseport.crosscheck.octave_target import octave_target
from courseport.crosscheck.python_target import python_target
from courseport.crosscheck.reference import KINDS, blocks_of, make_cases
from courseport.crosscheck.report import AGREES, DISAGREES, FAILED, NO_COST_FUNCTION, Report
from courseport.crosscheck.targets import NoCostFunctionError, Target
from courseport.crosscheck.verdict import ending, error_meaning, facts_of, faults_of, wording

DEFAULTS = Limits()


def crosscheck(
    path: str | os.PathLike[str],
    *,
    call: str | None = None,
    kind: str | None = None,
    folders: Sequence[str | os.PathLike[str]] = (),
    limits: Limits = DEFAULTS,
    digits: bool = True,
    random: int = 8,
    seed: int = 0,
    cancelled: threading.Event | None = None,
) -> Report:
    """Compare the cost function of a .m file with ours, and name its mistake if it has one that is known.

    The file runs in an Octave of its own, with limits on time and memory. It runs with your rights.

    Parameters
    ----------
    path : path
        The .m file.
    call : str, optional
        How to call it, such as ``"myCost(theta, X, y, lambda)"``, where its arguments do not speak for themselves.
    kind : str, optional
        "network", "logistic", "linear" or "cofi", where its name and arguments do not tell.
    folders : sequence of path
        Folders with helpers, besides the file's own.
    limits : Limits
        Seconds and megabytes that it may take.
    digits : bool
        Whether a network is compared on the 5000 digits too.
    random, seed : int
        Number of random networks or data sets, and the seed they come from.
    cancelled : threading.Event, optional
        Ends the run when it is set.

    Returns
    -------
    Report
        Its status is "could not be run" where the file fails, takes too long or is not understood, and "no cost
        function" where none of its arguments stands for parameters.

    Raises
    ------
    OctaveNotFoundError
        Octave is not installed.
    """
    find = partial(octave_target, path, call=call, kind=kind, folders=[Path(folder) for folder in folders])
    return _check(str(path), find, limits=limits, digits=digits, random=random, seed=seed, cancelled=cancelled)


def crosscheck_python(
    reference: str,
    *,
    call: str | None = None,
    kind: str | None = None,
    limits: Limits = DEFAULTS,
    digits: bool = True,
    random: int = 8,
    seed: int = 0,
    cancelled: threading.Event | None = None,
) -> Report:
    """Compare a Python cost function, ``module:function`` or ``file.py:function``, with ours; needs no Octave.

    See `crosscheck`. The function is called with theta and y as (n,) and (m,) arrays; where that fails, once more with
    y of shape (m, 1).
    """
    find = partial(python_target, reference, limits, call=call, kind=kind)
    return _check(reference, find, limits=limits, digits=digits, random=random, seed=seed, cancelled=cancelled)


def crosscheck_many(checks: Sequence[Callable[..., Report]], jobs: int) -> Iterator[Report]:
    """Run checks side by side, each called with ``cancelled=``, and yield their reports in order.

    Where the caller stops early, those that run are ended.
    """
    cancelled = threading.Event()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            yield from pool.map(lambda check: check(cancelled=cancelled), checks)
        finally:
            cancelled.set()
            pool.shutdown(cancel_futures=True)


def judge(target: Target, cases: Sequence[Case], answers: Sequence[Answer], outcome: Outcome, limits: Limits) -> Report:
    """Return the report on the answers that a target has given."""
    kind = KINDS[target.kind]
    comparisons = tuple(
        compare(
            case.name,
            kind.ours(case.values),
            answer,
            blocks_of(target.kind, case.values),
            nout=target.nout,
            python=target.python,
        )
        for case, answer in zip(cases, answers, strict=False)
    )
    report = partial(_report, target, comparisons, outcome)
    errors = [c.error for c in comparisons if c.error]
    if errors:
        part = "" if len(errors) == len(answers) else f" (in {len(errors)} of {len(answers)} cases)"
        return report(FAILED, error_meaning(target, errors[0], limits) + part)
    broken_off = len(answers) < len(cases)
    end = [ending(target, outcome, limits, cases[len(answers)].name)] if broken_off else []
    finding, faults = wording(comparisons, target.nout), faults_of(comparisons)
    if all(c.agrees for c in comparisons):
        if end:
            return report(FAILED, end[0])
        return report(DISAGREES, f"{finding}, but {' and '.join(faults)}") if faults else report(AGREES, finding)
    diagnosis = diagnose(kind, cases, answers)
    return replace(report(DISAGREES, finding), diagnosis=diagnosis, facts=(*facts_of(comparisons), *faults, *end))


def _check(
    source: str,
    find: Callable[[], Target],
    *,
    limits: Limits,
    digits: bool,
    random: int,
    seed: int,
    cancelled: threading.Event | None,
) -> Report:
    started = time.monotonic()
    try:
        target = find()
    except NoCostFunctionError as error:
        return Report(source, "", "", NO_COST_FUNCTION, str(error))
    except (ValueError, OSError) as error:
        return Report(source, "", "", FAILED, str(error))
    cases = make_cases(target.kind, target.roles, digits=digits, random=random, seed=seed)
    foreign = sorted(set(target.roles) - set(cases[0].values))
    if foreign:
        words = f"a cost function of the kind {target.kind} takes no {', '.join(foreign)}"
        return Report(source, target.signature, target.kind, FAILED, words)
    reports: list[Report] = []
    for presentation in presentations(target.kind, python=target.python):
        shown = [presentation.change(case) for case in cases]
        answers, outcome = ask(target, shown, limits, column=presentation.column, cancelled=cancelled)
        report = judge(target, cases, answers, outcome, limits)
        reports.append(replace(report, notes=(*report.notes, *presentation.notes)))
        right = all(c.agrees for c in report.comparisons)
        if right or _named(report) or len(answers) < len(cases):
            break
    best = min(reports, key=lambda report: (report.exit_status, not _named(report)))
    return replace(best, seconds=time.monotonic() - started)


def _named(report: Report) -> bool:
    return report.diagnosis is not None and report.diagnosis.certainty == SURE


def _report(target: Target, comparisons: tuple[Comparison, ...], outcome: Outcome, status: str, finding: str) -> Report:
    return Report(
        target.source,
        target.signature,
        target.kind,
        status,
        finding,
        comparisons=comparisons,
        notes=target.notes,
        output=outcome.output,
    )
