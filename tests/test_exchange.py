"""Networks that travel: scikit-learn's MLPClassifier and back, ONNX run by onnxruntime."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.testing import assert_array_equal
from skl2onnx import to_onnx
from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tolerances import ALGEBRA, FLOAT32, assert_close

import courseport as cp
from courseport._checks import how_to_install
from courseport.integrations.estimators import LogisticRegression, NeuralNetworkClassifier, NeuralNetworkRegressor
from courseport.integrations.mlp import from_mlp_classifier, to_mlp_classifier
from courseport.integrations.onnx import register_converters, save_onnx
from courseport.network.activations import ACTIVATIONS

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 4))


def draw(layer_sizes: tuple[int, ...]) -> np.ndarray:
    return cp.rand_initialize_weights(layer_sizes, 1.5, seed=4)


@pytest.mark.parametrize("sizes", [(4, 1), (4, 5, 1), (4, 5, 3, 1)])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
def test_ours_as_scikit_learn_s(sizes: tuple[int, ...], activation: str) -> None:
    theta_vec = draw(sizes)
    peer = to_mlp_classifier(theta_vec, sizes, hidden_activation=activation, classes=["no", "yes"])
    h = cp.hypothesis(theta_vec, sizes, X, hidden_activation=activation)
    assert_close(peer.predict_proba(X)[:, 1:], h, ALGEBRA)
    labels = cp.predict(theta_vec, sizes, X, hidden_activation=activation)
    assert_array_equal(peer.predict(X) == "yes", labels == 1)
    back, back_sizes, back_activation = from_mlp_classifier(peer)
    assert_array_equal(back, theta_vec)
    assert (back_sizes, back_activation) == (sizes, activation)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("activation", ["logistic", "tanh", "relu"])
def test_scikit_learn_s_as_ours(activation: str) -> None:
    rows, labels = load_iris(return_X_y=True)
    labels = np.where(labels == 2, "virginica", "other")
    peer = MLPClassifier((6, 4), activation=activation, solver="lbfgs", alpha=0.1, max_iter=100, random_state=0)
    peer.fit(rows, labels)
    theta_vec, sizes, hidden = from_mlp_classifier(peer)
    assert sizes == (4, 6, 4, 1)
    h = cp.hypothesis(theta_vec, sizes, rows, hidden_activation=hidden)
    assert_close(h[:, 0], peer.predict_proba(rows)[:, 1], ALGEBRA)
    assert_array_equal(cp.predict(theta_vec, sizes, rows, hidden_activation=hidden), peer.predict(rows) == "virginica")


def test_a_model_that_is_not_the_same_is_refused() -> None:
    with pytest.raises(ValueError, match="layer_sizes must end in one output unit"):
        to_mlp_classifier(draw((4, 3)), (4, 3))
    with pytest.raises(ValueError, match="hidden_activation must be one of 'sigmoid', 'tanh', 'relu', 'linear', got"):
        to_mlp_classifier(draw((4, 3, 1)), (4, 3, 1), hidden_activation="leaky_relu")
    with pytest.raises(ValueError, match=r"classes must be two labels, sorted, got \[1, 0\]"):
        to_mlp_classifier(draw((4, 1)), (4, 1), classes=[1, 0])
    with pytest.raises(ValueError, match=r"classifier must have one logistic output.*got softmax with 3 units"):
        from_mlp_classifier(MLPClassifier((2,), max_iter=2).partial_fit(X[:3], [0, 1, 2], classes=[0, 1, 2]))
    with pytest.raises(TypeError, match="classifier must be a fitted MLPClassifier, got MLPClassifier"):
        from_mlp_classifier(MLPClassifier())


@pytest.mark.parametrize("sizes", [(4, 1), (4, 3), (4, 5, 1), (4, 6, 5, 3)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_onnx_gives_the_same(sizes: tuple[int, ...], activation: str, tmp_path: Path) -> None:
    path, theta_vec = tmp_path / "network.onnx", draw(sizes)
    output = "linear" if activation == "tanh" else "sigmoid"
    model = {"hidden_activation": activation, "output_activation": output}
    save_onnx(path, theta_vec, sizes, **model)
    onnx.checker.check_model(onnx.load(path), full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    h, labels = session.run(["h", "label"], {"X": X})
    assert_close(h, cp.hypothesis(theta_vec, sizes, X, **model), ALGEBRA)
    assert_array_equal(labels, cp.predict(theta_vec, sizes, X, **model))


@pytest.mark.parametrize("sizes", [(4, 1), (4, 5, 4)])
def test_onnx_labels_are_predict_s_where_outputs_saturate(sizes: tuple[int, ...], tmp_path: Path) -> None:
    path, theta_vec = tmp_path / "network.onnx", 400 * draw(sizes)
    save_onnx(path, theta_vec, sizes)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    h, labels = session.run(["h", "label"], {"X": X})
    assert_array_equal(labels, cp.predict(theta_vec, sizes, X))
    if sizes[-1] > 1:
        assert not np.array_equal(labels, h.argmax(axis=1) + 1)  # the outputs alone would not tell


def test_a_trained_network_reads_digits_in_onnxruntime(tmp_path: Path) -> None:
    data = load_digits()
    rows, labels, sizes = data.data / 16, np.where(data.target == 0, 10, data.target), (64, 15, 10)
    with cp.NeuralNetworkCost(sizes, rows, labels, 0.1) as cost, pytest.warns(cp.TrainingWarning):
        theta_vec = cp.train(cost, cp.rand_initialize_weights(sizes, seed=0), max_iterations=60).x
    save_onnx(tmp_path / "digits.onnx", theta_vec, sizes)
    session = onnxruntime.InferenceSession(tmp_path / "digits.onnx", providers=["CPUExecutionProvider"])
    (read,) = session.run(["label"], {"X": rows})
    assert_array_equal(read, cp.predict(theta_vec, sizes, rows))
    assert cp.accuracy(read, labels) > 95


def test_in_single_precision(tmp_path: Path) -> None:
    sizes, theta_vec = (4, 5, 3), draw((4, 5, 3))
    save_onnx(tmp_path / "network.onnx", theta_vec, sizes, dtype="float32")
    session = onnxruntime.InferenceSession(tmp_path / "network.onnx", providers=["CPUExecutionProvider"])
    (h,) = session.run(["h"], {"X": X.astype(np.float32)})
    assert h.dtype == np.float32
    assert_close(h, cp.hypothesis(theta_vec, sizes, X), FLOAT32)
    with pytest.raises(ValueError, match="dtype must be one of 'float64', 'float32', got 'int64'"):
        save_onnx(tmp_path / "network.onnx", theta_vec, sizes, dtype="int64")


ROWS, LABELS = load_iris(return_X_y=True)
NAMES = np.array(["setosa", "versicolor", "virginica"])[LABELS]
CLASSIFIERS = [
    (LogisticRegression(), LABELS),
    (LogisticRegression(), NAMES),
    (NeuralNetworkClassifier((5,), random_state=0), NAMES),
    (NeuralNetworkClassifier((5, 3), hidden_activation="leaky_relu", random_state=0), LABELS == 1),
]


@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("classifier", "labels"), CLASSIFIERS)
def test_a_pipeline_gives_the_same_in_onnxruntime(classifier: Any, labels: np.ndarray, dtype: type) -> None:
    register_converters()
    pipeline = make_pipeline(StandardScaler(), clone(classifier)).fit(ROWS, labels)
    rows = ROWS.astype(dtype)
    opset = 13 if dtype is np.float32 else 21
    content = to_onnx(pipeline, rows[:1], target_opset=opset, options={id(pipeline): {"zipmap": False}})
    onnx.checker.check_model(content, full_check=True)
    session = onnxruntime.InferenceSession(content.SerializeToString(), providers=["CPUExecutionProvider"])
    read, shares = session.run(None, {"X": rows})
    assert shares.dtype == dtype
    assert_array_equal(read, pipeline.predict(ROWS))
    assert_close(shares, pipeline.predict_proba(ROWS), ALGEBRA if dtype is np.float64 else FLOAT32)


@pytest.mark.filterwarnings("ignore::courseport.TrainingWarning")
@pytest.mark.parametrize("columns", [1, 2])
def test_a_regressor_gives_the_same_in_onnxruntime(columns: int) -> None:
    register_converters()
    regressor = NeuralNetworkRegressor((4,), hidden_activation="tanh", random_state=0)
    regressor.fit(ROWS, ROWS[:, :columns].squeeze())
    session = onnxruntime.InferenceSession(to_onnx(regressor, ROWS[:1], target_opset=17).SerializeToString())
    (values,) = session.run(None, {"X": ROWS})
    assert values.shape == (150, columns)
    assert_close(values.squeeze(), regressor.predict(ROWS), ALGEBRA)


def test_without_the_package_one_line_says_what_to_install() -> None:
    code = "import sys; sys.modules['skl2onnx'] = None; from courseport.integrations.onnx import *"
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}; register_converters()"], capture_output=True, text=True, check=False
    )
    assert ended.stderr.strip().endswith(f"ONNX needs skl2onnx: {how_to_install('onnx')}")
