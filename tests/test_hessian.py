"""Products with the Hessian: complex steps of the gradient, Octave, symmetry, definiteness, and SciPy's methods."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import Case, cases, random_case
from scipy.optimize import minimize
from systems import COMBINATIONS, System, smooth_system, systems
from tolerances import ALGEBRA, assert_close, relative_difference

import courseport as cp
from courseport._checks import FloatArray
from courseport.network import lecture

KERNELS = [{}, {"block_rows": 3, "n_threads": 1}, {"block_rows": 1, "n_threads": 2}]


def direction(size: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).standard_normal(size)


def complex_step(cost: cp.NeuralNetworkCost, theta_vec: FloatArray, p: FloatArray) -> FloatArray:
    """The derivative of the lecture's gradient along p: no difference is taken."""
    step = theta_vec + 1e-30j * p
    return np.imag(lecture.gradient(step, cost.model, cost.examples, cost.lambda_)) / 1e-30


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda parts: "-".join(map(str, parts)).replace(" ", ""))
def test_the_product_is_the_derivative_of_the_gradient(combination: tuple[Any, ...]) -> None:
    system = smooth_system(*combination)
    p = direction(system.theta_vec.size)
    expected = complex_step(system.cost(), system.theta_vec, p)
    for kernel in KERNELS:
        with system.cost(**kernel) as cost:
            product = cost.hessp(system.theta_vec, p)
            assert relative_difference(product, expected) < ALGEBRA.rtol, kernel
            # The same bits from call to call, after another direction and another theta_vec too.
            assert not np.array_equal(cost.hessp(system.theta_vec, -p[::-1]), product)
            cost.hessp(system.theta_vec + 1, p)
            assert np.array_equal(cost.hessp(system.theta_vec, p), product)


@given(case=cases(most_layers=5, most_rows=12), data=st.data())
@settings(max_examples=30)
def test_labels_and_weights(case: Case, data: st.DataObject) -> None:
    weights = data.draw(st.none() | st.lists(st.floats(0, 3), min_size=len(case.y), max_size=len(case.y)).filter(any))
    p = direction(case.theta_vec.size)
    expected: FloatArray | None = None
    for kernel in KERNELS:
        with case.cost(sample_weight=weights, **kernel) as cost:
            expected = complex_step(cost, case.theta_vec, p) if expected is None else expected
            assert relative_difference(cost.hessp(case.theta_vec, p), expected) < ALGEBRA.rtol


@given(system=systems())
@settings(max_examples=40)
def test_it_is_symmetric(system: System) -> None:
    cost, n = system.cost(), system.theta_vec.size
    p, q = direction(n, 1), direction(n, 2)
    for gauss_newton in (False, True):
        Hp, Hq = (cost.hessp(system.theta_vec, v, gauss_newton=gauss_newton) for v in (p, q))
        assert abs(q @ Hp - p @ Hq) <= 1e-13 * (np.linalg.norm(Hp) + np.linalg.norm(Hq)) * np.linalg.norm(p)


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda parts: "-".join(map(str, parts)).replace(" ", ""))
def test_gauss_newton_is_the_slopes_of_the_output_around_those_of_the_loss(combination: tuple[Any, ...]) -> None:
    system = smooth_system(*combination)
    cost, theta_vec = system.cost(), system.theta_vec
    model, m = cost.model, cost.m

    def logits(theta: Any) -> Any:
        return lecture.forward(lecture.reshape(theta, model), system.X, model)[1][len(system.layer_sizes)].ravel()

    # S = dz(L)/dtheta by complex steps; the matrix is S' diag(loss slopes) S / m, plus the penalty.
    n = theta_vec.size
    S = np.array([np.imag(logits(theta_vec + 1e-30j * step)) / 1e-30 for step in np.eye(n)]).T
    slope = model.output.derivative(logits(theta_vec))
    H = S.T @ ((slope if model.loss == "cross_entropy" else slope**2)[:, None] * S) / m
    weights = cost.layout.unroll([np.insert(np.ones((k, s - 1)), 0, 0.0, axis=1) for k, s in cost.layout.shapes])
    H += np.diag(model.penalty_factor(system.lambda_, m) * weights)
    found = cost.hess(theta_vec, gauss_newton=True)
    assert relative_difference(found, H) < ALGEBRA.rtol
    assert np.linalg.eigvalsh(found).min() > -1e-12 * np.linalg.norm(found)


def test_the_hessian_is_its_products_and_symmetric() -> None:
    case = random_case((4, 5, 3), 60, 0.5, seed=1)
    cost = case.cost()
    H, p = cost.hess(case.theta_vec), direction(case.theta_vec.size)
    assert np.array_equal(H, H.T)
    assert_close(H @ p, cost.hessp(case.theta_vec, p), ALGEBRA)


