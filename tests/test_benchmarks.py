"""The benchmarks run, and refuse to time a peer that computes something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tolerances import ALGEBRA, assert_close

from benchmarks import __main__ as program
from benchmarks import last_digits, measure, peers, report, turns
from benchmarks.shapes import SHAPES, Shape, make_problem, scaled

TINY = [scaled(shape, 0.002) for shape in SHAPES]
OWN_VARIANTS = ("product", "float32")
WRONG_PEER = """
from dataclasses import replace
from benchmarks.peers import naive

def build(problem):
    peer = naive.build(problem)
    def call(theta_vec):
        J, grad_vec = peer.call(theta_vec)
        {mistake}
        return J, grad_vec
    return replace(peer, call=call)
"""


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PAUSE", 0.0)


@pytest.fixture
def wrong_peer(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a package's module with the naive port and a mistake planted into it."""
    (tmp_path / "planted").mkdir()
    (tmp_path / "planted" / "wrong.py").write_text(WRONG_PEER.format(mistake=request.param), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "planted.wrong"


@pytest.mark.parametrize("shape", TINY, ids=[shape.name for shape in TINY])
@pytest.mark.parametrize("name", ["naive", "sklearn", "autograd"])
def test_a_peer_computes_our_cost_and_gradient(shape: Shape, name: str) -> None:
    problem = make_problem(shape)
    J, grad_vec = peers.build(peers.OURS, problem).call(problem.theta_vec)
    peer = peers.build(name, problem)
    peer_J, peer_grad = peer.read(peer.call(peer.native(problem.theta_vec)))
    assert_close(peer_J, J, ALGEBRA)
    assert np.linalg.norm(peer_grad - grad_vec) <= ALGEBRA.rtol * np.linalg.norm(grad_vec)


def test_a_product_is_that_of_the_gradient_s_slope() -> None:
    problem = make_problem(TINY[0])
    gradient = peers.build("autograd", problem).call
    _, product = peers.build("product", problem).read(peers.build("product", problem).call(problem.theta_vec))
    step = 1e-5 * problem.direction
    slope = (gradient(problem.theta_vec + step)[1] - gradient(problem.theta_vec - step)[1]) / 2e-5
    assert np.linalg.norm(product - slope) < 1e-7 * np.linalg.norm(slope)


@pytest.mark.parametrize("wrong_peer", ["grad_vec *= 1 + 1e-6"], indirect=True)
def test_a_wrong_peer_is_refused_before_anything_is_timed(wrong_peer: str) -> None:
    with (
        pytest.raises(turns.DisagreementError, match=r"planted\.wrong and courseport differ: .* 1\.0e-06 in norm"),
        turns.ready((peers.OURS, wrong_peer), TINY[0], turns.ALL_CORES),
    ):
        pytest.fail("the peer was let through")


class Answers:
    """Stands for a worker that knows one answer."""

    def __init__(self, name: str, answer: list[float]) -> None:
        self.name, self.answer = name, np.array(answer)

    def ask(self, command: str) -> dict[str, object]:
        self.answer.tofile(command.partition(" ")[2])
        return {}


@pytest.mark.parametrize("wrong", [[1 + 2e-9, 3.0, 4.0], [1.0, 3.0, 4 + 6e-9], [np.nan, 3.0, 4.0], [1.0, 3.0, np.nan]])
def test_agreement_is_that_of_cost_and_gradient(wrong: list[float], tmp_path: Path) -> None:
    right = [1.0, 3.0, 4.0]
    turns.check_agreement([Answers("a", right), Answers("b", [1 + 5e-10, 3.0, 4.0])], tmp_path)
    with pytest.raises(turns.DisagreementError, match="b and a differ"):
        turns.check_agreement([Answers("a", right), Answers("b", wrong)], tmp_path)


@pytest.mark.parametrize("wrong_peer", ["raise KeyError('a fault of its own')"], indirect=True)
def test_a_peer_that_fails_ends_the_benchmark(wrong_peer: str) -> None:
    with (
        pytest.raises(RuntimeError, match=r"planted\.wrong ended with status 1"),
        turns.ready((peers.OURS, wrong_peer), TINY[0], turns.ALL_CORES),
    ):
        pytest.fail("the peer was let through")


def test_a_peer_that_is_not_installed_is_named_and_left_out() -> None:
    absent = "not_a_package.peer"
    with turns.ready((peers.OURS, absent), TINY[3], turns.ALL_CORES) as (workers, missing):
        assert [worker.name for worker in workers] == [peers.OURS]
        assert "not_a_package" in missing[absent]


@pytest.mark.octave
def test_octave_agrees_and_trains() -> None:
    with turns.ready((peers.OURS, "octave"), TINY[0], turns.ALL_CORES) as (workers, missing):
        assert not missing
        times = turns.take_turns(workers, "time 0.02", 1)
        trained = turns.take_turns(workers, "train 20", 1)
    assert all(one["seconds"] > 0 for one in times.values())
    problem = make_problem(TINY[0])
    assert 0 < trained["octave"]["cost"] < peers.build(peers.OURS, problem).call(problem.theta_vec)[0]


def test_every_kind_of_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SHAPES", TINY)
    monkeypatch.setattr(measure, "ITERATIONS", (3,))
    results = {
        "machine": measure.machine(),
        **measure.evaluations(TINY[:1], ("naive",), [turns.ALL_CORES], 1, 0.01),
        "variants": measure.evaluations(TINY[3:4], OWN_VARIANTS, [turns.ALL_CORES], 1, 0.01)["evaluations"],
        **measure.training(("naive",), 1),
        **measure.growth((peers.OURS,), TINY[:1], 0.01),
    }
    assert results["growth"][0]["peers"][peers.OURS]["bytes"] >= 0
    for one in results["training"]:
        # The same optimiser on the same cost from the same start ends at the same place.
        assert_close(one["times"]["naive"]["cost"], one["times"][peers.OURS]["cost"], ALGEBRA)
    monkeypatch.setattr(program, "RESULTS", tmp_path)
    program.write(results)
    text = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "| A: exercise 4 |" in text
    assert "| D: tiny: the overhead of a call |" in text.partition("Curvature and single precision")[2]
    assert set(results["variants"][0]["times"]) == {peers.OURS, *OWN_VARIANTS}
    pytest.importorskip("matplotlib")
    program.draw()
    assert (tmp_path / "results.png").read_bytes().startswith(b"\x89PNG")


def test_quick_shows_the_ratio_of_each_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.QUICK_SHAPES == "ADE"
    monkeypatch.setattr(program, "QUICK_SHAPES", "D")
    table = program.quick(1, 0.01, 0.002)
    (row,) = [line for line in table.splitlines() if line.startswith("| D")]
    assert "naive numpy" in table
    assert float(row.split("|")[4]) >= 0  # a number; on a busy machine it may round to 0


def test_ratios_are_multiples_of_our_time_and_medians_are_taken() -> None:
    found = {peers.OURS: {"seconds": 0.002}, "naive": {"seconds": 0.005}}
    assert turns.ratios(found) == {peers.OURS: 1.0, "naive": 2.5}
    one = {"shape": "A", "mode": "m", "missing": {"jax": "No module named 'jax'"}, "times": found}
    text = report.evaluation_tables([one])
    assert "| A: exercise 4 | 2 ms | 2.50 |" in text
    assert "Not measured: JAX (No module named 'jax')." in text


def test_the_last_digits_of_a_network_of_every_kind() -> None:
    text = last_digits.tables(1, seed=1)
    assert text.count("| sigmoid, cross_entropy |") == 2
    # No gradient of any kind is off by more than what the saturated units of hidden layers lose.
    worst = float(next(line for line in text.splitlines()[12:] if line.startswith("| all")).split("/")[2].split("|")[0])
    assert worst < 1e-9
