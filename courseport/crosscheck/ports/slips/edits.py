"""Slips that no other function or operator writes: order of the entries, indices, ends of ranges, transposes."""

from __future__ import annotations

from collections.abc import Callable

from courseport.crosscheck.ports.slips.code import LEVEL, Change, Code, Splice
from courseport.crosscheck.ports.slips.mutants import call_changes, needed, wrap

_SUM = LEVEL["+"]


def other_transpose(code: Code) -> list[Change]:
    """Write ``.'`` for ``'`` and the other way."""
    return [_transpose(code, index, "'" if code.tokens[index].text == ".'" else ".'") for index in code.transposes()]


def no_transpose(code: Code) -> list[Change]:
    """Leave the transposes out."""
    return [_transpose(code, index, "") for index in code.transposes()]


def _transpose(code: Code, index: int, text: str) -> Change:
    token = code.tokens[index]
    return Change(token.line, token.text, (Splice(token.start, token.end, 2, 0, text),))


def flattened_by_rows(code: Code) -> list[Change]:
    """Take ``x(:)`` row by row."""
    changes = []
    for index in range(1, len(code.tokens) - 2):
        opening, colon = code.tokens[index : index + 2]
        if (opening.text, colon.text, opening.partner) == ("(", ":", index + 2):
            first = code.postfix_start(index + 2)
            if first < index and not code.is_assigned(first):
                splices = wrap(code, first, index - 1, "courseport_rows(", ")")
                changes.append(Change(opening.line, "(:)", splices, needed("courseport_rows")))
    return changes


def not_flattened(code: Code) -> list[Change]:
    """Leave ``(:)`` out, and the outer one of two calls such as ``sum (sum (x))``."""
    found = []
    for index, token in enumerate(code.tokens[:-3]):
        opening, inner, second = code.tokens[index + 1 : index + 4]
        if token.text == "(" and token.partner == index + 2 and opening.text == ":":
            end = code.tokens[index + 2].end
            found.append(Change(token.line, "(:)", (Splice(token.start, end, 2, 0, ""),)))
        twice = token.kind == "name" and (token.text, "(", "(") == (inner.text, opening.text, second.text)
        if twice and code.is_function(index) and opening.partner == second.partner + 1:
            found.append(Change(token.line, f"{token.text} twice", (Splice(token.start, token.end, 2, 0, ""),)))
    return found


def indexed_by_rows(code: Code) -> list[Change]:
    """Take ``x(k)`` of a matrix row by row."""
    changes = []
    for index in code.indexed():
        name, arguments = code.tokens[index], code.arguments(index + 1)
        if len(arguments) == 1 and code.tokens[arguments[0][0]].text != ":":
            if _has_end(code, arguments[0]):
                splices = wrap(code, index, index, "courseport_rows(", ")")
            else:
                opening = code.tokens[index + 1]
                splices = (
                    Splice(name.start, name.start, 1, 0, "courseport_pick("),
                    Splice(opening.start, opening.end, 2, 0, ","),
                )
            functions = needed("courseport_rows courseport_pick")
            changes.append(Change(name.line, f"{name.text}(k)", splices, functions))
    return changes


def by_rows(code: Code) -> list[Change]:
    """Take all that goes column by column row by row."""
    functions = ("reshape", "find", "vec", "ind2sub", "sub2ind")
    calls = [change for name in functions for change in call_changes(code, name, "courseport_by_rows (f, in{:})")]
    return [*flattened_by_rows(code), *indexed_by_rows(code), *calls]


def shifted_indices(step: int) -> Callable[[Code], list[Change]]:
    """Return what adds `step` to the indices of variables."""

    def changes(code: Code) -> list[Change]:
        found = []
        for index in code.indexed():
            for argument in code.arguments(index + 1):
                if code.tokens[argument[0]].text == ":" or argument[1] < argument[0]:
                    continue
                before, after = ("(", f"){step:+d}") if _has_end(code, argument) else ("courseport_shift(", f",{step})")
                splices = wrap(code, *argument, before, after)
                token = code.tokens[index]
                found.append(Change(token.line, f"{token.text}(k)", splices, needed("courseport_shift")))
        return found

    return changes


def ranges(first: str, last: str) -> Callable[[Code], list[Change]]:
    """Return what adds text to the ends of ``a:b`` and ``a:step:b``, where S is the step."""

    def changes(code: Code) -> list[Change]:
        found = []
        for index, token in enumerate(code.tokens):
            if token.kind != "binary" or token.text != ":":
                continue
            start, end = code.left_operand(index, _SUM), code.right_operand(index, LEVEL[":"])
            if min(start, end) < 0 or (end + 1 < len(code.tokens) and code.tokens[end + 1].text == ":"):
                continue
            step, begin, before = "1", start, index - 1
            if start > 0 and code.tokens[start - 1].kind == "binary" and code.tokens[start - 1].text == ":":
                step = code.text[code.tokens[start].start : code.tokens[index - 1].end]
                begin, before = code.left_operand(start - 1, _SUM), start - 2
            if begin < 0:
                continue
            splices: tuple[Splice, ...] = ()
            if first:
                splices += wrap(code, begin, before, "(", f"){first.replace('S', f'({step})')}")
            if last:
                splices += wrap(code, index + 1, end, "(", f"){last.replace('S', f'({step})')}")
            found.append(Change(token.line, "a:b" if step == "1" else "a:s:b", splices))
        return found

    return changes


def no_degrees(code: Code) -> list[Change]:
    """Leave the factors ``pi/180`` and ``180/pi`` out."""
    found = []
    for index in range(len(code.tokens) - 2):
        three = code.tokens[index : index + 3]
        names = (three[0].text, three[2].text)
        if three[1].text in ("/", "./") and sorted(names) == ["180", "pi"]:
            what = f"{names[0]}/{names[1]}"
            found.append(Change(three[0].line, what, (Splice(three[0].start, three[2].end, 2, 0, "1"),)))
    return found


def _has_end(code: Code, argument: tuple[int, int]) -> bool:
    return any(token.text in ("end", ":") for token in code.tokens[argument[0] : argument[1] + 1])
