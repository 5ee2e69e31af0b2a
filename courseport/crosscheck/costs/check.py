"""The cross-check of one cost function, and of many at once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from courseport import _checks
from courseport.crosscheck.costs.cases import Case, make_cases, own_cases
from courseport.crosscheck.costs.compare import Comparison, close
from courseport.crosscheck.costs.diagnosis import SURE
from courseport.crosscheck.costs.octave import STAND_INS, octave_submission
from courseport.crosscheck.costs.presentations import USUAL, Presentation, presentations
from courseport.crosscheck.costs.python import python_submission
from courseport.crosscheck.costs.report import AGREES, BY_ROWS, DISAGREES, FAILED, NO_COST_FUNCTION, NOT_DONE, Report
from courseport.crosscheck.costs.submission import HELPERS_Z, NoCostFunctionError, Replies, Submission, ask
from courseport.crosscheck.costs.verdict import judge
from courseport.crosscheck.running.limits import Limits

DEFAULTS = Limits()
PROBES = 3  # cases that each other presentation is tried on


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
        "network", "logistic", "linear" or "cofi", where its arguments and its numbers do not tell.
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
    find = partial(octave_submission, path, call=call, kind=kind, folders=[Path(folder) for folder in folders])
    check = partial(_check, limits=limits.ended_by(cancelled), digits=digits, random=random, seed=seed)
    report, wrong_helpers = check(str(path), find)
    if wrong_helpers and report.status != AGREES:
        with_ours, _ = check(str(path), partial(find, replaced=wrong_helpers))
        which = " and ".join(f"{name}.m" for name in wrong_helpers)
        if with_ours.status == AGREES:
            verb = "is" if len(wrong_helpers) == 1 else "are"
            words = f"{which} beside it {verb} wrong; with ours in its place, {with_ours.finding}"
            return replace(report, status=DISAGREES, finding=words, diagnosis=None, facts=())
        return replace(with_ours, notes=(*with_ours.notes, f"{which} beside it is wrong, too: ours stood in"))
    return report


def crosscheck_python(
    reference: str,
    *,
    call: str | None = None,
    kind: str | None = None,
    limits: Limits = DEFAULTS,
    digits: bool = True,
    random: int = 8,
    seed: int = 0,
    order: str = "F",
    cancelled: threading.Event | None = None,
) -> Report:
    """Compare a Python cost function, ``module:function`` or ``file.py:function``, with ours; needs no Octave.

    See `crosscheck`. The function is called with theta and y as (n,) and (m,) arrays; where that does not agree, in
    other forms too: y as a column, as labels from 0 or one-hot, theta as a column or as matrices. ``order="C"`` says
    that theta and the gradient are unrolled row by row.
    """
    _checks.choice("order", order, ("F", "C"))
    find = partial(python_submission, reference, limits, call=call, kind=kind)
    report, _ = _check(reference, find, limits=limits.ended_by(cancelled), digits=digits, random=random, seed=seed)
    if report.status == BY_ROWS and order == "C":
        return replace(report, status=AGREES, finding="J and the gradient are right, row by row")
    return report


def _check(
    source: str,
    find: Callable[..., Submission],
    *,
    limits: Limits,
    digits: bool,
    random: int,
    seed: int,
) -> tuple[Report, list[str]]:
    """Return the report, and the names of helpers beside the file that are wrong on their own."""
    started = time.monotonic()
    try:
        submission = find()
    except NoCostFunctionError as error:
        return Report(source, "", "", NO_COST_FUNCTION, str(error)), []
    except (ValueError, OSError) as error:
        return Report(source, "", "", FAILED, str(error)), []
    reports: list[Report] = []
    helpers: list[str] = []
    for kind in submission.kinds:
        of_kind = replace(submission, kinds=(kind,))
        if submission.own is not None:
            cases = own_cases(submission.own)
        else:
            cases = make_cases(kind, submission.roles, digits=digits, random=random, seed=seed)
        foreign = sorted(set(submission.roles) - set(cases[0].values))
        if foreign:
            words = f"a cost function of the kind {kind} takes no {', '.join(foreign)}"
            return Report(source, submission.signature, kind, FAILED, words), []
        report, wrong = _closest(of_kind, cases, limits)
        reports.append(report)
        helpers = helpers or wrong
        known = report.status in {AGREES, BY_ROWS, NOT_DONE} or _named(report)
        if known or any(c.agrees for c in report.comparisons):
            break
        if limits.cancelled is not None and limits.cancelled.is_set():
            break
    best = min(reports, key=lambda r: (r.status not in {AGREES, BY_ROWS}, not _named(r), r.status == FAILED))
    unclear = len(submission.kinds) > 1 and not _named(best) and not any(c.agrees for c in best.comparisons)
    if best.status == DISAGREES and unclear:
        words = f"it agrees neither with linear nor with logistic regression; here is {best.kind}: --kind says which"
        best = replace(best, notes=(*best.notes, words))
    return replace(best, seconds=time.monotonic() - started), helpers


def _closest(submission: Submission, cases: Sequence[Case], limits: Limits) -> tuple[Report, list[str]]:
    """Return the report in the presentation that comes closest, and the wrong helpers."""

    def run(shown: Presentation) -> tuple[Report, list[Any]]:
        replies = ask(submission, [shown.change(case) for case in cases], limits)
        return judge(submission, cases, replies, limits, shown), replies.helpers

    report, of_helpers = run(USUAL)
    helpers = zip(submission.helpers, of_helpers, strict=True)
    wrong = [name for name, outputs in helpers if not _helper_is_right(name, outputs)]
    named = _named(report) and not (submission.python and any("row-major" in name for name in report.mistakes))
    only_shape = all(c.only_shape_wrong or c.agrees for c in report.comparisons)
    if report.status in {AGREES, NOT_DONE} or submission.own is not None or named or wrong or only_shape:
        return report, wrong
    others = presentations(submission.kinds[0], python=submission.python)[1:]
    small = [case for case in cases if case.small and not case.aside]
    probes = small[1 : PROBES + 1] or cases[:PROBES]
    asked = [shown.change(replace(case, numeric=False)) for shown in others for case in probes]
    answers, printed, _ = ask(submission, asked, limits)
    names = {case.name for case in probes}
    best, most = USUAL, sum(_score(c) for c in report.comparisons if c.case.name in names)
    for number, shown in enumerate(others):
        some = answers[number * len(probes) : (number + 1) * len(probes)]
        if some[-1].ended:
            break
        tried = judge(submission, probes, Replies(some, printed, []), limits, shown)
        score = sum(map(_score, tried.comparisons))
        if score > most:
            best, most = shown, score
    if best is USUAL:
        return report, wrong
    closest, _ = run(best)
    if all(c.agrees for c in closest.comparisons) or _named(closest) or not _named(report):
        report = max((report, closest), key=lambda report: sum(map(_score, report.comparisons)))
    return report, wrong


def _score(comparison: Comparison) -> int:
    """Return how close an answer comes: J is right, the gradient is right, or at least there is one."""
    return (
        4 * comparison.agrees + 2 * bool(comparison.J_right) + bool(comparison.gradient_right) + (not comparison.error)
    )


def _helper_is_right(name: str, outputs: Sequence[Any]) -> bool:
    g = 1.0 / (1.0 + np.exp(-HELPERS_Z))
    right = g if name == STAND_INS[0] else g * (1.0 - g)
    return any(np.shape(one) == right.shape and close(one, right) for one in outputs)


def _named(report: Report) -> bool:
    return report.diagnosis is not None and report.diagnosis.certainty == SURE
