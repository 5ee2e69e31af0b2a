"""The course's graded functions with the course's arguments, each computed by the package: what is right.

Arguments come as the assignment has them: X with its column of ones where the assignment puts it there, columns as
(m, 1) arrays. Every function returns the tuple of its outputs, as arrays in the shapes of the assignment.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from courseport._checks import FloatArray
from courseport.cost import nn_cost_function
from courseport.crosscheck.grade.data import column
from courseport.network import predict as predict_network
from courseport.network import sigmoid as logistic
from courseport.network import sigmoid_gradient, unroll
from courseport.regression import (
    collaborative_cost,
    estimate_gaussian,
    learning_curve,
    linear_cost,
    logistic_cost,
    poly_features,
    predict_logistic,
    predict_one_vs_all,
    train_one_vs_all,
    validation_curve,
)

COURSE_LAMBDAS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
Outputs = tuple[Any, ...]


def warm_up_exercise() -> Outputs:
    """Return the 5 x 5 identity matrix."""
    return (np.eye(5),)


def compute_cost(X: FloatArray, y: FloatArray, theta: FloatArray) -> Outputs:
    """Return J of linear regression."""
    return (linear_cost(theta.ravel(), X[:, 1:], y)[0],)


def compute_cost_any(X: FloatArray, y: FloatArray, theta: FloatArray) -> Outputs:
    """Return J of linear regression for an X of any columns: nothing is taken for a column of ones."""
    return (float(np.sum((X @ theta - y) ** 2)) / (2 * len(y)),)


def gradient_descent(X: FloatArray, y: FloatArray, theta: FloatArray, alpha: float, num_iters: float) -> Outputs:
    """Return theta after the steps, and J after each of them."""
    history = []
    for _ in range(int(num_iters)):
        theta = theta - alpha / len(y) * X.T @ (X @ theta - y)
        history.append(compute_cost_any(X, y, theta)[0])
    return theta, column(history)


def feature_normalize(X: FloatArray) -> Outputs:
    """Return X with mean 0 and standard deviation 1 (by m - 1), the means and the deviations."""
    mu, sigma = X.mean(axis=0, keepdims=True), X.std(axis=0, ddof=1, keepdims=True)
    with np.errstate(invalid="ignore"):  # a constant feature gives 0/0, as in Octave
        return (X - mu) / sigma, mu, sigma


def normal_eqn(X: FloatArray, y: FloatArray) -> Outputs:
    """Return the theta of least squares; X has what columns it has."""
    return (np.linalg.lstsq(X, y, rcond=None)[0],)


def sigmoid(z: Any) -> Outputs:
    """Return g(z), element by element."""
    return (logistic(z),)


def cost_function(theta: FloatArray, X: FloatArray, y: FloatArray, lambda_: float = 0.0) -> Outputs:
    """Return J of logistic regression and its gradient."""
    J, grad = logistic_cost(theta.ravel(), X[:, 1:], y, lambda_)
    return J, column(grad)


def predict(theta: FloatArray, X: FloatArray) -> Outputs:
    """Return 1 where g(theta' x) >= 0.5, else 0."""
    return (column(predict_logistic(theta.ravel(), X[:, 1:])),)


def one_vs_all(X: FloatArray, y: FloatArray, num_labels: float, lambda_: float) -> Outputs:
    """Return the optimal theta of each label, a row each."""
    return (train_one_vs_all(X, y, int(num_labels), lambda_, method="BFGS", max_iterations=1000),)


def predict_one_vs_all_(all_theta: FloatArray, X: FloatArray) -> Outputs:
    """Return the label of the most probable class of each row."""
    return (column(predict_one_vs_all(all_theta, X)),)


def predict_labels(Theta1: FloatArray, Theta2: FloatArray, X: FloatArray) -> Outputs:
    """Return the label that the network reads in each row."""
    sizes = (Theta1.shape[1] - 1, Theta1.shape[0], Theta2.shape[0])
    return (column(predict_network(unroll([Theta1, Theta2]), sizes, X)),)


def nn_cost(
    nn_params: FloatArray,
    input_layer_size: float,
    hidden_layer_size: float,
    num_labels: float,
    X: FloatArray,
    y: FloatArray,
    lambda_: float,
) -> Outputs:
    """Return J of the network and its gradient."""
    sizes = (int(input_layer_size), int(hidden_layer_size), int(num_labels))
    J, grad = nn_cost_function(nn_params.ravel(), sizes, X, y, lambda_)
    return J, column(grad)


def sigmoid_slope(z: Any) -> Outputs:
    """Return g'(z), element by element."""
    return (sigmoid_gradient(z),)


def linear_reg_cost(X: FloatArray, y: FloatArray, theta: FloatArray, lambda_: float) -> Outputs:
    """Return J of regularised linear regression and its gradient."""
    J, grad = linear_cost(theta.ravel(), X[:, 1:], y, lambda_)
    return J, column(grad)


def learning_curve_(X: FloatArray, y: FloatArray, Xval: FloatArray, yval: FloatArray, lambda_: float) -> Outputs:
    """Return the errors of training and validation for 1 to m examples."""
    return tuple(column(error) for error in learning_curve(X[:, 1:], y, Xval[:, 1:], yval, lambda_))


def poly_features_(X: FloatArray, p: float) -> Outputs:
    """Return the powers 1 to p, a column each."""
    return (poly_features(X.ravel(), int(p)),)


def validation_curve_(X: FloatArray, y: FloatArray, Xval: FloatArray, yval: FloatArray) -> Outputs:
    """Return the course's lambdas and the errors of training and validation for each."""
    errors = validation_curve(X[:, 1:], y, Xval[:, 1:], yval, COURSE_LAMBDAS)
    return column(COURSE_LAMBDAS), *(column(error) for error in errors)


def cofi_cost(
    params: FloatArray,
    Y: FloatArray,
    R: FloatArray,
    num_users: float,
    num_movies: float,
    num_features: float,
    lambda_: float,
) -> Outputs:
    """Return J of collaborative filtering and its gradient."""
    del num_users, num_movies  # they are the shape of Y
    J, grad = collaborative_cost(params.ravel(), Y, R, int(num_features), lambda_)
    return J, column(grad)


def estimate_gaussian_(X: FloatArray) -> Outputs:
    """Return the mean and the variance (by m) of each feature, as columns."""
    return tuple(column(values) for values in estimate_gaussian(X))
