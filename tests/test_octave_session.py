"""The session that cannot lie: values cross bit for bit, threads and callers do not meet, nothing leaks."""

from __future__ import annotations

import contextlib
import os
import pickle
import tempfile
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from courseport.octave import (
    OctaveError,
    OctaveEvaluationError,
    OctaveSession,
    values,
)

pytestmark = pytest.mark.octave


@settings(max_examples=25)
@given(
    bits=hnp.arrays(
        np.uint64, hnp.array_shapes(min_dims=2, max_dims=3, min_side=2, max_side=5), elements=st.integers(0, 2**64 - 1)
    ),
    order=st.sampled_from("CF"),
)
def test_doubles_come_back_bit_for_bit(octave: OctaveSession, bits: Any, order: Any) -> None:
    values = np.array(bits.view(np.float64), order=order)
    values[0, 0] = -0.0
    back = octave.feval("double", values)
    assert back.shape == values.shape
    assert np.array_equal(np.isnan(back), np.isnan(values))
    assert np.array_equal(back.view(np.uint64), np.ascontiguousarray(values).view(np.uint64))


@pytest.mark.parametrize(
    ("value", "shape", "kind"),
    [
        (np.arange(3), (3, 1), "double"),
        (np.arange(6, dtype=np.float32).reshape(2, 3), (2, 3), "double"),
        (np.int64(5), (1, 1), "double"),
        (True, (1, 1), "double"),
        ([[1, 2], [3, 4]], (2, 2), "double"),
        (np.arange(12.0).reshape(3, 4)[:, ::2], (3, 2), "double"),
        (np.empty((0, 3)), (0, 3), "double"),
        ("some text", (1, 9), "char"),
    ],
)
def test_everything_is_sent_as_doubles_and_vectors_as_columns(
    octave: OctaveSession, value: Any, shape: tuple[int, int], kind: str
) -> None:
    assert octave.feval("class", value) == kind
    assert tuple(octave.feval("size", value).ravel()) == shape


def test_what_comes_back(octave: OctaveSession) -> None:
    J, grad = octave.feval("max", [3.0, 9.0, 2.0], nout=2)
    assert (J, grad) == (9.0, 2.0)
    assert isinstance(octave.pull("true"), float)
    assert octave.pull("int8(7)") == 7.0
    assert octave.pull("[1 2; 3 4]").tolist() == [[1, 2], [3, 4]]
    assert octave.pull("zeros(0, 3)").shape == (0, 3)
    assert octave.pull("[]").shape == (0, 0)
    assert octave.pull("sparse([1 0; 0 2])").tolist() == [[1, 0], [0, 2]]
    assert octave.pull("'text'") == "text"
    assert octave.pull("''") == ""
    assert octave.pull("['ab'; 'cd']") == "ab\ncd"
    assert octave.pull("[1 2i]").tolist() == [[1, 2j]]
    assert octave.pull("2i").tolist() == [[2j]]
    assert octave.feval("disp", 1.0, nout=0) is None


def test_push_keeps_a_variable(octave: OctaveSession) -> None:
    octave.push("kept", [[1.5, 2.5]])
    octave.eval("kept(2) = 7;")
    assert octave.pull("kept").tolist() == [[1.5, 7.0]]


@pytest.mark.parametrize(
    "value",
    [None, np.ma.masked_array([1.0, 2.0], [True, False]), lambda: 1.0, [[1.0], [1.0, 2.0]], object(), {"a b": 1.0}],
    ids=["None", "mask", "callable", "ragged", "object", "no field's name"],
)
def test_what_octave_would_misread_is_refused(value: Any) -> None:
    never_started = OctaveSession()
    with pytest.raises((TypeError, ValueError), match="argument 1 must"):
        never_started.feval("sin", value)
    assert never_started._engine is None


def test_what_cannot_cross_is_an_error_that_names_it(octave: OctaveSession) -> None:
    with pytest.raises(OctaveEvaluationError, match="output 1 is a function_handle, which cannot cross"):
        octave.pull("@sin")
    with pytest.raises(OctaveEvaluationError, match=r"output 1\{2\}\.f is a function_handle"):
        octave.pull("{1, struct('f', @sin)}")
    with pytest.raises(TypeError, match=r"argument 1\['a'\]\[1\]"):
        octave.feval("size", {"a": ["text", object()]})


