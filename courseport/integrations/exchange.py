"""Trained networks that travel: to and from scikit-learn's MLPClassifier, and to ONNX.

`save_theta` and `load_theta` carry weights to and from Octave.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from courseport import __version__, _checks
from courseport._checks import FloatArray
from courseport._files import atomic_path
from courseport.network.activations import LEAK
from courseport.network.model import Model, build_model
from courseport.network.unrolling import unroll

MLP_ACTIVATIONS = {"sigmoid": "logistic", "tanh": "tanh", "relu": "relu", "linear": "identity"}
ONNX_OPERATORS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "Relu", "leaky_relu": "Max", "linear": "Identity"}
ONNX_OPSET, ONNX_IR = 17, 8  # old enough for the runtimes in use


def to_mlp_classifier(
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    *,
    hidden_activation: str = "sigmoid",
    classes: ArrayLike = (0, 1),
) -> Any:
    """Return a fitted scikit-learn MLPClassifier that is the same network.

    It is the same model only with a single sigmoid output: for more classes an MLPClassifier has a softmax, where the
    course has one sigmoid a class.

    Parameters
    ----------
    theta_vec : array_like, shape (n,)
        The parameters.
    layer_sizes : sequence of int
        The last one 1.
    hidden_activation : str, default "sigmoid"
        "sigmoid", "tanh", "relu" or "linear"; an MLPClassifier has no leaky ReLU.
    classes : array_like, shape (2,)
        The labels that 0 and 1 stand for, sorted.

    Returns
    -------
    sklearn.neural_network.MLPClassifier
        It predicts; its `fit` would begin anew.

    Raises
    ------
    ValueError, TypeError
        If the model is not the same, or an argument not as described.
    ModuleNotFoundError
        Without scikit-learn.
    """
    network = _checks.require("sklearn.neural_network", "sklearn", "to_mlp_classifier")
    model = build_model(layer_sizes, hidden_activation)
    _checks.choice("hidden_activation", hidden_activation, MLP_ACTIVATIONS)
    if model.units != 1:
        _checks.fail("layer_sizes", "end in one output unit, as an MLPClassifier of two classes does", model.units)
    labels = np.unique(np.asarray(classes))
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

    Its prediction `classes_[1]` is this network's 1.

    Raises
    ------
    ValueError, TypeError
        If it is not fitted, or has a softmax (three classes or more), which is another model.
    """
    if not hasattr(classifier, "coefs_"):
        _checks.fail_type("classifier", "be a fitted MLPClassifier", classifier)
    if classifier.out_activation_ != "logistic" or len(classifier.intercepts_[-1]) != 1:
        what = f"{classifier.out_activation_} with {len(classifier.intercepts_[-1])} units"
        _checks.fail("classifier", "have one logistic output, for the model to be the same", what)
    ours = {theirs: name for name, theirs in MLP_ACTIVATIONS.items()}[classifier.activation]
    thetas = [np.c_[bias, weights.T] for weights, bias in zip(classifier.coefs_, classifier.intercepts_, strict=True)]
    sizes = (thetas[0].shape[1] - 1, *(len(theta) for theta in thetas))
    return unroll(thetas), sizes, ours


def save_onnx(
    path: str | os.PathLike[str],
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    *,
    hidden_activation: str = "sigmoid",
    output_activation: str = "sigmoid",
) -> None:
    """Write a network as an ONNX model, in one step.

    Its input is ``X``, float64 of shape (m, s_1). Its outputs are ``h``, float64 of shape (m, K), and ``label``, int64
    of shape (m,): the course's 1..K, or 0/1 of one output unit, as `predict` gives them.

    Parameters
    ----------
    path : path-like
    theta_vec : array_like, shape (n,)
        The parameters.
    layer_sizes : sequence of int
        Units per layer without bias.
    hidden_activation, output_activation : str, default "sigmoid"
        As for `predict`.

    Raises
    ------
    OSError
        If the file cannot be written.
    ModuleNotFoundError
        Without onnx.
    """
    onnx = _checks.require("onnx", "onnx", "save_onnx")
    model = build_model(layer_sizes, hidden_activation, output_activation, "squared_error")
    content = _onnx_model(onnx, model, model.layout.reshape(theta_vec))
    onnx.checker.check_model(content, full_check=True)
    with atomic_path(path) as temporary:
        Path(temporary).write_bytes(content.SerializeToString())


def _onnx_model(onnx: Any, model: Model, thetas: list[FloatArray]) -> Any:
    helper, kinds = onnx.helper, onnx.TensorProto
    nodes, constants, source = [], [], "X"
    for number, theta in enumerate(thetas, start=1):
        weights, bias, z, a = f"W{number}", f"b{number}", f"z{number + 1}", f"a{number + 1}"
        constants.append(onnx.numpy_helper.from_array(np.ascontiguousarray(theta[:, 1:]), weights))
        constants.append(onnx.numpy_helper.from_array(np.array(theta[:, 0]), bias))
        g = model.output if number == len(thetas) else model.hidden
        answer = "h" if number == len(thetas) else a
        nodes.append(helper.make_node("Gemm", [source, weights, bias], [z], transB=1))
        inputs = [z]
        if g.name == "leaky_relu":  # ONNX's own has a slope of single precision
            constants.append(onnx.numpy_helper.from_array(np.array(LEAK), f"leak{number}"))
            nodes.append(helper.make_node("Mul", [z, f"leak{number}"], [f"leaked{number}"]))
            inputs.append(f"leaked{number}")
        nodes.append(helper.make_node(ONNX_OPERATORS[g.name], inputs, [answer]))
        source = answer
    # As in predict: logits have the order of their sigmoids, and differ where those round to the same 1.
    judged, threshold = (z, 0.0) if model.output.name == "sigmoid" else ("h", 0.5)
    labels, more = _label_nodes(onnx, model.units, judged, threshold)
    graph = helper.make_graph(
        nodes + labels,
        "courseport",
        [helper.make_tensor_value_info("X", kinds.DOUBLE, ["m", model.layout.layer_sizes[0]])],
        [
            helper.make_tensor_value_info("h", kinds.DOUBLE, ["m", model.units]),
            helper.make_tensor_value_info("label", kinds.INT64, ["m"]),
        ],
        constants + more,
    )
    opset = helper.make_opsetid("", ONNX_OPSET)
    return helper.make_model(
        graph, opset_imports=[opset], ir_version=ONNX_IR, producer_name="courseport", producer_version=__version__
    )


def _label_nodes(onnx: Any, units: int, judged: str, threshold: float) -> tuple[list[Any], list[Any]]:
    """Return the nodes and constants from `judged`, h or its logits, to the label."""
    node, constant = onnx.helper.make_node, onnx.numpy_helper.from_array
    if units == 1:
        at_least = node("GreaterOrEqual", [judged, "threshold"], ["is_one"])
        flat = node("Squeeze", ["is_one", "axis"], ["flat"])
        whole = node("Cast", ["flat"], ["label"], to=onnx.TensorProto.INT64)
        return [at_least, flat, whole], [constant(np.array(threshold), "threshold"), constant(np.array([1]), "axis")]
    largest = node("ArgMax", [judged], ["index"], axis=1, keepdims=0)  # the first of equals, as predict
    return [largest, node("Add", ["index", "one"], ["label"])], [constant(np.array(1), "one")]
