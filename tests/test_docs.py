"""The documentation builds without a warning, and its tables are true."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from test_architecture import BASE, MAY_IMPORT

ROOT = Path(__file__).parents[1]
PUBLIC = [
    "network",
    "training",
    "regression",
    "datasets",
    "octave",
    "crosscheck",
    "exercises",
]


def test_the_site_builds_strictly(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    page = (tmp_path / "site" / "api" / "cost" / "index.html").read_text()
    assert "Units per layer without bias" in page  # from the docstring
    commands = (tmp_path / "site" / "api" / "cli" / "index.html").read_text()
    assert all(f"courseport {command}" in commands for command in ("train", "crosscheck", "ex8", "sweep"))
    assert "--test-fraction" in commands
    assert "<math" in (tmp_path / "site" / "formulas" / "index.html").read_text()


@pytest.mark.parametrize("folder", ["", *PUBLIC])
def test_every_public_name_is_in_the_reference(folder: str) -> None:
    written = "".join(path.read_text() for path in (ROOT / "docs" / "api").glob("*.md"))
    module = import_module(f"courseport.{folder}" if folder else "courseport")
    places = ("courseport", module.__name__)
    missing = [name for name in module.__all__ if not any(f"::: {place}.{name}\n" in written for place in places)]
    assert not [name for name in missing if not name.isupper()]  # lists of names, which messages tell


def test_the_design_page_tells_what_each_folder_may_import() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .*\| (.*) ?\|$", (ROOT / "docs" / "design.md").read_text(), re.MULTILINE)
    told = {folder: set(re.findall(r"`(\w+)`", allowed)) for folder, allowed in rows}
    assert told.pop("cli") == set()  # everything
    assert told == {folder: allowed for folder, allowed in MAY_IMPORT.items() if folder not in BASE}


@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
@pytest.mark.parametrize(
    "path", [path for path in sorted(ROOT.glob("courseport/**/*.py")) if ">>>" in path.read_text()]
)
def test_the_examples_of_the_docstrings_run(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
