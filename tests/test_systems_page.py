"""docs/systems.md and docs/errata.md name only what is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from courseport.cli.app import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / name for name in ("systems.md", "errata.md")]


def names(page: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_named_is_there(page: Path) -> None:
    files = {ROOT / name for name in names(page, r"\btests/\w+\.py\b")}
    files |= {ROOT / "octave_reference" / name for name in names(page, r"`(\w+\.m)`")}
    files |= {page.parent / name for name in names(page, r"\]\(([^)]+)\)")}
    assert files
    assert not [path for path in files if not path.exists()]


def test_every_public_name_is_there() -> None:
    found = names(PAGES[0], r"\b(?:cp|courseport)\.[\w.]*\w")
    assert len(found) > 40
    for name in found:
        _, *parts = name.split(".")
        value = importlib.import_module("courseport")
        for depth, part in enumerate(parts, start=1):
            if not hasattr(value, part):
                importlib.import_module(".".join(["courseport", *parts[:depth]]))
            value = getattr(value, part)


def test_every_command_is_there() -> None:
    found = set().union(*(names(page, r"`courseport (\w+)") for page in PAGES))
    assert {"symmetry", "circuit"} <= found <= set(COMMANDS)


def test_every_octave_reference_is_run_by_the_tests_beside_it() -> None:
    sources = {path.stem: code_of(path) for path in (ROOT / "octave_reference").glob("*.m")}
    checked = 0
    for line in PAGES[0].read_text(encoding="utf-8").splitlines():
        tests = re.findall(r"\btests/\w+\.py\b", line)
        run = mentioned("".join((ROOT / test).read_text(encoding="utf-8") for test in tests), set(sources))
        while called := mentioned("".join(sources[name] for name in run), set(sources)) - run:
            run |= called
        for reference in re.findall(r"`(\w+)\.m`", line):
            assert reference in run, f"{reference}.m: {line}"
            checked += 1
    assert checked > 30


def code_of(path: Path) -> str:
    """Return an Octave file without its help and its test blocks."""
    return "".join(line for line in path.read_text(encoding="utf-8").splitlines(True) if not line.startswith("%"))


def mentioned(text: str, functions: set[str]) -> set[str]:
    return functions & set(re.findall(r"\w+", text))
