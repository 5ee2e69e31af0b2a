"""Checkpoints: killed at any moment nothing is lost, a run goes on to the same numbers, a full disk is said."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from networks import random_case
from numpy.testing import assert_array_equal
from tolerances import MINIMUM, assert_close

import courseport as cp
from courseport._files import atomic_path
from courseport.cli.app import run as run_command
from courseport.training.checkpoint import Saved, load_checkpoint, save_checkpoint
from courseport.training.train import CUSTOM_METHODS, METHODS

pytestmark = pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
EXACT = tuple(CUSTOM_METHODS)
ELSEWHERE = ("dogleg", "trust-exact")  # the first needs a convex cost, the other comes to another minimum
CASE = random_case((3, 4, 3), 30, 1.0, seed=2)
START = cp.rand_initialize_weights(CASE.layer_sizes, seed=0)


def run(method: str, iterations: int, path: Path | None = None, **options: Any) -> Any:
    settings = {"alpha": 0.3} if method == "gradient_descent" else None
    return cp.train(
        CASE.cost(), START, method=method, max_iterations=iterations, options=settings, checkpoint=path, **options
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the children are forks")
@pytest.mark.parametrize("method", EXACT)
def test_random_kills_lose_nothing(method: str, tmp_path: Path) -> None:
    program = Path(__file__).with_name("killed_training.py")
    told = subprocess.run(
        [sys.executable, program, tmp_path, method], capture_output=True, text=True, check=False, timeout=900
    )
    assert told.returncode == 0, told.stderr
    facts = json.loads(told.stdout)
    assert facts["kills"] == 25
    assert facts["regressions"] == 0  # no kill took an iteration back that had been saved
    assert facts["different"] == 0  # every file was whole, and its history that of the run without kills
    assert facts["iterations"] == 600
    assert facts["same_theta"]
    assert facts["same_history"]
    assert facts["same_evaluations"]
    assert facts["leftovers"] == ["killed.npz", "whole.npz"]


@pytest.mark.parametrize("method", EXACT)
def test_these_methods_go_on_to_the_same_numbers(method: str, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    run(method, 7, path)
    again, whole = run(method, 20, path, resume=True), run(method, 20)
    assert_array_equal(again.x, whole.x)
    assert_array_equal(again.history, whole.history)
    assert (again.nit, again.nfev, again.status) == (whole.nit, whole.nfev, whole.status)


@pytest.mark.parametrize("method", [method for method in METHODS if method not in (*EXACT, *ELSEWHERE)])
def test_scipy_s_methods_start_anew_from_the_parameters(method: str, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    first = run(method, 5, path)
    saved = load_checkpoint(path)
    again = run(method, 400, path, resume=True)
    assert saved.iterations == 5
    assert_array_equal(again.history[:6], first.history)
    assert len(again.history) == again.nit + 1
    assert 5 < again.nit <= 400
    assert again.nfev > first.nfev
    fresh = cp.train(CASE.cost(), START, method="BFGS", max_iterations=2000, options={"gtol": 1e-8})
    assert again.fun < first.fun
    assert again.fun - fresh.fun < 1e-3 * (first.fun - fresh.fun)


@pytest.mark.parametrize("method", [method for method in METHODS if method != "dogleg"])
def test_no_iterations_are_left(method: str, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    first = run(method, 4, path)
    again = run(method, 4, path, resume=True)
    assert again.nit == 4
    assert_close(again.fun, first.fun, MINIMUM)
    assert_array_equal(again.history, first.history)


def test_without_a_file_resume_starts_at_theta0_and_without_resume_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    first = run("L-BFGS-B", 4, path, resume=True)
    assert_array_equal(first.x, run("L-BFGS-B", 4, path).x)
    assert load_checkpoint(path).iterations == 4


def test_how_often(tmp_path: Path) -> None:
    path, saved = tmp_path / "run.npz", []

    def callback(_: cp.training.Progress) -> None:
        saved.append(load_checkpoint(path).iterations if path.exists() else -1)

    run("gradient_descent", 7, cp.Checkpoint(path, every_seconds=3600, every_iterations=3), callback=callback)
    assert saved == [-1, 0, 0, 0, 3, 3, 3, 6]  # what was there before the save of each iteration
    assert load_checkpoint(path).iterations == 7
    path.unlink()
    saved.clear()
    run("gradient_descent", 3, cp.Checkpoint(path, every_seconds=0), callback=callback)
    assert saved == [-1, 0, 1, 2]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_interrupted_or_failed_training_is_saved(error: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    cost, calls = CASE.cost(), []

    def failing(theta_vec: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(1)
        if len(calls) == 9:
            raise error
        return cost(theta_vec)

    try:
        cp.train(failing, START, checkpoint=path)
    except ZeroDivisionError:
        assert error is ZeroDivisionError
    saved = load_checkpoint(path)
    assert saved.iterations >= 4
    assert saved.history[-1] == cost.cost(saved.theta_vec) < saved.history[0]


def test_another_training_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    run("L-BFGS-B", 3, path)

    def resume(cost: Any, theta0: Any = START, **options: Any) -> None:
        cp.train(cost, theta0, checkpoint=path, resume=True, **options)

    with pytest.raises(ValueError, match="checkpoint must be of a training with method 'CG', got one with 'L-BFGS-B'"):
        resume(CASE.cost(), method="CG")
    other = random_case((3, 4, 3), 30, 2.0, seed=2)
    with pytest.raises(ValueError, match=r"a training with lambda_ 2\.0, got one with 1\.0"):
        resume(other.cost())
    with pytest.raises(ValueError, match=r"checkpoint must be of these data, with J = .* at its parameters, got"):
        resume(random_case((3, 4, 3), 30, 1.0, seed=3).cost())
    with pytest.raises(ValueError, match="checkpoint must name the file to resume from, got None"):
        cp.train(CASE.cost(), START, resume=True)
    save_checkpoint(path, Saved(np.zeros(2), np.zeros(1), 1, 0.0, {"method": "L-BFGS-B", "options": {}}))
    with pytest.raises(ValueError, match="checkpoint must hold 3 parameters, got 2"):
        resume(lambda theta: (float(theta @ theta), 2 * theta), np.ones(3))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"text"])
def test_a_damaged_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"checkpoint must be a file that training has saved, got .*run\.npz"):
        run("fmincg", 3, path, resume=True)
    np.savez(path, theta_vec=np.zeros(3))
    with pytest.raises(ValueError, match="checkpoint must be a file that training has saved"):
        run("fmincg", 3, path, resume=True)


def test_whatever_is_damaged_is_one_error(tmp_path: Path) -> None:
    path, rng = tmp_path / "run.npz", np.random.default_rng(0)
    save_checkpoint(path, Saved(START, np.ones(3), 2, 0.1, {"method": "CG"}))
    whole = path.read_bytes()
    for _ in range(400):
        damaged = bytearray(whole[: rng.integers(1, len(whole) + 1)])
        for place in rng.integers(0, len(damaged), 3):
            damaged[place] ^= int(rng.integers(1, 256))
        path.write_bytes(damaged)
        try:
            load_checkpoint(path)
        except ValueError as error:
            assert str(error).startswith("checkpoint must be a file that training has saved")


def damage(path: Path, name: str, value: Any) -> None:
    """Put another value into a checkpoint, or into its facts."""
    with np.load(path) as file:
        contents = {key: file[key] for key in file.files}
    if name in contents:
        contents[name] = value
    else:
        facts = json.loads(str(contents["facts"])) | {name: value}
        contents["facts"] = json.dumps(facts)
    np.savez(path, **contents)


@pytest.mark.parametrize("method", EXACT)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("history", np.zeros(0)),
        ("history", np.zeros((2, 2))),
        ("history", np.array([1.0, np.nan])),
        ("theta_vec", np.full(START.size, np.inf)),
        ("theta_vec", np.array("text")),
        ("evaluations", -1),
        ("evaluations", 2.5),
        ("seconds", float("nan")),
        ("seconds", "soon"),
        ("settings", ["fmincg"]),
        ("another", 1),
        ("state_nit", np.nan),
        ("state_nit", -3),
        ("state_nit", np.array([3])),
        ("state_nfev", 1.5),
        ("state_fun", np.inf),
        ("state_jac", np.full(START.size, np.nan)),
        ("state_jac", np.zeros(2)),
        ("state_x", np.zeros(START.size)),
    ],
)
def test_contents_of_another_kind_are_refused(method: str, name: str, value: Any, tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    run(method, 3, path)
    damage(path, name, value)
    with pytest.raises(ValueError, match=r"(checkpoint|resume\[.*\]) must "):
        run(method, 6, path, resume=True)


@pytest.mark.parametrize("stem", ["run", "[ab]", "ru*", "r?n", "run run"])
def test_only_abandoned_files_of_ours_go(stem: str, tmp_path: Path) -> None:
    theirs = [f".{stem}-20240101.npz", f".{stem}-abcdefgh.npz", ".courseport-notes.npz", "run-1.npz", ".run-1.npz"]
    for name in theirs:
        (tmp_path / name).write_text("the user's own")
    abandoned = tmp_path / f".courseport-1-{'0' * 16}.npz"
    abandoned.touch()
    with atomic_path(tmp_path / "other.npz") as alive:
        run("fmincg", 3, tmp_path / f"{stem}.npz")
        assert alive.exists()
        assert not abandoned.exists()
        alive.touch()
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*theirs, "other.npz", f"{stem}.npz"}


def test_a_file_of_the_user_s_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "thesis.npz"
    np.savez(path, X=np.zeros(3))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="checkpoint must be a new file, or one that training has saved"):
        run("fmincg", 3, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("depth", [1, 2])
def test_a_folder_that_is_removed_is_made_again(depth: int, tmp_path: Path) -> None:
    top = tmp_path / "a"
    path = top / "b" / "run.npz" if depth == 2 else top / "run.npz"

    def callback(progress: cp.training.Progress) -> None:
        if progress.iteration in (0, 3):
            shutil.rmtree(top)

    result = run("fmincg", 6, cp.Checkpoint(path, every_iterations=1), callback=callback)
    assert load_checkpoint(path).iterations == 6
    assert_array_equal(load_checkpoint(path).theta_vec, result.x)
    assert os.listdir(path.parent) == ["run.npz"]  # noqa: PTH208 - hidden files, too


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no such locks")
def test_a_second_training_on_one_checkpoint_is_told(tmp_path: Path) -> None:
    path, told = tmp_path / "run.npz", []

    def callback(_: cp.training.Progress) -> None:
        run("fmincg", 2, tmp_path / "another.npz")
        for resume in (False, True):
            with pytest.raises(ValueError, match=r"checkpoint must be the file of one training at a time") as error:
                run("fmincg", 2, path, resume=resume)
            told.append(error)

    run("fmincg", 2, path, callback=callback)
    assert len(told) == 6
    assert run("fmincg", 4, path, resume=True).nit == 4


def test_a_leftover_in_a_folder_that_is_read_only_does_not_stop_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".run-abcdefgh.npz").touch()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.warns(cp.training.CheckpointWarning, match="Read-only file system"):
        assert run("fmincg", 3, tmp_path / "run.npz").nit == 3


def test_a_user_s_own_cost_function_may_have_any_attributes(tmp_path: Path) -> None:
    class Bowl:
        m, lambda_, layer_sizes = np.int64(3), np.float32(0.5), np.array([2, 1])

        def __call__(self, theta: Any) -> tuple[float, Any]:
            return float(theta @ theta), 2 * theta

    path = tmp_path / "run.npz"
    cp.train(Bowl(), np.ones(3), checkpoint=path)
    assert load_checkpoint(path).settings["m"] == 3


def test_bad_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="every_seconds must be a finite real number >= 0, got -1"):
        cp.Checkpoint(tmp_path / "run.npz", every_seconds=-1)
    with pytest.raises(ValueError, match="every_iterations must be a whole number >= 1, got 0"):
        cp.Checkpoint(tmp_path / "run.npz", every_iterations=0)


FULL_OR_READ_ONLY = """
import os, resource, sys, warnings
import numpy as np
import courseport as cp
cp.train, cp.Checkpoint, cp.training  # loaded before the rights are given up
path, how = sys.argv[1:]
cost = lambda theta: (float(theta @ theta), 2 * theta)
start = np.ones(1000)
cp.train(cost, start, method="gradient_descent", max_iterations=3, checkpoint=path) if how == "full" else None
if how == "full":
    before = open(path, "rb").read()
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
elif os.getuid() == 0:
    os.setuid(65534)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    result = cp.train(cost, start, method="gradient_descent", max_iterations=50,
                      checkpoint=cp.Checkpoint(path, every_iterations=1), resume=True)
