"""scikit-learn's MLPClassifier: its own loss and gradient, and its own fit with lbfgs.

Fitted on the matrix of 0s and 1s it has sigmoid outputs, and exactly the course's cost.
"""

from __future__ import annotations

import inspect
import warnings
from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from benchmarks.peers import Peer
from benchmarks.shapes import LAMBDA, Problem
from courseport import ThetaLayout
from courseport._checks import FloatArray


def build(problem: Problem) -> Peer:
    sizes, X, Y = problem.shape.layer_sizes, problem.X, problem.targets
    model = _prepared(problem)
    buffers = _buffers(model, X)
    extra = (None,) if "sample_weight" in inspect.signature(model._loss_grad_lbfgs).parameters else ()
    layout = ThetaLayout(sizes)
    return Peer(
        call=lambda packed: model._loss_grad_lbfgs(packed, X, Y, *extra, *buffers),
        native=lambda theta_vec: _pack(layout, theta_vec),
        read=lambda raw: (raw[0], _unpack(sizes, raw[1])),
        train=lambda iterations: _fit(problem, iterations),
    )


def _classifier(problem: Problem, iterations: int) -> MLPClassifier:
    return MLPClassifier(
        hidden_layer_sizes=problem.shape.layer_sizes[1:-1],
        activation="logistic",
        solver="lbfgs",
        alpha=LAMBDA,
        max_iter=iterations,
        max_fun=10**6,
        tol=1e-12,  # so that all iterations are done
        random_state=0,
    )


def _targets(problem: Problem) -> Any:
    return problem.targets if problem.shape.layer_sizes[-1] > 1 else problem.y


def _fit(problem: Problem, iterations: int) -> tuple[float, int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = _classifier(problem, iterations).fit(problem.X, _targets(problem))
    return float(model.loss_), int(model.n_iter_)


def _prepared(problem: Problem) -> MLPClassifier:
    """Return a model whose layers, loss and places in the packed vector `fit` has set up, on a few rows."""
    few = Problem(problem.shape, problem.X[:200], problem.y[:200], problem.theta_vec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one iteration does not converge, and few rows may lack a class
        return _classifier(problem, 1).fit(few.X, _targets(few))


def _buffers(model: MLPClassifier, X: FloatArray) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    activations: list[Any] = [X, *([None] * len(model.coefs_))]
    empty = [np.empty_like(coefficients) for coefficients in model.coefs_]
    return activations, [None] * len(empty), empty, [np.empty_like(bias) for bias in model.intercepts_]


def _pack(layout: ThetaLayout, theta_vec: FloatArray) -> FloatArray:
    T = layout.transposed_views(theta_vec)
    return np.concatenate([*(t[1:].ravel() for t in T), *(t[0] for t in T)])


def _unpack(sizes: tuple[int, ...], packed: FloatArray) -> FloatArray:
    weights, start = [], 0
    for rows, columns in pairwise(sizes):
        weights.append(packed[start : start + rows * columns].reshape(rows, columns))
        start += rows * columns
    biases = np.split(packed[start:], np.cumsum(sizes[1:-1]))
    return np.concatenate([np.vstack([b, w]).ravel() for w, b in zip(weights, biases, strict=True)])