@pytest.mark.parametrize("method", ["Newton-CG", "trust-ncg", "trust-krylov", "trust-constr", "trust-exact", "dogleg"])
def test_scipy_reaches_the_minimum(method: str) -> None:
    case = random_case((4, 5, 3), 60, 0.5, seed=1)
    cost = case.cost()
    # dogleg needs a positive definite matrix: Gauss-Newton's, with its biases, is one only beside the penalty.
    curvature: dict[str, Any] = {"hessp": cost.hessp}
    if method in ("trust-exact", "dogleg"):
        gauss_newton = method == "dogleg"
        curvature = {
            "hess": lambda theta: cost.hess(theta, gauss_newton=gauss_newton) + 1e-6 * gauss_newton * np.eye(theta.size)
        }
    result = minimize(cost, 0.3 * case.theta_vec, jac=True, method=method, options={"maxiter": 300}, **curvature)
    assert np.linalg.norm(cost(result.x)[1]) < 1e-3
    assert result.fun < cost(0.3 * case.theta_vec)[0]


def test_products_save_newton_cg_its_gradients() -> None:
    case = random_case((4, 5, 3), 60, 0.5, seed=1)
    cost = case.cost()
    with_products = minimize(cost, case.theta_vec, jac=True, method="Newton-CG", hessp=cost.hessp)
    without = minimize(cost, case.theta_vec, jac=True, method="Newton-CG")
    assert with_products.success
    assert with_products.njev < without.njev / 5


@pytest.mark.parametrize("kernel", [{}, {"block_rows": 16, "n_threads": 2}], ids=["tiny", "blocks"])
def test_threads_pickles_and_closing(kernel: dict[str, int]) -> None:
    case = random_case((6, 7, 3), 200, 1.0, seed=5)
    p = direction(case.theta_vec.size)
    with case.cost(**kernel) as cost, ThreadPoolExecutor(4) as callers:
        thetas = [case.theta_vec * scale for scale in np.linspace(0.1, 2, 20)]
        expected = [cost.hessp(theta, p) for theta in thetas]
        for found, alone in zip(callers.map(partial(cost.hessp, p=p), thetas), expected, strict=True):
            assert np.array_equal(found, alone)
        copy = pickle.loads(pickle.dumps(cost))
        cost.close()
        assert np.array_equal(cost.hessp(thetas[0], p), expected[0])
        assert np.array_equal(copy.hessp(thetas[0], p), expected[0])
        copy.close()


def test_bytes_on_disk_and_points_that_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.default_rng(0).integers(0, 256, (300, 12), dtype=np.uint8)
    X.tofile(tmp_path / "X")
    mapped = np.memmap(tmp_path / "X", np.uint8, mode="r", shape=X.shape)
    y, p = np.resize([1, 2, 3], 300), direction(83)
    theta_vec = 0.01 * direction(83, 3)
    expected = cp.NeuralNetworkCost((12, 5, 3), X.astype(float), y, 0.5).hessp(theta_vec, p)
    monkeypatch.setattr("courseport.network.rows.CONVERT_AT_ONCE", 0)
    for kept in (2**27, 0):
        monkeypatch.setattr("courseport.kernel.evaluation.KEPT_BYTES", kept)
        with cp.NeuralNetworkCost((12, 5, 3), mapped, y, 0.5, block_rows=37, n_threads=2) as cost:
            for _ in range(2):
                assert relative_difference(cost.hessp(theta_vec, p), expected) < ALGEBRA.rtol


def test_nothing_given_is_changed_and_the_product_is_fresh() -> None:
    case = random_case((4, 5, 3), 30, 1.0, seed=3)
    theta_vec, p = case.theta_vec.copy(), direction(case.theta_vec.size)
    for given_array in (theta_vec, p):
        given_array.flags.writeable = False
    cost = case.cost()
    first = cost.hessp(theta_vec, p)
    kept = first.copy()
    cost.hessp(theta_vec, 2 * p)
    assert np.array_equal(first, kept)
    assert np.array_equal(theta_vec, case.theta_vec)
    # J and gradient in between do not disturb what is kept.
    cost(2 * theta_vec)
    assert np.array_equal(cost.hessp(theta_vec, p), first)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e3])
def test_the_caller_s_error_settings_do_not_matter(scale: float) -> None:
    case = random_case((4, 5, 3), 8, 0.5, seed=1)
    with np.errstate(all="raise"):
        assert np.isfinite(case.cost().hessp(scale * case.theta_vec, case.theta_vec)).all()


def test_bad_input_is_named() -> None:
    cost = random_case((4, 5, 3), 8, 0.5, seed=1).cost()
    theta_vec = np.zeros(43)
    for p, message in (
        (np.zeros(42), r"p must have shape \(43,\) for layer sizes \(4, 5, 3\), got \(42,\)"),
        (np.full(43, np.inf), r"p must have finite values only, got inf at \[0\]"),
        (np.zeros(43) * 1j, r"p must be an array .* real numbers, got dtype complex128"),
        ("p", r"p must be an array .* real numbers"),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            cost.hessp(theta_vec, p)  # type: ignore[arg-type]  # what a caller may get wrong
    with pytest.raises(ValueError, match=r"theta_vec must have shape \(43,\)"):
        cost.hessp(theta_vec[1:], theta_vec)
    with pytest.raises(ValueError, match=r"theta_vec must have shape \(43,\)"):
        cost.hess(theta_vec[1:])
    large = random_case((400, 25, 10), 8, 0.5, seed=1)
    with pytest.raises(ValueError, match=r"theta_vec must have at most 2000 entries for hess .*hessp.*, got 10285"):
        large.cost().hess(large.theta_vec)
