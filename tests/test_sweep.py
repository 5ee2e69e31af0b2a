"""A sweep finds what single trainings find, in processes, goes on where it was, and shows it."""

from __future__ import annotations

import contextlib
import errno
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tolerances import ALGEBRA, assert_close

import courseport as cp
from courseport import plots
from courseport.cli.app import run as run_command
from courseport.training import Settings, Trial, plot_sweep, sweep

pytestmark = pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
MODULE = importlib.import_module("courseport.training.sweep")  # whose name is the function's
RNG = np.random.default_rng(0)
TRAINING = RNG.normal(size=(60, 4)), RNG.integers(1, 4, 60)
VALIDATION = RNG.normal(size=(30, 4)), RNG.integers(1, 4, 30)
SIZES, LAMBDAS = [(4, 3), (4, 5, 3)], [0.0, 1.0, 10.0]
SETTINGS = Settings(max_iterations=15, seed=2)


def run(**options: object) -> list[Trial]:
    return sweep(TRAINING, VALIDATION, SIZES, LAMBDAS, SETTINGS, **options)


def test_each_trial_is_a_training_of_its_own() -> None:
    trials = run(n_workers=1)
    assert {(trial.layer_sizes, trial.lambda_) for trial in trials} == {(s, v) for s in SIZES for v in LAMBDAS}
    assert [trial.validation_cost for trial in trials] == sorted(trial.validation_cost for trial in trials)
    for trial in trials:
        theta0 = cp.rand_initialize_weights(trial.layer_sizes, "glorot", 2)
        cost = cp.NeuralNetworkCost(trial.layer_sizes, *TRAINING, trial.lambda_)
        theta = cp.train(cost, theta0, max_iterations=15).x
        assert_close(trial.training_cost, cp.nn_cost_function(theta, trial.layer_sizes, *TRAINING)[0], ALGEBRA)
        assert_close(trial.validation_cost, cp.nn_cost_function(theta, trial.layer_sizes, *VALIDATION)[0], ALGEBRA)
        read = cp.predict(theta, trial.layer_sizes, VALIDATION[0])
        assert trial.validation_accuracy == cp.accuracy(read, VALIDATION[1])


def test_processes_find_the_same() -> None:
    ended: list[Trial] = []
    ours, alone = run(n_workers=2, progress=ended.append), run(n_workers=1)
    assert sorted(ended, key=lambda trial: trial.validation_cost) == ours
    for one, other in zip(ours, alone, strict=True):
        assert (one.layer_sizes, one.lambda_) == (other.layer_sizes, other.lambda_)
        assert_close(one.validation_cost, other.validation_cost, ALGEBRA)


def test_what_is_there_is_not_run_again(tmp_path: Path) -> None:
    path, ended = tmp_path / "sweep.json", []

    def stop_after_two(trial: Trial) -> None:
        ended.append(trial)
        if len(ended) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(n_workers=1, results=path, progress=stop_after_two)
    assert len(json.loads(path.read_text())["trials"]) == 2
    later: list[Trial] = []
    trials = run(n_workers=1, results=path, progress=later.append)
    assert len(later) == 4
    assert set(ended) | set(later) == set(trials)
    assert run(results=path) == trials
    with pytest.raises(ValueError, match=r"results must hold trials of these data and settings .* seed 2"):
        sweep(TRAINING, VALIDATION, SIZES, LAMBDAS, Settings(max_iterations=15), results=path)
    with pytest.raises(ValueError, match=r"sweep\.json of other validation data"):
        sweep(TRAINING, TRAINING, SIZES, LAMBDAS, SETTINGS, results=path)
    path.write_text("{}")
    with pytest.raises(ValueError, match="results must be a file that a sweep has written"):
        run(results=path)


@pytest.mark.parametrize(
    "content",
    [
        [],
        None,
        {"trials": [], "settings": []},
        {"trials": {"a": 1}, "settings": {}},
        {"trials": [[]], "settings": {}},
        {"trials": [{"layer_sizes": "4-3", "lambda_": 1.0}], "settings": {}},
        {"iterations": "15"},
        {"iterations": 1.5},
        {"iterations": True},
        {"validation_cost": None},
        {"validation_cost": [1.0]},
        {"lambda_": -1.0},
        {"layer_sizes": [4]},
        {"layer_sizes": {"4": 3}},
        {"more": 1},
    ],
)
def test_results_of_another_kind_are_refused(content: Any, tmp_path: Path) -> None:
    path = tmp_path / "sweep.json"
    if isinstance(content, dict) and "trials" not in content:
        sweep(TRAINING, VALIDATION, [(4, 3)], [1.0], SETTINGS, results=path)
        whole = json.loads(path.read_text())
        whole["trials"][0] |= content
        content = whole
    path.write_text(json.dumps(content))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="results must be a file that a sweep has written"):
        run(results=path)
    assert path.read_bytes() == before


