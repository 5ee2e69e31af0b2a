"""What the errors of a file that cannot be run mean, and the line they stand in."""

from __future__ import annotations

import re

from courseport.crosscheck.costs.compare import Comparison
from courseport.crosscheck.costs.submission import Submission
from courseport.crosscheck.running.calls import MEMORY
from courseport.crosscheck.running.limits import Limits

# What an error says -> what it means. The first that is found counts; {0}, {1} are its groups.
MEANINGS = (
    (MEMORY, "it asks for more memory than the limit of {megabytes:g} MB"),
    (r"(?:parse|syntax) error.* near line (\d+) of file \S*/(\w+\.m)", "it has a syntax error in {1}, line {0}"),
    (r"parse error|SyntaxError", "it has a syntax error: {message}"),
    (r"nobody is there", "it waits for a user: {message}"),
    (r"'(\w+)' undefined", ""),  # a helper or a variable: the code tells
    (
        r"(operator \S+|\w+): nonconformant arguments \(op1 is (\d+x\d+), op2 is (\d+x\d+)\)",
        "two matrices do not fit: {0}: {1} and {2}",
    ),
    (r"(called with too many inputs|takes \d+ positional.*)", "it does not take the arguments of its call: {message}"),
    (r"max_recursion_depth|RecursionError", "it calls itself without end"),
    (r"No space left|Disk quota", "it found no room to write: {message}"),
)
# Met in files from MATLAB; Octave 7 has none of them.
_MATLAB = (
    "height width string strings contains sumsqr logsig tansig dlarray table readmatrix readtable softmax onehotencode"
)


def error_meaning(submission: Submission, error: Comparison, limits: Limits) -> str:
    """Return what an error of Octave's or Python's means for a cost function, and the line it stands in."""
    message, meaning = error.error, f"it fails: {error.error}"
    syntax = None
    for pattern, words in MEANINGS:
        match = re.search(pattern, message, re.DOTALL)
        if match is None:
            continue
        shown = re.sub(r"\S*/(\w+\.m)\b", r"\1", message)[:160]
        meaning = words.format(*match.groups(), message=shown, megabytes=limits.megabytes)
        meaning = meaning or _undefined(submission, match[1])
        syntax = match if words.startswith("it has a syntax error in") else None
        break
    if syntax is not None:
        return meaning + _line(submission, syntax[2].removesuffix(".m"), int(syntax[1]))
    place = re.match(r"(\w+), line (\d+)$", error.answer.where)
    if place is not None:
        return f"{meaning}; {error.answer.where}{_line(submission, place[1], int(place[2]))}"
    return f"{meaning}; {error.answer.where[:120]}" if error.answer.where else meaning


def _line(submission: Submission, function: str, number: int) -> str:
    """Return a line of the file's own, if the function is in it."""
    lines = submission.code.split("\n")
    own = re.search(rf"function\b[^\n]*\b{function}\b", submission.code)
    if submission.python or own is None or not 0 < number <= len(lines) or not lines[number - 1].strip():
        return ""
    return f": {lines[number - 1].strip().rstrip(';')[:80]}"


def _undefined(submission: Submission, name: str) -> str:
    code = submission.code
    called = re.search(rf"\b{name}\s*\(", code) and not re.search(rf"\b{name}\s*=[^=]", code)
    if name in _MATLAB.split() and name not in submission.names:
        return f"{name} is MATLAB's: Octave does not have it"
    if called and name not in submission.names:
        return f"it needs {name}.m, which is neither beside it nor part of Octave"
    return f"it uses {name} before setting it"
