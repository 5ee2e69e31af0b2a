"""Bad input: each with a message that names the argument, what was expected and what came."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse

import courseport as cp
from courseport import _checks

SIZES = (3, 4, 2)
X = np.arange(15.0).reshape(5, 3)
Y = np.array([1, 2, 1, 2, 2])
THETA = np.linspace(-1, 1, 26)


def changed(array: Any, index: Any, value: Any) -> Any:
    result = np.array(array, dtype=np.result_type(array, type(value)))
    result[index] = value
    return result


BAD = {
    "theta too short": (
        {"theta_vec": THETA[:-1]},
        r"theta_vec must have shape \(26,\) for layer sizes \(3, 4, 2\), got \(25,\)",
    ),
    "theta a column": ({"theta_vec": THETA[:, None]}, r"theta_vec must have shape \(26,\).*, got \(26, 1\)"),
    "theta complex": ({"theta_vec": THETA + 0j}, r"theta_vec must be an array .* real numbers, got dtype complex128"),
    "theta NaN": (
        {"theta_vec": changed(THETA, 7, np.nan)},
        r"theta_vec must have finite values only, got nan at \[7\]",
    ),
    "theta inf": ({"theta_vec": changed(THETA, 25, -np.inf)}, r"theta_vec must .* finite .* got -inf at \[25\]"),
    "theta of words": ({"theta_vec": ["a"] * 26}, r"theta_vec must be an array .* real numbers, got dtype <U1"),
    "X NaN": ({"X": changed(X, (2, 1), np.nan)}, r"X must have finite values only, got nan at \[2, 1\]"),
    "X inf": ({"X": changed(X, (0, 2), np.inf)}, r"X must have finite values only, got inf at \[0, 2\]"),
    "X 1-D": ({"X": X[0]}, r"X must have shape \(m, 3\) for layer sizes \(3, 4, 2\), got \(3,\)"),
    "X without rows": ({"X": X[:0], "y": Y[:0]}, r"X must have at least one row, got shape \(0, 3\)"),
    "X empty": ({"X": [], "y": []}, r"X must have shape \(m, 3\).*, got \(0,\)"),
    "X with ones": ({"X": np.ones((5, 4))}, r"X must have shape \(m, 3\) for layer sizes \(3, 4, 2\), got \(5, 4\)"),
    "X complex": ({"X": X + 1j}, r"X must be a matrix .* real numbers, got dtype complex128"),
    "X sparse": ({"X": scipy.sparse.csr_array(X)}, r"X must be dense: give X.toarray\(\), got csr_array"),
    "X ragged": ({"X": [[1, 2, 3], [1, 2]]}, r"X must be a matrix of shape \(m, 3\).*, got a ragged sequence"),
    "y too short": ({"y": Y[:4]}, r"y must have 5 entries, one for each row of X, got 4"),
    "labels from 0": ({"y": Y - 1}, r"y must hold whole labels 1\.\.2, got 0 in row 0 \(.*digit 0 as 10"),
    "label above K": ({"y": changed(Y, 3, 3)}, r"y must hold whole labels 1\.\.2, got 3 in row 3"),
    "label not whole": ({"y": changed(Y, 1, 1.5)}, r"y must hold whole labels 1\.\.2, got 1\.5 in row 1"),
    "label NaN": ({"y": changed(Y, 1, np.nan)}, r"y must hold whole labels 1\.\.2, got nan in row 1"),
    "y too wide": ({"y": np.eye(3)[Y]}, r"y must have shape \(5,\) or \(5, 2\) for 2 output units, got \(5, 3\)"),
    "y not targets": ({"y": 2.0 * np.eye(2)[Y - 1]}, r"y must hold targets between 0 and 1 .*, got 2"),
    "y of words": ({"y": list("abcde")}, r"y must be an array of shape \(5,\) of real numbers, got dtype <U1"),
    "sizes for another X": (
        {"layer_sizes": (4, 4, 2), "theta_vec": np.zeros(30)},
        r"X must have shape \(m, 4\).*, got \(5, 3\)",
    ),
    "one size": ({"layer_sizes": (3,)}, r"layer_sizes must be a sequence of at least two whole numbers >= 1"),
    "a size 0": ({"layer_sizes": (3, 0, 2)}, r"layer_sizes\[1\] must be a whole number >= 1, got 0"),
    "a size below 0": ({"layer_sizes": (3, -4, 2)}, r"layer_sizes\[1\] must be a whole number >= 1, got -4"),
    "a size of 2.5": ({"layer_sizes": (3, 2.5, 2)}, r"layer_sizes\[1\] must be a whole number >= 1, got 2.5"),
    "sizes a word": ({"layer_sizes": "342"}, r"layer_sizes must be a sequence .*, got '342'"),
    "sizes a number": ({"layer_sizes": 3}, r"layer_sizes must be a sequence .*, got 3"),
    "lambda below 0": ({"lambda_": -1}, r"lambda_ must be a finite real number >= 0, got -1"),
    "lambda NaN": ({"lambda_": np.nan}, r"lambda_ must be a finite real number >= 0, got nan"),
    "lambda a vector": ({"lambda_": [1, 2]}, r"lambda_ must be a finite real number >= 0, got \[1, 2\]"),
    "unknown activation": (
        {"hidden_activation": "swish"},
        r"hidden_activation must be one of 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'linear', got 'swish'",
    ),
    "unknown loss": ({"loss": "hinge"}, r"loss must be one of 'cross_entropy', 'squared_error', got 'hinge'"),
    "unknown penalty": ({"penalty": "l1"}, r"penalty must be one of 'lambda/2m', 'lambda/2', got 'l1'"),
    "cross-entropy of a linear output": (
        {"output_activation": "linear"},
        r"output_activation must be 'sigmoid' for the cross-entropy loss, got 'linear'",
    ),
    "no block": ({"block_rows": 0}, r"block_rows must be a whole number >= 1, got 0"),
    "half a thread": ({"n_threads": 0.5}, r"n_threads must be a whole number >= 1, got 0.5"),
    "a block of text": ({"block_rows": "8"}, r"block_rows must be a whole number >= 1, got '8'"),
    "threads yes": ({"n_threads": True}, r"n_threads must be a whole number >= 1, got bool"),
    "an activation in a list": ({"hidden_activation": ["sigmoid"]}, r"hidden_activation must be one of 'sigmoid'"),
    "sizes in sizes": ({"layer_sizes": [3, [4], 2]}, r"layer_sizes\[1\] must be a whole number >= 1, got \[4\]"),
    "weights too large": ({"sample_weight": np.full(5, 1e308)}, r"sample_weight must have a sum .*, got inf"),
    "weights too small": ({"sample_weight": np.full(5, 1e-320)}, r"sample_weight must have a sum .*, got"),
    "weights too short": ({"sample_weight": [1, 2]}, r"sample_weight must have shape \(5,\), one for each row of X"),
    "weights below 0": (
        {"sample_weight": [1, 2, -1, 1, 1]},
        r"sample_weight must hold weights >= 0, not all zero, got .* -1",
    ),
    "weights all 0": ({"sample_weight": np.zeros(5)}, r"sample_weight must hold weights >= 0, not all zero"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(name: str) -> None:
    bad, message = BAD[name]
    arguments = {"theta_vec": THETA, "layer_sizes": SIZES, "X": X, "y": Y, "lambda_": 1.0} | bad
    with pytest.raises((ValueError, TypeError), match=message):
        cp.nn_cost_function(**arguments)


def test_one_unit_takes_0_and_1() -> None:
    with pytest.raises(ValueError, match=r"y must hold labels 0 or 1 for one output unit, got 2 in row 0"):
        cp.nn_cost_function(np.zeros(2), (1, 1), [[1.0]], [2])
    with pytest.raises(ValueError, match=r"y must have shape \(1,\) for one output unit, got \(1, 2\)"):
        cp.nn_cost_function(np.zeros(2), (1, 1), [[1.0]], [[0, 1]])


def test_theta_is_checked_before_the_data_are_read() -> None:
    class Unreadable:
        shape = (5, 3)
        dtype = np.dtype(np.float64)

        def __getitem__(self, rows: slice) -> np.ndarray:
            raise AssertionError("X was read")

    with pytest.raises(ValueError, match="theta_vec must have shape"):
        cp.nn_cost_function(THETA[:-1], SIZES, Unreadable(), Y)


def test_masked_values_are_not_taken_for_numbers() -> None:
    masked = np.ma.masked_array(X, mask=np.eye(5, 3, dtype=bool))
    with pytest.raises(ValueError, match=r"X must have no masked values, got 3"):
        cp.nn_cost_function(THETA, SIZES, masked, Y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cp.rand_initialize_weights(SIZES, epsilon=0), r"epsilon must be a finite real number > 0, got 0"),
        (
            lambda: cp.rand_initialize_weights(SIZES, epsilon="he"),
            r"epsilon must be a number > 0 or 'glorot', got 'he'",
        ),
        (lambda: cp.rand_initialize_weights(SIZES, seed=-1), r"seed must be None, a whole number >= 0, .* got -1"),
        (lambda: cp.predict(THETA[:-1], SIZES, X), r"theta_vec must have shape \(26,\)"),
        (lambda: cp.predict(THETA, SIZES, X[:, :2]), r"X must have shape \(m, 3\)"),
        (lambda: cp.accuracy([1, 2], [1, 2, 3]), r"predictions must have as many entries as y, 3, got 2"),
        (lambda: cp.train(lambda t: (0.0, t), THETA, method="Nelder-Mead"), r"method must be .*one of 'L-BFGS-B', .*"),
        (lambda: cp.train(lambda t: (0.0, t), THETA, max_iterations=0), r"max_iterations must be a whole number >= 1"),
        (
            lambda: cp.train(lambda t: (0.0, t), THETA, options={"maxiter": 3}),
            r"options must leave the number of iterations to max_iterations, got an option 'maxiter'",
        ),
        (
            lambda: cp.train(cp.NeuralNetworkCost(SIZES, X, Y), THETA[:-1]),
            r"theta0 must have shape \(26,\) for layer sizes \(3, 4, 2\), got \(25,\)",
        ),
        (lambda: cp.compute_numerical_gradient(np.sum, THETA, epsilon=0), r"epsilon must be a finite real number > 0"),
        (
            lambda: cp.check_gradient(lambda t: (0.0, t[:, None]), THETA),
            r"the gradient must have shape \(26,\), that of theta_vec, got \(26, 1\)",
        ),
    ],
)
def test_the_other_functions_say_it_as_well(call: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        call()


CALLS: dict[Any, dict[str, Any]] = {
    cp.rand_initialize_weights: {"layer_sizes": SIZES, "epsilon": 0.1},
    cp.unroll: {"thetas": [np.ones((4, 4)), np.ones((2, 5))]},
    cp.reshape_thetas: {"theta_vec": THETA, "layer_sizes": SIZES},
    cp.predict: {"theta_vec": THETA, "layer_sizes": SIZES, "X": X, "hidden_activation": "tanh"},
    cp.node_deltas: {"theta_vec": THETA, "layer_sizes": SIZES, "X": X, "y": Y, "loss": "cross_entropy"},
    cp.accuracy: {"predictions": Y, "y": Y},
    cp.check_gradient: {"fun": lambda t: (float(t @ t), 2 * t), "theta_vec": np.ones(4), "epsilon": 1e-4, "worst": 3},
    cp.complex_step_gradient: {"fun": lambda t: (t**2).sum(), "theta_vec": np.ones(3), "indices": [0, 1]},
    cp.linear_cost: {"theta": np.zeros(4), "X": X, "y": Y, "lambda_": 1.0},
    cp.regression.logistic_cost_hessp: {"theta": np.zeros(4), "p": np.ones(4), "X": X, "y": Y - 1, "lambda_": 1.0},
    cp.regression.learning_curve: {"X": X, "y": Y, "X_val": X, "y_val": Y, "lambda_": 1.0},
    cp.regression.predict_one_vs_all: {"all_theta": np.ones((2, 4)), "X": X},
    cp.map_feature: {"x1": X[:, 0], "x2": X[:, 1], "degree": 2},
    cp.collaborative_cost: {"params": np.ones(len(X) + 3), "Y": X, "R": np.ones(X.shape), "num_features": 1},
}
ABSURD = [
    *(None, "x", b"x", len, object(), {}, {1}, [[]], [[1], [1, 2]], ["a"], slice(3), ..., type, 1j),
    *(10**400, -(10**400), [10**400] * 3, (3, 10**400, 2), 10**18, range(10**18), float("nan"), float("inf")),
    *(memoryview(b"abc"), memoryview(np.zeros((2, 2))), np.array(3), np.zeros((2, 2, 2)), np.zeros((0, 3))),
    *(np.datetime64("2020"), np.ma.masked_array([1.0, 2.0, 3.0], mask=[0, 1, 0]), iter([1, 2])),
]


@pytest.mark.parametrize("function", CALLS, ids=lambda function: function.__name__)
def test_an_absurd_argument_is_refused_by_its_name_or_taken_for_what_it_is(function: Any) -> None:
    good = CALLS[function]
    function(**good)
    refused = 0
    for argument in good:
        for absurd in ABSURD:
            try:
                with np.errstate(all="ignore"):
                    function(**(good | {argument: absurd}))
            except (ValueError, TypeError) as error:
                if argument == "fun" and not isinstance(error, _checks.InputError):
                    continue  # it was called, and its own error came back
                assert isinstance(error, _checks.InputError), (argument, absurd, error)
                refused += 1
    assert refused >= len(good) * len(ABSURD) // 2