def test_two_sweeps_share_a_file_and_a_folder_may_be_removed(tmp_path: Path) -> None:
    path, others = tmp_path / "out" / "sweep.json", []

    def meanwhile(_: Trial) -> None:
        if not others:
            others.extend(sweep(TRAINING, VALIDATION, [(4, 2, 3)], [1.0, 2.0], SETTINGS, results=path))

    ours = run(n_workers=2, results=path, progress=meanwhile)
    kept = json.loads(path.read_text())["trials"]
    assert len(kept) == len(ours) + len(others) == 8
    shutil.rmtree(path.parent)
    run(n_workers=1, results=path, progress=lambda trial: shutil.rmtree(path.parent) if trial.lambda_ == 1.0 else None)
    assert path.exists()
    assert os.listdir(path.parent) == ["sweep.json"]  # noqa: PTH208 - hidden files, too


def test_trials_are_a_table() -> None:
    trials = sweep(TRAINING, VALIDATION, [(4, 3)], np.linspace(0, 5, 25), Settings(max_iterations=1))
    frame = trials.to_frame()
    assert frame.shape == (25, 8)
    assert list(frame["validation_cost"]) == [trial.validation_cost for trial in trials]
    html = trials._repr_html_()
    assert html.count("<tr>") == 21
    assert "<p>and 5 more</p>" in html
    assert "<td>4-3</td>" in html


@pytest.mark.parametrize("lambdas", [pd.DataFrame({"lambda": [1.0, 2.0]}), [[1.0]], ["1"], 1.0, [np.nan]])
def test_lambdas_are_a_vector_of_numbers(lambdas: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="lambdas must "):
        sweep(TRAINING, VALIDATION, SIZES, lambdas)
    assert sweep(TRAINING, VALIDATION, [(4, 3)], pd.Series([1.5]), Settings(max_iterations=1))[0].lambda_ == 1.5


def test_bad_input_is_named_before_any_work() -> None:
    with pytest.raises(ValueError, match=r"layer_sizes and lambdas must hold at least one each, got 0 and 1"):
        sweep(TRAINING, VALIDATION, [], [1.0])
    with pytest.raises(ValueError, match="lambda_ must be a finite real number >= 0, got -1"):
        sweep(TRAINING, VALIDATION, SIZES, [-1.0])
    with pytest.raises(ValueError, match=r"X must have shape \(m, 5\) for layer sizes \(5, 3\), got \(60, 4\)"):
        sweep(TRAINING, VALIDATION, [(5, 3)], [1.0])
    with pytest.raises(ValueError, match="n_workers must be a whole number >= 1, got 0"):
        run(n_workers=0)
    with pytest.raises(ValueError, match="method must be one of"):
        Settings(method="adam")
    assert Settings(method="l-bfgs-b") == Settings()


def test_lists_and_matrices_of_targets_are_data_too() -> None:
    def costs(y: np.ndarray, y_validation: np.ndarray) -> list[Trial]:
        training, validation = (TRAINING[0].tolist(), y.tolist()), (VALIDATION[0].tolist(), y_validation.tolist())
        return sweep(training, validation, [(4, 3)], [1.0], SETTINGS, n_workers=1)

    expected = sweep(TRAINING, VALIDATION, [(4, 3)], [1.0], SETTINGS, n_workers=1)[0]
    labels = costs(TRAINING[1], VALIDATION[1])[0]
    matrix = costs(np.eye(3)[TRAINING[1] - 1], np.eye(3)[VALIDATION[1] - 1])[0]
    for trial in (labels, matrix):
        assert_close(trial.validation_cost, expected.validation_cost, ALGEBRA)
        assert trial.training_accuracy == expected.training_accuracy
        assert trial.validation_accuracy == expected.validation_accuracy


@contextlib.contextmanager
def no_space(path: Path) -> Iterator[Path]:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    yield path


def test_a_full_disk_is_said_once_and_the_sweep_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "atomic_path", no_space)
    with pytest.warns(cp.training.CheckpointWarning) as told:
        trials = run(n_workers=1, results=tmp_path / "sweep.json")
    assert len(trials) == 6
    said = f"the results {tmp_path}/sweep.json could not be written: No space left on device; the sweep goes on"
    assert [str(one.message) for one in told] == [said]


