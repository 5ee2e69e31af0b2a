"""IDX files made byte by byte, and MNIST's folder of them."""

from __future__ import annotations

import gzip
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import courseport as cp
from courseport.datasets import course_features, course_labels, load_digit_images, load_idx

TYPES = {"u1": 0x08, "i1": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}


def idx_bytes(array: np.ndarray) -> bytes:
    header = struct.pack(">BBBB", 0, 0, TYPES[array.dtype.str.lstrip("|")], array.ndim)
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def write_mnist(
    folder: Path, prefix: str, images: np.ndarray, digits: np.ndarray, *, separator: str = "-", gz: bool
) -> None:
    for stem, array, kind in (("images", images, "idx3-ubyte"), ("labels", digits, "idx1-ubyte")):
        content = idx_bytes(array.astype(np.uint8))
        name = f"{prefix}-{stem}{separator}{kind}"
        (folder / (name + ".gz" if gz else name)).write_bytes(gzip.compress(content) if gz else content)


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(TYPES)).flatmap(
        lambda kind: hnp.arrays(np.dtype(kind), hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=5))
    ),
    st.booleans(),
)
def test_arrays_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray, gz: bool) -> None:
    path = tmp_path_factory.mktemp("idx") / "array"
    path.write_bytes(gzip.compress(idx_bytes(array)) if gz else idx_bytes(array))
    loaded = load_idx(path)
    assert (loaded.shape, loaded.dtype) == (array.shape, array.dtype)
    assert loaded.tobytes() == array.tobytes()
    assert isinstance(loaded, np.memmap) == (not gz and array.size > 0)


def test_a_mapped_file_cannot_be_written_through(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(idx_bytes(np.arange(4, dtype=np.uint8)))
    with pytest.raises(ValueError, match="read-only"):
        load_idx(tmp_path / "a")[0] = 1


@pytest.mark.parametrize("gz", [False, True])
@pytest.mark.parametrize("separator", ["-", "."])
@pytest.mark.parametrize(("split", "prefix"), [("train", "train"), ("test", "t10k")])
def test_mnist_folder(tmp_path: Path, gz: bool, separator: str, split: str, prefix: str) -> None:
    images, labels = load_digit_images()
    write_mnist(tmp_path, prefix, images[::250], labels[::250] % 10, separator=separator, gz=gz)
    X, y = cp.datasets.load_mnist(tmp_path, split)
    assert (X.shape, X.dtype, y.dtype) == ((20, 784), np.dtype(np.uint8), np.dtype(np.intp))
    assert isinstance(X, np.memmap) == (not gz)
    assert np.array_equal(X, images[::250].reshape(20, 784))
    assert y.tolist() == labels[::250].tolist()
    # the course's features of MNIST's images are the course's own
    assert np.array_equal(course_features(X.reshape(-1, 28, 28)), course_features(images[::250]))


def test_mnist_folder_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"must hold train-images-idx3-ubyte or train-images-idx3-ubyte\.gz"):
        cp.datasets.load_mnist(tmp_path)
    with pytest.raises(ValueError, match="split must be one of 'train', 'test', got 'valid'"):
        cp.datasets.load_mnist(tmp_path, "valid")


def test_mnist_files_that_do_not_belong_together(tmp_path: Path) -> None:
    write_mnist(tmp_path, "train", np.zeros((3, 4, 4)), np.zeros(2), gz=False)
    with pytest.raises(ValueError, match="must hold one label for each of 3 images"):
        cp.datasets.load_mnist(tmp_path)
    write_mnist(tmp_path, "train", np.zeros((3, 16)), np.zeros(3), gz=False)
    with pytest.raises(ValueError, match=r"the image file must hold uint8 of shape \(m, height, width\)"):
        cp.datasets.load_mnist(tmp_path)
    write_mnist(tmp_path, "train", np.zeros((3, 4, 4)), np.array([1, 2, 10]), gz=False)
    with pytest.raises(ValueError, match=r"y must hold digits 0 to 9 only, got 10 at \[2\]"):
        cp.datasets.load_mnist(tmp_path)


WHOLE = idx_bytes(np.arange(12, dtype=np.uint8).reshape(3, 4))


@pytest.mark.parametrize("gz", [False, True])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\0\0\x08", "must be an IDX file"),
        (b"\0\1" + WHOLE[2:], "must be an IDX file"),
        (b"\0\0\x0a" + WHOLE[3:], "must be an IDX file"),
        (b"\0\0\x08\0", "must be an IDX file"),
        (b"hello", "must be an IDX file"),
        (b"\0\0\x08\xff" + bytes(1020), "must be an IDX file"),
        (WHOLE[:10], "must have a header of 12 bytes, got 10 bytes in all"),
        (WHOLE[:-1], r"must have 24 bytes for shape \(3, 4\), got 23 bytes: truncated or damaged"),
        (WHOLE + b"\0", r"must have 24 bytes for shape \(3, 4\), got 25 bytes"),
        (b"\0\0\x0e\x03" + b"\xff" * 12, "must (have .* bytes for shape|hold at most .* MB)"),
    ],
)
def test_damaged_idx_files(tmp_path: Path, content: bytes, message: str, gz: bool) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(gzip.compress(content) if gz else content)
    with pytest.raises(ValueError, match=message) as caught:
        load_idx(path)
    assert path.name in str(caught.value)


def test_damaged_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(WHOLE)[:-4])
    with pytest.raises(ValueError, match=r"a\.gz is a damaged gzip file"):
        load_idx(tmp_path / "a.gz")


def test_an_idx_file_given_as_examples_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(WHOLE)
    with pytest.raises(ValueError, match="one of MNIST's IDX files; load_mnist reads"):
        cp.load_data(tmp_path / "train-images-idx3-ubyte")


@pytest.mark.parametrize("kind", ["u1", "i8", "f4", "f8"])
def test_course_labels(kind: str) -> None:
    digits = np.arange(10).astype(kind)
    assert course_labels(digits).tolist() == [10, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert digits[0] == 0


@pytest.mark.parametrize("wrong", [-1, 10, 0.5, math.nan])
def test_course_labels_of_what_is_no_digit(wrong: float) -> None:
    with pytest.raises(ValueError, match=r"y must hold digits 0 to 9 only, got .* at \[1\]"):
        course_labels([3, wrong])
    with pytest.raises(ValueError, match=r"y must have shape \(m,\), got \(1, 1\)"):
        course_labels([[3]])
