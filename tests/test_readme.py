"""The README's examples run, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import courseport as cp

README = (Path(__file__).parents[1] / "README.md").read_text()


@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
def test_the_python_examples_run_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert len(blocks) >= 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
    told = capsys.readouterr().out
    assert re.search(r"J = 0\.3\d\d, training accuracy 99\.\d %", told)


def test_every_name_of_the_package_that_is_mentioned_exists() -> None:
    mentioned = set(re.findall(r"\bcp\.([A-Za-z_]\w*)", README))
    assert mentioned
    assert not {name for name in mentioned if not hasattr(cp, name)}


def test_every_file_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert not [link for link in links if not (Path(__file__).parents[1] / link).exists()]
