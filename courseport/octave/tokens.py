"""Octave's text as tokens: what is code, what is a text or a comment, and which quote transposes.

It never fails: what is no Octave comes out as tokens too. Read a file as Latin-1, so that each byte is one character.
"""

from __future__ import annotations

import re
from typing import NamedTuple

KEYWORDS = frozenset(
    (
        *("if", "elseif", "else", "end", "endif", "while", "endwhile", "for", "endfor", "parfor", "endparfor"),
        *("do", "until", "switch", "case", "otherwise", "endswitch", "function", "endfunction", "return", "break"),
        *("continue", "try", "catch", "end_try_catch", "unwind_protect", "unwind_protect_cleanup"),
        *("end_unwind_protect", "global", "persistent", "classdef", "endclassdef"),
    )
)
OPEN, CLOSE = "([{", ")]}"


class Token(NamedTuple):
    """A piece of code.

    Attributes
    ----------
    kind : str
        "name", "field", "keyword", "number", "string", "command" (a statement such as ``hold on``), "transpose",
        "binary", "unary", "assign", "dot", "handle", "open", "close", "separator" or "other".
    text : str
        As it stands; empty where a space separates two elements of a matrix.
    start, end : int
        Its place in the text.
    line : int
        Its line, counted from 1.
    partner : int
        Of a bracket: the index of the other one; else, and where there is none, -1.
    """

    kind: str
    text: str
    start: int
    end: int
    line: int
    partner: int = -1


_BLANK = re.compile(r"(?:[^\S\n]|\.\.\.[^\n]*(?:\n|$))+")
_COMMENT = re.compile(r"[%#][^\n]*")
_BLOCK = re.compile(r"[^\S\n]*[%#]([{}])[^\S\n]*$")
# A dot belongs to the number unless an operator such as .* or a continuation begins with it.
_NUMBER = re.compile(
    r"0[xX][\da-fA-F]+|0[bB][01]+|(?:\d+(?:\.(?!\.\.|[*/\\^'])\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?[ijIJ]?", re.ASCII
)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_DOUBLE = re.compile(r"\"(?:[^\"\\\n]|\\[\s\S]|\"\")*\"?")
_SINGLE = re.compile(r"'(?:[^'\n]|'')*'?")
_ASSIGN = re.compile(r"(?:\.?[-+*/\\^|&])?=(?!=)")
_OPERATOR = re.compile(r"\.?\*\*|\.[*/\\^]|[=~!<>]=|&&|\|\||[-+*/\\^<>&|:!~]")
# What follows the name in a statement that is a command: a word, an option or a text, and no operator or bracket.
_COMMAND = re.compile(r"[^\S\n]+(?:[A-Za-z0-9_\"']|--?[A-Za-z])[^\n;,]*")
_UNARY = frozenset("+-!~")
ENDS_OPERAND = frozenset({"name", "field", "number", "string", "close", "transpose"})


def tokenize(text: str) -> list[Token]:  # noqa: PLR0912, PLR0915 - one branch for each kind of token
    """Return the tokens of the code; spaces, comments and continuations are left out."""
    tokens: list[Token] = []
    brackets: list[int] = []  # the indices of those that are open
    place, line, spaced, begins = 0, 1, False, True

    def add(kind: str, length: int) -> None:
        nonlocal place, line, spaced, begins
        tokens.append(Token(kind, text[place : place + length], place, place + length, line))
        line += text.count("\n", place, place + length)
        place += length
        spaced, begins = False, kind in ("separator", "keyword") and not brackets

    while place < len(text):
        inside = tokens[brackets[-1]].text if brackets else ""
        if place == 0 or text[place - 1] == "\n":
            after = _after_block(text, place)
            line, place = line + text.count("\n", place, after), after
        if match := _BLANK.match(text, place):
            line, place, spaced = line + match[0].count("\n"), match.end(), True
            continue
        if match := _COMMENT.match(text, place):
            place = match.end()
            continue
        if place >= len(text):
            break
        operand = bool(tokens) and tokens[-1].kind in ENDS_OPERAND
        if text[place] == "\n" and inside == "(":
            line, place, spaced = line + 1, place + 1, True
        elif text[place] in "\n,;":
            add("separator", 1)
        elif spaced and operand and inside in ("[", "{") and _begins_element(text, place):
            tokens.append(Token("separator", "", place, place, line))
            spaced = False
        elif text[place] == '"' and (match := _DOUBLE.match(text, place)):
            add("string", len(match[0]))
        elif text[place] == "'" or text.startswith(".'", place):
            if operand and (tokens[-1].kind != "string" or not spaced):
                add("transpose", 1 + (text[place] == "."))
            elif text[place] == "'" and (match := _SINGLE.match(text, place)):
                add("string", len(match[0]))
            else:
                add("other", 1)
        elif match := _NUMBER.match(text, place):
            add("number", len(match[0]))
        elif match := _NAME.match(text, place):
            command = _COMMAND.match(text, match.end()) if begins and not brackets else None
            if tokens and tokens[-1].kind == "dot":
                add("field", len(match[0]))
            elif match[0] in KEYWORDS and not (match[0] == "end" and inside in ("(", "{")):
                add("keyword", len(match[0]))
            elif command and not _assigned(text, match[0], command[0]):
                add("command", command.end() - place)
            else:
                add("name", len(match[0]))
        elif text[place] in OPEN:
            brackets.append(len(tokens))
            add("open", 1)
        elif text[place] in CLOSE:
            add("close", 1)
            if brackets:
                index = brackets.pop()
                tokens[index] = tokens[index]._replace(partner=len(tokens) - 1)
                tokens[-1] = tokens[-1]._replace(partner=index)
        elif text[place] == "@":
            add("handle", 1)
        elif match := _ASSIGN.match(text, place):
            add("assign", len(match[0]))
        elif match := _OPERATOR.match(text, place):
            unary = match[0] in _UNARY and (not operand or match[0] in "!~")
            add("unary" if unary else "binary" if operand else "other", len(match[0]))
        else:
            add("dot" if text[place] == "." and operand else "other", 1)
    return tokens


def _after_block(text: str, place: int) -> int:
    """Return where the code goes on at the beginning of a line: after the block comment, if one begins there."""
    depth, start = 0, place
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if match := _BLOCK.fullmatch(text, start, end):
            depth += 1 if match[1] == "{" else -1
        if depth <= 0:
            return place if start == place else min(end + 1, len(text))
        start = end + 1
    return len(text)


def _begins_element(text: str, place: int) -> bool:
    """Tell whether what follows a space in a matrix begins another element: ``[a -b]`` has two, ``[a - b]`` one."""
    first, then = text[place], text[place + 1 : place + 2]
    if first in _UNARY:
        return bool(then) and not then.isspace() and then != "="
    return first.isalnum() or first in "_\"'([{@" or (first == "." and then.isdigit())


def _assigned(text: str, name: str, rest: str) -> bool:
    """Tell whether ``name -x`` takes something from a variable: the name is assigned somewhere."""
    return rest.lstrip().startswith("-") and bool(re.search(rf"\b{name}\b\s*(?:\([^\n]*\))?\s*=(?!=)", text))
