"""The package as its users meet it: types for mypy --strict, and a wheel that needs the core dependencies alone."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import scipy

import courseport as cp
from courseport._checks import how_to_install
from courseport.octave import reference_path

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()
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
    "cp.nn_cost_function([0.0, 0.0], (1, 1), [[1]], [1], 0.0, loss='hinge')": "arg-type",
    "cp.train(3, [0.0])": "arg-type",
    "number: str = cp.accuracy([1], [1])": "assignment",
    "cp.nn_cost()": "attr-defined",
}


def test_mypy_strict_passes_for_a_user_s_program_and_finds_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text("\n".join(["import courseport as cp", *WRONG]))
    # With the settings and the cache of `make types`, and both in one run: most of its time goes into reading types.
    files = [str(tmp_path / "right.py"), str(tmp_path / "wrong.py")]
    told = subprocess.run([sys.executable, "-m", "mypy", *files], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "right.py" not in told.stdout, told.stdout
    for line, codes in enumerate(WRONG.values(), start=2):
        assert re.search(rf"wrong\.py:{line}: error: .*\[({codes})\]", told.stdout), told.stdout
    assert f"Found {told.stdout.count(': error:')} errors in 1 file (checked 2 source files)" in told.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked in a folder that also holds numpy and scipy, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run([sys.executable, "-c", code, folder], cwd=ROOT, capture_output=True, text=True, check=True)
    packages = folder / "packages"
    zipfile.ZipFile(folder / built.stdout.split()[-1]).extractall(packages)
    for module in (np, scipy):
        origin = Path(module.__file__).parent
        for part in (origin, origin.with_name(f"{origin.name}.libs"), origin / ".dylibs"):
            if part.parent == origin.parent and part.exists():
                (packages / part.name).symlink_to(part)
    return packages


def run_in(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python without the packages of this environment, in an empty folder."""
    (empty := installed.with_name("empty")).mkdir(exist_ok=True)
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); sys.argv[1:] = {arguments[1:]!r}\n{arguments[0]}"
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=empty)


def test_the_wheel_holds_package_data_and_types_alone(installed: Path) -> None:
    assert {path.name.split("-")[0] for path in installed.iterdir() if not path.is_symlink()} == {"courseport"}
    assert not {path.name.split(".")[0] for path in installed.iterdir() if path.is_symlink()} - {"numpy", "scipy"}
    package = installed / "courseport"
    assert (package / "py.typed").exists()
    assert (package / "_data" / "digits.mat").exists()
    shipped = {path.name for path in (package / "octave" / "reference").glob("*.m")}
    assert shipped == {path.name for path in (ROOT / "octave_reference").glob("*.m")}


def test_the_readme_s_first_example_runs_from_the_wheel_with_the_core_alone(installed: Path) -> None:
    example = re.search(r"## First example\s+```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert example is not None
    told = run_in(installed, example[1])
    assert told.returncode == 0, told.stderr
    said = re.fullmatch(r"J = (\d\.\d+), training accuracy (\d+\.\d) %\n", told.stdout)
    assert said is not None, told.stdout
    assert float(said[2]) > 95


def test_the_octave_reference_is_found_in_the_wheel_and_in_a_clone(installed: Path) -> None:
    code = "from courseport.octave import reference_path; print(reference_path())"
    assert run_in(installed, code).stdout == f"{installed / 'courseport' / 'octave' / 'reference'}\n"
    assert reference_path() == ROOT / "octave_reference"


def test_without_the_command_line_s_packages_one_line_says_what_to_install(installed: Path) -> None:
    told = run_in(installed, "import runpy; runpy.run_module('courseport', run_name='__main__')")
    assert (told.returncode, told.stdout) == (2, "")
    assert re.fullmatch(r"courseport: The command line needs typer.*install.*\n", told.stderr), told.stderr


def test_the_sdist_holds_what_its_makefile_names(tmp_path: Path) -> None:
    code = "import sys; from hatchling.build import build_sdist; print(build_sdist(sys.argv[1]))"
    built = subprocess.run([sys.executable, "-c", code, tmp_path], cwd=ROOT, capture_output=True, text=True, check=True)
    with tarfile.open(tmp_path / built.stdout.split()[-1]) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    git = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    files = set(git.stdout.split("\n")) - {""} if git.returncode == 0 else set(re.findall(r"\.ci/\w+", MAKEFILE))
    assert {".ci/install_octave", ".ci/make_venv", "mkdocs.yml", "pyproject.toml"} <= held
    assert not {name for name in files if (ROOT / name).exists()} - held


def test_what_to_install_is_what_the_extra_names() -> None:
    assert re.fullmatch(r"pip install 'rich>=\S+' 'typer>=\S+'", how_to_install("cli"))


def test_the_changelog_has_a_dated_entry_for_the_version() -> None:
    assert re.search(
        rf"^## \[{cp.__version__}\] - \d{{4}}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
    )
