"""The names in a call written in Octave, such as ``myCost({X, y}, lambda, theta(:))``."""

from __future__ import annotations

import re

# A quote after a name, a bracket, a dot or a quote transposes; elsewhere it begins a text.
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.|\"\")*\"|(?<![\w)\]}.'])'(?:[^']|'')*'")
_PARAMETERS = re.compile(r"@\s*\(([^)]*)\)")
_NAME = re.compile(r"(?<![\w.'@])([A-Za-z_]\w*)\s*(\(?)")  # and whether a bracket follows: a call, or an index
_NOT_DATA = {"end", "true", "false", "pi", "e", "Inf", "inf", "NaN", "nan", "NA", "eps"}


def names_in(call: str) -> list[tuple[str, bool]]:
    """Return the names in a call, and of each whether a bracket follows it.

    Left out are texts, constants such as ``true``, functions after ``@``, and the parameters of ``@(z) ...``.
    """
    code = _without_parameters(_TEXT.sub("''", call))
    return [(name, bool(bracket)) for name, bracket in _NAME.findall(code) if name not in _NOT_DATA]


def _without_parameters(code: str) -> str:
    """Return the code with each anonymous function's parameters replaced by 0, there and in its body."""
    while match := _PARAMETERS.search(code):
        end = _end_of_body(code, match.end())
        own = re.findall(r"\w+", match[1])
        body = code[match.end() : end]
        for name in own:
            body = re.sub(rf"(?<![\w.]){name}\b", "0", body)
        code = f"{code[: match.start()]} {body}{code[end:]}"
    return code


def _end_of_body(code: str, start: int) -> int:
    """Return where the argument that `start` lies in ends: at a comma or a bracket of the call's own."""
    depth = 0
    for index in range(start, len(code)):
        depth += (code[index] in "([{") - (code[index] in ")]}")
        if depth < 0 or (depth == 0 and code[index] == ","):
            return index
    return len(code)
