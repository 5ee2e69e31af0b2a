"""The package as its users meet it: types for mypy --strict, and a wheel that needs the core dependencies alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RIGHT = """
from typing import assert_type

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, minimize

import courseport as cp

X, y = cp.load_digits()
layer_sizes = (400, 25, 10)
theta0: NDArray[np.float64] = cp.rand_initialize_weights(layer_sizes, seed=0)
cost = cp.NeuralNetworkCost(layer_sizes, X, y, lambda_=1.0)
J, grad_vec = cost(theta0)
assert_type(J, float)
assert_type(grad_vec, NDArray[np.float64])
result = minimize(cost, theta0, jac=True, method="L-BFGS-B", options={"maxiter": 10})


def show(progress: cp.training.Progress) -> None:
    print(progress.iteration, progress.cost)


trained: OptimizeResult = cp.train(cost, theta0, method="fmincg", callback=show, checkpoint="run.npz", resume=True)
Theta1, Theta2 = cp.reshape_thetas(result.x, layer_sizes)
labels: NDArray[np.intp] = cp.predict(result.x, layer_sizes, X)
accuracy: float = cp.accuracy(labels, y)
check = cp.check_gradient(cost, theta0)
ok: bool = check.ok
"""
WRONG = {
    "cp.NeuralNetworkCost('400', X=None)": "call-arg|arg-type",
    "cp.NeuralNetworkCost((1, 1), [[1]], [1], hidden_activation='relux')": "arg-type",
    "cp.predict([0.0, 0.0], (1, 1), [[1]], output_activation='softmax')": "arg-type",
    "cp.train(3, [0.0])": "arg-type",
    "number: str = cp.accuracy([1], [1])": "assignment",
    "cp.nn_cost()": "attr-defined",
}


def test_mypy_strict_passes_for_a_user_s_program_and_finds_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text("\n".join(["import courseport as cp", *WRONG]))
    # One run for both: most of its time goes into reading numpy's types.
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "right.py", "wrong.py"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "right.py" not in told.stdout, told.stdout
    for line, codes in enumerate(WRONG.values(), start=2):
        assert re.search(rf"wrong\.py:{line}: error: .*\[({codes})\]", told.stdout), told.stdout
    assert f"Found {told.stdout.count(': error:')} errors in 1 file (checked 2 source files)" in told.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    (path,) = folder.glob("courseport-*.whl")
    return path


def test_the_wheel_holds_package_data_and_types_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "courseport/py.typed" in names
    assert "courseport/_data/digits.mat" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"courseport"}


def test_the_readme_s_first_example_runs_from_the_wheel_with_the_core_alone(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "clean", with_pip=True)
    python = tmp_path / "clean" / ("Scripts" if os.name == "nt" else "bin") / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True, capture_output=True)
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], check=True, capture_output=True, text=True
    )
    packages = {line.split("=")[0].lower() for line in listed.stdout.splitlines()}
    assert packages - {"pip", "setuptools"} == {"courseport", "numpy", "scipy"}
    example = re.search(r"## First example\s+```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert example is not None
    told = subprocess.run([python, "-c", example[1]], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    said = re.fullmatch(r"J = (\d\.\d+), training accuracy (\d+\.\d) %\n", told.stdout)
    assert said is not None, told.stdout
    assert float(said[2]) > 95
    told = subprocess.run([python, "-m", "courseport"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert told.returncode == 2
    assert "pip install 'courseport[cli]'" in told.stderr
