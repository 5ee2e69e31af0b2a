"""What is called, indexed and computed in the text of an Octave function, and changes to it.

A change is a set of insertions: operands and arguments stay as they stand, so that changes nest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from courseport.octave.tokens import ENDS_OPERAND, Token, tokenize

_LEVELS = (  # operators from the loosest to the tightest; what is unary stands between the last two
    *(("||",), ("&&",), ("|",), ("&",), ("<", "<=", "==", "!=", "~=", ">=", ">"), (":",), ("+", "-")),
    *(("*", "/", "\\", ".*", "./", ".\\"), ("^", ".^", "**", ".**")),
)
LEVEL = {operator: level for level, operators in enumerate(_LEVELS) for operator in operators}
POWER = LEVEL["^"]
_BEGINS_OPERAND = {"name", "number", "string", "open", "unary"}


class Splice(NamedTuple):
    """Text in the place of `start` to `end`; of those at one place the lower rank comes first, then the wider one."""

    start: int
    end: int
    rank: int  # 0: after an operand, 1: before one, 2: in the place of a token
    width: int
    text: str


class Change(NamedTuple):
    """One place written otherwise, and the functions (name, text) that it then needs."""

    line: int
    what: str
    splices: tuple[Splice, ...]
    functions: tuple[tuple[str, str], ...] = ()


class Code:
    """The tokens of a .m file, and what the names in it are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self._scopes: list[set[str]] = [set()]
        self._scope_of: list[int] = []
        self._roots: set[int] = set()  # the names that something is assigned to
        self._own_names: set[int] = set()  # the names that declared functions have
        self._heads: set[int] = set()  # the tokens of the lines that declare functions
        self._read_names()

    def calls(self, names: Iterable[str]) -> Iterator[int]:
        """Yield the indices of the functions of these names, where they are called or taken by ``@``."""
        wanted = set(names)
        for index, token in enumerate(self.tokens):
            if token.kind == "name" and token.text in wanted and self.is_function(index):
                before, after = self._kind(index - 1), self._token(index + 1)
                if before == "handle" or (after is not None and after.text == "("):
                    yield index

    def is_function(self, index: int) -> bool:
        """Tell whether a name stands for a function: nothing is assigned to it, and the line declares none."""
        return index not in self._heads and self.tokens[index].text not in self._scopes[self._scope_of[index]]

    def is_own_name(self, index: int) -> bool:
        """Tell whether a name is that of the function that its line declares."""
        return index in self._own_names

    def is_assigned(self, index: int) -> bool:
        """Tell whether something is assigned to what begins with this name."""
        return index in self._roots

    def indexed(self) -> Iterator[int]:
        """Yield the indices of the variables that are read with ``x(...)``."""
        for index, token in enumerate(self.tokens):
            after = self._token(index + 1)
            if token.kind == "name" and after is not None and after.text == "(" and after.partner >= 0:
                known = token.text in self._scopes[self._scope_of[index]]
                if known and index not in self._roots and index not in self._heads:
                    yield index

    def operators(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield of each such operator with two operands: its index, where the left one begins and the right one ends.

        Both are indices of tokens.
        """
        level = LEVEL[text]
        for index, token in enumerate(self.tokens):
            if token.kind == "binary" and token.text == text and index not in self._heads:
                left, right = self.left_operand(index, level), self.right_operand(index, level)
                if left >= 0 and right >= 0:
                    yield index, left, right

    def transposes(self) -> Iterator[int]:
        """Yield the indices of the marks that transpose."""
        return (index for index, token in enumerate(self.tokens) if token.kind == "transpose")

    def arguments(self, opening: int) -> list[tuple[int, int]]:
        """Return the first and the last token of each argument in the bracket that opens here."""
        found, first, index = [], opening + 1, opening + 1
        closing = self.tokens[opening].partner
        while index < closing:
            if self.tokens[index].partner > index:
                index = self.tokens[index].partner
            elif self.tokens[index].text == ",":
                found.append((first, index - 1))
                first = index + 1
            index += 1
        return [*found, (first, closing - 1)] if closing > opening + 1 else []

    def left_operand(self, index: int, level: int) -> int:
        """Return where the left operand of the operator begins: all that binds at least as tightly; -1 for none."""
        at = index - 1
        while at >= 0 and self.tokens[at].kind in ENDS_OPERAND:
            at = self.postfix_start(at)
            while level < POWER and self._kind(at - 1) == "unary":
                at -= 1
            before = self._token(at - 1)
            if before is None or before.kind != "binary" or LEVEL[before.text] < level:
                return at
            at -= 2
        return -1

    def right_operand(self, index: int, level: int) -> int:
        """Return where the right operand of the operator ends: all that binds more tightly; -1 for none."""
        at = index + 1
        while True:
            while self._kind(at) == "unary":
                at += 1
            if self._kind(at) not in _BEGINS_OPERAND or (end := self._postfix_end(at)) < 0:
                return -1
            after = self._token(end + 1)
            if after is None or after.kind != "binary" or LEVEL[after.text] <= level:
                return end
            at = end + 2

    def postfix_start(self, at: int) -> int:
        """Return where what ends at a token begins: ``s.x{3}(k)'`` with s."""
        while True:
            token = self.tokens[at]
            if token.kind == "transpose":
                at -= 1
            elif token.kind == "field":
                at -= 2
            elif token.kind == "close" and token.partner >= 0:
                at = token.partner
                before = self._kind(at - 1)
                if before == "dot":
                    at -= 2
                elif self.tokens[at].text != "[" and before in ("name", "field", "close", "transpose"):
                    at -= 1
                else:
                    return at
            else:
                return at

    def _postfix_end(self, at: int) -> int:
        if self.tokens[at].kind == "open":
            at = self.tokens[at].partner
        while 0 <= at < len(self.tokens):
            after = self._token(at + 1)
            if after is None:
                return at
            if after.kind == "transpose":
                at += 1
            elif after.kind == "dot":
                opened = self._token(at + 2)
                at = at + 2 if opened is None or opened.kind != "open" else opened.partner
            elif after.kind == "open" and after.text in "({" and self.tokens[at].kind not in ("number", "string"):
                at = after.partner
            else:
                return at
        return -1

    def _kind(self, index: int) -> str:
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else ""

    def _token(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def _read_names(self) -> None:
        index = 0
        while index < len(self.tokens):
            token = self.tokens[index]
            if token.text == "function" and token.kind == "keyword":
                self._scopes.append(set())
                head = self._head(index)
                self._heads.update(head)
                names = [at for at in head if self.tokens[at].kind == "name"]
                opening = next((at for at in head if self.tokens[at].text == "("), head.stop)
                equals = [at for at in range(head.start, opening) if self.tokens[at].kind == "assign"]
                own = next((at for at in names if not equals or at > equals[0]), None)
                self._own_names.update([own] if own is not None else [])
                self._scopes[-1].update(self.tokens[at].text for at in names if at != own)
            self._scope_of.append(len(self._scopes) - 1)
            if token.kind == "assign" and index not in self._heads:
                self._assign(index - 1)
            elif token.kind == "keyword" and token.text in ("global", "persistent"):
                self._declare(index + 1)
            elif token.kind == "handle" and index + 1 < len(self.tokens) and self.tokens[index + 1].text == "(":
                for at in range(index + 2, self.tokens[index + 1].partner):
                    if self.tokens[at].kind == "name":
                        self._scopes[-1].add(self.tokens[at].text)
                        self._roots.add(at)
            index += 1

    def _head(self, index: int) -> range:
        """Return the tokens of a function's declaration: to the bracket of its inputs, or to the line's end."""
        end = index + 1
        while end < len(self.tokens) and self.tokens[end].text not in ("\n", ";"):
            if self.tokens[end].text == "(":
                return range(index, max(self.tokens[end].partner, end) + 1)
            end = max(self.tokens[end].partner, end) + 1
        return range(index, end)

    def _assign(self, last: int) -> None:
        """Note the names that are assigned to: the one before ``=``, or those in the bracket."""
        if last < 0 or self.tokens[last].kind not in ENDS_OPERAND:
            return
        start = self.postfix_start(last)
        ends = [last]
        if self.tokens[start].text == "[":
            ends = [end for _, end in self._elements(start)]
        for end in ends:
            if self.tokens[end].kind in ENDS_OPERAND:
                root = self.postfix_start(end)
                if self.tokens[root].kind == "name":
                    self._roots.add(root)
                    self._scopes[-1].add(self.tokens[root].text)

    def _elements(self, opening: int) -> list[tuple[int, int]]:
        found, first = [], opening + 1
        closing = self.tokens[opening].partner
        index = first
        while index <= closing:
            if index == closing or self.tokens[index].kind == "separator":
                if index > first:
                    found.append((first, index - 1))
                first = index + 1
            index = max(self.tokens[index].partner, index) + 1
        return found

    def _declare(self, index: int) -> None:
        while self._kind(index) == "name":
            self._scopes[-1].add(self.tokens[index].text)
            self._roots.add(index)
            index += 1


def apply(text: str, changes: Sequence[Change]) -> str:
    """Return the text with all the changes in it."""
    splices = sorted(
        (splice for change in changes for splice in change.splices),
        key=lambda one: (one.start, one.rank, -one.width),
    )
    parts, place = [], 0
    for splice in splices:
        if splice.start >= place:  # of two in the place of one token the first counts
            parts += [text[place : splice.start], splice.text]
            place = splice.end
    return "".join([*parts, text[place:]])
