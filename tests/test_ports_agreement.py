"""What agrees and what does not, value by value: no Octave is needed, its values are written as they are read."""

from __future__ import annotations

import dataclasses
import decimal
from collections import namedtuple
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from courseport.crosscheck import Conventions
from courseport.crosscheck.ports.agreement import Comparison, compare_values
from courseport.crosscheck.ports.conventions import USUAL
from courseport.crosscheck.ports.numeric import RTOL, Tolerances

EXACT = Conventions(vectors="exact", classes="exact")
NA = np.array([0x7FF840F440000000], np.uint64).view(np.float64)
Pair = namedtuple("Pair", "a b")


@dataclasses.dataclass
class Data:
    a: float
    b: str


class Result:
    def __init__(self) -> None:
        self.a = 1.0
        self._hidden = 2.0


def octave(value: Any) -> Any:
    """Return a matrix as it comes from Octave."""
    return np.atleast_2d(np.asarray(value))


def cell(*values: Any, shape: tuple[int, ...] | None = None) -> Any:
    """Return a cell, a row unless a shape is given."""
    array = np.empty(len(values), object)
    for place, value in enumerate(values):
        array[place] = value
    return array.reshape(shape or (1, -1), order="F")


def differing(theirs: Any, ours: Any, conventions: Conventions = USUAL, **more: Any) -> list[Comparison]:
    found = compare_values(theirs, ours, conventions, Tolerances(**more))
    return [part for part in found if not part.agrees]


ROW, COLUMN = octave([1.0, 2.0, 3.0]), octave([1.0, 2.0, 3.0]).T
STRUCTS = np.empty((1, 2), [("a", object), ("b", object)])
STRUCTS["a"], STRUCTS["b"] = cell(octave(1.0), octave(2.0)), cell("x", "y")
CHARS = np.array([[b"a", b"b"], [b"c", b" "]], "S1")
SPARSE = scipy.sparse.csc_array(np.diag([1.0, 0.0, 3.0]))
BIG = octave(np.array([2**63 - 1, 2**53 + 1], np.int64))

