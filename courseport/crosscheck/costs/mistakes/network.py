"""The network's formulas, written out plainly, and the known mistakes in them.

Not the package's own implementation but a second one, for any number of layers, as slow and simple as it can be.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import expit as sigmoid

from courseport._checks import FloatArray
from courseport.crosscheck.costs.mistakes.mistake import (
    BOTH,
    CROSS_ENTROPY,
    GRADIENT,
    J_BY_2M,
    MEAN,
    PENALTY,
    SCALE,
    SHARED,
    SIGMOID_SIGN,
    J,
    Mistake,
    Result,
    Values,
    Ways,
    log_loss,
    taken,
    without,
)

Thetas = list[FloatArray]
Shapes = list[tuple[int, int]]


def _read(theta: FloatArray, shapes: Shapes, order: Any = "F") -> Thetas:
    pieces = np.split(theta, np.cumsum([rows * columns for rows, columns in shapes])[:-1])
    return [piece.reshape(shape, order=order) for piece, shape in zip(pieces, shapes, strict=True)]


def _unroll(D: Thetas, order: Any = "F") -> FloatArray:
    return np.concatenate([d.ravel(order=order) for d in D])


def _one_hot(y: FloatArray, K: int) -> FloatArray:
    targets: FloatArray = (y[:, None] == np.arange(1, K + 1)).astype(np.float64)
    return targets


def _add(column: float, a: FloatArray) -> FloatArray:
    return np.hstack([np.full((len(a), 1), column), a])


def _slope(z: FloatArray) -> FloatArray:
    slope: FloatArray = sigmoid(z) * (1 - sigmoid(z))
    return slope


# Each part of the formulas, written rightly. The layer is "first", "last" or "", for one between them.
RIGHT: Ways = {
    **SHARED,
    "read": _read,
    "unroll": _unroll,
    "targets": _one_hot,
    "images": lambda X: X,
    "used": lambda Theta: Theta,
    "bias_unit": lambda a, layer: _add(1.0, a),
    "sigmoid": lambda z: z,
    "hidden": sigmoid,
    "output": sigmoid,
    "loss": log_loss,
    "units": slice(None),
    "penalised": lambda T, layer: without(T, np.s_[:, :1]),
    "delta": lambda h, Y: h - Y,
    "slope": lambda z, a: _slope(z),
    "back": lambda delta, T, slope: (delta @ T[:, 1:]) * slope,
    "below": lambda z, a: a,
}


def network_answer(values: Values, ways: Ways) -> Result:
    """Return J and the gradient as a file with the wrong `ways` in it would; without any, the right ones."""
    w = taken(RIGHT, ways)
    sizes = [int(size) for size in values["layer_sizes"]]
    Theta = w.read(np.asarray(values["theta"]), [(b, a + 1) for a, b in pairwise(sizes)])
    X, strength, K = values["X"], values["lambda"], sizes[-1]
    Y, m = w.targets(values["y"], K), w.m(X, K)
    layers = ["first", *[""] * (len(Theta) - 2), "last"][: len(Theta)]

    # forward
    used = w.used(Theta)
    z: Thetas = []
    a = [w.bias_unit(w.images(X), "first")]
    for T in used[:-1]:
        z.append(a[-1] @ T.T)
        a.append(w.bias_unit(w.hidden(w.sigmoid(z[-1])), ""))
    h = w.output(w.sigmoid(a[-1] @ used[-1].T))

    # cost
    weights = [w.penalised(T, layer) for T, layer in zip(Theta, layers, strict=True)]
    losses = w.loss(h, Y)[w.examples, w.units]
    of_J, of_gradient = w.penalty
    cost = w.average(float(losses.sum()), m, K) + of_J(strength, m) * sum(map(w.squares, weights))

    # gradient
    delta = w.delta(h, Y)
    D: Thetas = []
    for layer in reversed(range(len(Theta))):
        below = w.below(_add(1.0, z[layer - 1]), a[layer]) if layer else a[0]
        Delta = delta[w.examples].T @ below[w.examples]
        penalty = of_gradient(strength, m) * weights[layer]
        penalty = np.vstack([np.zeros((len(Delta) - len(penalty), penalty.shape[1])), penalty])  # delta kept the bias
        D.insert(0, w.scale(Delta, penalty, m, layers[layer]))
        if layer:
            delta = w.back(delta, Theta[layer], w.slope(z[layer - 1], a[layer][:, 1:]))
    return cost * w.J, w.unroll(D)


def _transposed(X: FloatArray) -> FloatArray:
    side = round(X.shape[1] ** 0.5)
    return X.reshape(-1, side, side).transpose(0, 2, 1).reshape(X.shape) if side * side == X.shape[1] else X


_COLUMNS = "Theta1(:) goes column by column, and so does reshape; in NumPy say order='F'."
_ONE_HOT = "Each label becomes a row of zeros with a 1 in its own column: eye(num_labels)(y, :); 0 is label 10."
_FORWARD = "a1 = [ones(m, 1) X], a2 = [ones(m, 1) sigmoid(a1 * Theta1')], h = sigmoid(a2 * Theta2')."
_DELTA_2 = "delta2 = (delta3 * Theta2(:, 2:end)) .* sigmoidGradient(z2)."

_PENALISED = tuple(
    Mistake(
        name, "penalised", way, BOTH, text, "All layers are penalised, and only the biases, Theta(:, 1), are left out."
    )
    for name, way, text in (
        ("bias-penalised", lambda T, layer: T, "the bias weights are penalised"),
        (
            "first-bias-penalised",
            lambda T, layer: T if layer == "first" else without(T, np.s_[:, :1]),
            "the bias weights of the first Theta are penalised",
        ),
        (
            "last-bias-penalised",
            lambda T, layer: T if layer == "last" else without(T, np.s_[:, :1]),
            "the bias weights of the last Theta are penalised",
        ),
        (
            "ones-penalised",
            lambda T, layer: _add(1.0, T[:, 1:]),
            "a column of ones stands where the zeros for the biases belong in the penalty",
        ),
        (
            "last-column-not-penalised",
            lambda T, layer: without(T, np.s_[:, -1:]),
            "the last column is left out of the penalty, not the first",
        ),
        (
            "first-row-not-penalised",
            lambda T, layer: without(T, np.s_[:1, :]),
            "the first row is left out of the penalty, not the first column",
        ),
        (
            "first-element-not-penalised",
            lambda T, layer: without(T, np.s_[:1, :1]),
            "the first weight alone is left out of the penalty",
        ),
        (
            "first-layer-penalised-only",
            lambda T, layer: without(T, np.s_[:, :1]) * (layer == "first"),
            "only the first Theta is penalised",
        ),
        (
            "last-layer-penalised-only",
            lambda T, layer: without(T, np.s_[:, :1]) * (layer == "last"),
            "only the last Theta is penalised",
        ),
    )
)
_UNROLLING = (
    Mistake(
        "row-major-in",
        *("read", lambda theta, shapes: _read(theta, shapes, "C"), BOTH),
        "theta is reshaped row by row, not column by column",
        _COLUMNS,
    ),
    Mistake(
        "thetas-exchanged-in",
        *("read", lambda theta, shapes: _read(theta, shapes[::-1])[::-1], BOTH),
        "the Thetas are read in the wrong order",
        "theta is [Theta1(:); Theta2(:)], in this order.",
    ),
    Mistake(
        "row-major-out",
        *("unroll", lambda D: _unroll(D, "C"), (GRADIENT,)),
        "the gradient is unrolled row by row",
        _COLUMNS,
    ),
    Mistake(
        "gradients-exchanged",
        *("unroll", lambda D: _unroll(D[::-1]), (GRADIENT,)),
        "the gradients of the first and the last Theta are exchanged",
        "grad = [Theta1_grad(:); Theta2_grad(:)], in this order.",
    ),
    Mistake(
        "gradients-exchanged-row-major",
        *("unroll", lambda D: _unroll(D[::-1], "C"), (GRADIENT,)),
        "the gradients of the Thetas are exchanged, and unrolled row by row",
        "grad = [Theta1_grad(:); Theta2_grad(:)], in this order and column by column.",
    ),
)
_LABELS = tuple(
    Mistake(name, "targets", way, BOTH, text, _ONE_HOT)
    for name, way, text in (
        (
            "labels-one-up",
            lambda y, K: _one_hot(y + 1, K),
            "the labels are shifted up by one, the last has no unit",
        ),
        (
            "labels-zero-for-ten",
            lambda y, K: _one_hot(y % K + 1, K),
            "the last label is taken for 0, and every label shifted up by one (label 10 as digit 0 in the first unit)",
        ),
        (
            "labels-one-down",
            lambda y, K: _one_hot(y - 1, K),
            "the labels are shifted down by one, the first has no unit",
        ),
        (
            "labels-one-down-around",
            lambda y, K: _one_hot((y - 2) % K + 1, K),
            "the labels are shifted down by one, the first going to the last unit",
        ),
        ("labels-reversed", lambda y, K: _one_hot(K + 1 - y, K), "the labels are in reverse order"),
        (
            "labels-as-numbers",
            lambda y, K: np.repeat(y[:, None], K, axis=1),
            "y is used as numbers, not as vectors of 0 and 1",
        ),
    )
)
_PROPAGATION = (
    Mistake(
        "images-transposed",
        *("images", _transposed, BOTH),
        "the images are transposed",
        "An image is unrolled column by column in X: use X as it is.",
    ),
    Mistake(
        "bias-unit-last",
        *("bias_unit", lambda a, layer: np.hstack([a, np.ones((len(a), 1))]), BOTH),
        "the bias unit is the last column, not the first",
        _FORWARD,
    ),
    Mistake(
        "bias-unit-activated",
        *("bias_unit", lambda a, layer: _add(1.0 if layer else float(sigmoid(1.0)), a), BOTH),
        "the hidden bias unit goes through the sigmoid: it is 1",
        "Take the sigmoid first and add the ones to it: a2 = [ones(m, 1) sigmoid(z2)].",
    ),
    Mistake(
        "bias-unit-zero",
        *("bias_unit", lambda a, layer: _add(1.0 if layer else 0.0, a), BOTH),
        "the hidden bias unit is 0, not 1",
        "a2 = [ones(m, 1) sigmoid(z2)].",
    ),
    Mistake(
        "bias-weights-zeroed",
        *("used", lambda Theta: [without(T, np.s_[:, :1]) for T in Theta], BOTH),
        "the bias weights are set to 0 before the forward pass",
        "Set them to 0 in a copy, for the penalty only.",
    ),
    Mistake("hidden-not-activated", "hidden", lambda z: z, BOTH, "the hidden layer has no sigmoid", _FORWARD),
    Mistake("hidden-tanh", "hidden", np.tanh, BOTH, "the hidden layer has tanh, not the sigmoid", _FORWARD),
    Mistake(
        "softmax",
        *("output", lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), BOTH),
        "the output is a softmax, not a sigmoid of each unit",
        "h = sigmoid(a2 * Theta2').",
    ),
    Mistake(
        "output-activated-twice",
        *("output", lambda z: sigmoid(sigmoid(z)), BOTH),
        "the sigmoid is taken twice in the output layer",
        "h = sigmoid(a2 * Theta2'), once.",
    ),
    replace(SIGMOID_SIGN, part="sigmoid", way=lambda z: -z),
)
_BACKWARD = (
    Mistake(
        "delta-sign",
        *("delta", lambda h, Y: Y - h, (GRADIENT,)),
        "the sign of delta is wrong: y - h for h - y",
        "delta3 = h - Y.",
    ),
    Mistake(
        "delta-times-slope",
        *("delta", lambda h, Y: (h - Y) * h * (1 - h), (GRADIENT,)),
        "the output delta is multiplied by g'(z): that is for squared errors",
        "delta3 = h - Y, without sigmoidGradient(z3): with the cross-entropy g' cancels in the last layer.",
    ),
    Mistake(
        "delta-squared",
        *("delta", lambda h, Y: (h - Y) ** 2, (GRADIENT,)),
        "the output delta is squared",
        "delta3 = h - Y, without the square.",
    ),
    Mistake(
        "delta-thresholded",
        *("delta", lambda h, Y: (h >= 0.5) - Y, (GRADIENT,)),
        "the output delta is taken from predictions 0/1, not from h",
        "delta3 = h - Y, with h as it leaves the sigmoid: thresholds are for predict.",
    ),
    *(
        Mistake(name, "slope", way, (GRADIENT,), text, _DELTA_2)
        for name, way, text in (
            ("slope-left-out", lambda z, a: np.ones_like(z), "g'(z) is left out in the hidden delta"),
            (
                "slope-of-a",
                lambda z, a: _slope(a),
                "g' is taken at a, not at z: sigmoidGradient(a2) for sigmoidGradient(z2)",
            ),
            ("slope-z", lambda z, a: z * (1 - z), "g' is z (1 - z): that is a (1 - a) taken at z"),
            ("slope-sigmoid", lambda z, a: sigmoid(z), "g' lacks its factor 1 - g"),
            ("slope-1-sigmoid", lambda z, a: 1 - sigmoid(z), "g' lacks its factor g"),
            ("slope-tanh", lambda z, a: 1 - a**2, "g' is that of tanh, 1 - a^2"),
        )
    ),
    *(
        Mistake(name, "back", way, (GRADIENT,), text, _DELTA_2)
        for name, way, text in (
            (
                "delta-last-column",
                lambda delta, T, slope: (delta @ T[:, :-1]) * slope,
                "delta goes back without the last column, not without the bias'",
            ),
            (
                "delta-last-column-and-slope",
                lambda delta, T, slope: ((delta @ T) * _add(float(_slope(np.ones(()))), slope))[:, :-1],
                "the hidden delta keeps the bias unit and drops its last column",
            ),
            (
                "delta-with-bias",
                lambda delta, T, slope: (delta @ T) * _add(0.0, slope),
                "the hidden delta keeps the bias unit (with slope 0)",
            ),
            (
                "delta-with-bias-slope",
                lambda delta, T, slope: (delta @ T) * _add(float(_slope(np.ones(()))), slope),
                "the hidden delta keeps the bias unit (with slope g'(1))",
            ),
            (
                "delta-with-bias-1",
                lambda delta, T, slope: (delta @ T) * _add(1.0, slope),
                "the hidden delta keeps the bias unit (without a slope)",
            ),
        )
    ),
    Mistake(
        "Delta-of-z",
        *("below", lambda z, a: z, (GRADIENT,)),
        "Delta multiplies delta by z, not by a",
        "Theta2_grad = delta3' * a2 / m.",
    ),
    *(
        Mistake(
            f"{which}-gradient-without-m",
            "scale",
            lambda Delta, penalty, m, layer, which=which: Delta / (1 if layer == which else m) + penalty,
            (GRADIENT,),
            f"1/m is missing in the gradient of the {which} Theta alone",
            "Divide both Theta1_grad and Theta2_grad by m.",
        )
        for which in ("first", "last")
    ),
)
_COST = (
    Mistake(
        "matrix-product",
        *("loss", lambda h, Y: -Y.T @ np.log(h) - (1 - Y).T @ np.log(1 - h), (J,)),
        "J sums a matrix product Y' * log(h), not the elementwise product",
        "Y .* log(h), then sum(sum(...)).",
    ),
    Mistake(
        "matrix-product-of-examples",
        *("loss", lambda h, Y: -Y @ np.log(h).T - (1 - Y) @ np.log(1 - h).T, (J,)),
        "J sums a matrix product Y * log(h)', not the elementwise product",
        "Y .* log(h), then sum(sum(...)).",
    ),
    Mistake(
        "penalty-matrix-product",
        *("squares", lambda T: float((T.T @ T).sum()), (J,)),
        "the penalty in J sums a matrix product Theta' * Theta, not the squares",
        "sum(sum(Theta(:, 2:end) .^ 2)).",
    ),
    J_BY_2M,
    Mistake(
        "J-by-mK",
        *("average", lambda total, m, K: total / (m * K), (J,)),
        "J is averaged over the units too",
        "Sum over the units, mean over the examples.",
    ),
    Mistake(
        "m-is-numel-of-Y",
        *("m", lambda X, K: len(X) * K, BOTH),
        "m is numel(Y), the number of examples times that of labels",
        "m = size(X, 1).",
    ),
    Mistake(
        "first-unit-only",
        *("units", slice(0, 1), (J,)),
        "J counts the first output unit only",
        "Sum over all units.",
    ),
)

NETWORK_MISTAKES = (
    *_PENALISED,
    *PENALTY,
    *MEAN,
    *CROSS_ENTROPY,
    *_COST,
    *SCALE,
    *_UNROLLING,
    *_LABELS,
    *_PROPAGATION,
    *_BACKWARD,
)
