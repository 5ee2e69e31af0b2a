"""docs/errata.md: each printed form, planted in the Octave reference, fails its gradient check, and ours passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from course_data import FOLDER, needs_course_data
from networks import Case, check_network, random_case
from scipy.io import loadmat
from systems import smooth_system
from tolerances import FIGURE, OCTAVE_COST, assert_close, relative_difference

import courseport as cp
from courseport._checks import FloatArray
from courseport.lectures.regression_lecture import batch_gradient_descent
from courseport.octave import OctaveSession

FAILS = 1e-3  # relative difference of a gradient that is not J's; a right one stays below 1e-8
REFERENCE = Path(__file__).parents[1] / "octave_reference"
RIGHT = {"nnCostFunction": [], "deepCostFunction": ["sigmoid", "sigmoid", "cross_entropy", "lambda/2m"]}
J_LINE = "J = sum(sum(y .* (max(-z, 0) + t) + (1 - y) .* (max(z, 0) + t))) / m;"
D_LINE = "D{l} = [sum(delta, 1)', delta' * a{l} + lambda * Theta{l}(:, 2:end)] / m;"
DEEP_LOSS = "lossFunction(loss, Z{end}, A{end}, Y)"
# What is printed, or as much of it as is left after a part was put right: the line of the reference, and its place.
PRINTED = {
    "penalty without 1/m": (
        "nnCostFunction",
        D_LINE,
        "D{l} = [sum(delta, 1)', delta' * a{l}] / m + lambda * [zeros(rows(delta'), 1), Theta{l}(:, 2:end)];",
    ),
    "cost(i) as printed": (
        "nnCostFunction",
        J_LINE,
        "J = sum(sum(y .* log(a{L}) + (1 - y) .* log(a{L}))) / m;",
    ),
    "cost(i) without the minus sign": (
        "nnCostFunction",
        J_LINE,
        "J = sum(sum(y .* log(a{L}) + (1 - y) .* log(1 - a{L}))) / m;",
    ),
    "cost(i) with log h twice": (
        "nnCostFunction",
        J_LINE,
        "J = -sum(sum(y .* log(a{L}) + (1 - y) .* log(a{L}))) / m;",
    ),
    "delta(4) = y - a": ("nnCostFunction", "delta = a{L} - y;", "delta = y - a{L};"),
    "delta(l) without g'": ("nnCostFunction", " .* a{l} .* (1 - a{l});", ";"),
    "loss with one minus sign": (
        "deepCostFunction",
        DEEP_LOSS,
        "-Y .* logSigmoid(Z{end}) + (1 - Y) .* logSigmoid(-Z{end})",
    ),
    "J negated": ("deepCostFunction", f"J = sum(sum({DEEP_LOSS})) / m;", f"J = -sum(sum({DEEP_LOSS})) / m;"),
}


@pytest.fixture
def case() -> Case:
    """Return a network with two hidden layers, with weights large enough for every term to count."""
    return random_case((3, 5, 4, 3), 6, 3.0, seed=4)


def plant(octave: OctaveSession, folder: Path, name: str) -> tuple[str, list[str]]:
    """Write the reference with a printed form in it, as a function of its own; return its name and last arguments."""
    function, line, printed = PRINTED[name]
    text = (REFERENCE / f"{function}.m").read_text()
    assert line in text, f"the reference has no more: {line}"
    planted = f"erratum{list(PRINTED).index(name)}"
    (folder / f"{planted}.m").write_text(text.replace(line, printed).replace(function, planted).partition("%!")[0])
    octave.addpath(folder)
    return planted, RIGHT[function]


def octave_check(octave: OctaveSession, function: str, case: Case, more: list[str]) -> tuple[float, FloatArray, float]:
    """Return J, the gradient, and how far it is from Octave's differences of this J."""
    sizes = np.array([case.layer_sizes], dtype=float)
    arguments = (case.theta_vec, sizes, case.X, case.y[:, None].astype(float), case.lambda_, *more)
    J, grad = octave.feval(function, *arguments, nout=2)
    slope = octave.feval("computeNumericalGradient", function, *arguments)
    return float(J), np.ravel(grad), relative_difference(np.ravel(grad), np.ravel(slope))


@pytest.mark.octave
@pytest.mark.parametrize("name", PRINTED)
def test_the_printed_form_fails_octave_s_gradient_check(
    octave: OctaveSession, name: str, case: Case, tmp_path: Path
) -> None:
    planted, more = plant(octave, tmp_path, name)
    assert octave_check(octave, planted, case, more)[2] > FAILS


@pytest.mark.octave
@pytest.mark.parametrize("function", RIGHT)
def test_the_right_form_passes_it_and_is_ours(octave: OctaveSession, function: str, case: Case) -> None:
    J, grad, difference = octave_check(octave, function, case, RIGHT[function])
    assert difference < 1e-8
    own_J, own_grad = case.cost()(case.theta_vec)
    assert_close(own_J, J, OCTAVE_COST)
    assert_close(own_grad, grad, OCTAVE_COST)
    assert cp.check_gradient(case.cost(), case.theta_vec).ok