RIGHT: dict[str, tuple[Any, Any]] = {
    "a vector, a row": (ROW, np.array([1.0, 2.0, 3.0])),
    "a vector, a column": (COLUMN, np.array([1.0, 2.0, 3.0])),
    "a list of numbers": (COLUMN, [1, 2.0, True + 2]),
    "a tuple of numbers": (ROW, (1.0, 2.0, 3.0)),
    "lists of lists": (octave([[1.0, 2.0], [3.0, 4.0]]), [[1, 2], [3, 4]]),
    "a number": (octave(2.0), 2.0),
    "a number in an array": (octave(2.0), np.array([2.0])),
    "a number of shape ()": (octave(2.0), np.array(2.0)),
    "an int for a double": (octave(2.0), 2),
    "int64 for a double": (ROW, np.array([1, 2, 3])),
    "True for 1": (octave(1.0), True),
    "1 for true": (octave(np.array([True])), 1.0),
    "bools": (octave([1.0, 0.0]), np.array([True, False])),
    "uint8": (octave(np.array([255], np.uint8)), 255),
    "large integers": (BIG, [2**63 - 1, 2**53 + 1]),
    "uint64": (octave(np.array([2**64 - 1], np.uint64)), 2**64 - 1),
    "rounding": (ROW, np.array([1.0, 2.0, 3.0]) * (1 + 1e-12)),
    "rounding of what cancels": (octave([1.0, 0.0]), np.array([1.0, -3e-17])),
    "rounding of whole numbers": (octave(6.0), 6.0 + 4e-15),
    "single": (octave(np.float32(0.1)), 0.1),
    "a single that is exact": (octave(0.5), np.float32(0.5)),
    "complex without imaginary part": (octave(2.0), 2 + 0j),
    "real for complex": (octave(2 + 0j), 2.0),
    "complex": (octave([1 + 2j, 3 - 1j]), [1 + 2j, 3 - 1j]),
    "minus 0": (octave(0.0), -0.0),
    "NaN": (octave([np.nan, np.inf, -np.inf]), [np.nan, np.inf, -np.inf]),
    "NA for NaN": (octave(NA), np.nan),
    "complex NaN": (octave(complex(np.nan, 0)), np.nan),
    "denormals": (octave(5e-324), 5e-324),
    "the largest": (octave(np.finfo(float).max), np.finfo(float).max),
    "text": ("abc", "abc"),
    "NumPy's text": ("abc", np.str_("abc")),
    "bytes": ("abc", b"abc"),
    "text in an array": ("abc", np.array("abc")),
    "a letter in a list": ("a", ["a"]),
    "text as letters": ("abc", ["a", "b", "c"]),
    "rows of text": (CHARS, ["ab", "c"]),
    "rows of text, filled up": (CHARS, np.array(["ab", "c "])),
    "a column of letters": (np.array([[b"a"], [b"b"]], "S1"), "ab"),
    "empty text for []": (np.zeros((0, 0)), ""),
    "[] for empty text": ("", []),
    "None for []": (np.zeros((0, 0)), None),
    "an empty array": (np.zeros((0, 0)), np.array([])),
    "a list for an empty row": (np.zeros((1, 0)), []),
    "an empty column": (np.zeros((0, 1)), np.zeros(0)),
    "an empty table": (np.zeros((0, 3)), np.zeros((0, 3))),
    "{} for []": (cell(shape=(0, 0)), []),
    "a list for a cell": (cell("a", octave(2.0)), ["a", 2]),
    "a tuple for a cell": (cell("a", octave(2.0)), ("a", 2)),
    "a column of a cell": (cell("a", "b", shape=(2, 1)), ["a", "b"]),
    "an array of text": (cell("a", "b"), np.array(["a", "b"])),
    "an array of objects": (cell("a", octave(2.0)), np.array(["a", 2.0], object)),
    "lists of lists for a cell": (cell("a", "b", "c", "d", shape=(2, 2)), [["a", "c"], ["b", "d"]]),
    "an array for a cell of numbers": (cell(octave(1.0), octave(2.0)), np.array([1.0, 2.0])),
    "rows for a cell of vectors": (cell(ROW, ROW), np.array([[1.0, 2.0, 3.0]] * 2)),
    "cells in a cell": (cell(cell("a"), "b"), [["a"], "b"]),
    "a dict": ({"a": octave(1.0), "b": "x"}, {"b": "x", "a": 1}),
    "a dataclass": ({"a": octave(1.0), "b": "x"}, Data(1.0, "x")),
    "a named tuple": ({"a": octave(1.0), "b": "x"}, Pair(1.0, "x")),
    "a namespace": ({"a": octave(1.0), "b": "x"}, SimpleNamespace(a=1.0, b="x")),
    "a record": ({"a": octave(1.0), "b": "x"}, np.array([(1.0, "x")], [("a", float), ("b", "U1")])[0]),
    "a dict in a list": ({"a": octave(1.0)}, [{"a": 1.0}]),
    "dicts in a list": (STRUCTS, [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
    "records": (STRUCTS, np.array([(1, "x"), (2, "y")], [("a", int), ("b", "U1")])),
    "a map": ({"courseport_keys": cell("k 1"), "courseport_values": cell(octave(3.0))}, {"k 1": 3}),
    "a map of numbers": ({"courseport_keys": cell(octave(2.0)), "courseport_values": cell("v")}, {2: "v"}),
    "a handle": ({"courseport_cannot_cross": "function_handle"}, abs),
    "sparse": (SPARSE, SPARSE),
    "another sparse form": (SPARSE, scipy.sparse.coo_matrix(SPARSE)),
    "full for sparse": (SPARSE, np.diag([1.0, 0.0, 3.0])),
    "sparse for full": (np.diag([1.0, 0.0, 3.0]), SPARSE),
    "huge sparse": (
        scipy.sparse.csc_array(([1.0, 2.0], ([0, 99_999], [5, 70_000])), (100_000, 100_000)),
        scipy.sparse.csr_array(([1.0, 2.0, 0.0], ([0, 99_999, 7], [5, 70_000, 8])), (100_000, 100_000)),
    ),
    "a matrix": (COLUMN, np.array([[1.0], [2.0], [3.0]])),
    "three dimensions": (np.ones((2, 3, 4)), np.ones((2, 3, 4))),
    "a last dimension of 1": (np.ones((2, 3)), np.ones((2, 3, 1))),
    "masked values": (octave([1.0, np.nan]), np.ma.masked_array([1.0, 7.0], [False, True])),
    "a data frame": (octave([[1.0, 2.0], [3.0, 4.0]]), pd.DataFrame({"p": [1, 3], "q": [2, 4]})),
    "a series": (COLUMN, pd.Series([1.0, 2.0, 3.0])),
    "a generator": (ROW, (x for x in (1.0, 2.0, 3.0))),
    "a range": (ROW, range(1, 4)),
    "a set": (ROW, {3, 1, 2}),
    "a decimal": (octave(0.5), decimal.Decimal("0.5")),
    "an object with attributes": (
        {"a": octave(1.0)},
        type("Result", (), {"__init__": lambda s: setattr(s, "a", 1.0)})(),
    ),
}

WRONG: dict[str, tuple[Any, Any]] = {
    "a row for a column": (COLUMN, np.array([[1.0, 2.0, 3.0]])),
    "transposed": (octave([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 3.0], [2.0, 4.0]])),
    "too long": (COLUMN, np.arange(4.0)),
    "a number for a vector": (COLUMN, 1.0),
    "a vector for a number": (octave(1.0), np.ones(2)),
    "one value": (ROW, np.array([1.0, 2.0, 3.0 + 1e-7])),
    "one more": (octave(3e9), 3e9 + 1),
    "an index": (octave([1.0, 2.0]), np.array([0, 1])),
    "large integers by one": (BIG, [2**63 - 2, 2**53 + 1]),
    "an integer by one": (octave(np.array([200], np.uint8)), np.uint8(201)),
    "a fraction for an integer": (octave(np.array([2], np.int32)), 2.5),
    "2 for true": (octave(np.array([True])), 2),
    "False": (octave(1.0), False),
    "tiny values": (octave([1e-20, 2e-20]), np.array([1e-20, 2.1e-20])),
    "a denormal": (octave(5e-324), 0.0),
    "a small column of a table": (octave([[1e9, 1e-9], [2e9, 2e-9]]), np.array([[1e9, 1e-9], [2e9, 3e-9]])),
    "float32 for double": (octave(0.1), np.float32(0.1)),
    "a single": (octave(np.float32(0.1)), 0.1001),
    "an imaginary part": (octave(2.0), 2 + 1e-3j),
    "conjugate": (octave([1 + 2j]), [1 - 2j]),
    "NaN for a number": (octave([1.0, 2.0]), [1.0, np.nan]),
    "a number for NaN": (octave([1.0, np.nan]), [1.0, 0.0]),
    "Inf by its sign": (octave(np.inf), -np.inf),
    "Inf for the largest": (octave(np.finfo(float).max), np.inf),
    "NaN for Inf": (octave(np.inf), np.nan),
    "another text": ("abc", "abd"),
    "shorter text": ("abc", "ab"),
    "another case": ("abc", "ABC"),
    "a number for text": ("1", 1),
    "text for a number": (octave(97.0), "a"),
    "a letter's code": ("a", 97.0),
    "another row of text": (CHARS, ["ab", "d"]),
    "rows for one text": ("abc", ["abc", "d"]),
    "None for a number": (octave(0.0), None),
    "0 for []": (np.zeros((0, 0)), 0.0),
    "[] for 0": (octave(0.0), []),
    "text for []": (np.zeros((0, 0)), "a"),
    "an empty table of other columns": (np.zeros((0, 3)), np.zeros((0, 2))),
    "a cell's text": (cell("a", "b"), ["a", "c"]),
    "a cell's order": (cell("a", "b"), ["b", "a"]),
    "a longer list": (cell("a", "b"), ["a", "b", "c"]),
    "text for a cell": (cell("a", "b"), "ab"),
    "a cell, row by row": (cell("a", "b", "c", "d", shape=(2, 2)), [["a", "b"], ["c", "d"]]),
    "a list of text for numbers": (ROW, ["1", "2", "3"]),
    "a ragged list": (ROW, [[1.0], [2.0, 3.0]]),
    "a field's value": ({"a": octave(1.0)}, {"a": 2.0}),
    "a missing field": ({"a": octave(1.0), "b": "x"}, {"a": 1.0}),
    "a further field": ({"a": octave(1.0)}, {"a": 1.0, "b": 2}),
    "a field's case": ({"a": octave(1.0)}, {"A": 1.0}),
    "a number for a struct": ({"a": octave(1.0)}, 1.0),
    "a dict for a number": (octave(1.0), {"a": 1.0}),
    "a struct array's order": (STRUCTS, [{"a": 2, "b": "y"}, {"a": 1, "b": "x"}]),
    "one dict for two": (STRUCTS, [{"a": 1, "b": "x"}]),
    "a map's value": ({"courseport_keys": cell("k"), "courseport_values": cell(octave(3.0))}, {"k": 4}),
    "sparse by one": (SPARSE, scipy.sparse.csc_array(np.diag([1.0, 1.0, 3.0]))),
    "huge sparse": (
        scipy.sparse.csc_array(([1.0, 2.0], ([0, 99_999], [5, 70_000])), (100_000, 100_000)),
        scipy.sparse.csr_array(([1.0, 2.0], ([0, 99_998], [5, 70_000])), (100_000, 100_000)),
    ),
    "three dimensions": (np.ones((2, 3, 4)), np.ones((2, 4, 3))),
    "a function": (octave(1.0), abs),
    "a date": (octave(1.0), np.datetime64("2020-01-01")),
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_same_value_in_another_form_agrees(name: str) -> None:
    assert not differing(*RIGHT[name])


@pytest.mark.parametrize("name", WRONG)
def test_another_value_disagrees_and_says_why(name: str) -> None:
    parts = differing(*WRONG[name])
    assert parts
    assert all(part.why for part in parts)


@pytest.mark.parametrize(
    ("theirs", "ours", "conventions"),
    [
        (COLUMN, np.arange(1.0, 4.0), Conventions(vectors="exact")),
        (octave(1.0), np.ones(1), Conventions(vectors="exact")),
        (np.zeros((0, 3)), np.zeros((0, 0)), Conventions(vectors="exact")),
        (octave(1.0), True, EXACT),
        (octave(1.0), np.array([[1]]), EXACT),
        (octave(2.0), np.array([[2 + 0j]]), EXACT),
        (octave(1.0), np.array([[1.0]], np.float32), EXACT),
        (SPARSE, SPARSE.toarray(), EXACT),
        (np.zeros((0, 0)), "", EXACT),
        (octave(NA), np.array([[np.nan]]), Conventions(na=True)),
        (octave(0.0), -0.0, Conventions(signed_zero=True)),
        (octave(complex(0, -0.0)), complex(0, 0), Conventions(signed_zero=True)),
    ],
)
def test_each_convention_tells_apart_what_the_usual_ones_do_not(
    theirs: Any, ours: Any, conventions: Conventions
) -> None:
    assert not differing(theirs, ours)
    assert differing(theirs, ours, conventions)
    assert not differing(theirs, theirs, conventions)


def test_the_worst_place_is_told_as_both_count() -> None:
    theirs = np.arange(1.0, 7.0).reshape(2, 3)
    ours = theirs.copy()
    ours[1, 2] += 0.5
    ours[0, 1] += 0.1
    (part,) = differing(theirs, ours)
    worst = part.worst
    assert worst is not None
    assert (worst.octave_index, worst.linear, worst.python_index) == ((2, 3), 6, (1, 2))
    assert (worst.octave, worst.python, worst.absolute) == (6.0, 6.5, 0.5)
    assert (part.differing, part.size) == (2, 6)
    assert worst.ulp == 0.5 / np.spacing(6.5)


@pytest.mark.parametrize(
    ("theirs", "ours", "path", "index"),
    [
        (cell("a", {"b": octave([1.0, 2.0])}), ["a", {"b": np.array([1.0, 3.0])}], "{2}.b", (1,)),
        (STRUCTS, [{"a": 1, "b": "x"}, {"a": 3, "b": "y"}], "(2).a", ()),
        (np.ones((2, 2, 2)), np.where(np.arange(8).reshape(2, 2, 2) == 6, 2.0, 1.0), "", (1, 1, 0)),
        (SPARSE, scipy.sparse.csc_array(np.diag([1.0, 0.0, 4.0])), "", (2, 2)),
    ],
)
def test_a_part_of_a_value_is_told_with_its_path(theirs: Any, ours: Any, path: str, index: tuple[int, ...]) -> None:
    (part,) = differing(theirs, ours)
    assert part.path == path
    assert part.worst is not None
    assert part.worst.python_index == index
    assert all(place == other + 1 for place, other in zip(part.worst.octave_index[-len(index) :], index, strict=False))


def test_nan_and_inf_come_before_large_differences() -> None:
    (part,) = differing(octave([1.0, np.nan, 3.0]), [100.0, 2.0, 3.0])
    assert part.differing == 2
    assert part.worst is not None
    assert part.worst.python_index == (1,)
    assert part.worst.absolute == 99.0


def test_ulps_of_neighbours() -> None:
    theirs = octave([1.0, 1e300, 5e-324])
    found = compare_values(theirs, np.nextafter(theirs.ravel(), np.inf))
    assert found[0].worst is not None
    assert found[0].worst.ulp == 1.0


@pytest.mark.parametrize("difference", [0.5, 2.0])
@pytest.mark.parametrize(("rtol", "atol"), [(1e-3, None), (None, 1e-3), (1e-4, 1e-3), (0.0, 1e-2)])
def test_tolerances_that_are_given_decide(rtol: float | None, atol: float | None, difference: float) -> None:
    theirs = octave([0.3, 7.7])
    allowed = (atol or 0.0) + (rtol if rtol is not None else RTOL) * theirs[0, 1]
    ours = theirs.ravel() + np.array([0.0, difference * allowed])
    assert bool(differing(theirs, ours, rtol=rtol, atol=atol)) == (difference > 1)


def test_what_rounding_leaves_is_judged_by_the_arguments_and_the_other_cases() -> None:
    nothing, noise = octave(0.0), 4e-16
    assert differing(nothing, noise)
    assert not differing(nothing, noise, scales={"": 4e-3}, arguments=100.0)
    assert differing(nothing, noise, scales={"": 1e-20}, arguments=100.0)
    assert differing(nothing, noise, scales={"": 4e-3}, arguments=1e-4)
    assert differing(nothing, noise, scales={"": 4e-3}, arguments=100.0, atol=0.0)
