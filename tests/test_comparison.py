"""Optimisers compared: budgets are kept, evaluations counted by another counter, the command and its picture."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from tolerances import ALGEBRA, ROUNDING, assert_close

import courseport as cp
from courseport._checks import FloatArray
from courseport.cli.app import run
from courseport.training.comparison import COMPARED, compare_methods, plot_comparison
from courseport.training.train import METHODS

SIZES = (4, 5, 3)
THETA0 = cp.debug_initialize_weights(SIZES)


@pytest.fixture(scope="module")
def cost() -> cp.NeuralNetworkCost:
    return cp.NeuralNetworkCost(SIZES, *cp.load_iris(), 1.0)


@pytest.mark.parametrize("method", METHODS)
def test_no_method_calls_the_cost_more_often_than_the_budget(cost: cp.NeuralNetworkCost, method: str) -> None:
    calls: list[FloatArray] = []

    def counting(theta_vec: FloatArray) -> tuple[float, FloatArray]:
        calls.append(np.array(theta_vec))
        return cost(theta_vec)

    (one,) = compare_methods(counting, THETA0, [method], evaluations=12)
    assert len(calls) == 1 + 12  # the first call is on no clock
    assert_close(one.costs, [cost(theta)[0] for theta in calls[1:]], ROUNDING)
    assert np.all(np.diff(one.seconds) >= 0)
    assert one.costs[0] == cost(THETA0)[0]
    assert one.cost <= one.costs[0]
    assert_close(cost(one.theta_vec)[0], one.cost, ALGEBRA)


@pytest.mark.parametrize("method", COMPARED)
def test_no_method_makes_more_iterations_than_the_budget(cost: cp.NeuralNetworkCost, method: str) -> None:
    (one,) = compare_methods(cost, THETA0, [method], iterations=4)
    assert one.iterations == 4
    assert len(one.costs) >= 5
    assert not one.converged
    (both,) = compare_methods(cost, THETA0, [method], iterations=4, evaluations=3)
    assert len(both.costs) == 3


def test_a_run_is_what_scipy_gives(cost: cp.NeuralNetworkCost) -> None:
    (one,) = compare_methods(cost, THETA0, ["L-BFGS-B"], iterations=30)
    result: Any = minimize(cost, THETA0, jac=True, method="L-BFGS-B", options={"maxiter": 30})
    assert (one.iterations, len(one.costs)) == (result.nit, result.nfev)
    assert_close(one.theta_vec, result.x, ROUNDING)


def test_convergence_ends_a_run_before_its_budget() -> None:
    def bowl(theta: FloatArray) -> tuple[float, FloatArray]:
        return float(theta @ theta), 2 * theta

    runs = compare_methods(bowl, [1.0, -2.0], ["BFGS", "CG"], evaluations=100)
    assert all(one.converged and one.costs.size < 100 for one in runs)
    assert [one.method for one in runs] == ["BFGS", "CG"]


def test_products_with_the_hessian_are_counted_and_runs_are_a_table(cost: cp.NeuralNetworkCost) -> None:
    runs = compare_methods(cost, THETA0, ["trust-ncg", cp.fmincg], evaluations=30)
    curved, plain = runs
    assert (len(curved.costs), plain.products) == (30, 0)
    assert 0 < curved.products < 30
    for one in runs:
        assert one.gradient_norm == pytest.approx(np.linalg.norm(cost(one.theta_vec)[1]), rel=1e-6)
    frame = runs.to_frame()
    assert list(frame["method"]) == ["trust-ncg", "fmincg"]
    assert list(frame["evaluations"]) == [30, len(plain.costs)]
    assert runs._repr_html_().count("<tr>") == 3


def test_the_picture_has_the_lowest_cost_so_far(cost: cp.NeuralNetworkCost) -> None:
    runs = compare_methods(cost, THETA0, ["fmincg", "CG"], evaluations=20)
    left, right = plot_comparison(runs).figure.axes
    for axes in (left, right):
        assert [line.get_label() for line in axes.lines] == ["fmincg", "CG"]
    for line, one in zip(left.lines, runs, strict=True):
        assert np.array_equal(line.get_ydata(), np.minimum.accumulate(one.costs))
    assert np.array_equal(right.lines[0].get_xdata(), runs[0].seconds)


def test_the_command_compares_on_the_digits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "--methods", "fmincg", "--output", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert re.search(r"fmincg +50 +78 +\d+\.\d\d +0\.53898\d +\d\.\de-0\d +94\.36\n", told)  # the course's figures
    assert "the course's deterministic weights" in told
    assert (tmp_path / "comparison.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_repeats_from_random_starts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "iris.csv"
    np.savetxt(table, np.column_stack(cp.load_iris()), delimiter=",")
    arguments = ["compare", "--data", str(table), "--hidden", "5", "--methods", "fmincg,CG", "--iterations", "5"]
    arguments += ["--starts", "3", "--seed", "7", "--output", str(tmp_path)]
    assert run(arguments) == 0
    assert re.search(r"fmincg +5 .* \d\.\d{6} to \d\.\d{6} ", capsys.readouterr().out)
    assert run([*arguments, "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [(one["method"], one["start"]) for one in records] == [(m, s) for s in range(3) for m in ("fmincg", "CG")]
    X, y = cp.load_iris()
    first = cp.nn_cost_function(cp.rand_initialize_weights(SIZES, seed=8), SIZES, X, y, 1.0)[0]
    assert records[2]["costs"][0] == pytest.approx(first, rel=1e-12)
    assert all(len(one["costs"]) == one["evaluations"] for one in records)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no budget": ({}, "the budget must be given as evaluations, iterations or both, got neither"),
    "no evaluations": ({"evaluations": 0}, "evaluations must be a whole number >= 1, got 0"),
    "half an iteration": ({"iterations": 0.5}, "iterations must be a whole number >= 1, got 0.5"),
    "method": ({"iterations": 1, "methods": ["Adam"]}, "methods must be one of .*, got 'Adam'"),
    "options": (
        {"iterations": 1, "methods": ["CG"], "options": {"BFGS": {}}},
        "options must be for the methods compared, CG, got BFGS",
    ),
    "start": ({"iterations": 1, "theta0": [np.nan]}, r"theta0 must have finite values only, got nan at \[0\]"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(cost: cp.NeuralNetworkCost, name: str) -> None:
    arguments, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        compare_methods(cost, **({"theta0": THETA0} | arguments))


def test_bad_input_to_the_command_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "--hidden", "25,0", "--output", str(tmp_path)]) == 2
    assert re.fullmatch(r"courseport: --hidden must be whole numbers >= 1 .*got '25,0'\n", capsys.readouterr().err)
    assert run(["compare", "--methods", "fmincg,Adam", "--output", str(tmp_path)]) == 2
    assert re.fullmatch(r"courseport: methods must be one of .*'Adam'\n", capsys.readouterr().err)
