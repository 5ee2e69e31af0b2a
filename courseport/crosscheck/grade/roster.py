"""A class: many students' assignments side by side, resumed where a run ended, with the mistakes they share."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from courseport import _checks
from courseport._files import MARK, atomic_path
from courseport.crosscheck.grade.grade import DEFAULTS, grade
from courseport.crosscheck.grade.record import Grade, PartGrade
from courseport.crosscheck.grade.submission import student_of, unpack
from courseport.crosscheck.running.limits import Limits

READ = (".m", ".py", ".ipynb", ".zip")
_FORMAT = f"grades {MARK}"


def grade_class(
    students: Sequence[Path],
    *,
    exercise: str | None = None,
    limits: Limits = DEFAULTS,
    jobs: int | None = None,
    results: Path | None = None,
    told: Callable[[int, Grade], object] = lambda number, grade: None,
) -> list[Grade]:
    """Grade each student's folder or zip file.

    Parameters
    ----------
    students : sequence of path
        A folder or a zip file each.
    exercise, limits
        As for `grade`.
    jobs : int, optional
        Students graded at once; as many as cores.
    results : path, optional
        A file that keeps the grades: what is in it already, of unchanged files, is not done again.
    told : callable
        Called with the number of students done and the grade, as each is ready.

    Returns
    -------
    list of Grade
        In the order of `students`; an error of one costs only his own line.
    """
    known = _load(results) if results is not None else {}
    prints = [_fingerprint(student, exercise) for student in students]
    grades: dict[int, Grade] = {}
    cancelled = threading.Event()
    pool = ThreadPoolExecutor(jobs or os.cpu_count() or 1)
    waiting: dict[Future[Grade], int] = {}
    try:
        for number, (student, mark) in enumerate(zip(students, prints, strict=True)):
            if mark in known:
                grades[number] = replace(known[mark], source=str(student))
                told(len(grades), grades[number])
            else:
                waiting[pool.submit(_grade_one, student, exercise, limits.ended_by(cancelled))] = number
        for number, found in _as_ready(waiting):
            grades[number] = known[prints[number]] = found
            if results is not None:
                _save(results, known)
            told(len(grades), found)
    finally:
        cancelled.set()
        pool.shutdown(cancel_futures=True)
    return [grades[number] for number in range(len(students))]


def common_mistakes(grades: Sequence[Grade]) -> list[tuple[str, str, int]]:
    """Return (part, mistake, number of students), the most frequent first; a mistake without a name is "another"."""
    counts = Counter(
        (f"{part.exercise} {part.part}", part.mistake or "another mistake")
        for found in grades
        for part in found.parts
        if part.status == "wrong"
    )
    return [
        (part, mistake, count)
        for (part, mistake), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _as_ready(waiting: dict[Future[Grade], int]) -> Iterator[tuple[int, Grade]]:
    left = set(waiting)
    while left:
        done, left = wait(left, return_when=FIRST_COMPLETED)
        yield from ((waiting[future], future.result()) for future in done)


def _grade_one(student: Path, exercise: str | None, limits: Limits) -> Grade:
    try:
        if student.suffix.lower() == ".zip":
            with tempfile.TemporaryDirectory(prefix="courseport-") as name:
                unpack(student, Path(name))
                return replace(grade(name, exercise=exercise, limits=limits), source=str(student))
        return grade(student, exercise=exercise, limits=limits)
    except (ValueError, OSError, RuntimeError) as error:  # one student's files cost his own line
        return Grade(str(student), error=str(error))


def _fingerprint(student: Path, exercise: str | None) -> str:
    """Return a hash of the files that are read."""
    mark = hashlib.sha256(f"{student.name} {exercise}".encode())
    paths = [student] if student.is_file() else sorted(student.rglob("*")) if student.is_dir() else []
    for path in paths:
        if path.suffix.lower() in READ and path.is_file():
            mark.update(str(path.relative_to(student.parent)).encode() + path.read_bytes())
    return mark.hexdigest()


def _load(path: Path) -> dict[str, Grade]:
    """Return the grades that an earlier run has kept."""
    if not path.exists():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        known = {mark: _restored(found) for mark, found in stored["grades"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        stored, known = {}, {}
    if stored.get("format") != _FORMAT:
        _checks.fail("--results", "be a file of grades that courseport has written", str(path))
    return known


def _restored(stored: dict[str, Any]) -> Grade:
    parts = [PartGrade(**{**part, "notes": tuple(part["notes"])}) for part in stored["parts"]]
    return Grade(str(stored["source"]), tuple(parts), str(stored["error"]))


def _save(path: Path, known: dict[str, Grade]) -> None:
    grades = {mark: {"error": "", "source": found.source, **found.as_dict()} for mark, found in known.items()}
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps({"format": _FORMAT, "grades": grades}), encoding="utf-8")


def names_of(students: Sequence[Path]) -> list[str]:
    """Return a name for each student, longer where two would be the same."""
    names = [student_of(student) for student in students]
    return [name if names.count(name) == 1 else str(student) for name, student in zip(names, students, strict=True)]