def test_an_error_of_the_code_leaves_the_session(session: OctaveSession) -> None:
    session.push("x", 4.0)
    with pytest.raises(OctaveEvaluationError, match="Octave: boom 3") as raised:
        session.eval("error('my:id', 'boom %d', 3)")
    assert (raised.value.message, raised.value.identifier) == ("boom 3", "my:id")
    for code in ("x = = 3", "nowhere(3)", "[1 2] * [3 4]"):
        with pytest.raises(OctaveEvaluationError):
            session.eval(code)
    assert session.pull("x") == 4.0
    assert session.generation == 0
    assert isinstance(pickle.loads(pickle.dumps(raised.value)), OctaveEvaluationError)


def test_the_place_of_an_error_is_told(session: OctaveSession, tmp_path: Path) -> None:
    (tmp_path / "outer.m").write_text("function outer()\n  inner();\nend\n\nfunction inner()\n  error('here');\nend\n")
    session.addpath(tmp_path)
    with pytest.raises(OctaveEvaluationError) as raised:
        session.feval("outer", nout=0)
    assert raised.value.where[:2] == ("outer>inner, line 6", "outer, line 2")


def test_sessions_of_several_threads_and_one_session_in_several(octave: OctaveSession) -> None:
    wrong: list[float] = []

    def ask(session: OctaveSession, first: int) -> None:
        for n in range(first, first + 15):
            value = session.pull(f"{n} + 0.5")
            if value != n + 0.5:
                wrong.append(n)

    with OctaveSession() as other:
        threads = [threading.Thread(target=ask, args=(s, n)) for s, n in ((octave, 0), (octave, 100), (other, 200))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


def test_what_octave_prints_is_kept_and_handed_on() -> None:
    lines: list[str] = []
    with OctaveSession(output=lines.append) as session:
        session.eval("disp('one'); printf('two\\n'); x = 3")
        assert lines == ["one", "two", "x = 3"]
        assert session.printed == lines
        session.eval("for k = 1:1500; disp(k); end")
        assert session.printed[-1] == "1500"
        assert len(session.printed) == 1000
        session.eval("1;")
        assert session.printed == []


def test_output_must_not_call_the_session() -> None:
    with OctaveSession(output=lambda _line: session.eval("1;")) as session:
        with pytest.raises(OctaveError, match="in the middle of a call"):
            session.eval("disp(1)")
        assert session.pull("5") == 5.0


@pytest.mark.parametrize("code", ["x = input('? ');", "keyboard", "pause", "kbhit", "yes_or_no('really? ')"])
def test_nobody_is_there_to_answer(octave: OctaveSession, code: str) -> None:
    with pytest.raises(OctaveEvaluationError, match="nobody is there"):
        octave.eval(code)
    assert octave.feval("pause", 0.0, nout=0) is None


def test_closing_is_idempotent_and_a_closed_session_starts_again() -> None:
    session = OctaveSession()
    session.close()
    assert session.pull("1") == 1.0
    session.close()
    session.close()
    assert session.pull("2") == 2.0
    session.close()


def test_a_pickled_session_has_an_octave_of_its_own(session: OctaveSession, tmp_path: Path) -> None:
    (tmp_path / "twice.m").write_text("function y = twice(x)\n  y = 2 * x;\nend\n")
    session.addpath(tmp_path)
    with pickle.loads(pickle.dumps(session)) as copy:
        assert copy.feval("twice", 4.0) == 8.0
        assert copy._engine.pid != session._engine.pid  # type: ignore[union-attr] # both have been called


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"time_limit": 0.0}, "time_limit must be a finite real number > 0, got 0.0"),
        ({"time_limit": "3"}, "time_limit must be a finite real number > 0, got '3'"),
    ],
)
def test_bad_settings_are_refused(arguments: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        OctaveSession(**arguments)


def test_bad_calls_are_refused(octave: OctaveSession, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nout must be a whole number >= 0, got -1"):
        octave.feval("sin", 1.0, nout=-1)
    with pytest.raises(TypeError, match="function must be the name of an Octave function, got function"):
        octave.feval(lambda: 1.0)  # type: ignore[arg-type] # what is tested
    with pytest.raises(ValueError, match=r"folder must be a folder, got .*nowhere"):
        octave.addpath(tmp_path / "nowhere")


def _memory(pid: int) -> int:
    """Return the resident memory of a process, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def test_calls_leak_neither_memory_nor_descriptors(session: OctaveSession) -> None:
    """Four hundred calls; benchmarks/bridge_overhead.py makes ten thousand."""
    theta = np.ones(1000)

    def calls(number: int) -> None:
        for _ in range(number):
            session.feval("plus", theta, 1.0)

    calls(100)
    assert session._engine is not None
    pids = (os.getpid(), session._engine.pid)
    before = [(len(list(Path(f"/proc/{pid}/fd").iterdir())), _memory(pid)) for pid in pids]
    calls(400)
    after = [(len(list(Path(f"/proc/{pid}/fd").iterdir())), _memory(pid)) for pid in pids]
    for (descriptors, memory), (more_descriptors, more_memory) in zip(before, after, strict=True):
        assert more_descriptors == descriptors
        assert more_memory - memory < 1000  # kB; a theta of 8 kB kept at each call would be 3,200


INTEGERS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
EXACT = {
    "double": np.array([[1.5, -0.0, 5e-324], [np.inf, -np.inf, 1e308]]),
    "single": np.array([[1.5, -0.0, np.inf]], np.float32),
    **{
        f"{sign}int{bits}": np.array(
            [[np.iinfo(f"{sign}int{bits}").min, 1, np.iinfo(f"{sign}int{bits}").max]], f"{sign}int{bits}"
        )
        for sign in ("", "u")
        for bits in (8, 16, 32, 64)
    },
    "logical": np.array([[True, False], [False, True]]),
    "complex": np.array([[1 + 2j, -0.0 - 3j]]),
    "three dimensions": np.arange(24.0).reshape(2, 3, 4),
    "empty": np.zeros((0, 3)),
    "text": "Gr\u00fc\u00dfe, 'quoted'\n",
    "no text": "",
}


@pytest.mark.parametrize("value", EXACT.values(), ids=EXACT)
def test_every_class_crosses_bit_by_bit(octave: OctaveSession, value: Any) -> None:
    octave.push("crossed", value, exact=True)
    back = octave.pull("crossed", exact=True)
    if isinstance(value, str):
        assert back == value
        return
    assert back.dtype == value.dtype
    assert back.shape == value.shape
    assert back.tobytes() == value.tobytes()
    assert octave.feval("class", value, exact=True) in (str(value.dtype), "double", "single", "logical")


def test_cells_structs_sparse_and_missing_values_cross(octave: OctaveSession) -> None:
    cell = octave.pull("{1, 'two'; int8(3), {true}}", exact=True)
    assert (cell.shape, cell[0, 1], cell[1, 0].dtype, cell[1, 1][0, 0].item()) == ((2, 2), "two", np.int8, True)
    octave.push("crossed", {"a": [1.0, 2.0], "b": {"c": "text"}}, exact=True)
    assert octave.pull("crossed.b.c") == "text"
    struct = octave.pull("struct('k', {1, 2, 3})", exact=True)
    assert [float(part.item()) for part in struct["k"].ravel()] == [1.0, 2.0, 3.0]
    sparse = octave.pull("sparse([1 3], [2 2], [5 7], 3, 4)", exact=True)
    assert (sparse.shape, sparse.toarray()[2, 1]) == ((3, 4), 7.0)
    octave.push("crossed", sparse, exact=True)
    assert octave.pull("issparse(crossed) && isequal(crossed, sparse([1 3], [2 2], [5 7], 3, 4))", exact=True).item()
    missing = octave.pull("[NA, NaN]", exact=True)
    octave.push("crossed", missing, exact=True)
    assert octave.pull("isna(crossed)", exact=True).tolist() == [[True, False]]


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_end_or_hang_the_reader(junk: bytes, place: int) -> None:
    chunks: list[Any] = []
    values.encode(chunks, {"a": [1.0, "text"], "b": np.eye(3), "c": scipy.sparse.csc_array(np.eye(2))}, "it")
    good = b"".join(chunk.data for chunk in chunks)
    with tempfile.TemporaryFile() as file:
        file.write(good[:place] + junk + good[place + len(junk) :])
        file.seek(0)
        with contextlib.suppress(*values.UNREADABLE):
            values.read(file)
