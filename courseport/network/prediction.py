"""What a network answers: forward propagation on new examples, and the labels it reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray, IntArray
from courseport.network import activations, lecture
from courseport.network.activations import ActivationName
from courseport.network.model import build_model
from courseport.network.rows import RowSource, check_rows

# Rows read at once: few enough that a block of a wide X fits in memory many times over.
BLOCK_ROWS = 4096


def forward_propagate(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    X: ArrayLike,
    *,
    hidden_activation: ActivationName = "sigmoid",
    output_activation: ActivationName = "sigmoid",
) -> list[FloatArray]:
    """Return the activations of every layer, a(1) = X to a(L) = h, each of shape (m, s_l), without bias units.

    Beside theta_vec, of shape (n,), the parameters are those of `NeuralNetworkCost`.
    """
    model = build_model(layer_sizes, hidden_activation, output_activation, "squared_error")
    Theta = lecture.reshape(model.layout.check(theta_vec), model)
    sizes = model.layout.layer_sizes
    matrix = _checks.real_matrix("X", X, sizes[0], f" for layer sizes {sizes}")
    return list(lecture.forward(Theta, matrix, model)[0].values())


def hypothesis(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    X: ArrayLike | RowSource,
    *,
    hidden_activation: ActivationName = "sigmoid",
    output_activation: ActivationName = "sigmoid",
) -> FloatArray:
    """Return h(x), the output of the network, shape (m, K), reading X block by block.

    Parameters and errors are those of `forward_propagate`; X may be any row-sliceable source.
    """
    model = build_model(layer_sizes, hidden_activation, output_activation, "squared_error")
    Theta = lecture.reshape(model.layout.check(theta_vec), model)
    sizes = model.layout.layer_sizes
    source = check_rows(X, sizes[0], f" for layer sizes {sizes}")
    m = source.shape[0]
    outputs = np.empty((m, model.units))
    for start in range(0, m, BLOCK_ROWS):
        block = np.asarray(source[start : start + BLOCK_ROWS], dtype=np.float64)
        outputs[start : start + BLOCK_ROWS] = lecture.forward(Theta, block, model)[0][len(sizes)]
    return outputs


def predict(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    X: ArrayLike | RowSource,
    *,
    hidden_activation: ActivationName = "sigmoid",
    output_activation: ActivationName = "sigmoid",
) -> IntArray:
    """Return the label that the network reads in each example, shape (m,): the course's predict.

    The parameters are those of `hypothesis`. For K >= 2 output units it is the label 1..K of the largest output, the
    first one where several are equal, as Octave's max does; for one unit 1 where h >= 0.5, else 0.
    """
    threshold = 0.5
    if activations.get(output_activation, "output_activation").name == "sigmoid":
        # The logits have the same order, and still differ where saturated outputs round to the same 1.
        output_activation, threshold = "linear", 0.0
    outputs = hypothesis(
        theta_vec, layer_sizes, X, hidden_activation=hidden_activation, output_activation=output_activation
    )
    if outputs.shape[1] == 1:
        return (outputs[:, 0] >= threshold).astype(np.intp)
    labels: IntArray = outputs.argmax(axis=1) + 1
    return labels


def accuracy(predictions: ArrayLike, y: ArrayLike) -> float:
    """Return the percentage of predictions that equal the labels, the course's ``mean(double(pred == y)) * 100``."""
    answers, labels = (np.ravel(_checks.array(*one)) for one in (("predictions", predictions), ("y", y)))
    if answers.shape != labels.shape or labels.size == 0:
        _checks.fail("predictions", f"have as many entries as y, {labels.size}", answers.size)
    return float(np.mean(answers == labels) * 100)
