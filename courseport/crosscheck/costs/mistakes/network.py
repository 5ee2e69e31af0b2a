"""The known mistakes in the cost function of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit as sigmoid

from courseport._checks import FloatArray
from courseport.crosscheck.costs.mistakes.formulas import add_column, one_hot, read, slope, unroll, without
from courseport.crosscheck.costs.mistakes.mistake import BOTH, COMMON, CROSS_ENTROPY, GRADIENT, J, Mistake, alike

_BIAS = np.s_[:, :1]
_SLOPE_OF_1 = float(slope(np.ones(1))[0])  # g' at a bias unit


def _transposed(X: FloatArray) -> FloatArray:
    side = round(X.shape[1] ** 0.5)
    return X.reshape(-1, side, side).transpose(0, 2, 1).reshape(X.shape) if side * side == X.shape[1] else X


def _penalised(left_out: Any) -> Callable[[FloatArray, str], FloatArray]:
    return lambda T, layer: without(T, left_out)


def _back_with_bias(slope_of_bias: float) -> Callable[..., FloatArray]:
    return lambda delta, T, slopes: (delta @ T) * add_column(slope_of_bias, slopes)


_BOTH_LAYERS = "All layers are penalised, and only the biases, Theta(:, 1), are left out."
_COLUMNS = "Theta1(:) goes column by column, and so does reshape; in NumPy say order='F'."
_IN_ORDER = "grad = [Theta1_grad(:); Theta2_grad(:)], in this order"
_ONE_HOT = "Each label becomes a row of zeros with a 1 in its own column: eye(num_labels)(y, :); 0 is label 10."
_FORWARD = "a1 = [ones(m, 1) X], a2 = [ones(m, 1) sigmoid(a1 * Theta1')], h = sigmoid(a2 * Theta2')."
_DELTA_2 = "delta2 = (delta3 * Theta2(:, 2:end)) .* sigmoidGradient(z2)."

_PENALISED = alike(
    "penalised",
    BOTH,
    _BOTH_LAYERS,
    ("bias-penalised", lambda T, layer: T, "the bias weights are penalised"),
    (
        "first-bias-penalised",
        lambda T, layer: T if layer == "first" else without(T, _BIAS),
        "the bias weights of the first Theta are penalised",
    ),
    (
        "last-bias-penalised",
        lambda T, layer: T if layer == "last" else without(T, _BIAS),
        "the bias weights of the last Theta are penalised",
    ),
    (
        "ones-penalised",
        lambda T, layer: add_column(1.0, T[:, 1:]),
        "a column of ones stands where the zeros for the biases belong in the penalty",
    ),
    (
        "last-column-not-penalised",
        _penalised(np.s_[:, -1:]),
        "the last column is left out of the penalty, not the first",
    ),
    (
        "first-row-not-penalised",
        _penalised(np.s_[:1, :]),
        "the first row is left out of the penalty, not the first column",
    ),
    (
        "first-element-not-penalised",
        _penalised(np.s_[:1, :1]),
        "the first weight alone is left out of the penalty",
    ),
    (
        "first-layer-penalised-only",
        lambda T, layer: without(T, _BIAS) * (layer == "first"),
        "only the first Theta is penalised",
    ),
    (
        "last-layer-penalised-only",
        lambda T, layer: without(T, _BIAS) * (layer == "last"),
        "only the last Theta is penalised",
    ),
)
_UNROLLING = (
    Mistake(
        *("row-major-in", "read", BOTH, lambda theta, shapes: read(theta, shapes, "C")),
        "theta is reshaped row by row, not column by column",
        _COLUMNS,
    ),
    Mistake(
        *("thetas-exchanged-in", "read", BOTH, lambda theta, shapes: read(theta, shapes[::-1])[::-1]),
        "the Thetas are read in the wrong order",
        "theta is [Theta1(:); Theta2(:)], in this order.",
    ),
    Mistake(
        *("row-major-out", "unroll", (GRADIENT,), lambda D: unroll(D, "C")),
        "the gradient is unrolled row by row",
        _COLUMNS,
    ),
    Mistake(
        *("gradients-exchanged", "unroll", (GRADIENT,), lambda D: unroll(D[::-1])),
        "the gradients of the first and the last Theta are exchanged",
        f"{_IN_ORDER}.",
    ),
    Mistake(
        *("gradients-exchanged-row-major", "unroll", (GRADIENT,), lambda D: unroll(D[::-1], "C")),
        "the gradients of the Thetas are exchanged, and unrolled row by row",
        f"{_IN_ORDER} and column by column.",
    ),
)
_LABELS = alike(
    "targets",
    BOTH,
    _ONE_HOT,
    ("labels-one-up", lambda y, K: one_hot(y + 1, K), "the labels are shifted up by one, the last has no unit"),
    (
        "labels-zero-for-ten",
        lambda y, K: one_hot(y % K + 1, K),
        "the last label is taken for 0, and every label shifted up by one (label 10 as digit 0 in the first unit)",
    ),
    ("labels-one-down", lambda y, K: one_hot(y - 1, K), "the labels are shifted down by one, the first has no unit"),
    (
        "labels-one-down-around",
        lambda y, K: one_hot((y - 2) % K + 1, K),
        "the labels are shifted down by one, the first going to the last unit",
    ),
    ("labels-reversed", lambda y, K: one_hot(K + 1 - y, K), "the labels are in reverse order"),
    (
        "labels-as-numbers",
        lambda y, K: np.repeat(y[:, None], K, axis=1),
        "y is used as numbers, not as vectors of 0 and 1",
    ),
)
_PROPAGATION = (
    Mistake(
        *("images-transposed", "images", BOTH, _transposed),
        "the images are transposed",
        "An image is unrolled column by column in X: use X as it is.",
    ),
    Mistake(
        *("bias-unit-last", "bias_unit", BOTH, lambda a, layer: np.hstack([a, np.ones((len(a), 1))])),
        "the bias unit is the last column, not the first",
        _FORWARD,
    ),
    Mistake(
        *(
            "bias-unit-activated",
            "bias_unit",
            BOTH,
            lambda a, layer: add_column(1.0 if layer else float(sigmoid(1.0)), a),
        ),
        "the hidden bias unit goes through the sigmoid: it is 1",
        "Take the sigmoid first and add the ones to it: a2 = [ones(m, 1) sigmoid(z2)].",
    ),
    Mistake(
        *("bias-unit-zero", "bias_unit", BOTH, lambda a, layer: add_column(1.0 if layer else 0.0, a)),
        "the hidden bias unit is 0, not 1",
        "a2 = [ones(m, 1) sigmoid(z2)].",
    ),
    Mistake(
        *("bias-weights-zeroed", "used", BOTH, lambda Theta: [without(T, _BIAS) for T in Theta]),
        "the bias weights are set to 0 before the forward pass",
        "Set them to 0 in a copy, for the penalty only.",
    ),
    *alike(
        "hidden",
        BOTH,
        _FORWARD,
        ("hidden-not-activated", lambda z: z, "the hidden layer has no sigmoid"),
        ("hidden-tanh", np.tanh, "the hidden layer has tanh, not the sigmoid"),
    ),
    Mistake(
        *("softmax", "output", BOTH, lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)),
        "the output is a softmax, not a sigmoid of each unit",
        "h = sigmoid(a2 * Theta2').",
    ),
    Mistake(
        *("output-activated-twice", "output", BOTH, lambda z: sigmoid(sigmoid(z))),
        "the sigmoid is taken twice in the output layer",
        "h = sigmoid(a2 * Theta2'), once.",
    ),
    Mistake(
        *("sigmoid-sign", "sigmoid", BOTH, lambda z: -z),
        "the sigmoid has the wrong sign: exp(z) for exp(-z)",
        "sigmoid(z) = 1 ./ (1 + exp(-z)).",
        never_alone_in_J=True,  # there it is the same as log(h) and log(1 - h) exchanged
    ),
)
_BACKWARD = (
    Mistake(
        *("delta-sign", "delta", (GRADIENT,), lambda h, Y: Y - h),
        "the sign of delta is wrong: y - h for h - y",
        "delta3 = h - Y.",
    ),
    Mistake(
        *("delta-times-slope", "delta", (GRADIENT,), lambda h, Y: (h - Y) * h * (1 - h)),
        "the output delta is multiplied by g'(z): that is for squared errors",
        "delta3 = h - Y, without sigmoidGradient(z3): with the cross-entropy g' cancels in the last layer.",
    ),
    Mistake(
        *("delta-squared", "delta", (GRADIENT,), lambda h, Y: (h - Y) ** 2),
        "the output delta is squared",
        "delta3 = h - Y, without the square.",
    ),
    Mistake(
        *("delta-thresholded", "delta", (GRADIENT,), lambda h, Y: (h >= 0.5) - Y),
        "the output delta is taken from predictions 0/1, not from h",
        "delta3 = h - Y, with h as it leaves the sigmoid: thresholds are for predict.",
    ),
    *alike(
        "slope",
        (GRADIENT,),
        _DELTA_2,
        ("slope-left-out", lambda z, a: np.ones_like(z), "g'(z) is left out in the hidden delta"),
        (
            "slope-of-a",
            lambda z, a: slope(a),
            "g' is taken at a, not at z: sigmoidGradient(a2) for sigmoidGradient(z2)",
        ),
        ("slope-z", lambda z, a: z * (1 - z), "g' is z (1 - z): that is a (1 - a) taken at z"),
        ("slope-sigmoid", lambda z, a: sigmoid(z), "g' lacks its factor 1 - g"),
        ("slope-1-sigmoid", lambda z, a: 1 - sigmoid(z), "g' lacks its factor g"),
        ("slope-tanh", lambda z, a: 1 - a**2, "g' is that of tanh, 1 - a^2"),
    ),
    *alike(
        "back",
        (GRADIENT,),
        _DELTA_2,
        (
            "delta-last-column",
            lambda delta, T, slopes: (delta @ T[:, :-1]) * slopes,
            "delta goes back without the last column, not without the bias'",
        ),
        (
            "delta-last-column-and-slope",
            lambda delta, T, slopes: _back_with_bias(_SLOPE_OF_1)(delta, T, slopes)[:, :-1],
            "the hidden delta keeps the bias unit and drops its last column",
        ),
        ("delta-with-bias", _back_with_bias(0.0), "the hidden delta keeps the bias unit (with slope 0)"),
        (
            "delta-with-bias-slope",
            _back_with_bias(_SLOPE_OF_1),
            "the hidden delta keeps the bias unit (with slope g'(1))",
        ),
        ("delta-with-bias-1", _back_with_bias(1.0), "the hidden delta keeps the bias unit (without a slope)"),
    ),
    Mistake(
        *("Delta-of-z", "below", (GRADIENT,), lambda z, a: z),
        "Delta multiplies delta by z, not by a",
        "Theta2_grad = delta3' * a2 / m.",
    ),
    *alike(
        "scale",
        (GRADIENT,),
        "Divide both Theta1_grad and Theta2_grad by m.",
        *(
            (
                f"{which}-gradient-without-m",
                lambda m, layer, which=which: (m if layer == which else 1, 1),
                f"1/m is missing in the gradient of the {which} Theta alone",
            )
            for which in ("first", "last")
        ),
    ),
)
_COST = (
    *alike(
        "loss",
        (J,),
        "Y .* log(h), then sum(sum(...)).",
        (
            "matrix-product",
            lambda h, Y: -Y.T @ np.log(h) - (1 - Y).T @ np.log(1 - h),
            "J sums a matrix product Y' * log(h), not the elementwise product",
        ),
        (
            "matrix-product-of-examples",
            lambda h, Y: -Y @ np.log(h).T - (1 - Y) @ np.log(1 - h).T,
            "J sums a matrix product Y * log(h)', not the elementwise product",
        ),
    ),
    Mistake(
        *("penalty-matrix-product", "squares", (J,), lambda T: float((T.T @ T).sum())),
        "the penalty in J sums a matrix product Theta' * Theta, not the squares",
        "sum(sum(Theta(:, 2:end) .^ 2)).",
    ),
    Mistake(
        *("J-by-mK", "average", (J,), lambda total, m, K: total / (m * K)),
        "J is averaged over the units too",
        "Sum over the units, mean over the examples.",
    ),
    Mistake(
        *("m-is-numel-of-Y", "m", BOTH, lambda X, K: len(X) * K),
        "m is numel(Y), the number of examples times that of labels",
        "m = size(X, 1).",
    ),
    Mistake(
        *("first-unit-only", "units", (J,), slice(0, 1)),
        "J counts the first output unit only",
        "Sum over all units.",
    ),
)

NETWORK_MISTAKES = (
    *_PENALISED,
    *COMMON,
    *CROSS_ENTROPY,
    *_COST,
    *_UNROLLING,
    *_LABELS,
    *_PROPAGATION,
    *_BACKWARD,
)
