"""The known mistakes in a network's cost function, as data; their parts and ways are those of `network_formula`."""

from __future__ import annotations

from courseport.crosscheck.mistakes import BOTH, CROSS_ENTROPY, GRADIENT, MEAN, PENALTY, SCALE, SIGMOID_SIGN, J, Mistake

_ONE_HOT = "Each label becomes a row of zeros with a 1 in its own column: eye(num_labels)(y, :); 0 is label 10."
_BACKPROPAGATION = "delta2 = (delta3 * Theta2(:, 2:end)) .* sigmoidGradient(z2)."
_COLUMNS = "Theta1(:) goes column by column, and so does reshape; in NumPy say order='F'."
_FORWARD = "a1 = [ones(m, 1) X], a2 = [ones(m, 1) sigmoid(a1 * Theta1')], h = sigmoid(a2 * Theta2')."

_PENALISED = tuple(
    Mistake(
        name, "penalised", way, BOTH, text, "All layers are penalised, and only the biases, Theta(:, 1), are left out."
    )
    for name, way, text in (
        ("bias-penalised", "all", "the bias weights are penalised"),
        ("first-bias-penalised", "all of the first", "the bias weights of the first Theta are penalised"),
        ("last-bias-penalised", "all of the last", "the bias weights of the last Theta are penalised"),
        ("last-column-not-penalised", "all but the last column", "the last column is left out, not the first"),
        ("first-row-not-penalised", "all but the first row", "the first row is left out, not the first column"),
        ("first-element-not-penalised", "all but the first element", "the first weight alone is left out"),
        ("first-layer-penalised-only", "the first only", "only the first Theta is penalised"),
        ("last-layer-penalised-only", "the last only", "only the last Theta is penalised"),
    )
)
_UNROLLING = (
    Mistake("row-major-in", "read", "row-major", BOTH, "theta is reshaped row by row, not column by column", _COLUMNS),
    Mistake(
        "thetas-exchanged-in", "read", "last Theta first", BOTH, "the Thetas are read in the wrong order", _COLUMNS
    ),
    Mistake("row-major-out", "unroll", "row-major", (GRADIENT,), "the gradient is unrolled row by row", _COLUMNS),
    Mistake(
        "gradients-exchanged",
        *("unroll", "exchanged", (GRADIENT,)),
        "the gradients of the first and the last Theta are exchanged",
        "[Theta1_grad(:); Theta2_grad(:)], in this order.",
    ),
    Mistake(
        "gradients-exchanged-row-major",
        *("unroll", "exchanged, row-major", (GRADIENT,)),
        "the gradients of the Thetas are exchanged, and unrolled row by row",
        _COLUMNS,
    ),
)
_LABELS = (
    Mistake(
        "labels-one-up", "targets", "one up", BOTH, "the labels are shifted up by one, the last has no unit", _ONE_HOT
    ),
    Mistake(
        "labels-zero-for-ten",
        *("targets", "one up, the last first", BOTH),
        "the last label is taken for 0, and every label shifted up by one (label 10 as digit 0 in the first unit)",
        _ONE_HOT,
    ),
    Mistake(
        "labels-one-down",
        "targets",
        "one down",
        BOTH,
        "the labels are shifted down by one, the first has no unit",
        _ONE_HOT,
    ),
    Mistake(
        "labels-one-down-around",
        *("targets", "one down, the first last", BOTH),
        "the labels are shifted down by one, the first going to the last unit",
        _ONE_HOT,
    ),
    Mistake("labels-reversed", "targets", "reversed", BOTH, "the labels are in reverse order", _ONE_HOT),
    Mistake(
        "labels-as-numbers", "targets", "numbers", BOTH, "y is used as numbers, not as vectors of 0 and 1", _ONE_HOT
    ),
    Mistake(
        "images-transposed",
        *("images", "transposed", BOTH),
        "the images are transposed",
        "An image is unrolled column by column in X: use X as it is.",
    ),
)
_PROPAGATION = tuple(
    Mistake(name, part, way, BOTH, text, _FORWARD)
    for name, part, way, text in (
        ("bias-unit-last", "bias unit", "last", "the bias unit is the last column, not the first"),
        (
            "bias-unit-activated",
            "bias unit",
            "through the sigmoid",
            "the hidden bias unit goes through the sigmoid: it is 1",
        ),
        ("bias-unit-zero", "bias unit", "zeros", "the hidden bias unit is 0, not 1"),
        ("bias-weights-zeroed", "theta", "bias zeroed", "the bias weights are set to 0 before the forward pass"),
        ("hidden-not-activated", "hidden", "none", "the hidden layer has no sigmoid"),
        ("hidden-tanh", "hidden", "tanh", "the hidden layer has tanh, not the sigmoid"),
        ("softmax", "output", "softmax", "the output is a softmax, not a sigmoid of each unit"),
        ("output-activated-twice", "output", "twice", "the sigmoid is taken twice in the output layer"),
    )
)
_BACKWARD = tuple(
    Mistake(name, part, way, (GRADIENT,), text, _BACKPROPAGATION)
    for name, part, way, text in (
        ("delta-sign", "output delta", "sign", "the sign of delta is wrong: y - h for h - y"),
        (
            "delta-times-slope",
            "output delta",
            "times g'",
            "the output delta is multiplied by g'(z): that is for squared errors",
        ),
        ("delta-squared", "output delta", "squared", "the output delta is squared"),
        (
            "delta-thresholded",
            "output delta",
            "thresholded",
            "the output delta is taken from predictions 0/1, not from h",
        ),
        ("slope-left-out", "slope", "left out", "g'(z) is left out in the hidden delta"),
        ("slope-of-a", "slope", "of a", "g' is taken at a, not at z: sigmoidGradient(a2) for sigmoidGradient(z2)"),
        ("slope-z", "slope", "z (1 - z)", "g' is z (1 - z): that is a (1 - a) taken at z"),
        ("slope-sigmoid", "slope", "sigmoid alone", "g' lacks its factor 1 - g"),
        ("slope-1-sigmoid", "slope", "1 - sigmoid", "g' lacks its factor g"),
        ("slope-tanh", "slope", "1 - a^2", "g' is that of tanh, 1 - a^2"),
        (
            "delta-last-column",
            "back",
            "last column dropped",
            "delta goes back without the last column, not without the bias'",
        ),
        ("delta-with-bias", "back", "with the bias", "the hidden delta keeps the bias unit (with slope 0)"),
        (
            "delta-with-bias-slope",
            "back",
            "with the bias, g'(1)",
            "the hidden delta keeps the bias unit (with slope g'(1))",
        ),
        ("delta-with-bias-1", "back", "with the bias, 1", "the hidden delta keeps the bias unit (without a slope)"),
        ("Delta-of-z", "Delta", "z for a", "Delta multiplies delta by z, not by a"),
    )
)
_ENTROPY = (
    Mistake(
        "matrix-product",
        *("loss", "matrix product", (J,)),
        "J sums a matrix product Y' * log(h), not the elementwise product",
        "Y .* log(h), then sum(sum(...)).",
    ),
    Mistake("J-by-2m", "average", "1/2m", (J,), "J's data term has 1/(2m) for 1/m", "The cross-entropy has no 1/2."),
    Mistake(
        "J-by-mK",
        "average",
        "1/mK",
        (J,),
        "J is averaged over the units too",
        "Sum over the units, mean over the examples.",
    ),
    Mistake(
        "first-unit-only", "units", "first only", (J,), "J counts the first output unit only", "Sum over all units."
    ),
)

NETWORK_MISTAKES = (
    *_PENALISED,
    *PENALTY,
    *MEAN,
    *CROSS_ENTROPY,
    *_ENTROPY,
    *SCALE,
    *_UNROLLING,
    *_LABELS,
    *_PROPAGATION,
    SIGMOID_SIGN,
    *_BACKWARD,
)
