"""The grades as a page, readable on a phone: an overview of a class, and a section for each student."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from courseport._files import MARK
from courseport.crosscheck.grade.grade import Grade, PartGrade
from courseport.crosscheck.grade.roster import common_mistakes

_STYLE = """
:root {
  color-scheme: light dark;
  --line: #8888; --right: #1a7f37; --wrong: #b42318; --open: #6b6b6b; --failed: #8a5a00;
}
@media (prefers-color-scheme: dark) {
  :root { --right: #56d364; --wrong: #ff8f87; --open: #a8a8a8; --failed: #e3b341; }
}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; }
th, td { padding: .2rem .5rem; border-bottom: 1px solid var(--line); text-align: left; }
.wide { overflow-x: auto; } td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
section { margin-top: 2.5rem; } .part { border-bottom: 1px solid var(--line); padding: .4rem 0; }
.part p { margin: .1rem 0 .1rem 1.5rem; } .right { color: var(--right); } .wrong { color: var(--wrong); }
.open { color: var(--open); } .failed { color: var(--failed); }
.bar { background: var(--wrong); height: .7rem; display: inline-block; }
h1, h2, h3 { line-height: 1.2; } a { color: inherit; }
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
    return (
        f'<!DOCTYPE html><html lang="en"><!-- {MARK} --><head><meta charset="utf-8"><title>Grades</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>Grades</h1>{overview}{body}</body></html>\n"
    )


def columns_of(grades: Sequence[Grade]) -> list[tuple[str, str]]:
    """Return the parts that any student has, (exercise, part), in the order of the handouts."""
    found = {(part.exercise, part.part): None for grade in grades for part in grade.parts}
    return sorted(found, key=lambda column: column[0])


def _overview(names: Sequence[str], grades: Sequence[Grade]) -> str:
    columns = columns_of(grades)
    exercises = list(dict.fromkeys(exercise for exercise, _ in columns))
    heads = "".join(f"<th>{exercise}</th>" for exercise in exercises)
    rows = []
    for number, (name, found) in enumerate(zip(names, grades, strict=True)):
        status = {(part.exercise, part.part): part.status for part in found.parts}
        signs = {column: _sign(column[1], status.get(column, "not done yet")) for column in columns}
        cells = "".join(
            f"<td>{''.join(sign for column, sign in signs.items() if column[0] == exercise)}</td>"
            for exercise in exercises
        )
        total = escape(found.error) if found.error else f"{found.points}/{found.of}"
        rows.append(f'<tr><td><a href="#s{number}">{escape(name)}</a></td><td class="n">{total}</td>{cells}</tr>')
    table = f'<div class="wide"><table><tr><th>Student</th><th>Points</th>{heads}</tr>{"".join(rows)}</table></div>'
    mistakes = common_mistakes(grades)
    if not mistakes:
        return table
    most = mistakes[0][2]
    lines = "".join(
        f'<tr><td>{escape(part)}</td><td>{escape(mistake)}</td><td class="n">{count}</td>'
        f'<td style="width: 8rem"><span class="bar" style="width: {100 * count / most:.0f}%"></span></td></tr>'
        for part, mistake, count in mistakes[:20]
    )
    heads = "<tr><th>Part</th><th>Mistake</th><th>Students</th><th></th></tr>"
    return f'{table}<h2>Mistakes of the class</h2><div class="wide"><table>{heads}{lines}</table></div>'


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
