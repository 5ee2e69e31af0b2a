"""`courseport train` and `predict`, run as a user runs them."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from test_idx import write_mnist

import courseport as cp
from courseport._checks import how_to_install
from courseport.cli.app import run

DIGIT_PICTURES = ["cost.png", "hidden_units.png", "mistakes.png", "confusion.png"]


def test_the_main_job_tells_the_six_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--iterations", "20", "--test-fraction", "0.2", "--output", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    for step in ("1. Architecture: 400-25-10", "2. Random", "3. Forward", "4. Cost: J = ", "5. Backprop", "6. Optim"):
        assert f"\n{step}" in told
    assert "4000 examples to train on" in told
    assert re.search(r"iteration 20/20  J \d\.\d+  \|grad\| ", told)
    assert re.search(r"Training accuracy: \d\d\.\d\d %\nHeld-out accuracy: \d\d\.\d\d %", told)
    for name in DIGIT_PICTURES:
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG"), name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["checkpoint.npz", "theta.mat", *DIGIT_PICTURES])


@pytest.mark.usefixtures("unrendered")
def test_the_weights_are_those_of_the_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--iterations", "5", "--lambda", "0.5", "--output", str(tmp_path), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    X, y = cp.load_digits()
    thetas = cp.load_theta(tmp_path / "theta.mat")
    J, _ = cp.nn_cost_function(cp.unroll(thetas), (400, 25, 10), X, y, 0.5)
    assert summary["cost"] == pytest.approx(J, rel=1e-12)
    assert summary["training_accuracy"] == cp.accuracy(cp.predict(cp.unroll(thetas), (400, 25, 10), X), y)
    contents = scipy.io.loadmat(tmp_path / "theta.mat")
    assert contents["lambda"].item() == 0.5
    assert contents["layer_sizes"].ravel().tolist() == [400, 25, 10]
    assert contents["cost_history"].shape == (6, 1)


@pytest.mark.octave
@pytest.mark.usefixtures("unrendered")
def test_octave_loads_the_weights(tmp_path: Path, octave) -> None:  # type: ignore[no-untyped-def]  # a fixture
    run(["train", "--iterations", "2", "--quiet", "--output", str(tmp_path)])
    octave.push("file", str(tmp_path / "theta.mat"))
    octave.eval("s = load (file); theta_vec = [s.Theta1(:); s.Theta2(:)]; lambda = s.lambda;")
    ours = cp.unroll(cp.load_theta(tmp_path / "theta.mat"))
    assert np.array_equal(np.ravel(octave.pull("theta_vec")), ours)
    assert octave.pull("lambda") == 1.0


@pytest.mark.usefixtures("unrendered")
def test_own_data_and_own_layers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 2))
    y = (X[:, 0] > 0).astype(int)
    table = tmp_path / "own.csv"
    np.savetxt(table, np.column_stack([X, y]), delimiter=",")
    out = tmp_path / "out"
    assert run(["train", "--data", str(table), "--layer-sizes", "2,3,1", "--quiet", "--output", str(out)]) == 0
    assert "Training accuracy" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["checkpoint.npz", "confusion.png", "cost.png", "theta.mat"]
    assert run(["predict", str(out / "theta.mat"), str(table)]) == 0
    told = capsys.readouterr()
    labels = [int(line) for line in told.out.split()]
    assert len(labels) == 60
    assert f"accuracy: {cp.accuracy(labels, y):.2f} %" in told.err


@pytest.mark.usefixtures("unrendered")
def test_a_matrix_with_one_1_in_each_row_is_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((60, 2)), np.resize([1, 2, 3], 60)
    told = []
    for name, targets in (("labels", y), ("matrix", np.eye(3)[y - 1])):
        np.savez(tmp_path / f"{name}.npz", X=X, y=targets)
        data, output = str(tmp_path / f"{name}.npz"), str(tmp_path / name)
        assert run(["train", "--data", data, "--iterations", "5", "--json", "--output", output]) == 0
        told.append(json.loads(capsys.readouterr().out))
        assert run(["predict", str(tmp_path / name / "theta.mat"), data, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["accuracy"] is not None
    assert told[0]["cost"] == told[1]["cost"]
    assert told[0]["training_accuracy"] == told[1]["training_accuracy"]


def test_predict_takes_examples_without_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theta_vec = cp.rand_initialize_weights((4, 3), 1.0, seed=1)
    cp.save_theta(tmp_path / "theta.npz", cp.reshape_thetas(theta_vec, (4, 3)))
    X = np.random.default_rng(2).standard_normal((7, 4))
    scipy.io.savemat(tmp_path / "new.mat", {"X": X})
    assert run(["predict", str(tmp_path / "theta.npz"), str(tmp_path / "new.mat"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"labels": cp.predict(theta_vec, (4, 3), X).tolist(), "accuracy": None}


BAD = {
    "two answers": (["train", "--data", "two.npz"], r"y must hold labels, or one 1 and else 0 in each row"),
    "test images of another size": (["train", "--data", "mnist"], r"the test images must have 9 pixels .*, got 4"),
    "no such file": (["train", "--data", "nowhere.mat"], r"nowhere\.mat"),
    "labels of one kind": (["train", "--data", "one.csv"], r"y must hold at least two kinds of labels, got 5 alone"),
    "labels that are quantities": (["train", "--data", "half.csv"], r"y must hold labels: whole .*, got 0\.5"),
    "missing values": (["train", "--data", "holes.csv"], r"X in holes\.csv .* in lines 2, columns 'b'; --impute mean"),
    "a column of texts": (["train", "--data", "texts.csv"], r"column 'name' must hold numbers .*--drop name.*'Ann'"),
    "no such column": (
        ["train", "--data", "texts.csv", "--label", "c"],
        r"label must be one of name, a, .* got 'c'",
    ),
    "a web page": (["train", "--data", "page.mat"], r"page\.mat is a web page"),
    "a Git-LFS pointer": (["train", "--data", "lfs.csv"], r"lfs\.csv is a Git-LFS pointer"),
    "a device": (["train", "--data", "/dev/zero"], r"/dev/zero must be a regular file"),
    "a network too large": (["train", "--data", "one.csv", "--layer-sizes", "1,99999999999,2"], r"at least two kinds"),
    "sizes of words": (
        ["train", "--layer-sizes", "400,x,10"],
        r"--layer-sizes must be whole numbers >= 1.*, got '400,x,10'",
    ),
    "sizes of another network": (
        ["train", "--layer-sizes", "3,10"],
        r"X must have shape \(m, 3\).*, got \(5000, 400\)",
    ),
    "lambda below 0": (["train", "--lambda", "-1"], r"lambda_ must be a finite real number >= 0, got -1"),
    "method unknown": (["train", "--method", "Adam"], r"--method must be one of 'L-BFGS-B'.*, got 'Adam'"),
    "no iterations": (["train", "--iterations", "0"], r"--iterations must be a whole number >= 1, got 0"),
    "all held out": (["train", "--test-fraction", "1"], r"--test-fraction must be at least 0 and below 1, got 1"),
    "output a file": (
        ["train", "--output", "from0.csv"],
        r"--output must be a folder that can be written to, got from0\.csv",
    ),
    "output below a file": (
        ["train", "--output", "from0.csv/out"],
        r"--output must be a folder .*, got from0\.csv/out",
    ),
    "truncated": (["train", "--data", "cut.mat"], r"cut\.mat"),
    "not a MAT file": (["train", "--data", "text.mat"], r"text\.mat"),
    "no X": (["train", "--data", "no_X.mat"], r"X"),
    "weights missing": (["predict", "from0.csv", "from0.csv"], r"from0\.csv"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_line_and_status_2(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("from0.csv").write_text("1,2,0\n3,4,1\n5,6,2\n")
    Path("one.csv").write_text("1,5\n2,5\n")
    Path("half.csv").write_text("1,0.5\n2,1\n")
    Path("holes.csv").write_text("a,b,y\n1,,1\n2,3,2\n")
    Path("texts.csv").write_text("name,a,town,b\nAnn,1,X,1\nBea,2,Y,2\n")
    Path("page.mat").write_text("<!DOCTYPE html><html></html>")
    Path("lfs.csv").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    np.savez("two.npz", X=np.ones((3, 2)), y=np.ones((3, 2)))
    Path("mnist").mkdir()
    write_mnist(Path("mnist"), "train", np.zeros((4, 3, 3)), np.arange(4), gz=False)
    write_mnist(Path("mnist"), "t10k", np.zeros((4, 2, 2)), np.arange(4), gz=False)
    scipy.io.savemat("no_X.mat", {"Z": np.ones((3, 2)), "y": [1, 2, 1]})
    scipy.io.savemat("cut.mat", {"X": np.ones((30, 20)), "y": np.ones(30)}, do_compression=True)
    Path("cut.mat").write_bytes(Path("cut.mat").read_bytes()[:200])
    Path("text.mat").write_text("this is not a MAT file\n")
    arguments, message = BAD[name]
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert re.fullmatch(f"courseport: .*{message}.*\n", told.err), told.err
    assert "Optimisation" not in told.out


def test_ctrl_c_saves_the_best_so_far(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "courseport", "train", "--iterations", "1000000", "--lambda", "0"]
    with subprocess.Popen([*command, "--output", str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("6. Optimisation"):
                break
        while not (tmp_path / "checkpoint.npz").exists() and process.poll() is None:  # saved after the first iteration
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        told = process.stdout.read()
    assert process.returncode == 130
    assert "Interrupted; x holds the best" in told
    contents = scipy.io.loadmat(tmp_path / "theta.mat")
    X, y = cp.load_digits()
    J, _ = cp.nn_cost_function(cp.unroll(cp.load_theta(tmp_path / "theta.mat")), (400, 25, 10), X, y)
    assert contents["cost_history"].min() * (1 + 1e-12) >= J


def test_help_is_there_for_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    assert "train" in told
    assert "predict" in told
    assert run(["train", "--help"]) == 0
    assert "--test-fraction" in capsys.readouterr().out


def test_bad_usage_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", "--no-such-option"]) == 2
    assert run(["nonsense"]) == 2
    assert "No such command" in capsys.readouterr().err


def test_without_its_packages_the_command_says_what_to_install() -> None:
    code = "import sys; sys.modules['typer'] = None; from courseport.__main__ import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == f"courseport: The command line needs typer: {how_to_install('cli')}\n"


def test_without_matplotlib_the_weights_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, module, None)
    assert run(["train", "--iterations", "2", "--output", str(tmp_path)]) == 0
    assert f"No pictures: they need matplotlib: {how_to_install('plots')}" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint.npz", "theta.mat"]
