"""Right solutions agree, whatever their style; the other kinds of cost functions, and mistakes planted in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from crosscheck_in_session import check_in_session
from planted_mistakes import SOLUTIONS

from courseport.crosscheck import crosscheck
from courseport.crosscheck.costs.cases import make_cases
from courseport.crosscheck.costs.report import AGREES, DISAGREES, FAILED, NO_COST_FUNCTION
from courseport.octave import OctaveSession
from courseport.octave.signature import COURSE

pytestmark = pytest.mark.octave
REFERENCE = Path(__file__).parents[1] / "octave_reference"
STYLES = ("vectorised", "loops", "columns", "eye")
LOGISTIC = SOLUTIONS / "logistic" / "costFunctionReg.m"
LINEAR = SOLUTIONS / "linear" / "linearRegCostFunction.m"
RATINGS = SOLUTIONS / "ratings" / "cofiCostFunc.m"


@pytest.mark.parametrize("style", STYLES)
def test_a_right_solution_agrees_on_the_digits_too(style: str) -> None:
    report = crosscheck(SOLUTIONS / style / "nnCostFunction.m")
    assert report.status == AGREES, report
    assert report.finding == "J and the gradient are right"
    assert report.comparisons[-1].case.name.startswith("digits")
    assert {
        c.belongs is not None and c.belongs < 1e-8 for c in report.comparisons if "NNGradients, lambda 3" in c.case.name
    } == {True}
    assert all(c.difference is not None and c.difference.absolute < 1e-12 for c in report.comparisons)


@pytest.mark.parametrize("style", STYLES)
def test_a_right_solution_is_never_accused_on_200_networks(octave: OctaveSession, style: str) -> None:
    cases = make_cases("network", COURSE["nnCostFunction"], digits=False, random=200, seed=20)
    report = check_in_session(octave, SOLUTIONS / style / "nnCostFunction.m", cases)
    assert report.status == AGREES, report.facts
    assert len(report.comparisons) == 210


def test_the_general_signature_is_compared_on_networks_of_all_depths() -> None:
    report = crosscheck(REFERENCE / "nnCostFunction.m", digits=False, random=12)
    assert report.status == AGREES
    random = [c.case.name.partition(",")[0] for c in report.comparisons if "checkNN" not in c.case.name]
    assert {sizes.count("-") for sizes in random} == {1, 2, 3}


@pytest.mark.parametrize("file", [LOGISTIC, LINEAR, RATINGS])
def test_the_other_kinds_agree(octave: OctaveSession, file: Path) -> None:
    kind = {LOGISTIC: "logistic", LINEAR: "linear", RATINGS: "cofi"}[file]
    cases = make_cases(kind, COURSE[file.stem], random=200)
    assert check_in_session(octave, file, cases).status == AGREES
    assert crosscheck(file).status == AGREES


def test_x_without_its_column_of_ones_is_tried_too() -> None:
    report = crosscheck(REFERENCE / "logisticCost.m")
    assert report.status == AGREES
    assert report.notes == ("it takes X without its column of ones",)


def test_what_returns_j_alone_is_compared_in_j(tmp_path: Path) -> None:
    right = crosscheck(REFERENCE / "computeCost.m")
    assert (right.status, right.finding) == (AGREES, "J is right; it returns no gradient")
    (tmp_path / "computeCost.m").write_text(
        "function J = computeCost(X, y, theta)\n  J = sumsq(X * theta - y) / numel(y);\nend\n"
    )
    wrong = crosscheck(tmp_path / "computeCost.m")
    assert (wrong.status, wrong.finding, wrong.mistakes) == (
        DISAGREES,
        "J is wrong; it returns no gradient",
        ("J-not-halved",),
    )


def test_a_function_without_lambda_is_compared_without_it(tmp_path: Path) -> None:
    text = LOGISTIC.read_text().replace("costFunctionReg(theta, X, y, lambda)", "costFunction(theta, X, y)")
    (tmp_path / "costFunction.m").write_text(text.replace("m = length(y);", "m = length(y); lambda = 0;"))
    report = crosscheck(tmp_path / "costFunction.m")
    assert report.status == AGREES
    assert not any("lambda" in c.case.name for c in report.comparisons)


def test_any_function_is_compared_by_a_call(tmp_path: Path) -> None:
    text = LOGISTIC.read_text().replace("costFunctionReg(theta, X, y, lambda)", "cost(D, l, p)")
    text = text.replace("m = length", "X = D{1}; y = D{2}; theta = p; lambda = l;\nm = length")
    (tmp_path / "cost.m").write_text(text)
    refused = crosscheck(tmp_path / "cost.m")
    assert refused.status == NO_COST_FUNCTION
    report = crosscheck(tmp_path / "cost.m", call="cost({X, y}, lambda, theta)", kind="logistic")
    assert report.status == AGREES, report
    told = crosscheck(tmp_path / "cost.m", call="cost({X, y}, lambda, theta)")
    assert (told.status, told.kind) == (AGREES, "logistic")


@pytest.mark.parametrize(
    "call",
    [
        "cost({X, y}, lambda, theta, true)",
        "cost({X, y}, lambda, theta(1:end), 1)",
        "cost({X, y}, lambda, theta, @(z) 1 ./ (1 + exp(-z)))",
        "cost({X, y}, lambda, theta, 'two words')",
    ],
)
def test_a_call_may_hold_what_is_no_data(tmp_path: Path, call: str) -> None:
    text = LOGISTIC.read_text().replace("costFunctionReg(theta, X, y, lambda)", "cost(D, l, p, flag)")
    (tmp_path / "cost.m").write_text(
        text.replace("m = length", "X = D{1}; y = D{2}; theta = p; lambda = l;\nm = length")
    )
    report = crosscheck(tmp_path / "cost.m", call=call, kind="logistic", random=2)
    assert report.status == AGREES, report


def test_an_unused_argument_is_passed(tmp_path: Path) -> None:
    text = (SOLUTIONS / "columns" / "nnCostFunction.m").read_text()
    head, newline, body = text.partition("\n")
    assert "input_layer_size" in head
    start = "input_layer_size = columns(X);"
    (tmp_path / "nnCostFunction.m").write_text(
        f"{head.replace('input_layer_size', '~')}{newline}{start}{newline}{body}"
    )
    report = crosscheck(tmp_path / "nnCostFunction.m", digits=False, random=2)
    assert report.status == AGREES, report


def test_arguments_of_another_kind_are_refused() -> None:
    report = crosscheck(SOLUTIONS / "eye" / "nnCostFunction.m", kind="linear")
    assert (report.status, report.exit_status) == (FAILED, 2)
    assert report.finding == (
        "a cost function of the kind linear takes no hidden_layer_size, input_layer_size, num_labels"
    )


def test_a_mistake_that_shows_on_the_digits_alone_is_told_so(tmp_path: Path) -> None:
    right = (SOLUTIONS / "columns" / "nnCostFunction.m").read_text()
    (tmp_path / "nnCostFunction.m").write_text(
        right.replace("m = columns(X');", "m = min(columns(X'), 4999);\nX = X(1:m, :); y = y(1:m);")
    )
    report = crosscheck(tmp_path / "nnCostFunction.m")
    assert report.status == DISAGREES
    assert report.diagnosis is None
    assert report.facts[0] == "it is wrong only where there are 5000 examples"


def test_an_epsilon_in_a_logarithm_is_no_mistake_of_formulas(octave: OctaveSession, tmp_path: Path) -> None:
    text = LOGISTIC.read_text().replace("log(h)", "log(h + 1e-6)")
    (tmp_path / "costFunctionReg.m").write_text(text)
    cases = make_cases("logistic", COURSE["costFunctionReg"])
    report = check_in_session(octave, tmp_path / "costFunctionReg.m", cases)
    assert report.status == DISAGREES
    assert report.diagnosis is not None
    assert report.diagnosis.certainty == "unknown"
    assert "the differences are small: an epsilon inside a logarithm, or single precision?" in report.facts


def test_the_parts_that_are_right_are_told(octave: OctaveSession, tmp_path: Path) -> None:
    text = (
        (SOLUTIONS / "eye" / "nnCostFunction.m").read_text().replace("[sum(d3)', d3' * a2", "[sum(d3 .^ 2)', d3' * a2")
    )
    (tmp_path / "nnCostFunction.m").write_text(text)
    cases = make_cases("network", COURSE["nnCostFunction"], digits=False)
    report = check_in_session(octave, tmp_path / "nnCostFunction.m", cases)
    assert report.finding == "J is right and the gradient is wrong: it does not belong to J"
    wrong = "right in the gradient: Theta1(:, 1), Theta1(:, 2:end), Theta2(:, 2:end); wrong: Theta2(:, 1)"
    assert wrong in report.facts
    worst = report.comparisons[0].difference
    assert worst is not None
    assert worst.absolute_at.startswith("Theta2(")
    assert worst.absolute_at.endswith(", 1)")


def test_what_was_answered_before_the_end_counts(tmp_path: Path) -> None:
    text = (SOLUTIONS / "columns" / "nnCostFunction.m").read_text()
    slow = text.replace("m = columns(X');", "m = columns(X');\nif m == 5000, exit; end")
    (tmp_path / "nnCostFunction.m").write_text(slow)
    report = crosscheck(tmp_path / "nnCostFunction.m", random=3)
    assert (report.status, "ended Octave" in report.finding) == (FAILED, True)
    (tmp_path / "nnCostFunction.m").write_text(slow.replace("D3 = H - Y;", "D3 = Y - H;"))
    report = crosscheck(tmp_path / "nnCostFunction.m", random=3)
    assert (report.status, report.mistakes) == (DISAGREES, ("delta-sign",))
    assert report.facts[-1] == "it ended Octave (exit or quit), in the case digits, 400-25-10, m = 5000, lambda 1"
