"""What the README names exists; tests/test_pages.py runs its commands and programs."""

from __future__ import annotations

import re
from pathlib import Path

import courseport as cp

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_every_name_of_the_package_that_is_mentioned_exists() -> None:
    mentioned = set(re.findall(r"\bcp\.([A-Za-z_]\w*)", README))
    assert mentioned
    assert not {name for name in mentioned if not hasattr(cp, name)}


def test_every_file_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert not [link for link in links if not (Path(__file__).parents[1] / link).exists()]
