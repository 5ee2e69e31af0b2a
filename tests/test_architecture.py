"""A folder imports only from those below it; heavy packages are imported at use."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

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
    "hypothesis",
    "igraph",
    "pandas",
}
MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix().removesuffix("/__init__").replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
)


@cache
def tree_of(module: str) -> ast.Module:
    path = PACKAGE / module.replace(".", "/")
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text())


def own_imports(module: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            if node.module == "courseport":
                names |= {alias.name for alias in node.names if not alias.name.startswith("__")}
            elif node.module and node.module.startswith("courseport."):
                names.add(node.module.removeprefix("courseport."))
        elif isinstance(node, ast.Import):
            names |= {alias.name[11:] for alias in node.names if alias.name.startswith("courseport.")}
    return names


def test_a_folder_imports_only_from_those_below_it() -> None:
    forbidden = {}
    for module in MODULES:
        folder = module.split(".", maxsplit=1)[0]
        if folder not in ("cli", "__main__"):  # the command line may import all, and nothing imports it
            imported = {name.split(".")[0] for name in own_imports(module)} - {folder}
            forbidden[module] = imported - MAY_IMPORT[folder] - BASE
    assert not {module: imported for module, imported in forbidden.items() if imported}


def test_the_root_holds_few_modules() -> None:
    beside = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert len(beside) <= 6


def test_only_the_command_line_prints() -> None:
    prints = [
        module
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert prints == ["training.method"]  # with the option `disp`, as SciPy's methods do


def test_importing_the_package_imports_no_optional_package() -> None:
    code = "import sys, courseport; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not OPTIONAL & set(loaded)
