"""Golden files: what goes in comes out, bit by bit; what is no golden file is told; what changed is said."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from courseport.crosscheck import PortReport, compare_port, read_golden, write_golden
from courseport.crosscheck.ports.changes import changes
from courseport.crosscheck.ports.conventions import for_octave
from courseport.crosscheck.ports.golden import golden_bytes, update_golden
from courseport.crosscheck.ports.recording import Case, Recording
from courseport.crosscheck.running.calls import Answer
from courseport.octave import OctaveSession

ROOT = Path(__file__).parents[1]
SUFFIXES = (".npz", ".mat")
NAN_PAYLOADS = np.array([0x7FF8000000001234, 0x7FF00000000007A2, 0x8000000000000000, 1], np.uint64).view(np.float64)
EXTREMES = [
    np.array([[np.iinfo(name).min, np.iinfo(name).max]], name)
    for name in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8")
]


def cell(*parts: Any, shape: tuple[int, ...]) -> np.ndarray:
    made = np.empty(len(parts), object)
    made[:] = parts
    return made.reshape(shape, order="F")


def structs() -> np.ndarray:
    made = np.empty((1, 2), [("a", object), ("b", object)])
    made[0, 0] = (np.array([[1.5]]), "text")
    made[0, 1] = ("", cell(np.zeros((0, 3)), {"deep": NAN_PAYLOADS[:, None]}, shape=(2, 1)))
    return made


VALUES: list[Any] = [
    NAN_PAYLOADS[:, None],
    np.array([[1e-45, -0.0, np.inf]], np.float32),
    *EXTREMES,
    np.array([[True, False]]),
    np.array([[1 + 2j, complex(-0.0, np.nan)]]),
    np.array([[1 - 2j]], np.complex64),
    *(np.zeros(shape) for shape in ((0, 0), (0, 3), (3, 0, 2))),
    np.zeros((0, 0), bool),
    np.zeros((2, 0), np.int8),
    np.arange(24.0).reshape(2, 3, 4, order="F"),
    "plain text",
    "",
    "h\u00e9 \udc80 \0",
    "nul at the end\0",
    np.array([[b"a", b"b"], [b"c", b"\xff"]], "S1"),
    np.zeros((0, 4), "S1"),
    cell(np.array([[1.0]]), "one", np.zeros((0, 3)), {"field": np.array([[True]])}, shape=(2, 2)),
    np.empty((0, 2), object),
    {"f": np.array([[2.0]]), "text": "t"},
    {},
    structs(),
    np.empty((0, 1), [("a", object)]),
    scipy.sparse.csc_array([[1.0, 0.0], [0.0, -2.0]]),
    scipy.sparse.csc_array(np.array([[True, False]])),
    scipy.sparse.csc_array([[1j, 0]]),
    scipy.sparse.csc_array((3, 0)),
]


def same(one: Any, other: Any) -> bool:  # noqa: PLR0911 - one for each kind of value
    """Tell whether two values are of one type, shape and class, and have the same bits, however deep."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if scipy.sparse.issparse(one):
        return same(one.toarray(), other.toarray())
    if isinstance(one, np.ndarray) and (one.dtype.names or one.dtype == object):
        parts = [[value.ravel()[k] for k in range(value.size)] for value in (one, other)]
        parts = [[tuple(part) if one.dtype.names else part for part in side] for side in parts]
        return one.dtype == other.dtype and one.shape == other.shape and same(*parts)
    if isinstance(one, (np.ndarray, np.generic)):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return repr(one) == repr(other)


