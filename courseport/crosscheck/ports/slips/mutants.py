"""Octave functions with a slip written into them: in all its places at once, and in each alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from courseport.crosscheck.ports.slips.code import LEVEL, Change, Code, Splice, apply
from courseport.crosscheck.ports.slips.slip import Slip, Source

_FUNCTION_OF = {  # the names that feval knows
    "+": "plus",
    "-": "minus",
    ".*": "times",
    "*": "mtimes",
    "./": "rdivide",
    "/": "mrdivide",
    ".^": "power",
    "^": "mpower",
    "\\": "mldivide",
    ".\\": "ldivide",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "==": "eq",
    "!=": "ne",
    "~=": "ne",
    "&": "and",
    "|": "or",
    "**": "mpower",
    ".**": "power",
}
ALONE = 12  # places of one slip that are tried alone, at most
WRONG = Path(__file__).parent / "wrong"  # .m files that the changed sources call
_HELPER = re.compile(r"\bcourseport_\w+")


class Mutant(NamedTuple):
    """A slip written into some places, each in one of the files, and how the places are told.

    Without a slip it is the function as it stands.
    """

    slip: Slip | None = None
    where: str = ""
    group: tuple[tuple[str, Change], ...] = ()
    single: bool = False  # the arguments are rounded to single precision
    combined: bool = False  # with further changes: what is explained without them is no such slip


def read_code(path: Path) -> Code:
    """Return the code of a .m file; each byte is one character."""
    return Code(path.read_bytes().decode("latin-1"))


def helpers(path: Path, code: Code) -> dict[str, Code]:
    """Return the functions beside a .m file that it calls, and those of the private folder that any of these calls."""
    found: dict[str, Code] = {}
    for folder in (path.parent, path.parent / "private"):
        callers = [code, *found.values()]
        while callers:
            names = called_functions(callers.pop()) - {path.stem, *found}
            new = {name: read_code(file) for name in sorted(names) if (file := folder / f"{name}.m").is_file()}
            found.update(new)
            callers += new.values() if folder.name == "private" else []
    return found


def called_functions(code: Code) -> set[str]:
    """Return the names that stand for functions."""
    return {token.text for index, token in enumerate(code.tokens) if token.kind == "name" and code.is_function(index)}


def mutants(slip: Slip, codes: Mapping[str, Code]) -> Iterator[list[Mutant]]:
    """Yield for each wrong way the slip in all its places, with each function or operator, and in each place alone."""
    for source in slip.source:
        places = [(name, change) for name, code in codes.items() for change in changes(code, source)]
        further = [place for place in places if not place[1].what]
        places = [place for place in places if place[1].what]
        kinds = dict.fromkeys(change.what for _, change in places)
        groups = [places, *([place for place in places if place[1].what == kind] for kind in kinds)]
        groups += [[place] for place in places[:ALONE]]
        different = {tuple(place for _, change in group for place in change.splices): group for group in groups}
        if places:
            yield [
                Mutant(slip, _told(group), (*group, *further), combined=bool(further)) for group in different.values()
            ]


def files_of(mutant: Mutant, function: str, codes: Mapping[str, Code], mark: str) -> dict[str, str]:
    """Return the text of the files, by their names; `mark` is that of the function, and begins the helpers' names.

    Under names of their own all mutants can lie in one folder: to change Octave's path costs more than a call.
    """
    files = dict(file for _, change in mutant.group for file in change.functions)
    new = {function: mark}
    waiting = {name for name, _ in mutant.group} - {function}
    while waiting:  # what is changed, and what calls it
        new.update({name: f"{mark}_{len(new) + place}" for place, name in enumerate(sorted(waiting))})
        waiting = {name for name, code in codes.items() if name not in new and called_functions(code) & waiting}
    for name, code in codes.items():
        renamed = [
            Splice(token.start, token.end, 2, 0, new[token.text])
            for index, token in enumerate(code.tokens)
            if token.kind == "name" and token.text in new and (code.is_function(index) or code.is_own_name(index))
        ]
        own = [change for place, change in mutant.group if place == name]
        # A function that is not changed lies there under its own name: it may come from a private folder.
        files[new.get(name, name)] = apply(code.text, [*own, Change(0, "", tuple(renamed))] if name in new else [])
    if mutant.single:
        files[f"{mark}_double"] = files[mark]
        files[mark] = (
            f"function varargout = {mark} (varargin)\n"
            "k = cellfun (@(one) isa (one, 'double') && ! issparse (one), varargin);\n"
            "varargin(k) = cellfun (@(one) double (single (one)), varargin(k), 'UniformOutput', false);\n"
            f"[varargout{{1:max (1, nargout)}}] = {mark}_double (varargin{{:}});\nend\n"
        )
    return files


def changes(code: Code, source: Source) -> list[Change]:
    """Return the changes that a wrong way makes."""
    if callable(source):
        return source(code)
    found = []
    for key, body in source.items():
        names = key.removeprefix("& ")
        for word in names.split():
            new = operator_changes(code, word, body) if word in LEVEL else call_changes(code, word, body)
            if word in _FUNCTION_OF and _FUNCTION_OF[word] not in names.split():  # bsxfun (@minus, x, y)
                new += call_changes(code, _FUNCTION_OF[word], body)
            found += new if names == key else [change._replace(what="") for change in new]
    return found


def call_changes(code: Code, name: str, body: str) -> list[Change]:
    """Return the changes that call another function in the place of `name`."""
    new, functions = wrong_function(name, body)
    places = [code.tokens[index] for index in code.calls([name])]
    return [Change(place.line, name, (Splice(place.start, place.end, 2, 0, new),), functions) for place in places]


def operator_changes(code: Code, operator: str, body: str) -> list[Change]:
    """Return the changes that call a function in the place of an operator: ``f(left,right)``."""
    new, functions = wrong_function(operator, body)
    return [
        Change(code.tokens[index].line, operator, _as_call(code, index, left, right, new), functions)
        for index, left, right in code.operators(operator)
    ]


def wrap(code: Code, first: int, last: int, before: str, after: str) -> tuple[Splice, ...]:
    """Return the splices that put text before and after the tokens from `first` to `last`."""
    start, end = code.tokens[first].start, code.tokens[last].end
    return Splice(start, start, 1, end - start, before), Splice(end, end, 0, 0, after)


@cache
def wrong_function(name: str, body: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the name of the function that does `body` in the place of `name`, and the files it needs."""
    statement = body if "out{" in body else f"[out{{:}}] = {body};"
    lines = (
        f"f = '{_FUNCTION_OF.get(name, name)}'; in = varargin; out = cell (1, max (1, nargout));",
        "x = y = []; if (numel (in) > 0), x = in{1}; end; if (numel (in) > 1), y = in{2}; end;",
        statement,
        "varargout = out;",
    )
    own = f"courseport_slip_{hashlib.sha256(''.join(lines).encode()).hexdigest()[:12]}"
    text = "\n".join([f"function varargout = {own} (varargin)", *lines, "end", ""])
    return own, ((own, text), *needed(body))


@cache
def needed(text: str) -> tuple[tuple[str, str], ...]:
    """Return the files of `WRONG` that Octave code calls, and those that they call."""
    found: dict[str, str] = {}
    names = _HELPER.findall(text)
    while names:
        name = names.pop()
        if name not in found and (file := WRONG / f"{name}.m").is_file():
            found[name] = file.read_text(encoding="ascii")
            names += _HELPER.findall(found[name])
    return tuple(found.items())


def _as_call(code: Code, index: int, left: int, right: int, name: str) -> tuple[Splice, ...]:
    token = code.tokens[index]
    return (*wrap(code, left, right, f"{name}(", ")"), Splice(token.start, token.end, 2, 0, ","))


def _told(group: Sequence[tuple[str, Change]]) -> str:
    lines = sorted({change.line for _, change in group})
    what = ", ".join(dict.fromkeys(change.what for _, change in group))
    told = f"line{'s' * (len(lines) > 1)} {', '.join(map(str, lines[:6]))}{', ...' * (len(lines) > 6)}: {what}"
    names = dict.fromkeys(name for name, _ in group)
    return f"{', '.join(f'{name}.m' for name in names)}, {told}"
