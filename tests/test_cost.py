"""J and its gradient: the verified figures, the lecture's lines, the complex step, and what must not change them."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import Case, cases, check_network, random_case, small_case
from scipy.optimize import minimize
from tolerances import ALGEBRA, COMPLEX_STEP, FIGURE, ROUNDING, TWO_SIDED, assert_close, relative_difference

import courseport as cp
from courseport.network import lecture

# fmt: off
SMALL_GRADIENT = [  # lambda 4
    0.766138369630136, 0.979896866040661, 0.372460384114365, 0.497489124382247, 0.64173788392568, 0.746138306027472,
    0.883417207679397, 0.568762344914511, 0.584667662135129, 0.598139236978449, 1.92598021596304, 1.94461818252469,
    1.98964666453579, 2.17855172954545, 2.47833662315287, 2.50225374001961, 2.52643728860077, 2.72233088910992,
]
CHECK_GRADIENT = [  # lambda 0
    -0.00927825235798855, 0.00889911959566955, -0.00836010761746488, 0.0076281355108297, -0.00674798370031873,
    -3.04978913519708e-06, 1.42869442534125e-05, -2.59383100023537e-05, 3.69883234431411e-05, -4.68759768851705e-05,
    -0.000175060082340578, 0.000233146356524616, -0.00028746872934512, 0.000335320347216194, -0.000376215586743409,
    -9.62660619530045e-05, 0.00011798266579571, -0.000137149706034393, 0.000153247081600126, -0.00016656029419676,
    0.314544970053852, 0.111056588217144, 0.0974006969644392, 0.164090818795005, 0.0575736493494124,
    0.0504575854862287, 0.16456793228789, 0.0577867378497112, 0.0507530172908855, 0.158339333883892,
    0.0559235296009807, 0.0491620841150116, 0.151127527466251, 0.0536967009102824, 0.0471456248525281,
    0.149568334716819, 0.053154205242622, 0.0465597186259366,
]
# fmt: on


@pytest.mark.parametrize(("lambda_", "expected"), [(0, 7.40696985606575), (4, 19.4736365227324)])
def test_the_small_case(lambda_: float, expected: float) -> None:
    case = small_case(lambda_)
    J, grad_vec = cp.nn_cost_function(case.theta_vec, *case.arguments)
    assert_close(J, expected, FIGURE)
    if lambda_ == 4:
        assert_close(grad_vec, SMALL_GRADIENT, FIGURE)


@pytest.mark.parametrize(("lambda_", "expected"), [(0, 2.10095056990246), (1, 2.1160869849431), (3, 2.14635981502436)])
def test_the_check_network(lambda_: float, expected: float) -> None:
    case = check_network(lambda_)
    J, grad_vec = case.cost()(case.theta_vec)
    assert_close(J, expected, FIGURE)
    if lambda_ == 0:
        # Printed with 15 digits; the smallest entries, 3e-6, are sums of terms a thousand times larger.
        np.testing.assert_allclose(grad_vec, CHECK_GRADIENT, rtol=1e-11, atol=0)


@pytest.mark.parametrize("lambda_", [0.0, 1.0, 3.0])
def test_the_two_sided_check_of_the_debug_network_stays_below_the_course_s_bound(lambda_: float) -> None:
    case = check_network(lambda_)
    assert cp.check_gradient(case.cost(), case.theta_vec).relative_difference < TWO_SIDED.rtol


def test_the_debug_weights_on_the_5000_digits() -> None:
    X, y = cp.load_digits()
    sizes = (400, 25, 10)
    J, grad_vec = cp.nn_cost_function(cp.debug_initialize_weights(sizes), sizes, X, y, 1.0)
    assert_close(J, 7.00828210776011, FIGURE)
    assert_close(grad_vec.sum(), 54.7653743568204, FIGURE)
    assert_close(np.linalg.norm(grad_vec), 3.46156241434892, FIGURE)


def test_a_hand_worked_example() -> None:
    # One input x = 2, one output, theta = (b, w) = (-1, 1), y = 1: z = -1 + 2 = 1, h = g(1) = 0.731058578630005.
    # J = -log h + lambda/2 w^2 = log(1 + e^-1) + 0.5/2 = 0.313261687518223 + 0.25.
    # dJ/db = h - y = -0.268941421369995; dJ/dw = (h - y) x + lambda w = -0.53788284273999 + 0.5.
    J, grad_vec = cp.nn_cost_function([-1.0, 1.0], (1, 1), [[2.0]], [1], 0.5)
    assert_close(J, 0.563261687518223, FIGURE)
    assert_close(grad_vec, [-0.268941421369995, -0.03788284273999], FIGURE)


@given(cases())
@settings(max_examples=60)
def test_the_kernel_equals_the_lecture(case: Case) -> None:
    cost = case.cost()
    J, grad_vec = cost(case.theta_vec)
    assert_close(J, lecture.cost(case.theta_vec, cost.model, cost.examples, case.lambda_), ALGEBRA)
    expected = lecture.gradient(case.theta_vec, cost.model, cost.examples, case.lambda_)
    assert relative_difference(grad_vec, expected) < ALGEBRA.rtol


@given(cases(most_layers=5, most_rows=12))
@settings(max_examples=40)
def test_backpropagation_equals_the_complex_step(case: Case) -> None:
    cost = case.cost()
    exact = cp.complex_step_gradient(cost.formula_cost, case.theta_vec)
    assert relative_difference(cost(case.theta_vec)[1], exact) < COMPLEX_STEP.rtol


@given(cases())
@settings(max_examples=30)
def test_j_alone_is_the_j_of_the_pair(case: Case) -> None:
    cost = case.cost()
    assert cost.cost(case.theta_vec) == cost(case.theta_vec)[0]


@given(cases(), st.integers(1, 45), st.integers(1, 4))
@settings(max_examples=60)
def test_blocks_and_threads_change_nothing_but_the_last_bits(case: Case, block_rows: int, n_threads: int) -> None:
    J, grad_vec = case.cost(n_threads=1)(case.theta_vec)
    with case.cost(block_rows=block_rows, n_threads=n_threads) as cost:
        other_J, other_grad = cost(case.theta_vec)
        again_J, again_grad = cost(case.theta_vec)
    assert_close(other_J, J, ALGEBRA)
    assert relative_difference(other_grad, grad_vec) < ALGEBRA.rtol
    assert again_J == other_J
    assert np.array_equal(again_grad, other_grad)


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_the_examples_does_not_matter(case: Case, random: object) -> None:
    order = np.arange(len(case.y))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    J, grad_vec = cp.nn_cost_function(case.theta_vec, *case.arguments)
    other_J, other_grad = cp.nn_cost_function(
        case.theta_vec, case.layer_sizes, case.X[order], case.y[order], case.lambda_
    )
    assert_close(other_J, J, ALGEBRA)
    assert relative_difference(other_grad, grad_vec) < ALGEBRA.rtol


@given(cases(most_rows=10), st.data())
@settings(max_examples=30)
def test_a_weight_of_k_is_an_example_k_times(case: Case, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, 3), min_size=len(case.y), max_size=len(case.y)).filter(any))
    J, grad_vec = case.cost(sample_weight=weights)(case.theta_vec)
    repeated = Case(
        case.theta_vec, case.layer_sizes, case.X.repeat(weights, axis=0), case.y.repeat(weights), case.lambda_
    )
    other_J, other_grad = repeated.cost()(case.theta_vec)
    assert_close(J, other_J, ALGEBRA)
    assert relative_difference(grad_vec, other_grad) < ALGEBRA.rtol


@given(cases())
@settings(max_examples=30)
def test_labels_equal_their_matrix_of_targets(case: Case) -> None:
    units = case.layer_sizes[-1]
    if units == 1:
        return
    J, grad_vec = cp.nn_cost_function(case.theta_vec, *case.arguments)
    Y = np.eye(units)[case.y - 1]
    other_J, other_grad = cp.nn_cost_function(case.theta_vec, case.layer_sizes, case.X, Y, case.lambda_)
    assert_close(other_J, J, ALGEBRA)
    assert relative_difference(other_grad, grad_vec) < ALGEBRA.rtol


@pytest.mark.parametrize("sizes", [(3, 1), (3, 4, 5)])
def test_any_form_of_the_same_numbers_gives_the_same_answer(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    X = rng.integers(-3, 4, (12, 3)).astype(np.float64)
    y = rng.integers(0, 2, 12) if sizes[-1] == 1 else rng.integers(1, sizes[-1] + 1, 12)
    theta = rng.integers(-2, 3, cp.ThetaLayout(sizes).size)
    J, grad_vec = cp.nn_cost_function(theta.astype(np.float64), sizes, X, y.astype(np.float64), 1.0)
    spread = np.zeros((24, 6))
    spread[::2, ::2] = X
    forms_of_X = [
        X,
        np.asfortranarray(X),
        X.astype(np.float32),
        X.astype(int),
        spread[::2, ::2],
        X.tolist(),
        X[::-1][::-1],
    ]
    forms_of_y = [y, y.astype(np.uint8), y.tolist(), y[:, None], y.astype(np.int8), np.asfortranarray(y[:, None])]
    forms_of_theta = [theta, theta.tolist(), theta.astype(np.float32), np.repeat(theta.astype(float), 2)[::2]]
    for form in forms_of_X:
        assert_same(cp.nn_cost_function(theta, sizes, form, y, 1.0), (J, grad_vec))
    for form in forms_of_y:
        assert_same(cp.nn_cost_function(theta, sizes, X, form, 1.0), (J, grad_vec))
    for form in forms_of_theta:
        assert_same(cp.nn_cost_function(form, sizes, X, y, 1), (J, grad_vec))


def assert_same(answer: tuple[float, np.ndarray], expected: tuple[float, np.ndarray]) -> None:
    assert type(answer[0]) is float
    assert answer[1].dtype == np.float64
    assert_close(answer[0], expected[0], ROUNDING)
    assert_close(answer[1], expected[1], ALGEBRA)


@pytest.mark.parametrize("kernel", [{}, {"block_rows": 7, "n_threads": 2}], ids=["tiny", "blocks"])
def test_the_gradient_is_fresh_and_nothing_is_changed(kernel: dict[str, int]) -> None:
    case = random_case((4, 5, 3), 30, 1.0, seed=3)
    theta, X, y = case.theta_vec.copy(), case.X.copy(), case.y.copy()
    for given_array in (case.theta_vec, case.X, case.y):
        given_array.flags.writeable = False
    cost = case.cost(**kernel)
    first = cost(case.theta_vec)[1]
    kept = first.copy()
    second = cost(case.theta_vec + 1)[1]
    assert not np.shares_memory(first, second)
    assert not any(np.shares_memory(first, one) for one in (case.theta_vec, case.X))
    assert first.base is None
    assert np.array_equal(first, kept)
    assert np.array_equal(case.theta_vec, theta)
    assert np.array_equal(case.X, X)
    assert np.array_equal(case.y, y)


def test_changing_the_labels_afterwards_does_not_matter() -> None:
    case = random_case((4, 5, 3), 30, 1.0, seed=4)
    cost = case.cost()
    before = cost.cost(case.theta_vec)
    case.y[:] = 1
    assert cost.cost(case.theta_vec) == before


@pytest.mark.parametrize("kernel", [{}, {"block_rows": 16, "n_threads": 2}], ids=["tiny", "blocks"])
def test_many_threads_may_call_one_cost_function(kernel: dict[str, int]) -> None:
    case = random_case((6, 7, 3), 200, 1.0, seed=5)
    with case.cost(**kernel) as cost, ThreadPoolExecutor(8) as callers:
        thetas = [case.theta_vec * scale for scale in np.linspace(0.1, 2, 40)]
        expected = [cost(theta) for theta in thetas]
        for (J, grad_vec), (other_J, other_grad) in zip(callers.map(cost, thetas), expected, strict=True):
            assert other_J == J
            assert np.array_equal(grad_vec, other_grad)


@pytest.mark.parametrize("kernel", [{}, {"block_rows": 8, "n_threads": 2}], ids=["tiny", "blocks"])
def test_a_pickled_cost_function_answers_the_same(kernel: dict[str, int]) -> None:
    case = random_case((4, 5, 3), 30, 1.0, seed=6)
    cost = case.cost(**kernel, hidden_activation="tanh")
    J, grad_vec = cost(case.theta_vec)
    copy = pickle.loads(pickle.dumps(cost))
    assert copy(case.theta_vec)[0] == J
    assert np.array_equal(copy(case.theta_vec)[1], grad_vec)


def test_scipy_counts_each_evaluation_once() -> None:
    case = random_case((4, 5, 3), 30, 1.0, seed=7)
    cost = case.cost()
    calls = []

    def counted(theta_vec: np.ndarray) -> tuple[float, np.ndarray]:
        calls.append(1)
        return cost(theta_vec)

    result = minimize(counted, case.theta_vec, jac=True, method="L-BFGS-B", options={"maxiter": 20})
    assert result.nfev == len(calls)
    by_args = minimize(
        cp.nn_cost_function, case.theta_vec, args=case.arguments, jac=True, method="L-BFGS-B", options={"maxiter": 20}
    )
    assert_close(by_args.fun, result.fun, ALGEBRA)
