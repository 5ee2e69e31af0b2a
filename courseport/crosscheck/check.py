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

import numpy as np

from courseport import _checks
from courseport.crosscheck.answers import Answer, ask
from courseport.crosscheck.cases import AS_COLUMN, Case, Presentation, by_rows, make_cases, presentations
from courseport.crosscheck.compare import Comparison, close, compare
from courseport.crosscheck.diagnosis import SURE, diagnose
from courseport.crosscheck.kinds import KINDS, blocks_of
from courseport.crosscheck.limits import Limits, Outcome
from courseport.crosscheck.octave import STAND_INS, octave_submission
from courseport.crosscheck.python import python_submission
from courseport.crosscheck.report import AGREES, BY_ROWS, DISAGREES, FAILED, NO_COST_FUNCTION, NOT_DONE, Report
from courseport.crosscheck.submission import NoCostFunctionError, Submission
from courseport.crosscheck.verdict import ending, error_meaning, facts_of, faults_of, semicolons, where_wrong, wording

DEFAULTS = Limits()
USUAL = Presentation()
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
    check = partial(_check, limits=limits, digits=digits, random=random, seed=seed, cancelled=cancelled)
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

    See `crosscheck`. The function is called with theta and y as (n,) and (m,) arrays; where that does not agree, in other
    forms too: y as a column, as labels from 0 or one-hot, theta as a column or as matrices. ``order="C"`` says that theta
    and the gradient are unrolled row by row.
    """
    _checks.choice("order", order, ("F", "C"))
    find = partial(python_submission, reference, limits, call=call, kind=kind)
    report, _ = _check(reference, find, limits=limits, digits=digits, random=random, seed=seed, cancelled=cancelled)
    if report.status == BY_ROWS and order == "C":
        return replace(report, status=AGREES, finding="J and the gradient are right, row by row")
    return report


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


def judge(
    submission: Submission,
    kind_name: str,
    cases: Sequence[Case],
    answers: Sequence[Answer],
    outcome: Outcome,
    limits: Limits,
    shown: Presentation = USUAL,
) -> Report:
    """Return the report on the answers that a submission has given to these cases, handed over as `shown`."""
    kind, count = KINDS[kind_name], min(len(cases), len(answers))
    if shown.by_rows:
        answers = [_by_columns(case, answer) for case, answer in zip(cases, answers, strict=False)]
    everything = [
        compare(
            case.name,
            kind.ours(case.values),
            answer,
            blocks_of(kind_name, case.values),
            _shape_of_theta(submission, case, shown),
        )
        for case, answer in zip(cases, answers, strict=False)
    ]
    counted = [n for n in range(count) if not cases[n].aside]
    needed, comparisons = [cases[n] for n in counted], [everything[n] for n in counted]
    given = [answers[n] for n in counted]
    asides = [(cases[n].aside, everything[n]) for n in range(count) if cases[n].aside]
    notes = [
        f"{aside} it {'fails' if c.error else 'is wrong'} (the course's learningCurve begins so)"
        for aside, c in asides
        if not c.agrees
    ]
    remarks = dict.fromkeys(answer.remark for answer in given if answer.remark)
    missing = semicolons(submission.code, outcome.output) if not submission.python else []
    report = Report(
        submission.source,
        submission.signature,
        kind_name,
        FAILED,
        "",
        comparisons=tuple(comparisons),
        notes=(*submission.notes, *shown.notes, *remarks, *missing),
        output="" if missing else outcome.output,
    )
    end = [] if count == len(cases) else [ending(submission, outcome, limits, cases[count].name)]
    errors = [c for c in comparisons if c.error]
    if not given or (errors and len(errors) == len(comparisons)):
        return replace(report, finding=error_meaning(submission, errors[0], limits) if errors else end[0])
    undone = _undone(submission, comparisons, given)
    if undone and not errors:
        return replace(report, status=NOT_DONE, finding=undone)
    if not given[0].repeats:
        return replace(report, status=DISAGREES, finding="its answer is another one on every call")
    finding, faults = wording(comparisons), faults_of(comparisons)
    if all(c.agrees for c in comparisons):
        if end:
            return replace(report, finding=end[0])
        if faults:
            return replace(report, status=DISAGREES, finding=f"{finding}, but {' and '.join(faults)}")
        if shown.by_rows:
            words = f"{finding}, but for the order of theta: row by row. Convert a theta from Octave with"
            example = "np.concatenate([T.ravel() for T in Thetas]), or say --order C where this is wanted"
            return replace(report, status=BY_ROWS, finding=f"{words} {example}", notes=(*report.notes, *notes))
        return replace(report, status=AGREES, finding=finding, notes=(*report.notes, *notes))
    features, words = submission.own_size
    own = [c for case, c in zip(needed, comparisons, strict=True) if features and case.values["theta"].size == features + 1]
    if len(own) > 2 and all(c.agrees for c in own):
        more = f"with more it {'fails' if errors else 'is wrong'}: it uses theta(1) to theta({features + 1}) only"
        return replace(report, status=AGREES, finding=f"right with {words}; {more}")
    facts = facts_of(needed, comparisons, submission)
    if errors:
        where = where_wrong(needed, [bool(c.error) for c in comparisons])
        meaning = error_meaning(submission, errors[0], limits)
        finding = f"{meaning}. That is {where}" + ("" if len(errors) == sum(not c.agrees for c in comparisons) else f"; elsewhere {finding}")
        facts = [fact for fact in facts if not fact.startswith("it is wrong only")]
    hint = "the file has length(X), which is the longer side of X: m = size(X, 1)"
    if errors and "length(X)" in submission.code.replace(" ", ""):
        facts.append(hint)
    diagnosis = diagnose(kind, needed, given)
    return replace(report, status=DISAGREES, finding=finding, diagnosis=diagnosis, facts=(*facts, *faults, *end))


def _undone(submission: Submission, comparisons: Sequence[Comparison], answers: Sequence[Answer]) -> str:
    """Say what of a file is not done yet; empty where all is."""
    if all(answer.all_zero for answer in answers):
        parts = [n for n, c in (("J", answers[0].J_class), ("the gradient", answers[0].grad_class)) if c != "none"]
        what = " and ".join(parts)
        return f"{what} {'are' if len(parts) > 1 else 'is'} 0, as in the file that the exercise begins with" if what else "it returns nothing"
    J_zero = all(a.J is not None and not a.J.any() for a in answers)
    grad_zero = all(a.grad is not None and not a.grad.any() for a in answers)
    announced = submission.nout > 1 and not submission.python
    if announced and all(a.grad_class == "none" for a in answers) and all(c.J_right for c in comparisons):
        return f"J is right; {submission.gradient_name} is announced and never set"
    if grad_zero and all(c.J_right for c in comparisons):
        return "J is right; the gradient is 0 everywhere"
    if J_zero and all(c.gradient_right for c in comparisons):
        return "the gradient is right; J is 0"
    return ""


def _by_columns(case: Case, answer: Answer) -> Answer:
    """Return an answer unrolled row by row as we unroll it."""
    shapes, size = case.values["shapes"], case.values["theta"].size
    return replace(
        answer,
        grad=by_rows(answer.grad, shapes, back=True) if np.size(answer.grad) == size else answer.grad,
        slope=by_rows(answer.slope, shapes, back=True) if answer.slope is not None else None,
    )


def _shape_of_theta(submission: Submission, case: Case, shown: Presentation) -> tuple[int, ...]:
    size = case.values["theta"].size
    return (size, 1) if not submission.python or shown.theta == AS_COLUMN else (size,)


def _check(
    source: str,
    find: Callable[..., Submission],
    *,
    limits: Limits,
    digits: bool,
    random: int,
    seed: int,
    cancelled: threading.Event | None,
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
        if submission.own is not None:
            cases = _own_cases(submission)
        else:
            cases = make_cases(kind, submission.roles, digits=digits, random=random, seed=seed)
        foreign = sorted(set(submission.roles) - set(cases[0].values))
        if foreign:
            words = f"a cost function of the kind {kind} takes no {', '.join(foreign)}"
            return Report(source, submission.signature, kind, FAILED, words), []
        report, wrong = _compared(submission, kind, cases, limits, cancelled)
        reports.append(report)
        helpers = helpers or wrong
        if report.exit_status == 0 or _named(report) or report.status == NOT_DONE:
            break
        if cancelled is not None and cancelled.is_set():
            break
    best = min(reports, key=lambda report: (report.exit_status != 0, not _named(report), report.status == FAILED))
    return replace(best, seconds=time.monotonic() - started), helpers


def _compared(
    submission: Submission, kind: str, cases: Sequence[Case], limits: Limits, cancelled: threading.Event | None
) -> tuple[Report, list[str]]:
    """Return the report on one kind, in the presentation that comes closest; and the wrong helpers."""

    def run(shown: Presentation) -> tuple[Report, list[Answer]]:
        answers, outcome = ask(submission, [shown.change(case) for case in cases], limits, cancelled)
        return judge(submission, kind, cases, answers[: len(cases)], outcome, limits, shown), answers[len(cases) :]

    report, of_helpers = run(USUAL)
    wrong = [name for name, answer in zip(submission.helpers, of_helpers, strict=False) if not _helper_is_right(name, answer)]
    if report.status in {AGREES, NOT_DONE} or submission.own is not None or not report.comparisons:
        return report, wrong
    by_row_mistakes = any("row-major" in name for name in report.mistakes)
    if _named(report) and not (submission.python and by_row_mistakes):
        return report, wrong
    if all(c.only_shape_wrong or c.agrees for c in report.comparisons) or wrong:
        return report, wrong
    others = presentations(kind, python=submission.python)[1:]
    probes = [case for case in cases if case.small and not case.aside][1 : PROBES + 1]
    asked = [shown.change(replace(case, numeric=False)) for shown in others for case in probes]
    answers, _ = ask(submission, asked, limits, cancelled)
    best, most = USUAL, sum(_score(c) for c in report.comparisons[1 : PROBES + 1])
    for number, shown in enumerate(others):
        some = answers[number * len(probes) : (number + 1) * len(probes)]
        if len(some) < len(probes):
            break
        tried = judge(submission, kind, probes, some, Outcome(0, timed_out=False, output=""), limits, shown)
        score = sum(_score(c) for c in tried.comparisons)
        if score > most:
            best, most = shown, score
    if best is USUAL:
        return report, wrong
    closest, _ = run(best)
    return (closest if sum(map(_score, closest.comparisons)) > sum(map(_score, report.comparisons)) else report), wrong


def _score(comparison: Comparison) -> int:
    """Return how close an answer comes: J is right, the gradient is right, or at least there is one."""
    return 4 * comparison.agrees + 2 * bool(comparison.J_right) + bool(comparison.gradient_right) + (not comparison.error)


def _helper_is_right(name: str, answer: Answer) -> bool:
    z = np.array([[-8.0, -1.0, 0.0], [0.5, 2.0, 30.0]])
    g = 1.0 / (1.0 + np.exp(-z))
    right = g if name == STAND_INS[0] else g * (1.0 - g)
    return answer.J is not None and answer.J_shape == z.shape and close(answer.J, right.ravel(order="F"))


def _own_cases(submission: Submission) -> list[Case]:
    """Return cases on the data that a function of theta alone has itself."""
    own = dict(submission.own or {})
    X = own["X"] = np.asarray(own["X"], dtype=np.float64)
    own["y"] = np.asarray(own["y"], dtype=np.float64).ravel()
    own |= {"lambda": float(np.ravel(own.get("lambda", 0.0))[0]), "m": float(len(X))}
    rng = np.random.default_rng(0)
    thetas = [rng.uniform(-0.5, 0.5, X.shape[1]) for _ in range(4)]
    return [
        Case(f"its own data, {len(X)} examples, theta {number}", {**own, "theta": theta}, numeric=number == 1)
        for number, theta in enumerate(thetas, start=1)
    ]


def _named(report: Report) -> bool:
    return report.diagnosis is not None and report.diagnosis.certainty == SURE
