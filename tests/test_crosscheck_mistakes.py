"""Planted mistakes are each named, alone and in pairs, through a real Octave; right files are never accused."""

from __future__ import annotations

from pathlib import Path

import pytest
from crosscheck_in_session import check_in_session
from planted_mistakes import PAIRS, PLANTED, RIGHT_TEXT, SOLUTIONS

from courseport.crosscheck.reference import make_cases
from courseport.crosscheck.report import AGREES, DISAGREES, Report
from courseport.octave import OctaveSession
from courseport.octave.signature import COURSE

pytestmark = pytest.mark.octave
CASES = make_cases("network", COURSE["nnCostFunction"], digits=False, random=5)


def report_on(octave: OctaveSession, text: str, folder: Path) -> Report:
    file = folder / "nnCostFunction.m"
    file.write_text(text)
    for helper in ("sigmoid.m", "sigmoidGradient.m"):
        (folder / helper).write_text((SOLUTIONS / "vectorised" / helper).read_text())
    return check_in_session(octave, file, CASES, folder / "cases")


def found(report: Report) -> set[tuple[str, frozenset[str]]]:
    assert report.diagnosis is not None, report.finding
    assert report.diagnosis.certainty == "sure", report.diagnosis
    return {(f.mistake.name, frozenset(f.places)) for f in report.diagnosis.explanations[0]}


def planted(*names: str) -> set[tuple[str, frozenset[str]]]:
    """Return what must be found; the same mistake in J and in the gradient is one."""
    places: dict[str, frozenset[str]] = {}
    for name in names:
        key = name.split()[0]
        places[key] = places.get(key, frozenset()) | PLANTED[name].places
    return set(places.items())


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_named(octave: OctaveSession, tmp_path: Path, name: str) -> None:
    report = report_on(octave, PLANTED[name].write(), tmp_path)
    assert report.status == DISAGREES
    assert found(report) == planted(name)


@pytest.mark.parametrize("pair", PAIRS, ids=" + ".join)
def test_a_pair_of_mistakes_is_named(octave: OctaveSession, tmp_path: Path, pair: tuple[str, str]) -> None:
    first, second = pair
    report = report_on(octave, PLANTED[second].write(PLANTED[first].write()), tmp_path)
    assert report.status == DISAGREES
    assert found(report) == planted(*pair)


def test_the_right_text_agrees(octave: OctaveSession, tmp_path: Path) -> None:
    assert report_on(octave, RIGHT_TEXT, tmp_path).status == AGREES
