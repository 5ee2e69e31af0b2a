"""Pairs of functions in the style of public ports: the right ones agree, in this process and in another."""

from __future__ import annotations

from pathlib import Path

import pytest
from ports import pairs

from courseport.crosscheck import compare_port

pytestmark = pytest.mark.octave
FOLDER = Path(__file__).parent / "ports"


@pytest.mark.parametrize("name", pairs.PAIRS)
def test_a_right_port_agrees(name: str) -> None:
    report = compare_port(FOLDER / f"{name}.m", getattr(pairs, name), pairs.PAIRS[name])
    assert report.agrees, str(report)
    assert report.exit_status == 0
