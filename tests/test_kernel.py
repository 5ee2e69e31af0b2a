"""The kernel in a process: threads, processes, BLAS pools, sources of rows, workspaces."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from joblib import Parallel, delayed
from networks import Case, random_case
from tolerances import ALGEBRA, assert_close, relative_difference

import courseport as cp
from courseport import _threads
from courseport.network.rows import ScaledRows

CASE = random_case((20, 12, 4), 3000, 1.0, seed=1)
LARGE = random_case((100, 40, 4), 3000, 1.0, seed=1)  # large enough for the BLAS to be held


def evaluate(case: Case) -> tuple[float, np.ndarray]:
    with case.cost(n_threads=2) as cost:
        return cost(case.theta_vec)


@pytest.fixture
def two_threads() -> Iterator[list[int]]:
    """Every BLAS has two threads, as on a user's machine, and as many as before afterwards."""
    _threads.release()
    before = [pool.get() for pool in _threads.pools()]
    for pool in _threads.pools():
        pool.set(2)
    yield [2] * len(before)
    for pool, number in zip(_threads.pools(), before, strict=True):
        pool.set(number)


def own_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("courseport")]


def test_what_was_chosen_can_be_asked() -> None:
    cost = LARGE.cost()
    assert 1 <= cost.n_threads <= _threads.available_cores()
    assert 1 <= cost.block_rows <= 3000
    assert repr(cost) == (
        f"NeuralNetworkCost((100, 40, 4), m=3000, lambda_=1, block_rows={cost.block_rows}, n_threads={cost.n_threads})"
    )
    assert random_case((2, 2), 5, 0.0, 1).cost().n_threads == 1


def test_closing_leaves_no_threads_and_a_later_call_works() -> None:
    cost = LARGE.cost(n_threads=2)
    before = cost(LARGE.theta_vec)
    assert own_threads()
    cost.close()
    deadline = time.monotonic() + 120
    while own_threads() and time.monotonic() < deadline:  # the watcher of the BLAS ends by itself within 0.1 s
        time.sleep(0.02)
    assert not own_threads()
    after = cost(LARGE.theta_vec)
    assert after[0] == before[0]
    cost.close()


def test_the_blas_has_its_threads_back_soon_after(two_threads: list[int]) -> None:
    if not _threads.pools():
        pytest.fail("no OpenBLAS was found: numpy's and scipy's wheels have one each")
    _threads.enter()
    assert {pool.get() for pool in _threads.pools()} == {1}
    _threads.enter()
    _threads.leave()
    _threads.release()  # somebody still computes
    assert {pool.get() for pool in _threads.pools()} == {1}
    _threads.leave()
    deadline = time.monotonic() + 120
    while [pool.get() for pool in _threads.pools()] != two_threads and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [pool.get() for pool in _threads.pools()] == two_threads


