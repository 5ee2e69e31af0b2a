"""Zeros keep the hidden units one and the same, random weights do not: measured, drawn, and shown by the command."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import courseport as cp
from courseport.cli.app import run
from courseport.lectures.symmetry import (
    SymmetryRecord,
    compare_starts,
    plot_symmetry,
    theta1_rank,
    unit_difference,
    watch_symmetry,
)

SIZES = (400, 25, 10)
ROUNDING = 1e-9  # grown rounding errors after 100 iterations are below 1e-12; units that differ do so by 0.01 and more


@pytest.fixture(scope="module")
def records() -> dict[str, SymmetryRecord]:
    X, y = cp.load_digits()
    with cp.NeuralNetworkCost(SIZES, X, y, 1.0) as cost:
        return compare_starts(cost, max_iterations=60)


def test_from_zeros_the_units_stay_one_and_the_rank_1(records: dict[str, SymmetryRecord]) -> None:
    zeros = records["zeros"]
    assert zeros.cost.shape == zeros.difference.shape == zeros.rank.shape == (61,)
    assert zeros.difference[0] == 0
    assert zeros.difference.max() < ROUNDING
    # Theta2 = 0 lets nothing through to Theta1 in the first step; from the second on it is one row, 25 times.
    assert zeros.rank.tolist() == [0, 0] + [1] * 59
    Theta1, Theta2 = cp.reshape_thetas(zeros.theta_vec, SIZES)
    assert np.abs(Theta1).max() > 0.01
    np.testing.assert_allclose(Theta1, Theta1[:1].repeat(25, axis=0), rtol=0, atol=ROUNDING)
    np.testing.assert_allclose(Theta2[:, 1:], Theta2[:, 1:2].repeat(25, axis=1), rtol=0, atol=ROUNDING)


def test_from_random_weights_they_differ_and_learn(records: dict[str, SymmetryRecord]) -> None:
    X, y = cp.load_digits()
    for name in ("random", "small random"):
        assert records[name].difference.min() > 0.01
        assert (records[name].rank == 25).all()
        assert records[name].cost[-1] < records["zeros"].cost[-1] - 0.5
        assert cp.accuracy(cp.predict(records[name].theta_vec, SIZES, X), y) > 50
    assert cp.accuracy(cp.predict(records["zeros"].theta_vec, SIZES, X), y) < 25


def test_from_zeros_the_network_is_one_with_a_single_hidden_unit() -> None:
    # 25 equal units with outgoing weights w are one unit with 25 w: the same J and the same answers.
    X, y = cp.load_digits()
    X, y = X[::10], y[::10]
    record = watch_symmetry(cp.NeuralNetworkCost(SIZES, X, y), cp.network.zero_weights(SIZES), max_iterations=20)
    Theta1, Theta2 = cp.reshape_thetas(record.theta_vec, SIZES)
    single = cp.unroll([Theta1[:1], np.column_stack([Theta2[:, 0], 25 * Theta2[:, 1]])])
    assert cp.nn_cost_function(single, (400, 1, 10), X, y)[0] == pytest.approx(record.cost[-1], rel=1e-9)


@pytest.mark.parametrize("hidden", ["tanh", "relu", "leaky_relu", "linear"])
def test_other_activations_leave_theta1_at_0(hidden: str) -> None:
    # g(0) = 0 for these: neither Theta1 nor Theta2's weights get a gradient, only the output's biases learn.
    rng = np.random.default_rng(1)
    cost = cp.NeuralNetworkCost(
        (3, 4, 2), rng.standard_normal((20, 3)), rng.integers(1, 3, 20), hidden_activation=hidden
    )
    record = watch_symmetry(cost, cp.network.zero_weights((3, 4, 2)), max_iterations=30)
    assert not record.difference.any()
    assert not record.rank.any()
    Theta1, Theta2 = cp.reshape_thetas(record.theta_vec, (3, 4, 2))
    assert not Theta1.any()
    assert not Theta2[:, 1:].any()
    assert Theta2[:, 0].any()


@given(st.lists(st.integers(1, 6), min_size=3, max_size=5), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_the_gradient_of_equal_units_is_equal(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    thetas = [rng.standard_normal((1, 1)) for _ in sizes[1:]]
    equal = cp.unroll(
        [
            np.full((rows, columns + 1), theta.item())
            for (columns, rows), theta in zip(pairwise(sizes), thetas, strict=True)
        ]
    )
    X, y = rng.standard_normal((6, sizes[0])), rng.random((6, sizes[-1])).round()
    assert unit_difference(equal, sizes) == 0
    assert unit_difference(cp.nn_cost_function(equal, sizes, X, y, 1.0)[1], sizes) < 1e-14


def test_difference_and_rank_by_hand() -> None:
    Theta1 = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    Theta2 = np.array([[5.0, 1.0, 1.0, 1.0], [7.0, 2.0, 2.0, 2.0]])
    assert unit_difference(cp.unroll([Theta1, Theta2]), (2, 3, 2)) == 0
    assert theta1_rank(cp.unroll([Theta1, Theta2]), (2, 3, 2)) == 1
    Theta2[1, 3] = 2.5
    assert unit_difference(cp.unroll([Theta1, Theta2]), (2, 3, 2)) == 0.5
    Theta1[2] = [1.0, 2.0, 4.0]
    assert unit_difference(cp.unroll([Theta1, Theta2]), (2, 3, 2)) == 1
    assert theta1_rank(cp.unroll([Theta1, Theta2]), (2, 3, 2)) == 2
    Theta1[1] = [1.0, 2.0 + 1e-9, 3.0]  # below the tolerance of the rank
    assert theta1_rank(cp.unroll([Theta1, Theta2]), (2, 3, 2)) == 2
    assert theta1_rank(np.zeros(17), (2, 3, 2)) == 0


def test_a_network_without_hidden_layer_is_refused() -> None:
    with pytest.raises(ValueError, match=r"layer_sizes must have a hidden layer, got \(2, 1\)"):
        unit_difference(np.zeros(3), (2, 1))
    with pytest.raises(ValueError, match=r"layer_sizes must have a hidden layer, got \(2, 1\)"):
        compare_starts(cp.NeuralNetworkCost((2, 1), np.eye(2), [0, 1]))
    with pytest.raises(ValueError, match=r"theta_vec must have shape \(17,\)"):
        theta1_rank(np.zeros(16), (2, 3, 2))
    with pytest.raises(ValueError, match=r"records must hold at least one record, got none"):
        plot_symmetry({}, (2, 3, 2))


def test_the_picture_shows_what_was_measured(records: dict[str, SymmetryRecord]) -> None:
    figure = plot_symmetry(records, SIZES).figure
    cost, difference, rank, *units = figure.axes  # type: ignore[union-attr]  # a Figure
    assert [panel.get_title() for panel in units] == [
        "Hidden units from zeros: rank 1",
        "Hidden units from small random: rank 25",
        "Hidden units from random: rank 25",
    ]
    for panel, name in ((cost, "cost"), (rank, "rank")):
        for line, record in zip(panel.get_lines(), records.values(), strict=True):
            assert np.array_equal(line.get_ydata(), getattr(record, name))
    assert difference.get_yscale() == "log"
    assert difference.get_lines()[0].get_ydata()[0] == 1e-18  # where 0 is drawn
    # The images of zeros are 25 times the same, those of random weights are not.
    same, other = (np.asarray(panel.images[0].get_array())[1:21, 1:] for panel in (units[0], units[2]))
    np.testing.assert_allclose(same[:, :20], same[:, 21:41], atol=1e-6)
    assert np.abs(other[:, :20] - other[:, 21:41]).max() > 0.1


def test_inputs_that_are_no_images_get_the_curves_alone() -> None:
    cost = cp.NeuralNetworkCost((3, 4, 2), np.eye(3), [1, 2, 1])
    figure = plot_symmetry(compare_starts(cost, max_iterations=3), (3, 4, 2)).figure
    assert len(figure.axes) == 3  # type: ignore[union-attr]  # a Figure


def test_the_command_prints_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "symmetry.png"
    assert run(["symmetry", "--hidden", "4", "--iterations", "5", "--output", str(output)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("  ")[0] == "Start"
    assert [line.split()[-1] for line in lines[1:4]] == ["1", "4", "4"]
    assert lines[1].startswith("zeros")
    assert lines[4] == f"picture: {output}"
    assert matplotlib.image.imread(output).shape[:2] == (1260, 1800)


def test_json_has_every_iteration_and_nothing_is_drawn_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["symmetry", "--hidden", "3", "--iterations", "4", "--json", "--method", "L-BFGS-B"]
    monkeypatch.chdir(tmp_path)
    assert run(command) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["picture"] is None
    assert list(facts["starts"]) == ["zeros", "small random", "random"]
    assert facts["starts"]["zeros"]["rank"] == [0, 0, 1, 1, 1]
    assert facts["starts"]["random"]["rank"] == [3] * 5
    assert all(len(start["cost"]) == len(start["difference"]) == 5 for start in facts["starts"].values())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--hidden", "0"], "--hidden must be a whole number >= 1, got 0"),
        (["--iterations", "0"], "--iterations must be a whole number >= 1, got 0"),
        (["--method", "magic"], "--method must be one of"),
        (["--output", "picture"], "--output must have a suffix that names the format, such as .png, got 'picture'"),
        (["--output", "nowhere/picture.png"], "--output must be in a folder that exists, got nowhere/picture.png"),
        (["--lambda", "-1"], "lambda_ must be a finite real number >= 0, got -1.0"),
        (["--hidden-activation", "swish"], "hidden_activation must be one of"),
    ],
)
def test_bad_options_are_one_line_and_status_2(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["symmetry", *options]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"courseport: {message}")
    assert error.count("\n") == 1
