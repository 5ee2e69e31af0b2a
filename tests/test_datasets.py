"""The shipped data: what they are, that they are checked, and the resizing by routes of its own."""

from __future__ import annotations

import hashlib
import math
import os
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import ALGEBRA, DIGITS, assert_close

import courseport as cp
from courseport.datasets import course_features, load_digit_images, resize_matrix, shipped
from courseport.octave import OctaveSession

ROOT = Path(__file__).parents[1]
COURSE_FILE = Path(os.environ.get("COURSEPORT_COURSE_DATA", "")) / "ex4data1.mat"


def keys(x: float) -> float:
    """The cubic of Keys' paper for a = -1/2, written as its pieces stand there."""
    x = abs(x)
    if x <= 1:
        return 3 / 2 * x**3 - 5 / 2 * x**2 + 1
    return -1 / 2 * x**3 + 5 / 2 * x**2 - 4 * x + 2 if x < 2 else 0.0


def resize_pixel(image: np.ndarray, row: int, column: int, n_out: int) -> float:
    """One pixel of the smaller image as a plain weighted mean over all pixels near it, each beyond the border too."""
    n = len(image)
    scale = n / n_out
    u, v = (row + 0.5) * scale - 0.5, (column + 0.5) * scale - 0.5
    total = weights = 0.0
    for i in range(math.floor(u - 2 * scale), math.ceil(u + 2 * scale) + 1):
        for j in range(math.floor(v - 2 * scale), math.ceil(v + 2 * scale) + 1):
            weight = keys((i - u) / scale) * keys((j - v) / scale)
            total += weight * float(image[min(max(i, 0), n - 1), min(max(j, 0), n - 1)])
            weights += weight
    return total / weights


def test_digits_are_the_courses() -> None:
    X, y = cp.load_digits()
    assert (X.shape, X.dtype, X.flags.c_contiguous) == ((5000, 400), np.dtype(np.float64), True)
    assert (y.shape, y.dtype) == ((5000,), np.dtype(np.intp))
    assert y.tolist() == [label for label in (10, 1, 2, 3, 4, 5, 6, 7, 8, 9) for _ in range(500)]
    assert_close([X.min(), X.max()], [-0.1319632301985249, 1.1276882991588884], ALGEBRA)


@pytest.mark.skipif(not COURSE_FILE.is_file(), reason="the course's own files are not shipped (COURSEPORT_COURSE_DATA)")
def test_digits_equal_the_courses_own_file() -> None:
    course = scipy.io.loadmat(COURSE_FILE)
    X, y = cp.load_digits()
    assert_close(X, course["X"], DIGITS)
    assert np.array_equal(y, course["y"].ravel())
    X_loaded, y_loaded = cp.load_data(COURSE_FILE)
    assert np.array_equal(X_loaded, course["X"])
    assert np.array_equal(y_loaded, y)


def test_digits_equal_a_resizing_pixel_by_pixel() -> None:
    images, _ = load_digit_images()
    X, _ = cp.load_digits()
    # 0.04 apart where the border counts and is not replicated: the last of these touches it
    touching = int(np.argmax(images[:, -1, :].max(axis=1)))
    for index in (0, 2718, touching):
        expected = [resize_pixel(images[index] / 255.0, row, column, 20) for column in range(20) for row in range(20)]
        assert_close(X[index], np.array(expected), DIGITS)


@pytest.mark.octave
def test_octave_reads_the_digits_and_resizes_them_alike(octave: OctaveSession) -> None:
    octave.push("digits_file", str(ROOT / "data" / "digits.mat"))
    octave.eval(
        "digits = load(digits_file); kinds = double([isa(digits.images, 'uint8'), isa(digits.labels, 'double')]);"
    )
    assert octave.pull("kinds").tolist() == [[1.0, 1.0]]
    images, y = load_digit_images()
    assert np.array_equal(octave.pull("digits.labels").ravel(), y)
    sample = [1, 777, 4321]
    # the weights by Octave from the taps' distances, as a dense 20 x 28 table with the border summed into its ends
    octave.eval("""
        s = 28 / 20; near = -9:38; centre = ((1:20)' - 0.5) * s - 0.5;
        x = abs(centre - near) / s;
        W = (1.5*x.^3 - 2.5*x.^2 + 1) .* (x <= 1) + (-0.5*x.^3 + 2.5*x.^2 - 4*x + 2) .* (x > 1 & x < 2);
        W = W ./ sum(W, 2);
        R = [sum(W(:, near <= 0), 2), W(:, near > 0 & near < 27), sum(W(:, near >= 27), 2)];
    """)
    assert_close(resize_matrix(20, 28), octave.pull("R"), DIGITS)
    X, _ = cp.load_digits()
    for index in sample:
        image = octave.pull(f"double(digits.images(:, :, {index + 1}))")
        assert np.array_equal(image, images[index])
        features = octave.pull(f"(R * double(digits.images(:, :, {index + 1})) / 255 * R')(:)")
        assert_close(X[index], features.ravel(), DIGITS)


