"""Our reader of MAT files: the same numbers as SciPy's, and no damaged file ends the interpreter."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from benchmarks import fuzz_mat
from courseport.datasets.mat import parse_mat
from courseport.datasets.mat_v4 import Other
from courseport.datasets.variables import load_variables, read_variables

ROOM = 1 << 24
TYPES = ["f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "?"]


def saved(contents: dict[str, Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, contents, **options)
    return stream.getvalue()


@settings(max_examples=60)
@given(
    st.sampled_from(TYPES).flatmap(
        lambda kind: hnp.arrays(np.dtype(kind), hnp.array_shapes(min_dims=2, max_dims=4, min_side=0, max_side=4))
    ),
    st.booleans(),
)
def test_arrays_come_back_as_scipy_reads_them(array: np.ndarray, packed: bool) -> None:
    content = saved({"A": array}, do_compression=packed)
    ours, theirs = parse_mat(content, ROOM)["A"], scipy.io.loadmat(io.BytesIO(content))["A"]
    assert isinstance(ours, np.ndarray)
    assert ours.shape == theirs.shape
    assert np.array_equal(ours, theirs, equal_nan=array.dtype.kind == "f")


@pytest.mark.parametrize("content", fuzz_mat.originals()[:-1])
def test_every_kind_of_variable_is_scipy_s(content: bytes) -> None:
    ours = parse_mat(content, ROOM)
    theirs = {name: value for name, value in scipy.io.loadmat(io.BytesIO(content)).items() if name[:2] != "__"}
    assert list(ours) == list(theirs)
    for name, value in ours.items():
        assert same(value, theirs[name]), name


def same(ours: Any, theirs: Any) -> bool:  # noqa: PLR0911 - one for each kind
    """Tell whether a value is the one that SciPy has in its own form: a str in an array, a struct in one of 1 x 1."""
    if scipy.sparse.issparse(ours):
        return scipy.sparse.issparse(theirs) and ours.shape == theirs.shape and (ours != theirs).nnz == 0
    if isinstance(ours, dict):
        return theirs.shape == (1, 1) and all(same(part, theirs[name].item()) for name, part in ours.items())
    if isinstance(ours, str):
        return ours == (theirs.item() if theirs.size else "")
    if ours.dtype.names is not None:
        return ours.shape == theirs.shape and all(
            same(*pair) for name in ours.dtype.names for pair in zip(ours[name].flat, theirs[name].flat, strict=True)
        )
    if ours.dtype.kind == "S":  # SciPy joins the characters of a row
        return [b"".join(row).decode() for row in ours] == list(theirs)
    if ours.dtype == object:
        return ours.shape == theirs.shape and all(same(*pair) for pair in zip(ours.flat, theirs.flat, strict=True))
    return np.array_equal(ours, theirs)


def test_cells_in_cells_end_at_a_depth() -> None:
    value = parse_mat(fuzz_mat.originals()[-1], ROOM)["c"]  # it ends SciPy
    depth = 0
    while isinstance(value, np.ndarray):
        value, depth = value.item(), depth + 1
    assert isinstance(value, Other)
    assert 20 < depth < 200


@pytest.mark.parametrize("order", ["<", ">"])
def test_version_4_of_both_byte_orders(order: str) -> None:
    matrix = np.arange(6.0).reshape(2, 3)
    head = struct.pack(f"{order}5i", 1000 * (order == ">"), 2, 3, 0, 2)
    content = head + b"A\0" + matrix.astype(f"{order}f8").tobytes(order="F")
    found = parse_mat(content, ROOM)["A"]
    assert isinstance(found, np.ndarray)
    assert np.array_equal(found, matrix)


def sparse_with(**changes: bytes) -> bytes:
    """Return a file with a sparse 4 x 3 matrix in which one of its parts was replaced."""
    content = saved({"S": scipy.sparse.csc_array(np.eye(4, 3)[::-1])})
    parts = {"rows": struct.pack("<3i", 3, 2, 1), "columns": struct.pack("<4i", 0, 1, 2, 3)}
    for name, part in changes.items():
        assert content.count(parts[name]) == 1
        content = content.replace(parts[name], part)
    return content


@pytest.mark.parametrize("row", [4, -1, 2**31 - 1, -(2**31)])
def test_sparse_rows_out_of_bounds(row: int) -> None:
    with pytest.raises(ValueError, match="sparse"):
        parse_mat(sparse_with(rows=struct.pack("<3i", 3, row, 1)), ROOM)


@pytest.mark.parametrize("starts", [(0, 2, 1, 3), (1, 1, 2, 3), (0, 1, 2, 2**31 - 1), (0, 1, 2, 4), (0, -1, 2, 3)])
def test_sparse_columns_that_are_no_columns(starts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="sparse"):
        parse_mat(sparse_with(columns=struct.pack("<4i", *starts)), ROOM)


@pytest.mark.parametrize("format_", ["4", "5"])
def test_a_sparse_matrix_that_fills_more_than_there_is_room_for(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = saved({"S": scipy.sparse.csc_array((1000, 40_000))}, format=format_)
    assert len(content) < 200_000
    assert parse_mat(content, ROOM)["S"].shape == (1000, 40_000)
    monkeypatch.setenv("COURSEPORT_MAX_DATA_MB", "16")
    (tmp_path / "S.mat").write_bytes(content)
    with pytest.raises(ValueError, match=r"S in .* takes more memory than allowed"):
        load_variables(tmp_path / "S.mat")


def test_packed_zeros_are_not_unpacked_beyond_the_room() -> None:
    content = saved({"A": np.zeros((4000, 1000))}, do_compression=True)
    assert len(content) < 100_000
    with pytest.raises(ValueError, match="more memory than allowed"):
        parse_mat(content, ROOM)


def test_as_real_numbers_and_texts_the_rest_says_what_it_is(tmp_path: Path) -> None:
    contents = {"c": np.array([1.0, "a"], object), "s": {"a": 1.0}, "z": np.array([[1j]]), "t": np.array(["ab", "cde"])}
    (tmp_path / "kinds.mat").write_bytes(saved(contents | {"x": np.eye(2), "w": "word"}))
    found = read_variables(tmp_path / "kinds.mat")
    assert [found[name] for name in "csztw"] == [
        Other("a cell"),
        Other("a struct"),
        Other("complex numbers"),
        Other("a table of characters"),
        "word",
    ]
    assert list(load_variables(tmp_path / "kinds.mat")) == ["x"]


def test_mutated_files_are_read_or_refused() -> None:
    counts = fuzz_mat.fuzz(seed=1, first=0, count=1500)
    assert counts["read"] > 100
    assert counts["refused"] > 500
