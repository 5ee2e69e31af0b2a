"""Every class crosses to Octave and back as it is, and what cannot is an error that names it."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from courseport import _checks
from courseport.crosscheck import Conventions, compare_port, record_port
from courseport.crosscheck.ports.agreement import compare_values
from courseport.crosscheck.ports.conventions import for_octave, for_python

RNG = np.random.default_rng(77)
BITS = RNG.integers(0, 2**64, 200, np.uint64)
REALS = BITS.view(np.float64)
REALS = REALS[~np.isnan(REALS)]
STRICT = Conventions(classes="exact", integers="exact", na=True, signed_zero=True)
NUMBERS: list[Any] = [
    REALS,
    REALS[:60].reshape(3, 4, 5),
    np.array([0.0, -0.0, 5e-324, -2.2e-308, np.inf, -np.inf, np.nan, np.finfo(float).max]),
    np.array([0x7FF840F440000000], np.uint64).view(np.float64),  # NA
    *(BITS.view(f"{sign}int{bits}") for sign in ("", "u") for bits in (8, 16, 32, 64)),
    BITS.astype(np.uint32).view(np.float32)[::7][np.isfinite(BITS.astype(np.uint32).view(np.float32)[::7])],
    REALS[:20] + 1j * REALS[20:40],
    np.array([1 + 2j, 3 - 0.5j], np.complex64),
    RNG.integers(0, 2, (4, 3)).astype(bool),
    True,
    2.5,
    2 - 1j,
    np.int8(-3),
    np.uint64(2**64 - 1),
    np.int64(2**63 - 1),
    np.float32(0.1),
    scipy.sparse.csc_array(np.diag([1.5, 0.0, -2.0])),
    scipy.sparse.csc_array(np.array([[0, 1j], [0, 0]])),
    scipy.sparse.csc_array(np.array([[True, False]])),
]
OTHERS: list[Any] = [
    "",
    "text",
    "Gr\N{LATIN SMALL LETTER U WITH DIAERESIS}\N{LATIN SMALL LETTER SHARP S}e \N{GREEK SMALL LETTER ALPHA}\n'\"%",
    [],
    None,
    ["a", "", "bc"],
    ["a", 1.0, np.eye(2), ["nested", [True]]],
    ("x", {"y": 1.0}),
    {"a": 1.0, "b": {"c": "deep", "d": [1.0, "e"]}},
    [{"n": "one", "v": 1.0}, {"n": "two", "v": np.arange(3.0)}],
    np.array([["a", 1.0], [None, "b"]], object),
    np.zeros((0, 3)),
    np.zeros(0),
    SimpleNamespace(a=1.0, b="x"),
    pd.DataFrame({"p": [1.0, 2.0], "q": [3.0, 4.0]}),
]


@pytest.mark.octave
@pytest.mark.parametrize(("values", "conventions"), [(NUMBERS, STRICT), (OTHERS, Conventions())])
def test_what_is_sent_comes_back(tmp_path: Path, values: list[Any], conventions: Conventions) -> None:
    (tmp_path / "same.m").write_text("function y = same (x)\n  y = x;\nend\n")
    report = compare_port(
        tmp_path / "same.m", lambda x: x, [(value,) for value in values], rtol=0, atol=0, conventions=conventions
    )
    assert report.agrees, str(report)
    assert len(report.cases) == len(values)


@pytest.mark.octave
def test_many_calls_and_many_megabytes_cross(tmp_path: Path) -> None:
    (tmp_path / "same.m").write_text("function y = same (x)\n  y = x;\nend\n")
    large = np.arange(9e6)  # 72 MB
    small = [(RNG.standard_normal(128),) for _ in range(200)]  # 1 kB each
    report = compare_port(tmp_path / "same.m", lambda x: x, [(large,), *small], rtol=0)
    assert report.agrees, str(report)
    assert report.cases[0].outputs[0].parts[0].size == large.size


MAKERS = (
    *(
        "[]",
        "zeros(0,3)",
        "''",
        "zeros(1,0)",
        "{}",
        "cell(0,2)",
        "5",
        "true",
        "'c'",
        "NaN",
        "NA",
        "-0",
        "1:3",
        "(1:3)'",
    ),
    *("[1 2;3 4]", "1i", "[1+2i 3]", "int8(-5)", "uint64(18446744073709551615)", "int64([1 2])", "single(pi)"),
    *("['ab';'cd']", "'text'", "{1,'a',[1 2]}", "{1;2}", "{'a','b';'c','d'}", "struct('a',1,'b','x')"),
    *("struct('a',{1,2,3})", "struct('a',{{1,'b'}})", "sparse([1 0;0 2])", "sparse(3,3)", "rand(2,3,4) > 2", "1e-320"),
    *("repmat(struct('q',7),0,1)", "num2cell([1 2;3 4])", "containers.Map({'a','b'},[1 2])", "realmax", "eps"),
)


@pytest.mark.octave
def test_what_octave_makes_goes_to_python_and_back(tmp_path: Path) -> None:
    (tmp_path / "made.m").write_text("function x = made (code)\n  x = eval (code);\nend\n")
    recording = record_port(tmp_path / "made.m", [(code,) for code in MAKERS])
    assert not any(answer.error for answer in recording.answers)
    for code, answer in zip(MAKERS, recording.answers, strict=True):
        (value,) = answer.outputs
        for conventions in (Conventions(), Conventions(vectors="exact")):
            given = for_python(value, conventions)
            assert all(part.agrees for part in compare_values(value, given, conventions)), (code, given)
        if "Map" not in code and ";'c'" not in code:  # keys name no fields; lists in a list are cells in a cell
            sent = for_octave(for_python(value, Conventions(vectors="exact")), STRICT)
            assert all(part.agrees for part in compare_values(value, sent)), (code, sent)


def test_the_usual_forms_of_arguments() -> None:
    forms = [for_python(np.array(value)) for value in ([[1.0, 2.0]], [[1.0], [2.0]], [[1.0, 2.0], [3.0, 4.0]], [[5.0]])]
    assert [np.shape(form) for form in forms] == [(2,), (2,), (2, 2), ()]
    assert type(forms[3]) is float
    assert for_python(np.zeros((0, 0))).shape == (0,)
    assert for_octave(np.arange(3)).dtype == np.float64
    assert for_octave(np.array([2**60])).dtype == np.int64
    assert for_octave(np.arange(3), Conventions(integers="exact")).dtype == np.int64
    assert for_octave(np.arange(3), Conventions(send_vectors="row")).shape == (1, 3)
    assert for_octave([{"a": 1}, {"b": 2}]).dtype == object


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (abs, "argument must"),
        ({"f": [1.0, abs]}, "argument['f'][1]"),
        (np.datetime64("2020-01-01"), "argument must"),
        ([object()], "argument[0]"),
        (np.array([np.timedelta64(1, "D")]), "argument must"),
    ],
)
def test_what_octave_has_nothing_for_is_named(value: Any, words: str) -> None:
    with pytest.raises(_checks.InputTypeError, match=re.escape(words)):
        for_octave(value)


@pytest.mark.octave
@pytest.mark.parametrize("value", [{"not a name": 1.0}, 2**70, np.float16(1.0), np.longdouble(1)])
def test_what_cannot_be_sent_is_refused_before_any_work(tmp_path: Path, value: Any) -> None:
    (tmp_path / "same.m").write_text("function y = same (x)\n  y = x;\nend\n")
    with pytest.raises(_checks.InputError, match="must"):
        compare_port(tmp_path / "same.m", lambda x: x, [(value,)])


@pytest.mark.parametrize(
    "bad",
    [{"vectors": "rows"}, {"send_vectors": 1}, {"classes": ""}, {"integers": None}, {"na": 1}, {"printed": "yes"}],
)
def test_conventions_refuse_what_they_do_not_know(bad: dict[str, Any]) -> None:
    with pytest.raises(_checks.InputError, match=next(iter(bad))):
        Conventions(**bad)
