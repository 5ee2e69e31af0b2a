"""Every mistake of every table is planted in Octave's text and named through a real Octave, alone and in pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from crosscheck_in_session import check_in_session, remember_what_formulas_give
from planted_mistakes import (
    COFI,
    COFI_TEXT,
    LINEAR,
    LINEAR_TEXT,
    LOGISTIC,
    LOGISTIC_TEXT,
    PAIRS,
    PLANTED,
    RIGHT_TEXT,
    SOLUTIONS,
    Planted,
)

from courseport.crosscheck.costs.cases import Case, make_cases
from courseport.crosscheck.costs.kinds import KINDS
from courseport.crosscheck.costs.report import AGREES, DISAGREES, NOT_DONE, Report
from courseport.octave import OctaveSession
from courseport.octave.signature import COURSE

pytestmark = pytest.mark.octave
KIND_TEXTS: dict[str, tuple[str, str, Mapping[str, Planted]]] = {
    "network": ("nnCostFunction", RIGHT_TEXT, PLANTED),
    "logistic": ("lrCostFunction", LOGISTIC_TEXT, LOGISTIC),
    "linear": ("linearCost", LINEAR_TEXT, LINEAR),
    "cofi": ("cofiCostFunc", COFI_TEXT, COFI),
}
Found = set[tuple[str, frozenset[str]]]


@pytest.fixture(scope="module", autouse=True)
def _remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember_what_formulas_give(patch)
        yield


@cache
def few_cases(kind: str) -> list[Case]:
    """Return few cases, without a numerical gradient: they tell all the mistakes of the kind apart."""
    roles = COURSE.get(KIND_TEXTS[kind][0], ("theta", "X", "y", "lambda"))
    cases = [case for case in make_cases(kind, roles, digits=False, random=5) if not case.aside]
    return [replace(case, numeric=False) for case in cases[:6]]


def report_on(octave: OctaveSession, kind: str, text: str, folder: Path) -> Report:
    name = KIND_TEXTS[kind][0]
    folder.mkdir()
    (folder / f"{name}.m").write_text(text)
    for helper in ("sigmoid.m", "sigmoidGradient.m") if kind == "network" else ():
        (folder / helper).write_text((SOLUTIONS / "vectorised" / helper).read_text())
    return check_in_session(octave, folder / f"{name}.m", few_cases(kind), kind)


def found(report: Report) -> Found:
    if report.diagnosis is None or report.diagnosis.certainty != "sure":
        return set()
    return {(f.mistake.name, frozenset(f.places)) for f in report.diagnosis.explanations[0]}


def planted(*names: str) -> Found:
    """Return what must be found; the same mistake in J and in the gradient is one."""
    places: dict[str, frozenset[str]] = {}
    for name in names:
        key, _, where = name.partition(" ")
        places[key] = places.get(key, frozenset()) | ({"J", "gradient"} if where == "both" else {where})
    return set(places.items())


@pytest.mark.parametrize("kind", KIND_TEXTS)
def test_every_mistake_of_the_table_is_planted(kind: str) -> None:
    names = {name.partition(" ")[0] for name in KIND_TEXTS[kind][2]}
    assert names == {mistake.name for mistake in KINDS[kind].mistakes}


@pytest.mark.parametrize("kind", KIND_TEXTS)
def test_a_planted_mistake_is_named(octave: OctaveSession, tmp_path: Path, kind: str) -> None:
    _, text, mistakes = KIND_TEXTS[kind]
    wrong = {}
    for number, (name, mistake) in enumerate(mistakes.items()):
        report = report_on(octave, kind, mistake.write(text), tmp_path / str(number))
        if name.split()[0] in {"J-zero", "gradient-zero"}:
            as_expected = report.status == NOT_DONE
        else:
            as_expected = report.status == DISAGREES and found(report) == planted(name)
        if not as_expected:
            wrong[name] = (report.status, report.finding, report.why)
    assert not wrong


def test_a_pair_of_mistakes_is_named(octave: OctaveSession, tmp_path: Path) -> None:
    wrong = {}
    for number, (first, second) in enumerate(PAIRS):
        text = PLANTED[second].write(PLANTED[first].write())
        report = report_on(octave, "network", text, tmp_path / str(number))
        if report.status != DISAGREES or found(report) != planted(first, second):
            wrong[first, second] = (report.status, report.finding, report.why)
    assert not wrong


@pytest.mark.parametrize("kind", KIND_TEXTS)
def test_the_right_text_agrees(octave: OctaveSession, tmp_path: Path, kind: str) -> None:
    report = report_on(octave, kind, KIND_TEXTS[kind][1], tmp_path / "right")
    assert report.status == AGREES, report
