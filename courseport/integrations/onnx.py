"""ONNX: a network by itself, or the estimators wherever they stand in a scikit-learn pipeline.

The nodes are made, checked and put together by skl2onnx.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from courseport import _checks
from courseport._checks import FloatArray
from courseport._files import atomic_path
from courseport.network.activations import LEAK, ActivationName
from courseport.network.model import Model, build_model

OPERATORS = {"sigmoid": "OnnxSigmoid", "tanh": "OnnxTanh", "relu": "OnnxRelu", "linear": "OnnxIdentity"}
OPSET = 13  # the oldest operator set that has all of it: runtimes and pipelines may have any later one


def save_onnx(
    path: str | os.PathLike[str],
    theta_vec: ArrayLike,
    layer_sizes: Sequence[int],
    *,
    hidden_activation: ActivationName = "sigmoid",
    output_activation: ActivationName = "sigmoid",
    dtype: DTypeLike = np.float64,
) -> None:
    """Write a network as an ONNX model, in one step.

    Its input is ``X`` of shape (m, s_1). Its outputs are ``h`` of shape (m, K), and ``label``, int64 of shape (m,): the
    course's 1..K, or 0/1 of one output unit, as `predict` gives them. `dtype`, float64 or float32, is the type of X and
    h, and what is computed in; all else is as for `predict`. It needs skl2onnx.
    """
    types = _skl2onnx("skl2onnx.common.data_types")
    kind = _checks.choice("dtype", str(getattr(dtype, "__name__", dtype)), ("float64", "float32"))
    tensor = types.DoubleTensorType if kind == "float64" else types.FloatTensorType
    model = build_model(layer_sizes, hidden_activation, output_activation, "squared_error")
    z, h = _layers("X", model.layout.check(theta_vec), model, kind)
    # As in predict: logits have the order of their sigmoids, and differ where those round to the same 1.
    judged, threshold = (z, 0.0) if model.output.name == "sigmoid" else (h, 0.5)
    index = _index(judged, threshold, model.units, kind)
    label = _node("OnnxAdd", index, np.array([model.units > 1], dtype=np.int64), output_names=["label"])
    content = _node("OnnxIdentity", h, output_names=["h"]).to_onnx(
        {"X": tensor([None, model.layout.layer_sizes[0]])},
        outputs=[("h", tensor([None, model.units])), ("label", types.Int64TensorType([None]))],
        other_outputs=[label],
        target_opset=OPSET,
    )
    with atomic_path(path) as temporary:
        Path(temporary).write_bytes(content.SerializeToString())


def register_converters() -> None:
    """Tell skl2onnx about the estimators: ``skl2onnx.to_onnx`` then takes them, alone and in pipelines.

    The outputs are those of scikit-learn's own classifiers and regressors. X of float64 is computed in float64, X of
    any other type in float32.
    """
    register = _skl2onnx("skl2onnx").update_registered_converter
    shapes = _skl2onnx("skl2onnx.common.shape_calculator")
    from courseport.integrations import estimators  # noqa: PLC0415 - it needs scikit-learn, as skl2onnx does

    for kind in (estimators.NeuralNetworkClassifier, estimators.LogisticRegression):
        options = {"zipmap": [True, False, "columns"], "nocl": [False], "output_class_labels": [False, True]}
        classifier = shapes.calculate_linear_classifier_output_shapes
        register(kind, f"Courseport{kind.__name__}", classifier, _convert_classifier, options=options)
    kind = estimators.NeuralNetworkRegressor
    register(kind, "CourseportNeuralNetworkRegressor", _regressor_shapes, _convert_regressor)


def _convert_classifier(scope: Any, operator: Any, container: Any) -> None:
    classes = operator.raw_operator.classes_
    z, kind = _logits(operator)
    named = {"axis": 1, "output_names": operator.outputs[1:]}
    if len(classes) == 2:
        rest = _node("OnnxSigmoid", _node("OnnxNeg", z))
        shares = _node("OnnxConcat", rest, _node("OnnxSigmoid", z), **named)
    else:
        # softmax(log h) is h / sum h, with log h = min(z, 0) - log(1 + e^-|z|): right also where every h underflows.
        decay = _node("OnnxExp", _node("OnnxNeg", _node("OnnxAbs", z)))
        log = _node("OnnxLog", _node("OnnxAdd", decay, np.ones(1, kind)))
        log_h = _node("OnnxSub", _node("OnnxMin", z, np.zeros(1, kind)), log)
        shares = _node("OnnxSoftmax", log_h, **named)
    # ONNX has whole numbers and texts for labels; it takes booleans for numbers.
    names = classes.astype(np.int64 if classes.dtype.kind in "biu" else str)
    index = _index(z, 0.0, 1 if len(classes) == 2 else len(classes), kind)
    _node("OnnxGather", names, index, output_names=operator.outputs[:1]).add_to(scope, container)
    shares.add_to(scope, container)


def _regressor_shapes(operator: Any) -> None:
    answer = _skl2onnx("skl2onnx.common.data_types").guess_tensor_type(operator.inputs[0].type)
    answer.shape = [None, operator.raw_operator.layer_sizes_[-1]]
    operator.outputs[0].type = answer


def _convert_regressor(scope: Any, operator: Any, container: Any) -> None:
    z, _ = _logits(operator)
    _node("OnnxIdentity", z, output_names=operator.outputs).add_to(scope, container)


def _logits(operator: Any) -> tuple[Any, str]:
    """Return the node of the last layer's z, and the type that is computed in."""
    estimator, X = operator.raw_operator, operator.inputs[0]
    kind = "float64" if type(X.type).__name__ == "DoubleTensorType" else "float32"
    if type(X.type).__name__ not in ("DoubleTensorType", "FloatTensorType"):
        X = _node("OnnxCast", X, to=1)  # TensorProto.FLOAT
    model = build_model(estimator.layer_sizes_, estimator.hidden_activation, "linear", "squared_error")
    return _layers(X, estimator.theta_vec_, model, kind)[0], kind


def _layers(X: Any, theta_vec: FloatArray, model: Model, kind: str) -> tuple[Any, Any]:
    """Return the nodes of z(L) and h."""
    a = X
    for number, Theta in enumerate(model.layout.reshape(theta_vec), start=1):
        theta = Theta.astype(kind)
        z = _node("OnnxGemm", a, np.ascontiguousarray(theta[:, 1:]), np.array(theta[:, 0]), transB=1)
        g = model.output if number == len(model.layout.shapes) else model.hidden
        if g.name == "leaky_relu":
            # ONNX's own LeakyRelu has a slope of single precision.
            a = _node("OnnxMax", z, _node("OnnxMul", z, np.array([LEAK], kind)))
        else:
            a = _node(OPERATORS[g.name], z)
    return z, a


def _index(judged: Any, threshold: float, units: int, kind: str) -> Any:
    """Return the node of the chosen unit from 0, or 0/1 of one unit: int64 of shape (m,)."""
    if units > 1:
        return _node("OnnxArgMax", judged, axis=1, keepdims=0)  # the first of equals, as predict
    at_least = _node("OnnxGreaterOrEqual", judged, np.array([threshold], kind))
    return _node("OnnxCast", _node("OnnxSqueeze", at_least, np.array([1], np.int64)), to=7)  # TensorProto.INT64


def _node(operator: str, *inputs: Any, **attributes: Any) -> Any:
    return getattr(_skl2onnx("skl2onnx.algebra.onnx_ops"), operator)(*inputs, op_version=OPSET, **attributes)


def _skl2onnx(module: str) -> Any:
    return _checks.require(module, "onnx", "ONNX")