said = [str(one.message) for one in caught if one.category is cp.training.CheckpointWarning]
assert len(said) == 1, said
assert result.nit == 50, result
assert how != "full" or open(path, "rb").read() == before
assert how == "full" or not os.path.exists(path)
print(said[0])
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder outside of pytest's own, which the user without rights that root becomes may not enter."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
        Path(name).chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits and users as POSIX has them")
@pytest.mark.parametrize(("how", "why"), [("full", "File too large"), ("read-only", "Permission denied")])
def test_a_full_disk_and_a_read_only_folder_are_said_once(how: str, why: str, folder: Path) -> None:
    folder.chmod(0o555 if how == "read-only" else 0o755)
    path = folder / "run.npz"
    command = [sys.executable, "-W", "ignore", "-c", FULL_OR_READ_ONLY, path, how]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == f"the checkpoint {path} could not be written: {why}; training goes on"
    assert os.listdir(folder) == (["run.npz"] if how == "full" else [])  # noqa: PTH208 - hidden files, too


@pytest.mark.usefixtures("unrendered")
def test_the_command_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "data.npz", X=CASE.X, y=CASE.y)
    common = ["--data", str(tmp_path / "data.npz"), "--output", str(tmp_path / "out"), "--method", "fmincg", "--json"]

    def command(*arguments: str, status: int = 0) -> Any:
        assert run_command(["train", *common, *arguments]) == status
        return json.loads(capsys.readouterr().out)

    first = command("--iterations", "4")
    again = command("--iterations", "9", "--resume")
    whole = command("--iterations", "9")
    assert (first["iterations"], again["iterations"]) == (4, 9)
    assert again["cost"] == whole["cost"] < first["cost"]
    refused = command("--iterations", "12", "--resume", "--lambda", "3", status=2)
    assert "checkpoint must be of a training with lambda_ 3.0, got one with 1.0" in json.dumps(refused)
    (tmp_path / "out" / "checkpoint.npz").unlink()
    (tmp_path / "out" / "checkpoint.npz").mkdir()  # a place that cannot be written to
    refused = command("--iterations", "4", status=2)
    assert "checkpoint.npz: not a regular file" in json.dumps(refused)
