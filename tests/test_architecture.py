"""A folder imports only from those below it; heavy packages are imported at use."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "courseport"

# What each folder or module of the root may import, besides itself and BASE.
BASE = {"_checks", "_files", "_threads"}
MAY_IMPORT = {
    **{name: set[str]() for name in BASE},
    "network": set(),
    "kernel": {"network"},
    "cost": {"network", "kernel"},
    "datasets": {"network"},
    "plots": {"network"},
    "training": {"network", "cost", "plots"},
    "regression": {"network", "cost", "training"},
    "octave": {"network"},
    "crosscheck": {"network", "cost", "datasets", "regression", "octave"},
    "lectures": {"network", "cost", "plots", "training"},
    "exercises": {"network", "cost", "datasets", "plots", "training", "regression"},
    "integrations": {"network", "cost", "training", "octave", "crosscheck"},
}
OPTIONAL = {
    "matplotlib",
    "oct2py",
    "sklearn",
    "dask",
    "distributed",
    "onnx",
    "onnxruntime",
    "skl2onnx",
    "igraph",
    "pandas",
}
MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix().removesuffix("/__init__").replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
)


def source_of(module: str) -> Path:
    path = PACKAGE / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def own_imports(module: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source_of(module).read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            if node.module == "courseport":
                names |= {alias.name for alias in node.names if not alias.name.startswith("__")}
            elif node.module and node.module.startswith("courseport."):
                names.add(node.module.removeprefix("courseport."))
        elif isinstance(node, ast.Import):
            names |= {alias.name[11:] for alias in node.names if alias.name.startswith("courseport.")}
    return names


@pytest.mark.parametrize("module", MODULES)
def test_a_folder_imports_only_from_those_below_it(module: str) -> None:
    folder = module.split(".", maxsplit=1)[0]
    imported = {name.split(".")[0] for name in own_imports(module)} - {folder}
    if folder not in ("cli", "__main__"):  # the command line may import all, and nothing imports it
        assert imported <= MAY_IMPORT[folder] | BASE, f"{module} imports {imported}"


def test_the_root_holds_few_modules() -> None:
    beside = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert len(beside) <= 6


@pytest.mark.parametrize("module", MODULES)
def test_only_the_command_line_prints(module: str) -> None:
    calls = [node for node in ast.walk(ast.parse(source_of(module).read_text())) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert len(prints) <= (module == "training.method")  # with the option `disp`, as SciPy's methods do


def test_importing_the_package_imports_no_optional_package() -> None:
    code = "import sys, courseport; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not OPTIONAL & set(loaded)
