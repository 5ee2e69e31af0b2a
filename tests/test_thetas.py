"""Weights to a file and back, and to Octave and back."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st

import courseport as cp
from courseport.octave import OctaveSession

COURSE_FILE = Path(os.environ.get("COURSEPORT_COURSE_DATA", "")) / "ex4weights.mat"


def make_thetas(sizes: tuple[int, ...]) -> list[np.ndarray]:
    rng = np.random.default_rng(sum(sizes))
    return [rng.normal(size=(after, before + 1)) for before, after in itertools.pairwise(sizes)]


@settings(max_examples=25)
@given(sizes=st.lists(st.integers(1, 6), min_size=2, max_size=13), suffix=st.sampled_from([".mat", ".npz", ".MAT"]))
def test_weights_come_back_exactly(tmp_path_factory: pytest.TempPathFactory, sizes: list[int], suffix: str) -> None:
    thetas = make_thetas(tuple(sizes))
    path = tmp_path_factory.mktemp("theta") / f"theta{suffix}"
    cp.save_theta(path, thetas)
    loaded = cp.load_theta(path)
    assert len(loaded) == len(sizes) - 1
    for actual, expected in zip(loaded, thetas, strict=True):
        assert actual.dtype == np.float64
        assert np.array_equal(actual, expected)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.octave
def test_octave_loads_what_was_saved(octave: OctaveSession, tmp_path: Path) -> None:
    thetas = make_thetas((3, 5, 2))
    path = tmp_path / "theta.mat"
    cp.save_theta(path, thetas, layer_sizes=(3, 5, 2), lambda_=0.3, cost_history=[2.5, 1.25, 1.0])
    octave.push("theta_file", str(path))
    octave.eval("clear saved; saved = load(theta_file); names = strjoin(sort(fieldnames(saved))', ' ');")
    assert octave.pull("names") == "Theta1 Theta2 cost_history lambda layer_sizes"
    assert np.array_equal(octave.pull("saved.Theta1"), thetas[0])
    assert np.array_equal(octave.pull("saved.Theta2"), thetas[1])
    assert octave.pull("saved.layer_sizes").tolist() == [[3.0, 5.0, 2.0]]
    assert octave.pull("saved.lambda") == 0.3
    assert octave.pull("saved.cost_history").tolist() == [[2.5], [1.25], [1.0]]


@pytest.mark.octave
@pytest.mark.parametrize("option", ["", "-v7", "-v6", "-v4"])
def test_weights_saved_by_octave(octave: OctaveSession, tmp_path: Path, option: str) -> None:
    thetas = make_thetas((2, 4, 3, 1))
    for number, theta in enumerate(thetas, start=1):
        octave.push(f"Theta{number}", theta)
    octave.eval(f"save {option} {(tmp_path / 'w.mat').as_posix()} Theta1 Theta2 Theta3")
    for actual, expected in zip(cp.load_theta(tmp_path / "w.mat"), thetas, strict=True):
        assert np.array_equal(actual, expected)


@pytest.mark.skipif(not COURSE_FILE.is_file(), reason="the course's own files are not shipped (COURSEPORT_COURSE_DATA)")
def test_the_courses_own_weights() -> None:
    assert [theta.shape for theta in cp.load_theta(COURSE_FILE)] == [(25, 401), (10, 26)]


def test_npz_holds_the_same_names(tmp_path: Path) -> None:
    cp.save_theta(tmp_path / "theta.npz", make_thetas((3, 1)), lambda_=1, cost_history=[1.0])
    with np.load(tmp_path / "theta.npz") as archive:
        assert sorted(archive) == ["Theta1", "cost_history", "lambda", "layer_sizes"]
        assert archive["layer_sizes"].tolist() == [[3.0, 1.0]]


def test_an_old_file_survives_a_refused_one(tmp_path: Path) -> None:
    path = tmp_path / "theta.mat"
    cp.save_theta(path, make_thetas((3, 2)))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="finite"):
        cp.save_theta(path, [np.full((2, 4), np.nan)])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "thetas", "options", "message"),
    [
        ("theta.txt", [np.ones((1, 2))], {}, r"the suffix of path must be one of '\.mat', '\.npz', got '\.txt'"),
        ("theta", [np.ones((1, 2))], {}, "the suffix of path must be one of"),
        ("theta.mat", [], {}, "thetas must hold at least one matrix"),
        (
            "theta.mat",
            [np.ones((2, 3)), np.ones((1, 2))],
            {},
            r"Theta2 must have 3 columns, one more than Theta1 has rows, got 2",
        ),
        ("theta.mat", [np.ones((2, 1))], {}, r"Theta1 must have at least two columns"),
        ("theta.mat", [np.ones(3)], {}, r"Theta1 must have shape \(m, n\)"),
        ("theta.mat", [[[1, np.inf]]], {}, r"Theta1 must have finite values only"),
        (
            "theta.mat",
            [np.ones((2, 3))],
            {"layer_sizes": (3, 2)},
            r"layer_sizes must be those of thetas, \(2, 2\), got \(3, 2\)",
        ),
        ("theta.mat", [np.ones((2, 3))], {"lambda_": -1}, "lambda_ must be"),
        ("theta.mat", [np.ones((2, 3))], {"cost_history": [[1.0]]}, "cost_history must have shape"),
    ],
)
def test_weights_that_cannot_be_saved(
    tmp_path: Path, name: str, thetas: list[Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        cp.save_theta(tmp_path / name, thetas, **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("contents", "error", "message"),
    [
        ({"X": np.ones((2, 2))}, ValueError, r"must hold Theta1, Theta2, \.\.\. without a gap, and holds X"),
        ({"Theta1": np.ones((2, 3)), "Theta3": np.ones((1, 3))}, ValueError, "without a gap, and holds Theta1, Theta3"),
        ({"Theta0": np.ones((2, 3)), "Theta1": np.ones((1, 3))}, ValueError, "without a gap"),
        ({"Theta1": np.ones((2, 3)), "Theta2": np.ones((1, 4))}, ValueError, r"Theta2 in .* must have 3 columns"),
        ({"Theta1": "text"}, TypeError, "Theta1 in .* of real numbers"),
        ({"Theta1": np.ones((2, 3)) * 1j}, TypeError, "Theta1 in .* of real numbers"),
        ({"Theta1": np.full((2, 3), np.nan)}, ValueError, "Theta1 in .* finite"),
    ],
)
def test_files_without_usable_weights(
    tmp_path: Path, contents: dict[str, Any], error: type[Exception], message: str
) -> None:
    scipy.io.savemat(tmp_path / "w.mat", contents)
    with pytest.raises(error, match=message):
        cp.load_theta(tmp_path / "w.mat")


def test_missing_and_foreign_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no\.mat"):
        cp.load_theta(tmp_path / "no.mat")
    (tmp_path / "w.mat").write_bytes(b"1,2,3\n" * 100)
    with pytest.raises(ValueError, match=r"w\.mat cannot be read as MAT"):
        cp.load_theta(tmp_path / "w.mat")
    with pytest.raises(FileNotFoundError):
        cp.save_theta(tmp_path / "no" / "theta.mat", make_thetas((2, 2)))
