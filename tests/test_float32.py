"""Single precision: what it costs, and that nothing else changes."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import Case, cases, random_case
from scipy.optimize import minimize
from systems import COMBINATIONS, smooth_system
from tolerances import SINGLE, assert_close, relative_difference

import courseport as cp
from courseport.network.rows import ScaledRows

KERNELS = [{}, {"block_rows": 3, "n_threads": 1}, {"block_rows": 1, "n_threads": 2}]


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda parts: "-".join(map(str, parts)).replace(" ", ""))
def test_j_gradient_and_products_to_single_precision(combination: tuple[Any, ...]) -> None:
    system = smooth_system(*combination)
    p = np.random.default_rng(0).standard_normal(system.theta_vec.size)
    double = system.cost()
    expected_J, expected = double(system.theta_vec)
    expected_product = double.hessp(system.theta_vec, p)
    for kernel in KERNELS:
        with system.cost(**kernel, dtype="float32") as single:
            J, grad_vec = single(system.theta_vec)
            assert type(J) is float
            assert grad_vec.dtype == np.float64
            assert_close(J, expected_J, SINGLE)
            assert single.cost(system.theta_vec) == J
            assert relative_difference(grad_vec, expected) < SINGLE.rtol
            product = single.hessp(system.theta_vec, p)
            assert product.dtype == np.float64
            assert relative_difference(product, expected_product) < 10 * SINGLE.rtol
            assert np.array_equal(single(system.theta_vec)[1], grad_vec)


@given(case=cases(most_layers=5), scale=st.sampled_from([1e-60, 1.0, 1e60]), data=st.data())
@settings(max_examples=40)
def test_labels_and_weights_of_any_size(case: Case, scale: float, data: st.DataObject) -> None:
    weights = data.draw(st.none() | st.lists(st.floats(0.1, 3), min_size=len(case.y), max_size=len(case.y)))
    weights = None if weights is None else [scale * weight for weight in weights]
    expected_J, expected = case.cost(sample_weight=weights)(case.theta_vec)
    for kernel in KERNELS:
        with case.cost(sample_weight=weights, dtype="float32", **kernel) as cost:
            J, grad_vec = cost(case.theta_vec)
        assert_close(J, expected_J, SINGLE)
        assert np.linalg.norm(grad_vec - expected) <= 10 * SINGLE.rtol * (np.linalg.norm(expected) + 1e-6)


@pytest.mark.parametrize("z", [-800.0, -100.0, -88.0, 30.0, 88.0, 100.0, 800.0])
@pytest.mark.parametrize("m", [3, 3000])
def test_saturated_units_are_finite_and_right(z: float, m: int) -> None:
    y = np.ones(m, dtype=int)
    expected = float(np.logaddexp(0.0, -z))
    with np.errstate(all="raise"):
        J, grad_vec = cp.nn_cost_function([z, 0.0], (1, 1), np.zeros((m, 1)), y, dtype="float32")
    np.testing.assert_allclose(J, expected, rtol=SINGLE.rtol, atol=1e-38)
    assert np.isfinite(grad_vec).all()


@pytest.mark.parametrize("sizes", [(784, 25, 10), (30, 40, 3), (50, 1)])
def test_many_rows(sizes: tuple[int, ...]) -> None:
    case = random_case(sizes, 5000, 1.0, seed=1, spread=0.1)
    expected_J, expected = case.cost()(case.theta_vec)
    with case.cost(dtype="float32") as cost:
        J, grad_vec = cost(case.theta_vec)
    assert_close(J, expected_J, SINGLE)
    assert relative_difference(grad_vec, expected) < SINGLE.rtol


def test_x_is_kept_in_single_precision_and_used_where_it_lies() -> None:
    case = random_case((20, 6, 3), 4000, 1.0, seed=2)
    single = case.X.astype(np.float32)
    kept = cp.NeuralNetworkCost((20, 6, 3), single, case.y, dtype="float32").examples.X
    assert np.shares_memory(kept, single)
    for X in (case.X, single.tolist(), np.asfortranarray(single), single[::-1]):
        given_X = cp.NeuralNetworkCost((20, 6, 3), X, case.y, dtype="float32").examples.X
        assert given_X.dtype == np.float32


def test_doubles_in_memory_are_halved_and_bytes_and_files_read_block_by_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courseport.network.rows.CONVERT_AT_ONCE", 0)
    grey = np.random.default_rng(0).integers(0, 256, (500, 20), dtype=np.uint8)
    grey.tofile(tmp_path / "bytes")
    (grey / 255).tofile(tmp_path / "doubles")
    y, theta_vec = np.resize([1, 2, 3, 4], 500), 0.3 * random_case((20, 12, 4), 1, 0.0, seed=1).theta_vec
    mapped = np.memmap(tmp_path / "bytes", np.uint8, mode="r", shape=grey.shape)
    doubles = np.memmap(tmp_path / "doubles", np.float64, mode="r", shape=grey.shape)
    expected_J, expected = cp.nn_cost_function(theta_vec, (20, 12, 4), grey / 255, y, 1.0)
    for X, kept in (
        (grey / 255, np.float32),
        (doubles, np.float64),
        (ScaledRows(mapped, 1 / 255), np.float64),
        (ScaledRows(grey, 1 / 255), np.float64),
    ):
        cost = cp.NeuralNetworkCost((20, 12, 4), X, y, 1.0, dtype="float32", block_rows=64, n_threads=2)
        assert cost.examples.X.dtype == kept
        J, grad_vec = cost(theta_vec)
        assert_close(J, expected_J, SINGLE)
        assert relative_difference(grad_vec, expected) < SINGLE.rtol
        cost.close()
    assert cp.NeuralNetworkCost((20, 12, 4), mapped, y, dtype="float32").examples.X.dtype == np.uint8


def test_a_pickled_cost_answers_the_same() -> None:
    case = random_case((20, 6, 3), 4000, 1.0, seed=2)
    with case.cost(dtype=np.float32) as cost:
        copy = pickle.loads(pickle.dumps(cost))
        assert copy(case.theta_vec)[0] == cost(case.theta_vec)[0]
        copy.close()


def test_training_on_the_digits_ends_as_well() -> None:
    X, y = cp.load_digits()
    sizes = (400, 25, 10)
    theta0 = cp.rand_initialize_weights(sizes, seed=1)
    accuracies = []
    for dtype in ("float64", "float32"):
        with cp.NeuralNetworkCost(sizes, X, y, 1.0, dtype=dtype) as cost:
            result = minimize(cost, theta0, jac=True, method="L-BFGS-B", options={"maxiter": 100})
        assert result.nit == 100
        accuracies.append(cp.accuracy(cp.predict(result.x, sizes, X), y))
    assert abs(accuracies[1] - accuracies[0]) < 0.5
    assert accuracies[1] > 97


@pytest.mark.parametrize("dtype", ["float16", "double", "f4", 32, None, int, "longdouble"])
def test_other_types_are_refused(dtype: object) -> None:
    with pytest.raises(ValueError, match=r"dtype must be one of 'float64', 'float32', got"):
        cp.NeuralNetworkCost((1, 1), [[1.0]], [1], dtype=dtype)  # type: ignore[arg-type]  # what a caller may get wrong


def test_numbers_beyond_single_precision_are_named(tmp_path: Path) -> None:
    X = np.zeros((5, 2))
    X[3, 1] = -1e39
    X.tofile(tmp_path / "X")
    for source in (X, np.memmap(tmp_path / "X", np.float64, mode="r", shape=X.shape)):
        with pytest.raises(
            ValueError, match=r"X must hold numbers of at most 3.4e\+38 for dtype float32, got .* 1e\+39"
        ):
            cp.NeuralNetworkCost((2, 1), source, np.zeros(5), dtype="float32")
    cp.NeuralNetworkCost((2, 1), X, np.zeros(5))
