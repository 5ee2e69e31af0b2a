"""Our reader of MAT files: the same numbers as SciPy's, and no damaged file ends the interpreter."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from benchmarks import fuzz_mat
from courseport.datasets.mat import Other, parse_mat

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


@pytest.mark.parametrize("content", fuzz_mat.originals())
def test_every_kind_of_variable_is_scipy_s_or_said_not_to_be_read(content: bytes) -> None:
    ours = parse_mat(content, ROOM)
    if content == fuzz_mat.originals()[-1]:  # cells in cells, which end SciPy
        assert ours == {}
        return
    theirs = {name: value for name, value in scipy.io.loadmat(io.BytesIO(content)).items() if name[:2] != "__"}
    assert list(ours) == list(theirs)
    for name, value in ours.items():
        expected = theirs[name]
        if isinstance(value, np.ndarray):
            assert np.array_equal(value, expected.toarray() if scipy.sparse.issparse(expected) else expected), name
        elif isinstance(value, str):
            assert value == expected.item(), name
        else:
            assert expected.dtype.kind in "OUcV", name


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
def test_a_sparse_matrix_that_unpacks_to_more_than_there_is_room_for(format_: str) -> None:
    content = saved({"S": scipy.sparse.csc_array((1000, 40_000))}, format=format_)
    assert len(content) < 200_000
    with pytest.raises(ValueError, match="more memory than allowed"):
        parse_mat(content, ROOM)


def test_packed_zeros_are_not_unpacked_beyond_the_room() -> None:
    content = saved({"A": np.zeros((4000, 1000))}, do_compression=True)
    assert len(content) < 100_000
    with pytest.raises(ValueError, match="more memory than allowed"):
        parse_mat(content, ROOM)


def test_what_is_not_read_says_what_it_is() -> None:
    cell = np.empty(1, dtype=object)
    cell[0] = 1.0
    found = parse_mat(saved({"c": cell, "s": {"a": 1.0}, "z": np.array([[1j]])}), ROOM)
    assert found == {"c": Other("a cell"), "s": Other("a struct"), "z": Other("complex numbers")}


def test_mutated_files_are_read_or_refused() -> None:
    counts = fuzz_mat.fuzz(seed=1, first=0, count=1500)
    assert counts["read"] > 100
    assert counts["refused"] > 500