def test_the_picture_shows_every_trial() -> None:
    trials = run(n_workers=1)
    axes = plot_sweep(trials)
    lines = [line for line in axes.get_lines() if len(line.get_xdata()) == 3]
    assert len(lines) == 4  # two architectures, training and validation set
    shown = sorted(float(value) for line in lines for value in line.get_ydata())
    assert shown == sorted([t.training_cost for t in trials] + [t.validation_cost for t in trials])
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["4-3", "4-5-3", "best"]


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    np.savez(tmp_path / "data.npz", X=TRAINING[0], y=TRAINING[1])
    return tmp_path / "data.npz"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "courseport", "sweep", *map(str, arguments)]


def test_the_command(data_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out"
    arguments = ["--data", data_file, "--hidden", "3,2", "--hidden", "none", "--lambdas", "0,1", "--output", output]
    assert run_command(["sweep", *map(str, arguments), "--iterations", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("J validation" in line and line.startswith("   ") for line in lines) == 4  # progress in a pipe
    best = next(line for line in lines if line.startswith("Best on the validation set: 4-"))
    row = lines[lines.index(next(line for line in lines if line.startswith("architecture"))) + 1].split()
    assert best == f"Best on the validation set: {row[0]} with lambda {row[1]}"
    assert (output / "sweep.png").read_bytes()[:4] == b"\x89PNG"
    assert run_command(["sweep", *map(str, arguments), "--iterations", "5", "--json"]) == 0
    trials = json.loads(capsys.readouterr().out)
    assert len(trials) == 4
    assert "-".join(map(str, trials[0]["layer_sizes"])) == row[0]


def test_a_full_disk_leaves_the_table(
    data_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["sweep", "--data", str(data_file), "--hidden", "none", "--lambdas", "0,1", "--workers", "1"]
    arguments += ["--iterations", "5", "--output", str(tmp_path)]
    monkeypatch.setattr(MODULE, "atomic_path", no_space)
    assert run_command(arguments) == 0
    told = capsys.readouterr()
    assert told.err.count("courseport: the results") == 1
    assert told.out.endswith(f"Written to {tmp_path}: sweep.png\n")
    monkeypatch.setattr(plots, "atomic_path", no_space)
    assert run_command(arguments) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[-1].startswith("Best on the validation set: 4-3 with lambda")
    assert told.err.endswith(
        f"courseport: the picture {tmp_path}/sweep.png could not be saved: No space left on device\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--hidden", "3,x"], "--hidden must be whole numbers >= 1 with commas, such as 50,25, got '3,x'"),
        (["--lambdas", "-1"], "--lambdas must be numbers >= 0 with commas, such as 0,0.1,1, got '-1'"),
        (
            ["--validation-fraction", "0"],
            "--validation-fraction must be above 0: a sweep needs a validation set, got 0",
        ),
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["sweep", *arguments]) == 2
    assert capsys.readouterr().err == f"courseport: {message}\n"


@pytest.mark.usefixtures("unrendered")
def test_a_killed_sweep_goes_on(data_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out"
    lambdas = ",".join(str(value / 10) for value in range(8))
    arguments = ["--data", data_file, "--hidden", "30", "--lambdas", lambdas, "--output", output, "--workers", "1"]
    running = subprocess.Popen(command(*arguments, "--iterations", 60), stdout=subprocess.DEVNULL)
    results = output / "sweep.json"
    end = time.monotonic() + 600
    while not results.exists() and time.monotonic() < end:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    before = len(json.loads(results.read_text())["trials"])
    assert run_command(["sweep", *map(str, arguments), "--iterations", "60"]) == 0
    progress = [line for line in capsys.readouterr().out.splitlines() if line.startswith("   ")]
    assert len(progress) == 8 - before
    assert before >= 1


@contextlib.contextmanager
def sweep_under_way(data_file: Path, output: Path, workers: int) -> Iterator[subprocess.Popen[str]]:
    """A sweep of 60 trials, in a process group of its own, after the first of them; nothing of it is left behind."""
    lambdas = ",".join(str(value / 10) for value in range(60))
    arguments = ["--data", data_file, "--hidden", "30", "--lambdas", lambdas, "--method", "gradient_descent"]
    arguments += ["--iterations", 8000, "--workers", workers, "--output", output]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command(*arguments), start_new_session=True, **pipes) as process:
        try:
            end = time.monotonic() + 600
            while not (output / "sweep.json").exists() and process.poll() is None and time.monotonic() < end:
                time.sleep(0.01)
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_a_sweep_and_keeps_whole_trials(workers: int, data_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    with sweep_under_way(data_file, output, workers) as process:
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=600)  # to the end of the pipes, which the workers hold, too
    kept = f"the trials that had ended are in {output}/sweep.json"
    assert told == f"courseport: interrupted; {kept}; the same command runs those that are missing\n"
    assert process.returncode == 130
    trials = json.loads((output / "sweep.json").read_text())["trials"]
    assert 1 <= len(trials) < 60
    assert {trial["iterations"] for trial in trials} == {8000}
