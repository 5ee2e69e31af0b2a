"""Modules have a rank and import only from lower ranks; heavy packages are imported at use."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "courseport"

# A module takes the rank of its longest matching prefix. Inside one sub-package modules may import one another.
RANKS = {
    "_checks": 0,
    "_context": 0,
    "_files": 0,
    "_blas": 0,
    "activations": 1,
    "beginnings": 1,
    "circuit": 1,
    "datasets": 1,
    "gradient_check": 2,
    "losses": 2,
    "optimizers": 1,
    "features": 1,
    "parallel": 1,
    "rows": 1,
    "targets": 1,
    "unrolling": 1,
    "initialize": 2,
    "model": 2,
    "recommender": 2,
    "wb": 2,
    "examples": 3,
    "regression": 3,
    "regression_lecture": 3,
    "deep_notation": 3,
    "formulas": 4,
    "least_squares": 4,
    "blocks": 4,
    "network": 4,
    "kernel": 5,
    "tiny": 5,
    "deltas": 5,
    "prediction": 5,
    "checkpoint": 5,
    "cost": 6,
    "record": 6,
    "training": 7,
    "one_vs_all": 7,
    "plots": 7,
    "octave": 7,
    "crosscheck": 8,
    "comparison": 8,
    "symmetry": 8,
    "estimators": 8,
    "distributed": 8,
    "exchange": 8,
    "sweep": 8,
    "exercises": 9,
    "cli": 10,
    "__main__": 11,
}
OPTIONAL = {
    "matplotlib",
    "oct2py",
    "sklearn",
    "dask",
    "distributed",
    "onnx",
    "onnxruntime",
    "pandas",
}
MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix().removesuffix("/__init__").replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
)


def rank_of(module: str) -> int:
    return RANKS[module.split(".", maxsplit=1)[0]]


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
def test_a_module_imports_only_from_lower_ranks(module: str) -> None:
    package = module.split(".", maxsplit=1)[0]
    for imported in own_imports(module):
        inside = imported.split(".")[0] == package
        assert inside or rank_of(imported) < rank_of(module), f"{module} imports {imported}"


@pytest.mark.parametrize("module", MODULES)
def test_only_the_command_line_prints(module: str) -> None:
    calls = [node for node in ast.walk(ast.parse(source_of(module).read_text())) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert not prints


def test_importing_the_package_imports_no_optional_package() -> None:
    code = "import sys, courseport; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not OPTIONAL & set(loaded)
