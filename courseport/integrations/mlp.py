"""The same network as scikit-learn's MLPClassifier, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport.network.activations import ActivationName
from courseport.network.model import build_model
from courseport.network.unrolling import layer_sizes_of, unroll

MLP_ACTIVATIONS = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu", "linear": "identity"}


def to_mlp_classifier(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    *,
    hidden_activation: ActivationName = "sigmoid",
    classes: ArrayLike = (0, 1),
) -> Any:
    """Return a fitted scikit-learn MLPClassifier that is the same network.

    It is the same model only with a single sigmoid output: for more classes an MLPClassifier has a softmax, where the
    course has one sigmoid a class. `hidden_activation` is "sigmoid", "tanh", "relu" or "linear": an MLPClassifier has
    no leaky ReLU. `classes` holds the two labels that 0 and 1 stand for, sorted. The classifier predicts; its `fit`
    would begin anew.
    """
    network = _checks.require("sklearn.neural_network", "sklearn", "to_mlp_classifier")
    model = build_model(layer_sizes, hidden_activation)
    _checks.choice("hidden_activation", hidden_activation, MLP_ACTIVATIONS)
    if model.units != 1:
        _checks.fail("layer_sizes", "end in one output unit, as an MLPClassifier of two classes does", model.units)
    labels = np.unique(_checks.array("classes", classes))
    if labels.shape != (2,) or not np.array_equal(labels, classes):
        _checks.fail("classes", "be two labels, sorted", repr(classes))
    sizes = model.layout.layer_sizes
    classifier = network.MLPClassifier(sizes[1:-1], activation=MLP_ACTIVATIONS[hidden_activation])
    # One step of its own training makes every attribute that scikit-learn expects; the weights are then ours.
    example = np.zeros((2, sizes[0]))
    classifier.partial_fit(example, labels, classes=labels)
    thetas = model.layout.reshape(theta_vec)
    classifier.coefs_ = [np.ascontiguousarray(theta[:, 1:].T) for theta in thetas]
    classifier.intercepts_ = [np.array(theta[:, 0]) for theta in thetas]
    return classifier


def from_mlp_classifier(classifier: Any) -> tuple[FloatArray, tuple[int, ...], str]:
    """Return (theta_vec, layer_sizes, hidden_activation) of a fitted MLPClassifier of two classes.

    Its prediction `classes_[1]` is this network's 1. A softmax (three classes or more) is another model, and refused.
    """
    if not hasattr(classifier, "coefs_"):
        _checks.fail_type("classifier", "be a fitted MLPClassifier", classifier)
    if classifier.out_activation_ != "logistic" or len(classifier.intercepts_[-1]) != 1:
        what = f"{classifier.out_activation_} with {len(classifier.intercepts_[-1])} units"
        _checks.fail("classifier", "have one logistic output, for the model to be the same", what)
    ours = {theirs: name for name, theirs in MLP_ACTIVATIONS.items()}[classifier.activation]
    thetas = [np.c_[bias, weights.T] for weights, bias in zip(classifier.coefs_, classifier.intercepts_, strict=True)]
    return unroll(thetas), layer_sizes_of(thetas), ours
