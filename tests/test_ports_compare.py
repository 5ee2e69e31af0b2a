"""A port is compared: right ones agree, whatever form their values have, and wrong ones do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from courseport.crosscheck import compare_port

pytestmark = pytest.mark.octave

STANDARD = """function [z, mu, s] = standard (x)
  mu = mean (x);
  s = std (x);
  z = (x - mu) ./ s;
end
"""


def standard(x):  # type: ignore[no-untyped-def]
    mu, s = np.mean(x), np.std(x, ddof=1)
    return (x - mu) / s, mu, s


def population(x):  # type: ignore[no-untyped-def]
    mu, s = np.mean(x), np.std(x)
    return (x - mu) / s, mu, s


def test_a_right_port_agrees_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    file = tmp_path / "standard.m"
    file.write_text(STANDARD)
    cases = [(np.arange(5.0),), (np.array([1.0, 3.0, 8.0]),)]
    right, wrong = compare_port(file, standard, cases), compare_port(file, population, cases)
    assert (right.status, right.exit_status) == ("agrees", 0), str(right)
    assert (wrong.status, wrong.exit_status) == ("disagrees", 1), str(wrong)
    assert [output.agrees for output in wrong.cases[0].outputs] == [False, True, False]
