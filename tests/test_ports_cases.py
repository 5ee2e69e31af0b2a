"""Cases from Python values, files and strategies: the same arguments in every form."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from courseport.crosscheck import compare_port
from courseport.crosscheck.ports.cases import draw_cases, read_cases
from courseport.crosscheck.ports.conventions import Conventions
from courseport.datasets.variables import read_values
from courseport.octave import OctaveSession
from courseport.octave.finding import find_octave
from courseport.octave.values import encode

X, Y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0], [6.0]])


def sent(value: Any) -> bytes:
    """Return the bytes that reach Octave."""
    chunks: list[Any] = []
    encode(chunks, value, "value")
    return b"".join(chunk.data for chunk in chunks)


def cell(*parts: Any, shape: tuple[int, int] | None = None) -> np.ndarray:
    array = np.empty(len(parts), object)
    for index, part in enumerate(parts):
        array[index] = part
    return array.reshape(shape or (1, -1))


def structs(*records: dict[str, Any]) -> np.ndarray:
    array = np.empty((1, len(records)), [(name, object) for name in records[0]])
    for index, record in enumerate(records):
        for name, value in record.items():
            array[0, index][name] = value
    return array


# Each holds the cases (X, Y) and (2 X, Y).
TWO = {
    "numbered": {"x1": X, "y1": Y, "x2": 2 * X, "y2": Y},
    "with an underscore": {"x_1": X, "y_1": Y, "x_2": 2 * X, "y_2": Y},
    "one shared": {"x1": X, "x2": 2 * X, "y": Y},
    "other numbers and case": {"X_07": X, "X_10": 2 * X, "Y": Y},
    "a struct array": {"cases": structs({"x": X, "y": Y}, {"x": 2 * X, "y": Y})},
    "a cell of cells": {"cases": cell(cell(X, Y), cell(2 * X, Y))},
    "a column of cells": {"cases": cell(cell(X, Y), cell(2 * X, Y), shape=(2, 1))},
    "a cell of structs": {"cases": cell({"x": X, "y": Y}, {"y": Y, "x": 2 * X})},
    "a cell with a case a row": {"cases": cell(X, 2 * X, Y, Y).reshape((2, 2), order="F")},
    "a cell of any name": {"inputs_of_f": cell(cell(X, Y), cell(2 * X, Y))},
    "cells": {"case1": cell(X, Y), "case2": cell(2 * X, Y)},
    "structs": {"case_1": {"x": X, "y": Y}, "case_2": {"x": 2 * X, "y": Y}},
    "a struct of cells": {"cases": {"first": cell(X, Y), "second": cell(2 * X, Y)}},
}


@pytest.mark.parametrize("form", TWO)
def test_forms_of_mat_files(form: str, tmp_path: Path) -> None:
    scipy.io.savemat(tmp_path / "two.mat", TWO[form])
    cases = read_cases(tmp_path / "two.mat", ("x", "y"))
    assert [sent(list(case.octave)) for case in cases] == [sent([X, Y]), sent([2 * X, Y])]
    assert all(np.array_equal(case.python[0], case.octave[0]) for case in cases)
    assert all(case.python[1].tolist() == [5.0, 6.0] for case in cases)


X_JSON, Y_JSON = X.tolist(), [5, 6]
TWO_JSON: dict[str, Any] = {
    "a list of lists": [[X_JSON, Y_JSON], [[[2, 4], [6, 8]], Y_JSON]],
    "a list of objects": [{"x": X_JSON, "y": Y_JSON}, {"y": Y_JSON, "x": [[2, 4], [6, 8]]}],
    "cases": {"cases": [[X_JSON, Y_JSON], {"x": [[2, 4], [6, 8]], "y": Y_JSON}]},
    "cases by name": {"small": [X_JSON, Y_JSON], "large": [[[2, 4], [6, 8]], Y_JSON]},
    "objects by name": {"small": {"x": X_JSON, "y": Y_JSON}, "large": {"x": [[2, 4], [6, 8]], "y": Y_JSON}},
    "numbered": {"x1": X_JSON, "x2": [[2, 4], [6, 8]], "y": Y_JSON},
    "case1 and case2": {"case1": [X_JSON, Y_JSON], "case2": [[[2, 4], [6, 8]], Y_JSON]},
    "shared beside cases": {"y": Y_JSON, "cases": [{"x": X_JSON}, {"x": [[2, 4], [6, 8]]}]},
    "named, with args": [{"name": "a", "args": [X_JSON, Y_JSON]}, {"name": "b", "args": [[[2, 4], [6, 8]], Y_JSON]}],
}


@pytest.mark.parametrize("form", TWO_JSON)
def test_forms_of_json_files(form: str, tmp_path: Path) -> None:
    (tmp_path / "two.json").write_text(json.dumps(TWO_JSON[form]))
    cases = read_cases(tmp_path / "two.json", ("x", "y"))
    assert [sent(list(case.octave)) for case in cases] == [sent([X, Y]), sent([2 * X, Y])]
    assert all(np.array_equal(case.python[0], case.octave[0]) and case.python[1].shape == (2,) for case in cases)


@pytest.mark.parametrize(
    ("text", "octave"),
    [
        ("3", 3.0),
        ("true", True),
        ('"text"', "text"),
        ("null", np.zeros((0, 0))),
        ("[]", np.zeros((0, 0))),
        ("NaN", np.nan),
        ("[1, -Infinity, null]", np.array([[1.0], [-np.inf], [np.nan]])),
        ("[true, false]", np.array([[True], [False]])),
        ("[[1, 2], [3, 4]]", X),
        ("[[1, 2], [3]]", cell(np.array([[1.0], [2.0]]), np.array([[3.0]]))),
        ('{"real": 1, "imag": -2}', 1 - 2j),
        ('{"real": [1, 2], "imag": [0, NaN]}', np.array([[1 + 0j], [complex(2, np.nan)]])),
        ('[{"real": 1, "imag": 1}, 2]', np.array([[1 + 1j], [2 + 0j]])),
        ('["a", "bc"]', cell("a", "bc")),
        ('{"a": 1, "b": {"c": ["d"]}}', {"a": 1.0, "b": {"c": cell("d")}}),
        ("9007199254740993", np.int64(2**53 + 1)),
        ("18446744073709551615", np.uint64(2**64 - 1)),
    ],
)
def test_each_kind_of_value_in_json(text: str, octave: Any, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(f'[{{"x": {text}}}]')
    (case,) = read_cases(tmp_path / "one.json", ("x",))
    assert sent(case.octave[0]) == sent(octave)


@pytest.mark.parametrize(
    "arrays",
    [
        {"x": X, "y": np.array([5.0, 6.0])},
        {"arr_0": X, "arr_1": np.array([5.0, 6.0])},
        {"x_1": X, "y_1": np.array([5.0, 6.0])},
    ],
)
def test_forms_of_npz_files(arrays: dict[str, Any], tmp_path: Path) -> None:
    np.savez(tmp_path / "one.npz", **arrays)
    (case,) = read_cases(tmp_path / "one.npz", ("x", "y"))
    assert [sent(value) for value in case.octave] == [sent(X), sent(Y)]
    assert [value.shape for value in case.python] == [(2, 2), (2,)]


def test_kinds_of_npz_values(tmp_path: Path) -> None:
    np.savez(tmp_path / "kinds.npz", a=np.int8([1]), b=np.array(["one", "two"]), c=np.array("text"), d=1j, e=True)
    (case,) = read_cases(tmp_path / "kinds.npz", tuple("abcde"))
    expected = [np.array([[1]], np.int8), cell("one", "two"), "text", 1j, True]
    assert [sent(value) for value in case.octave] == [sent(value) for value in expected]


VALUES = """
c = {1, "text", [1 2; 3 4], {}, {int8(3), true}, 1+2i, single(2.5), [], "", ["abc"; "def"], sparse([1 0; 0 2.5])};
s.a = 1; s.b = "x"; s.c.d = {1, 2}; sa = struct ("p", {1, 2, 3}, "q", {"a", "b", "c"}); e = struct (); z = zeros (0, 3);
zc = cell (0, 2); i = int64 (9007199254740993); u = uint8 ([1 2; 3 4]); l = [true false]; sc = sparse ([1+2i 0]);
n = reshape (1:24, 2, 3, 4); x = [NaN NA Inf -Inf -0]; r = 1:5; st = {s, sa};
w = "Gr\\303\\266\\303\\237e"; f = single ([1+2i, 3]);
"""
NAMES = ("c", "s", "sa", "e", "z", "zc", "i", "u", "l", "sc", "n", "x", "r", "st", "w", "f")


@pytest.mark.parametrize("form", ["-v7", "-v6", "-text", "-binary"])
def test_every_class_crosses_from_octave_s_own_files(form: str, tmp_path: Path) -> None:
    names = "', '".join(NAMES)
    code = f"{VALUES} save ('{form}', '{tmp_path}/all.mat', '{names}');"
    subprocess.run([find_octave(), "--norc", "--quiet", "--eval", code], check=True, capture_output=True)
    (case,) = read_cases(tmp_path / "all.mat", NAMES)
    with OctaveSession() as session:
        loaded = session.feval("load", str(tmp_path / "all.mat"), exact=True)
    for name, value in zip(NAMES, case.octave, strict=True):
        assert sent(value) == sent(loaded[name]), name


def test_octave_reads_sparse_logicals_of_its_own_as_numbers(tmp_path: Path) -> None:
    code = f"b = sparse ([true false; false true]); save ('-v6', '{tmp_path}/b.mat', 'b');"
    subprocess.run([find_octave(), "--norc", "--quiet", "--eval", code], check=True, capture_output=True)
    value = read_values(tmp_path / "b.mat")["b"]
    assert isinstance(value, scipy.sparse.csc_array)
    assert value.dtype == bool
    assert value.toarray().tolist() == [[True, False], [False, True]]


@pytest.mark.parametrize(
    ("cases", "inputs", "expected"),
    [
        ([(X, 1.0)], ("x", "k"), [(X, 1.0)]),
        ([[X, 1.0]], ("x", "k"), [(X, 1.0)]),
        ([{"k": 1.0, "x": X}], ("x", "k"), [(X, 1.0)]),
        ([{"x": X}], ("x", "k"), [(X,)]),
        ([3.0, 4.0], ("x",), [(3.0,), (4.0,)]),
        (["a", "b"], ("x",), [("a",), ("b",)]),
        ([X], ("x",), [(X,)]),
        ([[1.0, 2.0, 3.0]], ("x",), [([1.0, 2.0, 3.0],)]),
        ([{"a": 1.0}], ("x",), [({"a": 1.0},)]),
        ([(1.0, 2.0, 3.0)], ("x", "varargin"), [(1.0, 2.0, 3.0)]),
        ([{"x": 1.0, "varargin": [2.0, "a"]}], ("x", "varargin"), [(1.0, 2.0, "a")]),
        ([()], (), [()]),
        (iter([(1.0,), (2.0,)]), (), [(1.0,), (2.0,)]),
        ([{"lambda_": 1.0}], ("lambda",), [(1.0,)]),
    ],
)
def test_python_values(cases: Any, inputs: tuple[str, ...], expected: list[tuple[Any, ...]]) -> None:
    found = read_cases(cases, inputs)
    assert len(found) == len(expected)
    for case, arguments in zip(found, expected, strict=True):
        assert [sent(value) for value in case.python] == [sent(value) for value in arguments]


def test_a_name_and_a_number_of_outputs_come_with_a_case() -> None:
    (case,) = read_cases([{"x": 1.0, "name": "the smallest", "nout": 2}], ("x",))
    assert (case.name, case.nout) == ("the smallest", 2)
    (case,) = read_cases([{"x": 1.0, "name": "a text"}], ("x", "name"))
    assert case.octave == (1.0, "a text")


def test_vectors_are_sent_as_the_conventions_say(tmp_path: Path) -> None:
    (tmp_path / "v.json").write_text("[[[1, 2, 3]]]")
    for way, shape in (("column", (3, 1)), ("row", (1, 3))):
        (case,) = read_cases(tmp_path / "v.json", ("x",), Conventions(send_vectors=way))
        assert case.octave[0].shape == shape


def test_what_is_no_input_is_told_and_a_gap_is_an_error(tmp_path: Path) -> None:
    scipy.io.savemat(tmp_path / "more.mat", {"x1": 1.0, "x2": 2.0, "expected1": 3.0, "note": "by hand"})
    notes: list[str] = []
    assert len(read_cases(tmp_path / "more.mat", ("x", "k"), notes=notes)) == 2
    assert sorted(note.split()[0] for note in notes) == ["expected1", "note"]
    scipy.io.savemat(tmp_path / "gap.mat", {"a": 1.0, "c": 2.0})
    with pytest.raises(ValueError, match=r"case 1 in .*gap\.mat must hold b, got a, c"):
        read_cases(tmp_path / "gap.mat", ("a", "b", "c"))
    with pytest.raises(ValueError, match=r"must hold p, q, or cases, got a, c"):
        read_cases(tmp_path / "gap.mat", ("p", "q"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.json", b"[1, 2"),
        ("deep.json", b"[" * 100_000),
        ("scalar.json", b"3"),
        ("empty.json", b"[]"),
        ("empty.mat", b""),
        ("text.mat", b"hello there, this is no MAT file at all"),
        ("new.mat", b"MATLAB 7.3 MAT-file".ljust(512) + b"\x89HDF\r\n\x1a\n"),
        ("broken.txt", b"# Created by Octave 7.3.0\n# name: x\n# type: cell\n# rows: 2\n"),
        ("bad.npz", b"PK\x03\x04 and nothing else"),
    ],
)
def test_files_that_hold_no_cases(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=name.partition(".")[0]):
        read_cases(tmp_path / name, ("x",))


@pytest.mark.parametrize(
    ("cases", "inputs"),
    [
        ([(1.0, 2.0)], ("x",)),
        ([lambda: 1], ("x",)),
        ([(1.0, {"f": print})], ("x", "options")),
        ([], ("x",)),
        ({"x": 1.0}, ("x",)),
        (3, ("x",)),
    ],
)
def test_values_that_are_no_cases(cases: Any, inputs: tuple[str, ...]) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_cases(cases, inputs)


def test_a_function_in_a_mat_file_is_named(tmp_path: Path) -> None:
    flags = np.frombuffer(bytes([16]) + bytes(7), np.uint8).tobytes()
    parts = b"\x06\0\0\0\x08\0\0\0" + flags + b"\x05\0\0\0\x08\0\0\0" + b"\x01\0\0\0\x01\0\0\0" + b"\x01\0\x01\0f\0\0\0"
    content = b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\x01IM" + b"\x0e\0\0\0" + len(parts).to_bytes(4, "little") + parts
    (tmp_path / "handle.mat").write_bytes(content)
    with pytest.raises(TypeError, match=r"f of case 1 in .* must be a value that crosses to Octave, got a function"):
        read_cases(tmp_path / "handle.mat", ("f",))


SHAPE = st.shared(st.tuples(st.integers(1, 4), st.integers(1, 4)), key="shape")
MATRIX = SHAPE.flatmap(lambda shape: hnp.arrays(np.float64, shape, elements=st.floats(-10, 10)))


@pytest.mark.parametrize(
    "strategies",
    [
        {"b": MATRIX, "a": MATRIX},
        [MATRIX, MATRIX],
        (MATRIX, MATRIX),
        st.tuples(MATRIX, MATRIX),
        st.fixed_dictionaries({"a": MATRIX, "b": MATRIX}),
    ],
)
def test_cases_are_drawn_with_shapes_that_match_the_same_again(strategies: Any) -> None:
    cases = draw_cases(strategies, ("a", "b"), count=30)
    assert len(cases) == 30
    assert all(one.shape == other.shape for one, other in (case.octave for case in cases))
    assert len({case.octave[0].shape for case in cases}) > 3
    again = draw_cases(strategies, ("a", "b"), count=30)
    assert [sent(list(case.octave)) for case in cases] == [sent(list(case.octave)) for case in again]
    others = draw_cases(strategies, ("a", "b"), count=30, seed=1)
    assert [sent(list(case.octave)) for case in cases] != [sent(list(case.octave)) for case in others]


def test_a_strategy_that_is_slow_or_mostly_filtered_still_draws() -> None:
    rare = st.integers(0, 1000).filter(lambda number: number % 50 == 0)
    assert 0 < len(draw_cases([rare], ("n",), count=5)) <= 5
    assert [case.python for case in draw_cases([st.just(1.0)], ("x",), count=5)] == [(1.0,)]
    texts = draw_cases({"s": st.text(max_size=5), "o": st.lists(st.booleans())}, ("s", "o"), count=20)
    assert len(texts) == 20
    with pytest.raises(ValueError, match="strategies must give at least one case"):
        draw_cases([st.nothing()], ("x",))
    with pytest.raises(TypeError, match="strategies must be hypothesis strategies"):
        draw_cases([1.0], ("x",))


def test_without_hypothesis_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ModuleNotFoundError, match=r"strategies needs hypothesis: .*pip install .*(hypothesis|ports)"):
        draw_cases([st.just(1.0)], ("x",))


def test_a_port_is_compared_on_cases_of_every_source(tmp_path: Path) -> None:
    (tmp_path / "scaled.m").write_text("function y = scaled (x, k)\n  if nargin < 2, k = 2; end\n  y = k * x;\nend\n")
    scipy.io.savemat(tmp_path / "cases.mat", {"x1": X, "x2": Y, "k2": 3.0, "expected1": 2 * X})

    def right(x: np.ndarray, k: float = 2.0) -> np.ndarray:
        return k * x

    report = compare_port(tmp_path / "scaled.m", right, tmp_path / "cases.mat")
    assert report.agrees, str(report)
    assert any("expected1" in note for note in report.notes)
    assert not compare_port(tmp_path / "scaled.m", lambda x, k=3.0: k * x, tmp_path / "cases.mat").agrees
    drawn = compare_port(tmp_path / "scaled.m", right, strategies={"x": MATRIX, "k": st.floats(-2, 2)})
    assert drawn.agrees, str(drawn)
    assert len(drawn.cases) > 10