@pytest.mark.octave
def test_the_printed_penalty_is_the_gradient_of_another_j(octave: OctaveSession, case: Case, tmp_path: Path) -> None:
    planted, more = plant(octave, tmp_path, "penalty without 1/m")
    _, grad, _ = octave_check(octave, planted, case, more)
    assert_close(case.cost(penalty="lambda/2")(case.theta_vec)[1], grad, OCTAVE_COST)


@pytest.mark.octave
def test_the_printed_cost_i_does_not_depend_on_y(octave: OctaveSession, case: Case, tmp_path: Path) -> None:
    planted, more = plant(octave, tmp_path, "cost(i) as printed")
    other = replace(case, y=np.roll(case.y, 1))
    assert octave_check(octave, planted, case, more)[0] == octave_check(octave, planted, other, more)[0]
    assert case.cost().cost(case.theta_vec) != other.cost().cost(other.theta_vec)


@pytest.mark.octave
def test_the_printed_loss_falls_without_bound_as_the_answer_gets_worse(octave: OctaveSession, tmp_path: Path) -> None:
    planted, more = plant(octave, tmp_path, "loss with one minus sign")
    # One sigmoid unit, x = 1, y = 0: the larger theta, the more wrong.
    at = [Case(np.array([0.0, z]), (1, 1), np.ones((1, 1)), np.array([0]), 0.0) for z in (0.0, 10.0, 100.0)]
    printed, right = zip(
        *((octave_check(octave, planted, c, more)[0], c.cost().cost(c.theta_vec)) for c in at), strict=True
    )
    assert (np.diff(printed) < -9).all()
    assert (np.diff(right) > 9).all()


@pytest.mark.octave
def test_the_negated_j_is_below_0(octave: OctaveSession, case: Case, tmp_path: Path) -> None:
    planted, more = plant(octave, tmp_path, "J negated")
    plain = replace(case, lambda_=0.0)
    J, grad, _ = octave_check(octave, planted, plain, more)
    own_J, own_grad = plain.cost()(case.theta_vec)
    assert_close(-J, own_J, OCTAVE_COST)
    assert_close(grad, own_grad, OCTAVE_COST)  # dZ = A - Y leads uphill on the printed J
    assert J < 0


def test_unrolling_three_thetas_need_four_layers() -> None:
    Thetas = [np.ones((10, 11)), 2 * np.ones((10, 11)), 3 * np.ones((1, 11))]
    vector = cp.unroll(Thetas)
    assert vector.size == 231
    assert len(cp.ThetaLayout((10, 10, 1)).shapes) == 2
    with pytest.raises(
        ValueError, match=r"theta_vec must have shape \(121,\) for layer sizes \(10, 10, 1\), got \(231"
    ):
        cp.reshape_thetas(vector, (10, 10, 1))
    for theta, back in zip(Thetas, cp.reshape_thetas(vector, (10, 10, 10, 1)), strict=True):
        assert np.array_equal(theta, back)


def test_regression_lecture_its_gradient_belongs_to_its_own_penalty_only() -> None:
    system = smooth_system("tanh", "linear", "squared_error", "lambda/2", (3, 4, 1))
    W, b = cp.lectures.thetas_to_wb(cp.reshape_thetas(system.theta_vec, system.layer_sizes))
    after_W, after_b, _ = batch_gradient_descent(
        W, b, system.X.T, system.y.T, alpha=1.0, lambda_=0.7, iterations=1, hidden_activation="tanh"
    )
    # One step with alpha = 1 is the gradient: 1/m Delta_W + lambda W, without 1/m on the penalty.
    gradient = system.theta_vec - cp.unroll(cp.lectures.wb_to_thetas(after_W, after_b))
    for penalty, right in (("lambda/2", True), ("lambda/2m", False)):
        cost = replace(system, lambda_=0.7, options=system.options | {"penalty": penalty}).cost()
        check = cp.check_gradient(lambda theta_vec, cost=cost: (cost.cost(theta_vec), gradient), system.theta_vec)
        assert check.ok if right else check.relative_difference > FAILS


def test_ex4_0_576051_is_the_cost_for_lambda_3_not_10() -> None:
    # J is a straight line in lambda. The exercise's own figures for 0 and 1 place 0.576051 at lambda = 3.
    at_0, at_1, printed = 0.287629165161319, 0.383769859090923, 0.576051
    assert (printed - at_0) / (at_1 - at_0) == pytest.approx(3, abs=1e-5)
    theta_vec, *arguments = (check_network(0).theta_vec, *check_network(0).arguments[:3])
    J = [cp.nn_cost_function(theta_vec, *arguments, lambda_)[0] for lambda_ in (0.0, 1.0, 3.0)]
    assert_close(J[0] + 3 * (J[1] - J[0]), J[2], FIGURE)


@needs_course_data
def test_ex4_with_the_course_s_weights() -> None:
    weights = loadmat(FOLDER / "ex4weights.mat")
    theta_vec = cp.unroll([weights["Theta1"], weights["Theta2"]])
    X, y = cp.load_digits()
    J = {lambda_: cp.nn_cost_function(theta_vec, (400, 25, 10), X, y, lambda_)[0] for lambda_ in (3.0, 10.0)}
    assert_close(J[3.0], 0.576051246950133, FIGURE)
    assert J[10.0] > 1.2
