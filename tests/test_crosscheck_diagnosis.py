"""The diagnosis against itself, without Octave: every known mistake is told from every other, and noise is unknown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from courseport.crosscheck.reference import KINDS, blocks_of, make_cases
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import ALGEBRA, TWO_SIDED, assert_close

from courseport.crosscheck.answers import Answer
from courseport.crosscheck.cases import Case
from courseport.crosscheck.diagnosis import diagnose
from courseport.crosscheck.mistakes import BOTH, GRADIENT, J, Mistake

ROLES = {
    "network": ("theta", "input_layer_size", "hidden_layer_size", "num_labels", "X", "y", "lambda"),
    "logistic": ("theta", "X", "y", "lambda"),
    "linear": ("X", "y", "theta", "lambda"),
    "cofi": ("theta", "Y", "R", "num_users", "num_movies", "num_features", "lambda"),
}
CASES = {kind: make_cases(kind, roles, digits=False) for kind, roles in ROLES.items()}
EVERY = [
    pytest.param(kind, mistake, places, id=f"{kind}: {mistake.name}, {' and '.join(places)}")
    for kind in KINDS
    for mistake in KINDS[kind].mistakes
    for places in ((J,), (GRADIENT,), BOTH)
    if set(places) <= set(mistake.places) and not (mistake.also_in_gradient and places == (J,))
]


def answer(kind: str, case: Case, in_cost: Mapping[str, str], in_gradient: Mapping[str, str]) -> Answer:
    formula = KINDS[kind].formula
    with np.errstate(all="ignore"):
        cost, gradient = formula(case.values, in_cost)[0], formula(case.values, in_gradient)[1]
    return Answer(np.array([cost]), gradient, (1, 1), (gradient.size, 1), "double", "double")


@pytest.mark.parametrize("kind", KINDS)
def test_the_formulas_without_a_mistake_are_our_own_answers(kind: str) -> None:
    for case in CASES[kind]:
        ours, plain = KINDS[kind].ours(case.values), KINDS[kind].formula(case.values, {})
        assert_close(plain[0], ours[0], ALGEBRA)
        assert_close(plain[1], ours[1], ALGEBRA)


@pytest.mark.parametrize("kind", KINDS)
def test_the_formulas_gradient_is_the_slope_of_their_cost(kind: str) -> None:
    for case in CASES[kind][:3]:
        theta, epsilon = case.values["theta"], 1e-4
        values = [{**case.values, "theta": theta + s * e} for e in epsilon * np.eye(theta.size) for s in (1.0, -1.0)]
        costs = np.array([KINDS[kind].formula(v, {})[0] for v in values]).reshape(-1, 2)
        slope, gradient = (costs[:, 0] - costs[:, 1]) / (2 * epsilon), KINDS[kind].formula(case.values, {})[1]
        assert np.linalg.norm(slope - gradient) <= TWO_SIDED.rtol * np.linalg.norm(slope + gradient)


@pytest.mark.parametrize(("kind", "mistake", "places"), EVERY)
def test_a_mistake_is_told_from_every_other(kind: str, mistake: Mistake, places: tuple[str, ...]) -> None:
    change = {mistake.part: mistake.way}
    answers = [
        answer(kind, case, change if J in places else {}, change if GRADIENT in places else {}) for case in CASES[kind]
    ]
    diagnosis = diagnose(KINDS[kind], CASES[kind], answers)
    assert diagnosis is not None
    assert diagnosis.certainty == "sure"
    (finding,) = diagnosis.explanations[0]
    assert finding.mistake is mistake
    assert finding.places == places
    assert str(finding)


def test_names_are_unique() -> None:
    for kind in KINDS.values():
        assert len({mistake.name for mistake in kind.mistakes}) == len(kind.mistakes)
        assert len({(mistake.part, mistake.way) for mistake in kind.mistakes}) == len(kind.mistakes)


@settings(max_examples=15)
@given(kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 2**32 - 1), size=st.sampled_from([1e-6, 1e-3, 1.0]))
def test_noise_is_never_given_a_name(kind: str, seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    answers = []
    for case in CASES[kind]:
        right = answer(kind, case, {}, {})
        assert right.J is not None
        assert right.grad is not None
        noisy = right.grad + size * np.abs(right.grad).max() * rng.standard_normal(right.grad.size)
        cost = right.J * (1.0 + size * rng.standard_normal())
        answers.append(Answer(cost, noisy, (1, 1), right.grad_shape, "double", "double"))
    diagnosis = diagnose(KINDS[kind], CASES[kind], answers)
    assert diagnosis is not None
    assert diagnosis.certainty == "unknown"
    assert diagnosis.explanations == ()
    assert diagnosis.unexplained == BOTH


@settings(max_examples=40)
@given(data=st.data(), kind=st.sampled_from(sorted(KINDS)))
def test_a_random_pair_is_explained_or_unknown_but_never_by_another(data: st.DataObject, kind: str) -> None:
    first, second = data.draw(st.lists(st.sampled_from(KINDS[kind].mistakes), min_size=2, max_size=2, unique=True))
    if first.part == second.part:
        return
    places: list[dict[str, str]] = [
        {m.part: m.way for m in (first, second) if place in m.places} for place in (J, GRADIENT)
    ]
    try:
        answers = [answer(kind, case, *places) for case in CASES[kind]]
    except ValueError:  # the two do not go together: such a file fails
        return
    diagnosis = diagnose(KINDS[kind], CASES[kind], answers)
    if diagnosis is None:  # one hides the other, such as a sign that is lost in a square
        return
    named = [{finding.mistake for finding in explanation} for explanation in diagnosis.explanations]
    # The very pair must be among the explanations, or a shorter one that is the same number for number.
    assert not named or any(mistakes <= {first, second} or len(mistakes) == 1 for mistakes in named)


def test_three_mistakes_in_a_gradient_are_named_where_cost_shares_two() -> None:
    cost = {"read": "row-major", "targets": "one up, the last first"}
    cases = CASES["network"]
    answers = [answer("network", case, cost, {**cost, "unroll": "row-major"}) for case in cases]
    diagnosis = diagnose(KINDS["network"], cases, answers)
    assert diagnosis is not None
    assert diagnosis.certainty == "sure"
    assert {finding.mistake.name: finding.places for finding in diagnosis.explanations[0]} == {
        "row-major-in": BOTH,
        "labels-zero-for-ten": BOTH,
        "row-major-out": (GRADIENT,),
    }


def test_what_is_half_known_is_said_to_be_so() -> None:
    cases = CASES["network"]
    answers = [answer("network", case, {}, {"slope": "left out"}) for case in cases]
    wrong_too = [Answer(a.J * 1.1, a.grad, (1, 1), a.grad_shape) for a in answers if a.J is not None]
    diagnosis = diagnose(KINDS["network"], cases, wrong_too)
    assert diagnosis is not None
    assert (diagnosis.certainty, diagnosis.unexplained) == ("in part", (J,))
    assert [str(finding) for finding in diagnosis.explanations[0]] == ["g'(z) is left out in the hidden delta"]


def test_right_answers_have_no_diagnosis() -> None:
    for kind, cases in CASES.items():
        assert diagnose(KINDS[kind], cases, [answer(kind, case, {}, {}) for case in cases]) is None
        assert diagnose(KINDS[kind], cases, []) is None


def test_every_entry_of_a_gradient_belongs_to_a_block() -> None:
    for kind, cases in CASES.items():
        for case in cases:
            assert sum(block.size for block in blocks_of(kind, case.values)) == case.values["theta"].size
