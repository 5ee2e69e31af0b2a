"""The cost over Dask: the numbers of one process whatever the chunks, and a lost worker that costs time alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import dask.array as da
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from tolerances import ALGEBRA, assert_close

import courseport as cp
from courseport._checks import how_to_install
from courseport.integrations.dask import DistributedCost, Part
from courseport.network.rows import ScaledRows

SIZES = (6, 5, 3)
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 6)), RNG.integers(1, 4, 60)
THETA = cp.rand_initialize_weights(SIZES, seed=1)


def assert_equal_costs(ours: Any, theta_vec: np.ndarray, whole: cp.NeuralNetworkCost) -> None:
    J, grad_vec = ours(theta_vec)
    expected_J, expected_gradient = whole(theta_vec)
    assert_close(J, expected_J, ALGEBRA)
    assert np.linalg.norm(grad_vec - expected_gradient) <= ALGEBRA.rtol * np.linalg.norm(expected_gradient)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_one_process_and_any_chunks_give_the_same(data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(1, 59), unique=True, max_size=12))
    chunks = tuple(np.diff([0, *sorted(cuts), 60]).tolist())
    weights = data.draw(st.none() | st.just(RNG.integers(0, 2, 60) + np.eye(60)[0]))
    loss, output = data.draw(st.sampled_from([("cross_entropy", "sigmoid"), ("squared_error", "tanh")]))
    penalty = data.draw(st.sampled_from(["lambda/2m", "lambda/2"]))
    model = {"loss": loss, "output_activation": output, "penalty": penalty, "hidden_activation": "tanh"}
    columns = data.draw(st.sampled_from([(6,), (2, 4)]))
    ours = DistributedCost(SIZES, da.from_array(X, chunks=(chunks, columns)), Y, 0.7, sample_weight=weights, **model)
    assert ours.n_parts == len(chunks)
    assert_equal_costs(ours, THETA, cp.NeuralNetworkCost(SIZES, X, Y, 0.7, sample_weight=weights, **model))


@pytest.mark.parametrize("kind", ["lists", "arrays", "frame", "scaled", "dask", "bytes", "matrix"])
def test_every_kind_of_input(kind: str) -> None:
    rows, labels = {
        "lists": (X.tolist(), Y.tolist()),
        "arrays": (X, Y),
        "frame": (pd.DataFrame(X), pd.Series(Y)),
        "scaled": (ScaledRows(X, 0.5), Y),
        "dask": (da.from_array(X, chunks=(7, 6)), da.from_array(Y, chunks=11)),
        "bytes": (np.arange(360, dtype=np.uint8).reshape(60, 6), Y),
        "matrix": (X, da.from_array(np.eye(3)[Y - 1], chunks=(9, 2))),
    }[kind]
    ours = DistributedCost(SIZES, rows, labels, 0.3)
    plain = rows[:] if kind == "scaled" else np.asarray(rows)
    assert_equal_costs(ours, THETA, cp.NeuralNetworkCost(SIZES, plain, np.asarray(labels), 0.3))


def test_unknown_chunk_sizes_are_counted() -> None:
    rows, labels = da.from_array(X, chunks=(7, 6)), da.from_array(Y, chunks=7)
    kept = X[:, 0] > 0
    ours = DistributedCost(SIZES, rows[rows[:, 0] > 0], labels[rows[:, 0] > 0], 0.3)
    assert ours.m == kept.sum()
    assert_equal_costs(ours, THETA, cp.NeuralNetworkCost(SIZES, X[kept], Y[kept], 0.3))


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"X must have shape \(m, 6\), got \(60, 5\)"):
        DistributedCost(SIZES, X[:, :5], Y)
    with pytest.raises(ValueError, match=r"y must have 60 entries, one for each row of X, got \(59,\)"):
        DistributedCost(SIZES, X, Y[:59])
    with pytest.raises(ValueError, match=r"y must hold whole labels 1\.\.3, got 4 in row 0"):
        DistributedCost(SIZES, X, np.full(60, 4))
    with pytest.raises(ValueError, match="sample_weight must hold weights >= 0, not all zero"):
        DistributedCost(SIZES, X, Y, sample_weight=np.zeros(60))
    with pytest.raises(ValueError, match=r"theta_vec must have shape \(53,\)"):
        DistributedCost(SIZES, X, Y)(np.zeros(3))


@pytest.mark.parametrize("name", ["X", "y", "sample_weight"])
def test_errors_count_the_rows_of_x_and_not_of_its_chunk(name: str) -> None:
    data = {"X": X.copy(), "y": Y.astype(float), "sample_weight": np.ones(60)}
    data[name][41] = np.nan
    at = {"X": r"\[41, 0\]", "y": "row 41", "sample_weight": r"\[41\]"}[name]
    rows = da.from_array(data.pop("X"), chunks=(7, 6))
    with pytest.raises(ValueError, match=rf"^{name} must .*got nan (at|in) {at}$"):
        DistributedCost(SIZES, rows, **data)


@pytest.mark.parametrize(
    "rows", [scipy.sparse.csr_array(X), da.from_array(X, chunks=(30, 6)).map_blocks(scipy.sparse.csr_array)]
)
def test_sparse_rows_are_refused(rows: Any) -> None:
    with pytest.raises(TypeError, match="X must be dense"):
        DistributedCost(SIZES, rows, Y)


def test_j_alone_products_with_the_hessian_and_a_call_after_the_end() -> None:
    with DistributedCost(SIZES, da.from_array(X, chunks=(7, 6)), Y, 0.7) as ours:
        assert_close(ours.cost(THETA), cp.NeuralNetworkCost(SIZES, X, Y, 0.7).cost(THETA), ALGEBRA)
        assert_close(ours.cost(THETA), ours(THETA)[0], ALGEBRA)
        p = np.cos(np.arange(THETA.size))
        expected = cp.NeuralNetworkCost(SIZES, X, Y, 0.7).hessp(THETA, p)
        assert np.linalg.norm(ours.hessp(THETA, p) - expected) <= ALGEBRA.rtol * np.linalg.norm(expected)
    for call in (ours, ours.cost):
        with pytest.raises(ValueError, match=r"must be open.*got a call after close"):
            call(THETA)


def test_dask_is_told_how_large_a_part_is() -> None:
    part = Part(SIZES, X, Y)
    assert sys.getsizeof(part) >= X.nbytes


def test_without_dask_one_line_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from courseport.integrations.dask import DistributedCost\n"
        "DistributedCost((1, 1), [[1.0]], [1])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = ended.stderr.strip().splitlines()[-1]
    assert last.endswith(f"DistributedCost needs distributed: {how_to_install('dask')}")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import Client, LocalCluster  # noqa: PLC0415 - started for the tests below alone

    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(**options) as running, Client(running) as client:
        yield client


@pytest.mark.filterwarnings("default")  # what Dask's own threads warn of is not ours
def test_on_a_cluster_of_processes(cluster: Any) -> None:
    ours = DistributedCost(SIZES, da.from_array(X, chunks=(7, 6)), Y, 0.7)
    assert_equal_costs(ours, THETA, cp.NeuralNetworkCost(SIZES, X, Y, 0.7))
    held = cluster.who_has(ours._parts)
    assert len({worker for workers in held.values() for worker in workers}) == 2  # both keep rows
    with pytest.raises(ValueError, match=r"y must hold whole labels 1\.\.3, got 4 in row 0"):
        DistributedCost(SIZES, X, np.full(60, 4))


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
@pytest.mark.filterwarnings("default")
def test_a_worker_killed_in_training_costs_time_and_not_the_result(cluster: Any) -> None:
    source = np.random.default_rng(3)
    rows, labels = source.normal(size=(4000, 20)), source.integers(1, 4, 4000)
    sizes = (20, 8, 3)
    theta0 = cp.rand_initialize_weights(sizes, seed=0)
    pids = cluster.run(os.getpid)
    victim = next(iter(pids.values()))
    seen, killed_at = [], []

    def kill() -> None:
        os.kill(victim, signal.SIGKILL)
        killed_at.append(seen[-1])

    def watch(progress: cp.training.Progress) -> None:
        seen.append(progress.iteration)
        if progress.iteration == 4:
            threading.Timer(0.01, kill).start()  # a moment later, in the middle of an evaluation as often as not

    with DistributedCost(sizes, da.from_array(rows, chunks=(500, 20)), labels, 1.0) as cost:
        quiet = cp.train(cost, theta0, max_iterations=12)
        disturbed = cp.train(cost, theta0, max_iterations=12, callback=watch)
    assert len(killed_at) == 1
    assert 4 <= killed_at[0] < 12  # in the middle of training
    assert victim not in cluster.run(os.getpid).values()  # it is gone, another has come
    assert_array_equal(disturbed.x, quiet.x)
    assert_array_equal(disturbed.history, quiet.history)
    single = cp.train(cp.NeuralNetworkCost(sizes, rows, labels, 1.0), theta0, max_iterations=12)
    assert_close(disturbed.history, single.history, ALGEBRA)
