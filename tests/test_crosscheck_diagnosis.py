"""The diagnosis against itself, without Octave: every known mistake is told from every other, and noise is unknown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from crosscheck_in_session import remember_what_formulas_give
from hypothesis import given, settings
from hypothesis import strategies as st
from tolerances import ALGEBRA, TWO_SIDED, assert_close

from courseport import collaborative_cost, linear_cost, logistic_cost, nn_cost_function
from courseport._checks import FloatArray
from courseport.crosscheck.costs.cases import Case, make_cases
from courseport.crosscheck.costs.diagnosis import diagnose
from courseport.crosscheck.costs.kinds import KINDS, blocks_of
from courseport.crosscheck.costs.mistakes.formulas import Values, Ways
from courseport.crosscheck.costs.mistakes.mistake import BOTH, GRADIENT, J
from courseport.crosscheck.costs.submission import Answer

ROLES = {
    "network": ("theta", "input_layer_size", "hidden_layer_size", "num_labels", "X", "y", "lambda"),
    "logistic": ("theta", "X", "y", "lambda"),
    "linear": ("X", "y", "theta", "lambda"),
    "cofi": ("theta", "Y", "R", "num_users", "num_movies", "num_features", "lambda"),
}
CASES = {kind: make_cases(kind, roles, digits=False) for kind, roles in ROLES.items()}


@pytest.fixture(scope="module", autouse=True)
def _remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember_what_formulas_give(patch)
        yield


def answer(kind: str, case: Case, in_cost: Ways, in_gradient: Ways) -> Answer:
    formula = KINDS[kind].formula
    with np.errstate(all="ignore"):
        cost, gradient = formula(case.values, in_cost)[0], formula(case.values, in_gradient)[1]
    return Answer(np.array([cost]), gradient, (1, 1), (gradient.size, 1), "double", "double")


def package_answer(kind: str, v: Values) -> tuple[float, FloatArray]:
    """Return what the package's own cost function gives, which a user of the package trains with."""
    if kind == "network":
        return nn_cost_function(v["theta"], v["layer_sizes"].astype(int), v["X"], v["y"], v["lambda"])
    if kind == "cofi":
        return collaborative_cost(v["theta"], v["Y"], v["R"], int(v["num_features"]), v["lambda"])
    return {"linear": linear_cost, "logistic": logistic_cost}[kind](v["theta"], v["X"][:, 1:], v["y"], v["lambda"])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_right_is_what_the_package_computes(kind: str) -> None:
    cases = CASES[kind] if kind != "network" else make_cases(kind, ROLES[kind], random=30)  # the digits among them
    for case in cases:
        ours, plain = package_answer(kind, case.values), KINDS[kind].formula(case.values, {})
        assert_close(plain[0], ours[0], ALGEBRA)
        assert_close(plain[1], ours[1], ALGEBRA)


def test_what_is_right_stays_so_where_units_are_saturated() -> None:
    theta, X, y = np.array([0.5, 300.0]), np.array([[1.0, 3.0], [1.0, -2.0], [1.0, 0.0]]), np.array([0.0, 1.0, 1.0])
    values = {"theta": theta, "X": X, "y": y, "lambda": 1.0}
    ours, plain = package_answer("logistic", values), KINDS["logistic"].formula(values, {})
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


@pytest.mark.parametrize("kind", KINDS)
def test_a_mistake_is_told_from_every_other(kind: str) -> None:
    wrong = {}
    for mistake in KINDS[kind].mistakes:
        change = {mistake.part: mistake.way}
        for places in ((J,), (GRADIENT,), BOTH):
            if not set(places) <= set(mistake.places) or (mistake.never_alone_in_J and places == (J,)):
                continue
            in_places = [change if place in places else {} for place in BOTH]
            diagnosis = diagnose(KINDS[kind], CASES[kind], [answer(kind, case, *in_places) for case in CASES[kind]])
            found = [] if diagnosis is None else [[(f.mistake, f.places) for f in e] for e in diagnosis.explanations]
            if diagnosis is None or diagnosis.certainty != "sure" or found != [[(mistake, places)]]:
                wrong[mistake.name, places] = diagnosis
    assert not wrong


def test_mistakes_that_differ_in_the_penalty_alone_are_one_where_there_is_none() -> None:
    cases = make_cases("logistic", ("theta", "X", "y"))
    everywhere = next(m for m in KINDS["logistic"].mistakes if m.name == "gradient-without-m-anywhere")
    answers = [answer("logistic", case, {}, {everywhere.part: everywhere.way}) for case in cases]
    diagnosis = diagnose(KINDS["logistic"], cases, answers)
    assert diagnosis is not None
    assert (diagnosis.certainty, len(diagnosis.explanations)) == ("sure", 1)


def test_names_are_unique() -> None:
    for kind in KINDS.values():
        assert len({mistake.name for mistake in kind.mistakes}) == len(kind.mistakes)


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
    places: list[Ways] = [{m.part: m.way for m in (first, second) if place in m.places} for place in (J, GRADIENT)]
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


def ways(*names: str) -> Ways:
    return {mistake.part: mistake.way for mistake in KINDS["network"].mistakes if mistake.name in names}


def test_three_mistakes_in_a_gradient_are_named_where_cost_shares_two() -> None:
    cost = ways("row-major-in", "labels-zero-for-ten")
    cases = CASES["network"]
    answers = [
        answer("network", case, cost, ways("row-major-in", "labels-zero-for-ten", "row-major-out")) for case in cases
    ]
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
    answers = [answer("network", case, {}, ways("slope-left-out")) for case in cases]
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
