"""What differs between two recordings of one Octave function, and by how much."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from courseport.crosscheck.ports.agreement import Comparison, compare_values
from courseport.crosscheck.ports.archive import from_bytes
from courseport.crosscheck.ports.arguments import python_forms
from courseport.crosscheck.ports.conventions import Conventions
from courseport.crosscheck.ports.judge import output_name
from courseport.crosscheck.ports.numeric import Tolerances
from courseport.crosscheck.ports.recording import Case, Recording
from courseport.crosscheck.running.calls import Answer
from courseport.octave.values import value_bytes

EXACT = Conventions(vectors="exact", classes="exact", integers="exact", na=True, signed_zero=True, printed=True)


def changes(old: Recording, new: Recording) -> list[str]:
    """Return what differs between two recordings, a line each: versions, cases, and each output by how much."""
    told = []
    for what, was, now in (
        ("the function", old.function, new.function),
        (f"{new.function}.m", old.source_hash[:12] or "none", new.source_hash[:12] or "none"),
        ("its outputs", ", ".join(old.outputs), ", ".join(new.outputs)),
        ("Octave", old.octave_version, new.octave_version),
    ):
        if was != now:
            told.append(f"{what}: {was} has become {now}")
    for name in sorted({*old.helpers, *new.helpers}):
        if old.helpers.get(name) != new.helpers.get(name):
            how = "has changed" if name in old.helpers and name in new.helpers else "is gone or new"
            told.append(f"{name}: {how}")
    # By their arguments, not their names: a new case in front moves the numbers in all others' names.
    left: dict[Any, list[int]] = {}
    for number, case in enumerate(old.cases):
        left.setdefault(case_key(case), []).append(number)
    pairs = []
    for number, case in enumerate(new.cases):
        same = left.get(case_key(case))
        if same:
            pairs.append((same.pop(0), number))
        else:
            told.append(f"{case.name}: new")
    told += [f"{old.cases[number].name}: gone" for numbers in left.values() for number in numbers]
    if [before for before, _ in pairs] != sorted(before for before, _ in pairs):
        told.append("the cases come in another order")
    for before, after in pairs:
        case = new.cases[after]
        name = old.cases[before].name
        if name != case.name:
            told.append(f"{name}: now {case.name}")
        forms = [
            json.dumps(python_forms(one, [from_bytes(value_bytes([value])) for value in one.octave]))
            for one in (old.cases[before], case)
        ]
        if forms[0] != forms[1]:
            told.append(f"{case.name}: other arguments in Python")
        found = _answer_changes(old.answers[before], new.answers[after], new.outputs)
        told += [f"{case.name}: {line}" for line in found]
    return told


def _answer_changes(old: Answer, new: Answer, names: Sequence[str]) -> list[str]:
    told = []
    if (old.error, old.identifier) != (new.error, new.identifier):
        sides = [answer.error or f"{len(answer.outputs)} outputs" for answer in (old, new)]
        told.append(f"{sides[0]!r} has become {sides[1]!r}")
    elif len(old.outputs) != len(new.outputs):
        told.append(f"{len(old.outputs)} outputs have become {len(new.outputs)}")
    for place, pair in enumerate(zip(old.outputs, new.outputs, strict=False)):
        before, after = (value_bytes([value]) for value in pair)
        if before == after:
            continue
        name = output_name(names, place)
        # A last bit is told, too: these are two answers of Octave's, not Octave's and Python's.
        found = compare_values(from_bytes(before), from_bytes(after), EXACT, Tolerances(0.0, 0.0))
        parts = [f"{name}{part.path}: {_by_how_much(part)}" for part in found if not part.agrees]
        told += parts or [f"{name}: other bits of the same values"]
    if old.printed != new.printed:
        told.append("it prints something else")
    return told


def _by_how_much(part: Comparison) -> str:
    """Return in words how a value has changed."""
    worst = part.worst
    if worst is None:
        return part.why.replace(" in Octave", " before").replace(" in Python", " now")
    index = ", ".join(map(str, worst.octave_index))
    which = f"{part.differing} of {part.size} entries, most at ({index}): " if part.size > 1 else ""
    sizes = f"absolute {worst.absolute:.2g}, relative {worst.relative:.2g}, {worst.ulp:.2g} ulp"
    return f"{which}{worst.octave!r} has become {worst.python!r} ({sizes})"


def case_key(case: Case) -> tuple[bytes, int | None]:
    """Return what tells one call of Octave's function from another: the arguments' bits, and the outputs asked for."""
    return value_bytes(case.octave), case.nout