def test_other_libraries_are_held_through_threadpoolctl(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = {"mkl": 8, "openblas": 8, "openmp": 8}

    def controller(api: str) -> SimpleNamespace:
        return SimpleNamespace(
            filepath=f"/lib/{api}.so",
            user_api="openmp" if api == "openmp" else "blas",
            internal_api=api,
            get_num_threads=lambda: threads[api],
            set_num_threads=lambda number: threads.update({api: number}),
        )

    found = SimpleNamespace(lib_controllers=[controller(api) for api in threads])
    monkeypatch.setitem(sys.modules, "threadpoolctl", SimpleNamespace(ThreadpoolController=lambda: found))
    look = _threads.pools.__wrapped__
    pools = look()
    monkeypatch.setattr(_threads, "pools", lambda: pools)
    hold = _threads._Hold()
    hold.enter()
    assert threads == {"mkl": 1, "openblas": 8, "openmp": 8}  # OpenBLAS is the package's own business
    hold.leave()
    hold.release()
    assert threads["mkl"] == 8
    # Where threadpoolctl is not installed, OpenBLAS alone is held.
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    assert all("openblas" in pool.path for pool in look())


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")  # that it works is what is shown
def test_other_processes_give_the_same_answer(method: str) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {method}")
    expected = evaluate(LARGE)
    with LARGE.cost(n_threads=2) as cost:
        cost(LARGE.theta_vec)  # threads are running when the processes start
        with multiprocessing.get_context(method).Pool(2) as pool:
            for J, grad_vec in [*pool.map(cost, [LARGE.theta_vec] * 4), *pool.map(evaluate, [LARGE] * 2)]:
                assert expected[0] == J
                assert np.array_equal(expected[1], grad_vec)


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_joblib_gives_the_same_answer(backend: str) -> None:
    expected = evaluate(LARGE)
    with LARGE.cost(n_threads=2) as cost:
        cost(LARGE.theta_vec)  # threads are running when the processes start
        answers = Parallel(n_jobs=2, backend=backend)(delayed(cost)(LARGE.theta_vec) for _ in range(4))
    for J, grad_vec in answers:
        assert expected[0] == J
        assert np.array_equal(expected[1], grad_vec)


def test_an_error_in_one_thread_reaches_the_caller_after_all_have_ended() -> None:
    done = []

    def work(part: int) -> int:
        if part == 1:
            raise ZeroDivisionError
        time.sleep(0.05)
        done.append(part)
        return part

    crew = _threads.Crew(3)
    with pytest.raises(ZeroDivisionError):
        crew.run(work)
    assert sorted(done) == [0, 2]
    crew.close()


def test_closing_while_others_evaluate_does_not_disturb_them() -> None:
    expected = evaluate(LARGE)[0]
    with LARGE.cost(n_threads=2) as cost, ThreadPoolExecutor(3) as callers:
        answers = [callers.submit(cost, LARGE.theta_vec) for _ in range(60)]
        while not all(answer.done() for answer in answers):
            cost.close()
        assert {answer.result()[0] for answer in answers} == {expected}


def test_an_exit_handler_may_evaluate() -> None:
    code = """
import atexit
import numpy as np
import courseport as cp
cost = cp.NeuralNetworkCost((100, 40, 4), np.ones((3000, 100)), np.ones(3000), n_threads=2)
atexit.register(lambda: print(cost(np.zeros(cost.layout.size))[0] > 0))
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (told.stdout, told.stderr) == ("True\n", "")


def test_who_limits_the_blas_while_it_is_held_keeps_the_limit_and_training_leaves_nothing_held(
    two_threads: list[int],
) -> None:
    with LARGE.cost() as cost:
        with pytest.warns(cp.TrainingWarning):
            cp.train(cost, LARGE.theta_vec, max_iterations=2)
        assert [pool.get() for pool in _threads.pools()] == two_threads
    _threads.enter()
    _threads.pools()[0].set(3)  # somebody else, meanwhile
    _threads.leave()
    _threads.release()
    assert [pool.get() for pool in _threads.pools()] == [3, *two_threads[1:]]


@pytest.mark.parametrize(("limit", "cores"), [("max 100000", None), ("150000 100000", 1.5), ("oops", None)])
def test_a_container_s_limit_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str, cores: float) -> None:
    (tmp_path / "cpu.max").write_text(limit)
    monkeypatch.setattr(_threads, "CGROUP_LIMITS", (tmp_path / "cpu.max", tmp_path / "none"))
    assert _threads.container_quota() == cores
    assert 1 <= _threads.available_cores() <= 2 if cores else _threads.available_cores() >= 1


def test_the_older_container_limit_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cpu.cfs_quota_us").write_text("50000")
    (tmp_path / "cpu.cfs_period_us").write_text("100000")
    monkeypatch.setattr(_threads, "CGROUP_LIMITS", (tmp_path / "none", tmp_path / "cpu.cfs_quota_us"))
    assert _threads.available_cores() == 1


@pytest.mark.parametrize("m", [3, 5, 7])
@pytest.mark.parametrize("threads", [2, 3])
def test_parts_of_one_block_and_of_two(m: int, threads: int) -> None:
    case = random_case((3, 4, 2), m, 0.5, seed=m)
    J, grad_vec = case.cost()(case.theta_vec)
    for rows in range(1, m):
        with case.cost(block_rows=rows, n_threads=threads) as cost:
            other_J, other_grad = cost(case.theta_vec)
        assert_close(other_J, J, ALGEBRA)
        assert relative_difference(other_grad, grad_vec) < ALGEBRA.rtol


def sources(folder: Path) -> dict[str, object]:
    X = CASE.X
    on_disk = np.memmap(folder / "X", dtype=np.float64, mode="w+", shape=X.shape)
    on_disk[:] = X

    class Sliceable:
        shape, dtype = X.shape, X.dtype

        def __getitem__(self, rows: slice) -> np.ndarray:
            return X[rows]

    return {
        "memory map": on_disk,
        "column by column": np.asfortranarray(X),
        "anything that slices": Sliceable(),
        "every other row": np.repeat(X, 2, axis=0)[::2],
        "backwards": X[::-1].copy()[::-1],
    }


def test_every_source_of_rows_gives_the_same_answer(tmp_path: Path) -> None:
    J, grad_vec = evaluate(CASE)
    for name, source in sources(tmp_path).items():
        cost = cp.NeuralNetworkCost(CASE.layer_sizes, source, CASE.y, CASE.lambda_, n_threads=2, block_rows=700)  # type: ignore[arg-type]  # of several kinds
        other_J, other_grad = cost(CASE.theta_vec)
        assert_close(other_J, J, ALGEBRA)
        assert relative_difference(other_grad, grad_vec) < ALGEBRA.rtol, name


def test_bytes_are_converted_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courseport.network.rows.CONVERT_AT_ONCE", 0)
    X = np.random.default_rng(0).integers(0, 256, (500, 20), dtype=np.uint8)
    y = np.resize([1, 2, 3, 4], 500)
    theta_vec = CASE.theta_vec
    expected = cp.nn_cost_function(theta_vec, CASE.layer_sizes, X.astype(float), y, 1.0)
    for source in (X, X.astype(np.float32), X.astype(np.int64)):
        J, grad_vec = cp.nn_cost_function(theta_vec, CASE.layer_sizes, source, y, 1.0, block_rows=64)
        assert_close(J, expected[0], ALGEBRA)
        assert relative_difference(grad_vec, expected[1]) < ALGEBRA.rtol
    scaled = cp.nn_cost_function(theta_vec, CASE.layer_sizes, ScaledRows(X, 1 / 255), y, 1.0, block_rows=64)
    whole = cp.nn_cost_function(theta_vec, CASE.layer_sizes, X / 255, y, 1.0)
    assert_close(scaled[0], whole[0], ALGEBRA)


def test_nan_in_a_late_block_of_a_large_source_is_found() -> None:
    X = np.zeros((200_000, 20))
    X[150_000, 3] = np.nan
    with pytest.raises(ValueError, match=r"X must have finite values only, got nan at \[150000, 3\]"):
        cp.NeuralNetworkCost((20, 1), X, np.zeros(200_000))


def test_finite_numbers_whose_sum_overflows_are_finite() -> None:
    X = np.full((4, 2), 1e308)
    J, _ = cp.nn_cost_function(np.zeros(3), (2, 1), X, [0, 1, 0, 1])
    assert_close(J, np.log(2.0), ALGEBRA)


@pytest.mark.parametrize("m", [1499, 1500, 1503, 1504, 1519, 4001])
@pytest.mark.parametrize("spread", [0.1, 3.0])
def test_a_sum_of_logarithms_of_any_number_of_factors(m: int, spread: float) -> None:
    case = random_case((3, 1), m, 0.0, seed=m, spread=spread)
    for cost in (case.cost(n_threads=1), case.cost(block_rows=m // 2)):
        assert_close(cost.cost(case.theta_vec), cost.formula_cost(case.theta_vec), ALGEBRA)