def recording(*outputs: Any, inputs: tuple[Any, ...] = ((np.array([[1.0]]),),), **other: Any) -> Recording:
    """Return a recording with as many cases as outputs, or as there are inputs."""
    inputs = inputs * (len(outputs) // len(inputs))
    cases = tuple(Case(f"case {number}", given, given) for number, given in enumerate(inputs, start=1))
    answers = tuple(given if isinstance(given, Answer) else Answer((given,)) for given in outputs)
    made = Recording("f", "somewhere/f.m", "ab" * 32, ("y",), "7.3.0", cases, answers)
    return replace(made, **other)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_class_comes_back_bit_by_bit(tmp_path: Path, suffix: str) -> None:
    failed = Answer((), "it went wr\u00f6ng\nhere", "f, line 3", 0.25)
    written = recording(*VALUES, failed, Answer(tuple(VALUES)), inputs=((*VALUES,),))
    write_golden(tmp_path / f"g{suffix}", written)
    read = read_golden(tmp_path / f"g{suffix}")
    assert [answer.error for answer in read.answers] == [answer.error for answer in written.answers]
    assert read.answers[-2].where == "f, line 3"
    assert same([answer.outputs for answer in read.answers], [answer.outputs for answer in written.answers])
    assert same([case.octave for case in read.cases], [case.octave for case in written.cases])
    assert replace(read, cases=(), answers=()) == replace(written, cases=(), answers=(), source="f.m")
    assert golden_bytes(read, suffix) == (tmp_path / f"g{suffix}").read_bytes()


ARGUMENTS: list[tuple[Any, Any]] = [  # as Python has them, and as Octave does
    (3, 3.0),
    (None, np.zeros((0, 0))),
    (float("nan"), float("nan")),
    ([1, 2.5, True], [1.0, 2.5, 1.0]),
    ((np.arange(3), "a", None), cell(np.arange(3.0)[:, None], "a", np.zeros((0, 0)), shape=(1, 3))),
    ({"k": np.int64(3), "l": [[1, 2], [3, 4]]}, {"k": 3.0, "l": [[1.0, 2.0], [3.0, 4.0]]}),
    (np.float32(2.5), np.float32(2.5)),
    (1 + 2j, 1 + 2j),
    ([{"n": 1}, {"n": np.int8(2)}], for_octave([{"n": 1}, {"n": np.int8(2)}])),
    (scipy.sparse.csr_array([[1.0, 0.0]]), scipy.sparse.csc_array([[1.0, 0.0]])),
    (np.arange(6).reshape(2, 3), np.arange(6.0).reshape(2, 3)),
    (NAN_PAYLOADS, NAN_PAYLOADS[None, :]),
    ([np.float64(1.0), 2], [1.0, 2.0]),
]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_argument_is_in_python_what_it_was(tmp_path: Path, suffix: str) -> None:
    python, octave = (tuple(side) for side in zip(*ARGUMENTS, strict=True))
    named = {"dim": 1, "weights": [1, 2]}
    written = recording(1.0, cases=(Case("case 1", (*octave, np.array([[1.0], [2.0]]), 1.0), python, 2, named),))
    write_golden(tmp_path / f"g{suffix}", written)
    (case,) = read_golden(tmp_path / f"g{suffix}").cases
    assert case.nout == 2
    assert same(case.python, python)
    assert same(dict(case.keywords), named)


@given(st.binary(min_size=8, max_size=80), st.sampled_from(SUFFIXES))
@settings(max_examples=30)
def test_any_bits_of_doubles_come_back(content: bytes, suffix: str) -> None:
    array = np.frombuffer(content[: len(content) // 8 * 8], np.float64)[:, None]
    made = golden_bytes(recording(array), suffix)
    assert golden_bytes(recording(array.copy()), suffix) == made
    assert array.tobytes() in made


@pytest.mark.octave
def test_others_read_the_numbers(tmp_path: Path, octave: OctaveSession) -> None:
    written = recording(*VALUES)
    for suffix in SUFFIXES:
        write_golden(tmp_path / f"g{suffix}", written)
    loaded = octave.feval("load", str(tmp_path / "g.mat"), exact=True)
    with np.load(tmp_path / "g.npz", allow_pickle=False) as arrays:
        assert same(arrays["case1_output1"], VALUES[0])
        assert b'"octave": "7.3.0"' in arrays["about.json"]
        for number, value in enumerate(VALUES, start=1):
            name = f"case{number}_output1"
            if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
                assert same(arrays[name], value)
                assert same(loaded[name], value)
            # A cell or struct is itself in Octave; what MAT files do not keep is there as bytes.
            elif f"{name}_bytes" not in loaded:
                assert same(loaded[name], value)
    assert len([name for name in loaded if name.endswith("_output1")]) >= 28


def sealed(content: bytes, suffix: str) -> bytes:
    """Return a hostile file's bytes with the checksum that belongs to them."""
    mark = b"written by courseport sha256 "
    at = len(mark) + (content.index(mark) if suffix == ".mat" else content.rindex(mark))
    plain = content[:at] + b"0" * 64 + content[at + 64 :]
    return content[:at] + hashlib.sha256(plain).hexdigest().encode() + content[at + 64 :]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_any_damage_is_one_clear_error(tmp_path: Path, suffix: str) -> None:
    good = golden_bytes(recording(*VALUES), suffix)
    assert sealed(good, suffix) == good
    path = tmp_path / f"g{suffix}"
    draw = np.random.default_rng(0)
    broken = [good[: round(len(good) * part)] for part in (0.001, 0.1, 0.5, 0.999)]
    broken += [b"", good + b"\0", b"PK\x05\x06" + bytes(18), bytes(300), pickle.dumps(VALUES[0])]
    for _ in range(40):
        flipped = bytearray(good)
        flipped[draw.integers(len(good))] ^= 1 << draw.integers(8)
        broken.append(bytes(flipped))
    for content in broken:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=re.escape(str(path))):
            read_golden(path)
    # Who makes a checksum of his own gets no further: nothing but an error, or a recording.
    for _ in range(200):
        hostile = bytearray(good)
        for place in draw.integers(len(good) - 100, size=3):
            hostile[place] = draw.choice([0, 1, 128, 255])
        if suffix == ".mat":
            hostile[:200] = good[:200]
        path.write_bytes(sealed(bytes(hostile), suffix))
        with contextlib.suppress(ValueError):
            assert read_golden(path).function


def archive(*members: tuple[str, bytes], packed: bool = False) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, content in members:
            made.writestr(name, content)
        made.comment = b"written by courseport sha256 " + b"0" * 64
    return sealed(stream.getvalue(), ".npz")


def npy(array: Any, header: dict[str, Any] | None = None) -> bytes:
    stream = io.BytesIO()
    if header is None:
        np.save(stream, array, allow_pickle=True)
    else:
        np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue()


def test_hostile_archives_are_told_and_nothing_of_them_runs(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "ran",)

    told = b'{"what": "written by courseport", "format": 1, "function": "f", "source": "", "sha256": "", "octave": "",'
    told += b'"helpers": {}, "outputs": [], "notes": [], "cases":'
    told += b'[{"name": "c", "nout": 1, "inputs": 0, "python": [], "keywords": {}, "outputs": 1, "notes": []}]}'
    huge = {"descr": "<f8", "fortran_order": False, "shape": (10**13, 1)}
    one = "case1_output1.npy"
    sparse = np.array([15.0, 2, 1, 2.0**40, *[1, 2, 0, 1] * 3]).tobytes()
    fieldless = np.array([14.0, 2, 1, 2.0**40, 13, 2, 0, 1, 13, 2, 0, 2.0**40]).tobytes()
    nested = np.array([13.0, 2, 1, 1] * 100_000).tobytes()
    as_bytes = "case1_output1_bytes.npy"
    files = {
        "dtype object": archive(("about.json", told), (one, npy(np.array([Evil()], object)))),
        "packed": archive(("about.json", told), (one, npy(np.zeros((1000, 10_000)))), packed=True),
        "cannot be read": archive(("about.json", told), (one, npy(None, huge))),
        "no case1_output1": archive(("about.json", told)),
        "no about.json": archive((one, npy(VALUES[0]))),
        "has format 2": archive(("about.json", told.replace(b'"format": 1', b'"format": 2'))),
        "recursion": archive(("about.json", told[:9] + b"[" * 100_000)),
        "sparse columns": archive(("about.json", told), (as_bytes, npy(np.frombuffer(sparse, np.uint8)))),
        "without a field": archive(("about.json", told), (as_bytes, npy(np.frombuffer(fieldless, np.uint8)))),
        "cannot be read: ": archive(("about.json", told), (as_bytes, npy(np.frombuffer(nested, np.uint8)))),
    }
    path = tmp_path / "hostile.npz"
    for words, content in files.items():
        path.write_bytes(content)
        with pytest.raises(ValueError, match=f"(?i){re.escape(str(path))}.*{words}"):
            read_golden(path)
    assert not (tmp_path / "ran").exists()


REPLAY = """
import sys
sys.modules["oct2py"] = None
from courseport.crosscheck import compare_port
for wrong in (0, 1):
    report = compare_port("span.m", lambda x: max(x) - min(x) + wrong, golden="span.npz")
    print(report.status, len(report.cases), report.exit_status)
"""


@pytest.mark.octave
def test_a_golden_file_replays_without_octave_and_oct2py(tmp_path: Path) -> None:
    (tmp_path / "span.m").write_text("function y = span (x)\n  y = max (x) - min (x);\nend\n")
    cases = [([1.0, 5.0, 2.0],), ([3, -1],)]
    report = compare_port(tmp_path / "span.m", np.ptp, cases, golden=tmp_path / "span.npz", update=True)
    assert report.agrees
    assert "new: 2 cases" in report.notes[0]
    # An empty path, and no package that speaks to Octave.
    environment = {**os.environ, "PATH": "", "PYTHONPATH": str(ROOT)}
    environment.pop("OCTAVE_EXECUTABLE", None)
    done = subprocess.run(
        [sys.executable, "-c", REPLAY], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["agrees 2 0", "disagrees 2 1"]

    def replay(given: Any = cases, **options: Any) -> PortReport:
        return compare_port(tmp_path / "span.m", np.ptp, given, golden=tmp_path / "span.npz", **options)

    assert replay().agrees
    assert replay().notes == ()
    assert replay(None, strategies={"x": "not drawn"}).agrees
    (tmp_path / "span.m").write_bytes(b"function y = span (x)\r\n  y = max (x) - min (x);\r\nend\r\n")
    assert replay().notes == ()  # git has changed the ends of the lines
    (tmp_path / "span.m").write_text("function y = span (x)\n  y = range (x);\nend\n")
    assert "older than" in replay().notes[0]
    (tmp_path / "span.m").write_text("x = 3\n")  # no function any more
    assert "older than" in replay().notes[0]
    (tmp_path / "span.m").unlink()
    assert "not there" in replay().notes[0]
    for other in (cases[:1], [cases[0], ([3, -2],)]):
        with pytest.raises(ValueError, match="record it anew"):
            replay(other)
    with pytest.raises(ValueError, match="recording of other"):
        compare_port(tmp_path / "other.m", np.ptp, golden=tmp_path / "span.npz")
    with pytest.raises(ValueError, match="that is there"):
        compare_port("other.m", np.ptp, golden=tmp_path / "none.npz")


@pytest.mark.octave
def test_a_changed_helper_of_the_function_is_told(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    helper, other = tmp_path / "private/twice.m", tmp_path / "other.m"
    (tmp_path / "f.m").write_text("function y = f (x)\n  y = g (x);  % not other\nend\n")
    (tmp_path / "g.m").write_text("function y = g (x)\n  y = twice (x);\nend\n")
    helper.write_text("function y = twice (x)\n  y = 2 * x;\nend\n")
    other.write_text("function other ()\nend\n")
    (tmp_path / "private/f.m").mkdir()
    golden = tmp_path / "f.npz"

    def compare(**options: Any) -> PortReport:
        return compare_port(tmp_path / "f.m", lambda x: 2 * x, [(1.0,)], golden=golden, **options)

    assert compare(update=True).agrees
    other.write_text("function other (x)\nend\n")
    assert compare().notes == ()
    helper.write_text("function y = twice (x)\n  y = 3 * x;\nend\n")
    report = compare()
    assert report.agrees
    assert "older than private/twice.m, which has changed" in report.notes[0]
    assert any("private/twice.m: has changed" in note for note in compare(update=True).notes)


@pytest.mark.octave
def test_what_octave_did_not_answer_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "f.m").write_text("function y = f (x)\n  if (x > 1) exit (3); end\n  y = x;\nend\n")
    with pytest.raises(ValueError, match="case 2 has none: it ended"):
        compare_port(tmp_path / "f.m", float, [(1.0,), (2.0,)], golden=tmp_path / "f.npz", update=True)
    assert not (tmp_path / "f.npz").exists()


def test_only_golden_files_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "results.npz"
    np.savez(path, x=np.arange(3))
    before = path.read_bytes()
    for write in (write_golden, update_golden):
        with pytest.raises(ValueError, match="written by courseport"):
            write(path, recording(1.0))
    assert path.read_bytes() == before
    update_golden(path, recording(1.0), force=True)
    assert read_golden(path).cases
    with pytest.raises(ValueError, match=r"\.npz or \.mat"):
        write_golden(tmp_path / "g.npy", recording(1.0))


def test_what_changed_is_told_and_by_how_much(tmp_path: Path) -> None:
    one, two = (np.array([[x]]) for x in (1.0, 2.0))
    inputs = ((one,), (two,), (np.array([[3.0]]),))
    y = np.array([[1.0, 2.0], [3.0, 4.0]])
    old = recording(y, "text", Answer((), "bad"), inputs=inputs)
    path = tmp_path / "g.npz"
    assert "new" in update_golden(path, old)[0]
    before = path.stat().st_mtime_ns
    slower = replace(old, answers=tuple(replace(answer, seconds=9.0) for answer in old.answers))
    assert update_golden(path, slower) == []
    assert path.stat().st_mtime_ns == before

    z = y.copy()
    z[1, 0] += 3e-6
    inputs = (inputs[1], inputs[0], inputs[2], ("x",))
    new = recording("test", z, Answer((one,)), 0.0, inputs=inputs, octave_version="8.4", source_hash="cd" * 32)
    told = "\n".join(update_golden(path, new))
    for words in (
        "f.m: abababababab has become cdcdcdcdcdcd",
        "Octave: 7.3.0 has become 8.4",
        "case 4: new",
        "another order",
        "y: 1 of 4 entries, most at (2, 1): 3.0 has become 3.000003 (absolute 3e-06, relative 1e-06",
        "'text' before, 'test' now",
        "'bad' has become '1 outputs'",
    ):
        assert words in told, told
    assert same(read_golden(path).answers[1].outputs, (z,))
    minus = recording(np.array([[-0.0]]))
    assert len(changes(recording(np.array([[0.0]])), minus)) == 1
    assert changes(minus, minus) == []


def test_other_arguments_in_python_are_a_change() -> None:
    case = Case("case 1", (2.0,), (2,))
    old = replace(recording(1.0), cases=(case,))
    (told,) = changes(old, replace(old, cases=(case._replace(python=(2.0,)),)))
    assert "Python" in told