def test_iris_has_fishers_values() -> None:
    X, y = cp.load_iris()
    assert (X.shape, X.dtype, y.dtype) == ((150, 4), np.dtype(np.float64), np.dtype(np.intp))
    assert y.tolist() == [1] * 50 + [2] * 50 + [3] * 50
    assert X[[0, 34, 37, 149]].tolist() == [
        [5.1, 3.5, 1.4, 0.2],
        [4.9, 3.1, 1.5, 0.2],
        [4.9, 3.6, 1.4, 0.1],
        [5.9, 3, 5.1, 1.8],
    ]
    # mean and standard deviation per column, as every book on iris prints them
    assert np.round(X.mean(axis=0), 3).tolist() == [5.843, 3.057, 3.758, 1.199]
    assert np.round(X.std(axis=0, ddof=1), 3).tolist() == [0.828, 0.436, 1.765, 0.762]


def test_every_shipped_file_is_registered_and_packed_into_the_wheel() -> None:
    registry = tomllib.loads((ROOT / "data" / "registry.toml").read_text(encoding="utf-8"))
    for name, entry in registry.items():
        content = (ROOT / "data" / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"])
        assert {"title", "source", "origin", "licence", "citation", "built_by"} <= set(entry)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {f"data/{name}" for name in (*registry, "registry.toml")} <= set(packed)


def test_a_changed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path / "data")
    cp.load_iris()
    changed = tmp_path / "data" / "iris.csv"
    changed.write_text(changed.read_text().replace("5.1,3.5", "5.1,3.6", 1))
    with pytest.raises(ValueError, match=r"iris\.csv must have SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}.*reinstall"):
        cp.load_iris()


@settings(max_examples=50)
@given(st.integers(1, 40), st.integers(1, 40))
def test_resizing_keeps_a_constant_and_commutes_with_mirroring(n_out: int, n_in: int) -> None:
    R = resize_matrix(n_out, n_in)
    assert R.shape == (n_out, n_in)
    assert_close(R.sum(axis=1), np.ones(n_out), ALGEBRA)
    assert_close(R[::-1, ::-1], R, DIGITS)
    if n_out == n_in:
        assert np.array_equal(R, np.eye(n_in))


def test_enlarging_reproduces_a_parabola_inside() -> None:
    # Keys' kernel with a = -1/2 is the one that is exact for polynomials of degree 2
    n_out, n_in = 60, 20
    position = (np.arange(n_out) + 0.5) * n_in / n_out - 0.5
    inside = (position >= 1) & (position <= n_in - 2)
    assert inside.sum() > 50
    assert_close((resize_matrix(n_out, n_in) @ np.arange(n_in) ** 2.0)[inside], position[inside] ** 2, ALGEBRA)


def test_features_of_images_that_are_not_square() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 30, 24), dtype=np.uint8)
    expected = [resize_matrix(20, 30) @ (image / 255.0) @ resize_matrix(20, 24).T for image in images]
    assert_close(course_features(images), np.array([image.ravel(order="F") for image in expected]), DIGITS)


@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        (np.zeros((1, 28, 28)), TypeError, "images must be an array of uint8, got dtype float64"),
        (np.zeros((1, 784), np.uint8), ValueError, r"images must have shape \(m, height, width\).*got \(1, 784\)"),
        (np.zeros((0, 28, 28), np.uint8), ValueError, r"got \(0, 28, 28\)"),
    ],
)
def test_images_of_another_kind_are_refused(images: np.ndarray, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        course_features(images)


@pytest.mark.parametrize("sizes", [(0, 28), (20, 0), (2.5, 28), (20, True)])
def test_sizes_that_are_no_counts_are_refused(sizes: tuple[int, int]) -> None:
    with pytest.raises((ValueError, TypeError), match="must be a whole number >= 1"):
        resize_matrix(*sizes)
