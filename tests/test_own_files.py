"""A user's own files: every format gives the same X and y, and every damage one clear error."""

from __future__ import annotations

import gzip
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
import scipy.sparse

import courseport as cp
from courseport import load_data
from courseport.datasets import load_network, load_variables
from courseport.datasets.variables import parse_octave_text
from courseport.octave import OctaveSession

X = np.array([[1.5, -2.0, 1e-300], [3.0, 0.1, 7.0], [0.0, 1e300, 2.0], [4.0, 5.0, 6.0]])
Y = np.array([3, 10, 1, 3])
LABEL_TYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]


def mat_bytes(contents: dict[str, Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    scipy.io.savemat(stream, contents, **options)
    return stream.getvalue()


def check(path: Path, **options: Any) -> None:
    X_loaded, y_loaded = load_data(path, **options)
    assert X_loaded.dtype == np.float64
    assert X_loaded.flags.c_contiguous
    assert np.array_equal(X_loaded, X)
    assert y_loaded.dtype == np.intp
    assert y_loaded.tolist() == Y.tolist()


@pytest.mark.parametrize("label_type", LABEL_TYPES)
@pytest.mark.parametrize("shape", [(4, 1), (1, 4)])
@pytest.mark.parametrize("options", [{"format": "4"}, {"format": "5"}, {"format": "5", "do_compression": True}])
def test_mat_files_of_every_kind(
    tmp_path: Path, label_type: str, shape: tuple[int, int], options: dict[str, Any]
) -> None:
    if options["format"] == "4" and label_type in ("i1", "u4", "u8", "i8"):
        label_type = "f8"  # v4 has no such types
    path = tmp_path / "data.mat"
    path.write_bytes(mat_bytes({"X": X, "y": Y.astype(label_type).reshape(shape), "other": "text"}, **options))
    check(path)


def test_labels_of_bytes_are_safe_to_negate(tmp_path: Path) -> None:
    path = tmp_path / "data.mat"
    path.write_bytes(mat_bytes({"X": X, "y": Y.astype(np.uint8)[:, None]}))
    _, y = load_data(path)
    assert (-y).tolist() == [-3, -10, -1, -3]


def test_mat_with_other_names_sparse_and_single(tmp_path: Path) -> None:
    path = tmp_path / "data.mat"
    single = np.array([[0.1], [-2.0], [3.5], [1e-30]], np.float32)
    path.write_bytes(mat_bytes({"Xval": scipy.sparse.csc_array(X), "yval": Y, "X": single, "y": Y * 0.5}))
    check(path, x_name="Xval", y_name="yval")
    X_single, y_half = load_data(path)
    assert (X_single.dtype, y_half.dtype) == (np.dtype(np.float64), np.dtype(np.float64))
    assert np.array_equal(X_single, single)
    assert y_half.tolist() == [1.5, 5.0, 0.5, 1.5]


def test_a_matrix_of_targets_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    targets = np.eye(4)[:, :2]
    np.savez(path, X=X, y=targets)
    y = load_data(path)[1]
    assert y.dtype == np.float64
    assert np.array_equal(y, targets)


@pytest.mark.parametrize("y", [Y, Y[:, None], Y.astype(float), Y.tolist()])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(tmp_path: Path, y: Any, save: Callable[..., None]) -> None:
    save(tmp_path / "data.npz", X=np.asfortranarray(X), y=y)
    check(tmp_path / "data.npz")


def table(separator: str, columns: tuple[int, ...] = (0, 1, 2, 3)) -> str:
    values = np.column_stack([X, Y])[:, columns]
    return "".join(separator.join(repr(float(value)) for value in row) + "\n" for row in values)


@pytest.mark.parametrize("separator", [",", ";", "\t", " ", ", ", "   "])
@pytest.mark.parametrize("header", ["", "# a comment\n", "a{0}b{0}c{0}label\n", '"a"{0}"b"{0}"c"{0}"label"\n'])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_tables(tmp_path: Path, separator: str, header: str, start: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(start + header.format(separator) + table(separator), encoding="utf-8")
    check(path)


@pytest.mark.parametrize("name", ["data.txt", "data.dat", "data.csv", "data"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_tables_under_other_names_and_from_windows(tmp_path: Path, name: str, newline: str) -> None:
    (tmp_path / name).write_bytes(table(",").replace("\n", newline).encode())
    check(tmp_path / name)


@pytest.mark.parametrize(
    ("label", "columns"), [(0, (3, 0, 1, 2)), (-4, (3, 0, 1, 2)), (2, (0, 1, 3, 2)), (3, (0, 1, 2, 3))]
)
def test_labels_in_any_column(tmp_path: Path, label: int, columns: tuple[int, ...]) -> None:
    (tmp_path / "data.csv").write_text(table(",", columns))
    check(tmp_path / "data.csv", label=label)


def test_one_example_in_a_table(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("1,2,0.5\n")
    X_loaded, y = load_data(tmp_path / "data.csv")
    assert (X_loaded.tolist(), y.tolist()) == ([[1.0, 2.0]], [0.5])


@pytest.mark.parametrize("name", ["data.csv", "data.mat", "data.npz"])
def test_gzipped_files(tmp_path: Path, name: str) -> None:
    plain = tmp_path / name
    if name == "data.csv":
        plain.write_text(table(","))
    elif name == "data.mat":
        plain.write_bytes(mat_bytes({"X": X, "y": Y}))
    else:
        np.savez(plain, X=X, y=Y)
    packed = plain.with_suffix(plain.suffix + ".gz")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    check(packed)
    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(ValueError, match=r"gz (is a damaged gzip file|cannot be read)"):
        load_data(packed)


@pytest.mark.octave
@pytest.mark.parametrize("option", ["", "-text", "-z -text", "-v7", "-v6", "-v4"])
@pytest.mark.parametrize("y", ["[3; 10; 1; 3]", "uint8([3 10 1 3])", "single([3; 10; 1; 3])", "int16([3; 10; 1; 3])"])
def test_files_saved_by_octave(octave: OctaveSession, tmp_path: Path, option: str, y: str) -> None:
    if option == "-v4" and "int" in y:
        y = "[3; 10; 1; 3]"  # Octave writes no integers to v4
    octave.push("X", X)
    octave.eval(f"y = {y}; save {option} {(tmp_path / 'own.mat').as_posix()} X y")
    check(tmp_path / "own.mat")


@pytest.mark.octave
def test_octave_text_of_every_numeric_type(octave: OctaveSession, tmp_path: Path) -> None:
    octave.eval("""
        a = 1:10; b = 0:0.25:1; c = 3.25; d = true; e = [true false]; f = int8(-3); g = zeros(0, 3);
        h = single([1 2; 3 4]); k = reshape(uint8(1:8), 2, 2, 2); l = [NaN Inf; -Inf 1e-300]; s = 'left out';
        t = 1 + 2i; u = 10:-3:0; v = 0:0.1:0.3;
    """)
    octave.eval(f"save -text {(tmp_path / 'all.txt').as_posix()} a b c d e f g h k l s t u v")
    found = load_variables(tmp_path / "all.txt")
    assert set(found) == set("abcdefghkluv")
    for name, value in found.items():
        octave.push("expected", value)
        assert octave.pull(f"double(isequaln(double({name}), expected))") == 1.0, name


def test_octave_text_of_a_struct_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_text("# Created by Octave 7.3.0\n# name: data\n# type: scalar struct\n# ndims: 2\n 1 1\n# length: 1\n")
    with pytest.raises(ValueError, match=r"own\.txt.*data is a scalar struct.*save -v7"):
        load_data(path)


def test_octave_text_cut_short_is_refused() -> None:
    text = "# name: X\n# type: matrix\n# rows: 2\n# columns: 2\n 1 2\n 3"
    with pytest.raises(ValueError, match=r"X must have 4 values \(2 x 2\), got 3: truncated or damaged"):
        parse_octave_text(text)
    with pytest.raises(ValueError, match="X: could not convert string to float: 'three'"):
        parse_octave_text(text.replace("3", "three 4"))


def damaged_files() -> dict[str, bytes]:
    whole = mat_bytes({"X": X, "y": Y}, do_compression=True)
    plain = mat_bytes({"X": X, "y": Y})
    old = mat_bytes({"X": X, "y": Y}, format="4")
    npz = io.BytesIO()
    np.savez(npz, X=X, y=Y)
    return {
        "empty.mat": b"",
        "short.mat": whole[: len(whole) // 2],
        "flipped.mat": whole[:150] + bytes([whole[150] ^ 255]) + whole[151:],
        "plain.mat": plain[:-10],
        "old.mat": old[:-10],
        "text.mat": b"hello, this is no MAT file at all\n" * 9,
        "noise.mat": bytes(range(256)) * 4,
        "zeros.mat": bytes(1000),
        "short.npz": npz.getvalue()[:-30],
        "noise.npz": bytes(range(256)),
        "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "short.csv.gz": gzip.compress(b"1,2\n" * 1000)[:-9],
        "hdf5.mat": b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512) + b"\x89HDF\r\n\x1a\n",
        "octave.h5": b"\x89HDF\r\n\x1a\n" + bytes(100),
        "octave.bin": b"Octave-1-L\0" + bytes(100),
    }


@pytest.mark.parametrize("name", sorted(damaged_files()))
def test_damaged_and_foreign_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(damaged_files()[name])
    with pytest.raises(ValueError, match=name) as caught:
        load_data(path)
    if name in ("hdf5.mat", "octave.h5", "octave.bin"):
        assert "which is not read; save it with: save -v7" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("options", [{"format": "4"}, {"format": "5"}, {"format": "5", "do_compression": True}])
def test_a_mat_file_cut_anywhere(tmp_path: Path, options: dict[str, Any]) -> None:
    whole = mat_bytes({"X": X, "y": Y[:, None]}, **options)
    path = tmp_path / "cut.mat"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"cut\.mat"):
            load_data(path)


def test_missing_names_say_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "data.mat"
    path.write_bytes(mat_bytes({"data": X, "label": Y[:, None]}))
    with pytest.raises(
        ValueError, match=r"must hold X, and holds data \(4 x 3\), label \(4 x 1\); x_name .* chooses another"
    ):
        load_data(path)
    with pytest.raises(ValueError, match=r"must hold y, and holds .*; y_name .* chooses another name"):
        load_data(path, x_name="data")


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        (
            X,
            Y[:3],
            ValueError,
            r"y in .* must have one value or one row for each of the 4 rows of X, got shape \(1, 3\)",
        ),
        (X, np.zeros((3, 2)), ValueError, r"got shape \(3, 2\)"),
        (X * np.nan, Y, ValueError, r"X in .* must have finite values only, got nan at \[0, 0\]"),
        (X, np.array([1, 2, np.inf, 4]), ValueError, r"y in .* must have finite values only, got inf at \[2\]"),
        (X * 1j, Y, TypeError, "X in .* real numbers, got complex numbers"),
        ("text", Y, TypeError, "X in .* real numbers, got a text"),
        (X, np.array(["a", "b", "c", "d"]), TypeError, "y in .* real numbers, got a table of characters"),
        (X, {"a": 1.0}, TypeError, "y in .* real numbers, got a struct"),
        (X, np.array([Y, "cell"], dtype=object), TypeError, "y in .* real numbers, got a cell"),
        (np.zeros((2, 2, 2)), Y, ValueError, r"X in .* must have shape \(m, n\), got \(2, 2, 2\)"),
        (np.zeros((0, 3)), Y, ValueError, "X in .* must have at least one row"),
    ],
)
def test_contents_that_are_no_examples(tmp_path: Path, x: Any, y: Any, error: type[Exception], message: str) -> None:
    path = tmp_path / "data.mat"
    path.write_bytes(mat_bytes({"X": x, "y": y}))
    with pytest.raises(error, match=message):
        load_data(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2,3\n4,5\n", r"line 2 must have 3 fields as the first has, got 2"),
        ("a,b,c\n1,2,3\n\n4,x,6\n", r"line 4: field 2 must be a number, got 'x'"),
        ("1,2,3\n4,,6\n", r"X in .* must have finite values only, got 1 missing .* in lines 2, columns 1"),
        ("1,b,3\n4,5,6\n", r"line 1: field 2 must be a number, got 'b'"),
        ("1,2,nan\n", r"y in .* must have finite values only"),
        ("inf,2,1\n", r"X in .* must have finite values only"),
        ("1\n2\n", r"must have at least two columns, features and labels, got 1"),
        ("a,b\n", "holds no numbers"),
        ("\n\n", "holds no numbers"),
        ("# only a comment\n", "holds no numbers"),
    ],
)
def test_tables_at_fault_give_the_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as caught:
        load_data(path)
    assert "data.csv" in str(caught.value)


@pytest.mark.parametrize("label", [4, -5, 1.0, True])
def test_a_label_column_that_is_not_there(tmp_path: Path, label: Any) -> None:
    (tmp_path / "data.csv").write_text(table(","))
    with pytest.raises((ValueError, TypeError), match="label must be"):
        load_data(tmp_path / "data.csv", label=label)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.mat"):
        load_data(tmp_path / "nothing.mat")
    with pytest.raises(IsADirectoryError, match=r"is a folder, not a file.*load_mnist"):
        load_data(tmp_path)


def test_an_object_array_in_npz_is_not_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "data.npz", X=np.array([{"a": 1}], dtype=object), y=Y)
    with pytest.raises(ValueError, match=r"data\.npz cannot be read as NPZ.*allow_pickle=False"):
        load_data(tmp_path / "data.npz")


def test_a_spreadsheet_is_not_taken_for_npz(tmp_path: Path) -> None:
    shutil.make_archive(str(tmp_path / "book"), "zip", Path(__file__).parent, "tolerances.py")
    with pytest.raises(ValueError, match=r"must hold X, and holds tolerances\.py"):
        load_data(tmp_path / "book.zip")


@pytest.mark.parametrize("path", [None, 3, b"own.csv", "own\0.csv", "", ["own.csv"], np.zeros(3)])
@pytest.mark.parametrize(
    "read", [load_data, load_variables, load_network, cp.load_theta, cp.datasets.load_idx, cp.datasets.load_mnist]
)
def test_what_is_no_path_is_named(path: Any, read: Callable[[Any], object]) -> None:
    with pytest.raises((ValueError, TypeError), match=r"(path|folder) must be a path"):
        read(path)
