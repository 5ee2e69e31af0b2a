"""The grades as a page, readable on a phone: an overview of a class, and a section for each student."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from courseport.crosscheck.grade.record import Grade, PartGrade
from courseport.crosscheck.grade.roster import common_mistakes
from courseport.crosscheck.page import document, table

_STYLE = """
.part { border-bottom: 1px solid var(--line); padding: .4rem 0; } .part p { margin: .1rem 0 .1rem 1.5rem; }
.bar { background: var(--wrong); height: .7rem; display: inline-block; }
"""
_SIGNS = {
    "right": ("right", "✓"),
    "wrong": ("wrong", "✗"),
    "not done yet": ("open", "-"),
    "could not be run": ("failed", "!"),
}


def page(names: Sequence[str], grades: Sequence[Grade]) -> str:
    """Return the HTML page of the grades."""
    body = "".join(
        _student(number, name, found) for number, (name, found) in enumerate(zip(names, grades, strict=True))
    )
    overview = _overview(names, grades) if len(grades) > 1 else ""
    return document("Grades", overview + body, _STYLE)


def columns_of(grades: Sequence[Grade]) -> list[tuple[str, str]]:
    """Return the parts that any student has, (exercise, part), in the order of the handouts."""
    found = {(part.exercise, part.part): None for grade in grades for part in grade.parts}
    return sorted(found, key=lambda column: column[0])


def _overview(names: Sequence[str], grades: Sequence[Grade]) -> str:
    columns = columns_of(grades)
    exercises = list(dict.fromkeys(exercise for exercise, _ in columns))
    rows = []
    for number, (name, found) in enumerate(zip(names, grades, strict=True)):
        status = {(part.exercise, part.part): part.status for part in found.parts}
        signs = {column: _sign(column[1], status.get(column, "not done yet")) for column in columns}
        cells = "".join(
            f"<td>{''.join(sign for column, sign in signs.items() if column[0] == exercise)}</td>"
            for exercise in exercises
        )
        total = escape(found.error) if found.error else f"{found.points}/{found.of}"
        rows.append(f'<td><a href="#s{number}">{escape(name)}</a></td><td class="n">{total}</td>{cells}')
    overview = table(("Student", "Points", *exercises), rows)
    mistakes = common_mistakes(grades)
    if not mistakes:
        return overview
    most = mistakes[0][2]
    lines = (
        f'<td>{escape(part)}</td><td>{escape(mistake)}</td><td class="n">{count}</td>'
        f'<td style="width: 8rem"><span class="bar" style="width: {100 * count / most:.0f}%"></span></td>'
        for part, mistake, count in mistakes[:20]
    )
    return f"{overview}<h2>Mistakes of the class</h2>{table(('Part', 'Mistake', 'Students', ''), lines)}"


def _sign(part: str, status: str) -> str:
    kind, sign = _SIGNS[status]
    return f'<span class="{kind}" title="{escape(part)}: {status}">{sign} </span>'


def _student(number: int, name: str, found: Grade) -> str:
    head = f'<section id="s{number}"><h2>{escape(name)}: {found.points} of {found.of} points</h2>'
    if found.error:
        return f'<section id="s{number}"><h2>{escape(name)}</h2><p class="failed">{escape(found.error)}</p></section>'
    exercises = dict.fromkeys(part.exercise for part in found.parts)
    return (
        head
        + "".join(
            f"<h3>{exercise}</h3>" + "".join(_part(part) for part in found.parts if part.exercise == exercise)
            for exercise in exercises
        )
        + "</section>"
    )


def _part(part: PartGrade) -> str:
    kind, sign = _SIGNS[part.status]
    told = [part.why, part.remedy and f"To do: {part.remedy}", *(f"Note: {note}" for note in part.notes)]
    lines = "".join(f"<p>{escape(line)}</p>" for line in told if line)
    points = f" {part.points}/{part.of}" if part.of else ""
    return (
        f'<div class="part"><span class="{kind}">{sign} {part.status}{points}</span> {escape(part.part)} '
        f"<code>{escape(part.function)}</code>{lines}</div>"
    )
