"""Ports as people write them, right and wrong, in Python and Octave: each with the verdict that is true of it."""

from __future__ import annotations

PYTHON = """
import collections
import numpy as np
from numpy import *

Answer = collections.namedtuple("Answer", "cost grad")

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

# right: J alone
def computeCost(X, y, theta):
    return np.sum((X @ theta - y)**2) / (2*len(y))

def compute_cost_matrix(X, y, theta):
    inner = np.power(((np.matrix(X) * np.matrix(theta).T) - np.matrix(y).T), 2)
    return np.sum(inner) / (2 * len(X))

def cost_function(theta, X, y):
    m = y.size
    h = sigmoid(X.dot(theta))
    return -1 * (1 / m) * (np.log(h).T.dot(y) + np.log(1 - h).T.dot(1 - y))

# right: the gradient alone, and two functions
def gradient(theta, X, y):
    return X.T @ (sigmoid(X @ theta) - y) / len(y)

def gradient_by_loop(theta, X, y, learningRate):
    theta, X, y = np.matrix(theta), np.matrix(X), np.matrix(y).reshape(-1, 1)
    parameters = int(theta.ravel().shape[1])
    grad = np.zeros(parameters)
    error = sigmoid(X * theta.T) - y
    for i in range(parameters):
        term = np.multiply(error, X[:, i])
        if i == 0:
            grad[i] = np.sum(term) / len(X)
        else:
            grad[i] = np.sum(term) / len(X) + (learningRate / len(X)) * theta[:, i].item()
    return grad

def costReg(theta, X, y, learningRate):
    theta, X, y = np.matrix(theta), np.matrix(X), np.matrix(y).reshape(-1, 1)
    first = np.multiply(-y, np.log(sigmoid(X * theta.T)))
    second = np.multiply((1 - y), np.log(1 - sigmoid(X * theta.T)))
    reg = (learningRate / (2 * len(X))) * np.sum(np.power(theta[:, 1:theta.shape[1]], 2))
    return np.sum(first - second) / len(X) + reg

# right: columns
def column_cost(theta, X, y, lmbda):
    m = X.shape[0]
    h = sigmoid(X.dot(theta))
    J = -(y.T.dot(np.log(h)) + (1 - y).T.dot(np.log(1 - h))) / m + lmbda / (2 * m) * np.sum(theta[1:] ** 2)
    assert J.shape == (1, 1)
    t = theta.copy(); t[0] = 0
    return J, X.T.dot(h - y) / m + lmbda / m * t

def linearRegCostFunction(X, y, theta, l):
    m = X.shape[0]
    theta = theta.reshape(-1, 1); y = y.reshape(-1, 1)
    e = X @ theta - y
    J = float((e.T @ e)[0, 0] / (2 * m) + l / (2 * m) * np.sum(theta[1:] ** 2))
    g = X.T @ e / m
    g[1:] += l / m * theta[1:]
    return [J, g.flatten()]

def features_first(X, y, theta):
    m = X.shape[1]
    e = theta @ X - y
    return e @ e / (2 * m), X @ e / m

# networks
def _net(T1, T2, X, Y, lam):
    m = len(X)
    a1 = np.c_[np.ones(m), X]
    z2 = a1 @ T1.T
    a2 = np.c_[np.ones(m), sigmoid(z2)]
    h = sigmoid(a2 @ T2.T)
    J = np.sum(-Y * np.log(h) - (1 - Y) * np.log(1 - h)) / m
    J += lam / (2 * m) * ((T1[:, 1:] ** 2).sum() + (T2[:, 1:] ** 2).sum())
    d3 = h - Y
    d2 = (d3 @ T2[:, 1:]) * sigmoid(z2) * (1 - sigmoid(z2))
    G1, G2 = d2.T @ a1 / m, d3.T @ a2 / m
    G1[:, 1:] += lam / m * T1[:, 1:]
    G2[:, 1:] += lam / m * T2[:, 1:]
    return J, G1, G2, h

def _split(p, i, h, k, order="F"):
    n = h * (i + 1)
    return p[:n].reshape(h, i + 1, order=order), p[n:].reshape(k, h + 1, order=order)

def nnCostFunction(params, input_size, hidden_size, num_labels, X, y, learning_rate):
    T1, T2 = _split(params, input_size, hidden_size, num_labels)
    J, G1, G2, h = _net(T1, T2, X, np.eye(num_labels)[y - 1], learning_rate)
    return J, np.concatenate([G1.ravel("F"), G2.ravel("F")]), h

def nn_zero_based(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    T1, T2 = _split(nn_params, input_layer_size, hidden_layer_size, num_labels)
    J, G1, G2, h = _net(T1, T2, X, np.eye(num_labels)[y], lambda_)
    return J, np.concatenate([G1.ravel("F"), G2.ravel("F")])

def nn_one_hot(theta, numInputUnits, numHiddenUnits, numClasses, myX, y_train, my_lambda):
    assert y_train.shape == (len(myX), numClasses)
    T1, T2 = _split(theta, numInputUnits, numHiddenUnits, numClasses)
    J, G1, G2, h = _net(T1, T2, myX, y_train, my_lambda)
    return J, np.hstack((G1.T.ravel(), G2.T.ravel()))

def nn_rows(nn_params, input_layer_size, hidden_layer_size, K, X, y, reg_param):
    T1, T2 = _split(nn_params, input_layer_size, hidden_layer_size, K, "C")
    J, G1, G2, h = _net(T1, T2, X, np.eye(K)[y - 1], reg_param)
    return J, np.r_[G1.ravel(), G2.ravel()]

def nn_rows_column_ones(params, input_size, hidden_size, num_labels, X, y, learning_rate):
    T1, T2 = _split(params, input_size, hidden_size, num_labels, "C")
    assert np.all(X[:, 0] == 1) and X.shape[1] == input_size + 1
    J, G1, G2, h = _net(T1, T2, X[:, 1:], np.eye(num_labels)[y.ravel() - 1], learning_rate)
    return J, np.concatenate((np.ravel(G1), np.ravel(G2)))

def nn_matrices(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    T1, T2 = _split(nn_params, input_layer_size, hidden_layer_size, num_labels)
    J, G1, G2, h = _net(T1, T2, X, np.eye(num_labels)[y - 1], lambda_)
    return J, G1, G2

def nn_ragged(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    T1, T2 = _split(nn_params, input_layer_size, hidden_layer_size, num_labels)
    J, G1, G2, h = _net(T1, T2, X, np.eye(num_labels)[y - 1], lambda_)
    return Answer(J, [G1, G2])

def nn_list_of_thetas(thetas, X, y, num_labels, lambda_):
    J, G1, G2, h = _net(thetas[0], thetas[1], X, np.eye(num_labels)[y - 1], lambda_)
    return J, [G1, G2]

def nn_cost_only(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    return nn_matrices(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_)[0]

def nn_grad_only(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    grads = nn_matrices(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_)[1:]
    return np.concatenate([g.ravel("F") for g in grads])

def nn_two_thetas(theta1, theta2, X, y, num_labels, reg_lambda):
    J, G1, G2, h = _net(theta1, theta2, X, np.eye(num_labels)[y - 1], reg_lambda)
    return J, G1, G2

def matrix_gradient(theta, X, y):
    theta, X, y = np.matrix(theta), np.matrix(X), np.matrix(y)
    h = sigmoid(X * theta.T)
    J = np.sum(np.multiply(-y, np.log(h)) - np.multiply(1 - y, np.log(1 - h))) / len(X)
    return J, (X.T * (h - y) / len(X)).T

def nn_of_the_course(theta, X, y, lam=0):
    T1, T2 = theta[:25 * 401].reshape(25, 401), theta[25 * 401:].reshape(10, 26)
    J, G1, G2, h = _net(T1, T2, X, np.eye(10)[y - 1], lam)
    return J, np.concatenate([G1.ravel(), G2.ravel()])

class Model:
    def cost(self, theta, X, y, m):
        e = X @ theta - y
        return e @ e / (2 * m), X.T @ e / m

def cofi(params, Y, R, num_users, num_movies, num_features, lambda_):
    X = params[:num_movies * num_features].reshape(num_movies, num_features, order="F")
    T = params[num_movies * num_features:].reshape(num_users, num_features, order="F")
    E = (X @ T.T - Y) * R
    J = (E ** 2).sum() / 2 + lambda_ / 2 * (params ** 2).sum()
    return J, np.concatenate([(E @ T + lambda_ * X).ravel("F"), (E.T @ X + lambda_ * T).ravel("F")])

def cofi_rows(params, Y, R, nu, nm, nf, lambda_):
    X, T = params[:nm * nf].reshape(nm, nf), params[nm * nf:].reshape(nu, nf)
    E = (X @ T.T - Y) * R
    J = (E ** 2).sum() / 2 + lambda_ / 2 * (params ** 2).sum()
    return J, np.concatenate([(E @ T + lambda_ * X).ravel(), (E.T @ X + lambda_ * T).ravel()])

# wrong
def wrong_mean(X, y, theta):
    return np.sum((X @ theta - y)**2) / len(y)

def wrong_sign(theta, X, y):
    h = sigmoid(X @ theta)
    return np.mean(y * np.log(h) + (1 - y) * np.log(1 - h))

def wrong_gradient_alone(theta, X, y):
    return X.T @ (sigmoid(X @ theta) - y)

def wrong_bias(theta, X, y, lambda_):
    m = len(y)
    h = sigmoid(X @ theta)
    J = -np.mean(y * np.log(h) + (1 - y) * np.log(1 - h)) + lambda_ / (2 * m) * np.sum(theta ** 2)
    return J, X.T @ (h - y) / m + lambda_ / m * theta

def wrong_slope(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    T1, T2 = _split(nn_params, input_layer_size, hidden_layer_size, num_labels)
    m = len(X)
    a1 = np.c_[np.ones(m), X]
    a2 = np.c_[np.ones(m), sigmoid(a1 @ T1.T)]
    h = sigmoid(a2 @ T2.T)
    Y = np.eye(num_labels)[y - 1]
    J = _net(T1, T2, X, Y, lambda_)[0]
    d2 = ((h - Y) @ T2[:, 1:]) * a2[:, 1:]
    G1, G2 = d2.T @ a1 / m, (h - Y).T @ a2 / m
    G1[:, 1:] += lambda_ / m * T1[:, 1:]
    G2[:, 1:] += lambda_ / m * T2[:, 1:]
    return J, np.concatenate([G1.ravel("F"), G2.ravel("F")])

def wrong_rows(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    T1, T2 = _split(nn_params, input_layer_size, hidden_layer_size, num_labels, "C")
    J, G1, G2, h = _net(T1, T2, X, np.eye(num_labels)[y - 1], lambda_)
    return J, np.r_[G1.ravel("F"), G2.ravel("F")]

def wrong_rows_and_penalty(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda_):
    T1, T2 = _split(nn_params, input_layer_size, hidden_layer_size, num_labels, "C")
    J, G1, G2, h = _net(T1, T2, X, np.eye(num_labels)[y - 1], lambda_)
    return J + lambda_ / (2 * len(X)) * np.sum(T1[:, 0] ** 2), np.r_[G1.ravel(), G2.ravel()]

def wrong_random(theta, X, y):
    e = X @ theta - y + np.random.rand()
    return e @ e / (2 * len(y)), X.T @ e / len(y)

def wrong_constant(theta, X, y):
    theta = np.ones(X.shape[1])
    e = X @ theta - y
    return e @ e / (2 * len(y)), X.T @ e / len(y)

def wrong_shape(theta, X, y):
    h = sigmoid(X @ theta)
    return -y * np.log(h) - (1 - y) * np.log(1 - h), X.T @ (h - y) / len(y)

def wrong_short_gradient(theta, X, y):
    h = sigmoid(X @ theta)
    return np.mean(-y * np.log(h) - (1 - y) * np.log(1 - h)), (X.T @ (h - y) / len(y))[1:]

def not_begun(theta, X, y):
    J = 0
    grad = np.zeros(theta.shape)
    return J, grad

def not_finished(theta, X, y):
    pass

def old_numpy(theta, X, y):
    return np.asscalar(np.array([1.0])), theta

def own_bug(theta, X, y):
    return (theta.foo, theta)

def features_only_two(X, y, theta):
    return np.sum((theta[0] + theta[1] * X[:, 1] - y) ** 2) / (2 * len(y))

def unclear_names(alpha, beta, theta):
    return alpha

def gradientDescent(X, y, theta, alpha, iterations):
    return theta
"""
PYTHON_VERDICTS = {
    # function: status, kind, and words that must be there
    "computeCost": ("agrees", "J is right; it returns no gradient"),
    "compute_cost_matrix": ("agrees", "J is right; it returns no gradient"),
    "cost_function": ("agrees", "J is right; it returns no gradient"),
    "gradient": ("agrees", "the gradient is right; it returns no J"),
    "gradient_by_loop": ("agrees", "the gradient is right"),
    "costReg": ("agrees", "J is right"),
    "costReg,gradient_by_loop": ("agrees", "J and the gradient are right"),
    "column_cost": ("agrees", "as a column"),
    "linearRegCostFunction": ("agrees", "J and the gradient are right"),
    "features_first": ("agrees", "as (n, m)"),
    "nnCostFunction": ("agrees", "it returns more than J and the gradient"),
    "nn_zero_based": ("agrees", "labels 0 to K - 1"),
    "nn_one_hot": ("agrees", "one-hot, (m, K)"),
    "nn_rows": ("agrees row by row", "--order C"),
    "nn_rows_column_ones": ("agrees row by row", "with its column of ones"),
    "nn_matrices": ("agrees", "one matrix for each Theta"),
    "nn_ragged": ("agrees", "one matrix for each Theta"),
    "nn_list_of_thetas": ("agrees", "as a list of its matrices"),
    "nn_of_the_course": ("agrees row by row", "row by row"),
    "nn_two_thetas": ("agrees", "J and the gradient are right"),
    "matrix_gradient": ("agrees", "as a column, (m, 1)"),
    "nn_cost_only": ("agrees", "J is right"),
    "nn_grad_only": ("agrees", "the gradient is right"),
    "nn_cost_only,nn_grad_only": ("agrees", "J and the gradient are right"),
    "Model.cost": ("agrees", "J and the gradient are right"),
    "cofi": ("agrees", "J and the gradient are right"),
    "cofi_rows": ("agrees row by row", "row by row"),
    "wrong_mean": ("disagrees", "J-not-halved"),
    "wrong_sign": ("disagrees", "J-sign"),
    "wrong_gradient_alone": ("disagrees", "gradient-without-m"),
    "wrong_bias": ("disagrees", "bias-penalised"),
    "wrong_slope": ("disagrees", "slope-sigmoid"),
    "wrong_rows": ("disagrees", "row-major-in"),
    "wrong_rows_and_penalty": ("disagrees", "first-bias-penalised"),
    "wrong_random": ("disagrees", "another one on every call"),
    "wrong_constant": ("disagrees", "J does not depend on theta"),
    "wrong_shape": ("disagrees", "J has shape ("),
    "wrong_short_gradient": ("disagrees", "J is right; the gradient has shape ("),
    "not_begun": ("not done yet", "J and the gradient are 0"),
    "not_finished": ("not done yet", "it returns nothing"),
    "old_numpy": ("could not be run", "np.asscalar ended with NumPy 1.23"),
    "own_bug": ("could not be run", "no attribute 'foo'"),
    "features_only_two": ("disagrees", "where there is more than 1 feature"),
    "unclear_names": ("could not be run", "unclear_names(alpha?, beta?, theta)"),
    "gradientDescent": ("no cost function", "gradientDescent"),
}

_NETWORK = """\
function [J grad] = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda)
n = hidden_layer_size * (input_layer_size + 1);
Theta1 = reshape(nn_params(1:n), hidden_layer_size, (input_layer_size + 1));
Theta2 = reshape(nn_params(n + 1:end), num_labels, (hidden_layer_size + 1)); m = size(X, 1);
J = 0;
Theta1_grad = zeros(size(Theta1));
Theta2_grad = zeros(size(Theta2));
%s
grad = [Theta1_grad(:) ; Theta2_grad(:)];
end
"""
_FORWARD = """a1 = [ones(m, 1) X]; z2 = a1 * Theta1'; a2 = [ones(m, 1) sigmoid(z2)]; h = sigmoid(a2 * Theta2');
"""
_COST = """J = sum(sum(-Y .* log(h) - (1 - Y) .* log(1 - h))) / m;
J = J + lambda / (2 * m) * (sum(sum(Theta1(:, 2:end) .^ 2)) + sum(sum(Theta2(:, 2:end) .^ 2)));
"""
_BACK = """d3 = h - Y; d2 = (d3 * Theta2(:, 2:end)) .* sigmoidGradient(z2);
Theta1_grad = d2' * a1 / m; Theta2_grad = d3' * a2 / m;
Theta1_grad(:, 2:end) += lambda / m * Theta1(:, 2:end); Theta2_grad(:, 2:end) += lambda / m * Theta2(:, 2:end);
"""
_ALL = """J = sum(L, 'all') / m;
J += lambda / (2 * m) * (sum(Theta1(:, 2:end) .^ 2, 'all') + sum(sum(Theta2(:, 2:end) .^ 2)));
"""
_EYE = "I = eye(num_labels); Y = I(y, :);\n"


def _network(*parts: str) -> str:
    return _NETWORK % "".join(parts)


def _logistic(body: str, *, name: str = "costFunctionReg", head: str = "[J, grad]") -> str:
    return f"function {head} = {name}(theta, X, y, lambda)\n{body}\nend\n"


_RIGHT_LOGISTIC = """m = length(y);
h = sigmoid(X * theta);
t = [0; theta(2:end)];
J = (-y' * log(h) - (1 - y)' * log(1 - h)) / m + lambda / (2 * m) * (t' * t);
grad = (X' * (h - y) + lambda * t) / m;"""
_RIGHT_LINEAR = """function [J, grad] = linearRegCostFunction(X, y, theta, lambda)
m = length(y); e = X * theta - y;
J = e' * e / (2 * m) + lambda / (2 * m) * sum(theta(2:end) .^ 2);
grad = X' * e / m; grad(2:end) += lambda / m * theta(2:end);
end
"""

# name: the text, its status, and words that must be said; the file's name is the function's.
OCTAVE = {
    # right
    "network": (_network(_EYE, _FORWARD, _COST, _BACK), "agrees", "J and the gradient are right"),
    "no helpers beside": (_network(_EYE, _FORWARD, _COST, _BACK), "agrees", "sigmoid.m is not beside it"),
    "labels from zero": (
        _network("I = eye(num_labels); Y = I(y + 1, :);\n", _FORWARD, _COST, _BACK),
        "agrees",
        "it takes y as labels 0 to K - 1",
    ),
    "J alone": (_logistic(_RIGHT_LOGISTIC, head="[J]"), "agrees", "J is right; it returns no gradient"),
    "gradient alone": (_logistic(_RIGHT_LOGISTIC, head="grad"), "agrees", "the gradient is right; it returns no J"),
    "logistic": (_logistic(_RIGHT_LOGISTIC), "agrees", "right"),
    "linear": (_RIGHT_LINEAR, "agrees", "right"),
    "linear under another name": (
        "function [J, grad] = cost_function(theta, X, y)\nm = numel(y); e = X * theta - y;\n"
        "J = sumsq(e) / (2 * m); grad = X' * e / m;\nend\n",
        "agrees",
        "right",
    ),
    "logistic called computeCost": (
        "function [J, grad] = computeCost(X, y, theta)\nm = numel(y); h = 1 ./ (1 + e .^ (-X * theta));\n"
        "J = -(y' * log(h) + (1 - y)' * log(1 - h)) / m; grad = X' * (h - y) / m;\nend\n",
        "agrees",
        "right",
    ),
    "ex1's size": (
        "function J = computeCost(X, y, theta)\nm = length(y);\nline = theta(1) + theta(2) * X(:, 2);\n"
        "J = sum((line - y) .^ 2) / (2 * m);\nend\n",
        "agrees",
        "right with 1 feature, as in ex1; with more it uses theta(1) and theta(2) only",
    ),
    "ex2's size": (
        "function [J, grad] = costFunction(theta, X, y)\nm = length(y); grad = zeros(size(theta));\n"
        "h = sigmoid(X * theta); J = -(y' * log(h) + (1 - y)' * log(1 - h)) / m;\n"
        "grad(1) = sum((h - y) .* X(:, 1)) / m; grad(2) = sum((h - y) .* X(:, 2)) / m; "
        "grad(3) = sum((h - y) .* X(:, 3)) / m;\nend\n",
        "agrees",
        "right with 2 features, as in ex2",
    ),
    "one example": (
        _RIGHT_LINEAR.replace("X' * e / m", "sum(e .* X)' / m"),
        "agrees",
        "with one example it is wrong",
    ),
    "MATLAB's sum": (
        _network(_EYE, _FORWARD, "L = -Y .* log(h) - (1 - Y) .* log(1 - h);\n", _ALL, _BACK),
        "agrees",
        "sum(x, 'all') is MATLAB's",
    ),
    "prints": (
        _network(_EYE, _FORWARD, _COST.replace(")));\n", ")))\n"), _BACK, "fprintf('%f', J); printf('\\r50%%');\n"),
        "agrees",
        "a semicolon is missing in line 11: it prints J",
    ),
    "nested comments": (
        _logistic("%{\n%{\nJ = 3;\n%}\nfunction x = y(z)\n%}\n" + _RIGHT_LOGISTIC),
        "agrees",
        "right",
    ),
    "loops": (
        _network(
            "for i = 1:m\n a1 = [1; X(i, :)']; z2 = Theta1 * a1; a2 = [1; sigmoid(z2)]; h = sigmoid(Theta2 * a2);\n"
            " Y = ((1:num_labels) == y(i))'; J += sum(-Y .* log(h) - (1 - Y) .* log(1 - h)) / m;\n"
            " d3 = h - Y; d2 = Theta2' * d3; d2 = d2(2:end) .* sigmoidGradient(z2);\n"
            " Theta1_grad += d2 * a1' / m; Theta2_grad += d3 * a2' / m;\nend\n"
            "t1 = Theta1; t1(:, 1) = 0; t2 = Theta2; t2(:, 1) = 0;\n"
            "J += lambda / (2 * m) * (sumsq(t1(:)) + sumsq(t2(:)));\n"
            "Theta1_grad += lambda / m * t1; Theta2_grad += lambda / m * t2;\n"
        ),
        "agrees",
        "right",
    ),
    # not done, or not a cost function
    "starter": (_network(), "not done yet", "J and the gradient are 0"),
    "half done": (_network(_EYE, _FORWARD, _COST), "not done yet", "J is right; the gradient is 0 everywhere"),
    "never set": (_logistic(_RIGHT_LOGISTIC.partition("\ngrad")[0]), "not done yet", "grad is announced and never set"),
    "script": ("%% ex4\nclear; close all;\nload('ex4data1.mat');\n", "no cost function", "is a script"),
    "plot": ("function plotDecisionBoundary(theta, X, y)\nplot(X(:, 2));\nend\n", "no cost function", "by its name"),
    "descent": (
        "function [theta, J_history] = gradientDescent(X, y, theta, alpha, num_iters)\nend\n",
        "no cost function",
        "by its name",
    ),
    # wrong
    "unique labels": (
        _network("Y = double(y == unique(y)');\n", _FORWARD, _COST, _BACK),
        "disagrees",
        "a label does not occur",
    ),
    "largest label": (
        _network("I = eye(max(y)); Y = I(y, :);\n", _FORWARD, _COST, _BACK),
        "disagrees",
        "the last label does not occur",
    ),
    "length of X": (
        _logistic(
            "m = length(y); h = sigmoid(X * theta); J = 0; grad = zeros(size(theta));\n"
            "for i = 1:length(X)\n J += (-y(i) * log(h(i)) - (1 - y(i)) * log(1 - h(i))) / m; "
            "grad += X(i, :)' * (h(i) - y(i)) / m;\nend\n"
            "t = [0; theta(2:end)]; J += lambda / (2 * m) * sumsq(t); grad += lambda / m * t;"
        ),
        "disagrees",
        "length(X) is the longer side of X",
    ),
    "random": (
        _network("Theta1 = rand(size(Theta1));\n", _EYE, _FORWARD, _COST, _BACK),
        "disagrees",
        "its answer is another one on every call",
    ),
    "row": (_logistic(_RIGHT_LOGISTIC + " grad = grad';"), "disagrees", "Say grad = grad(:)"),
    "table": (
        _logistic(_RIGHT_LOGISTIC.replace("(-y' * log(h)", "(-y' .* log(h)")),
        "disagrees",
        "J has shape",
    ),
    "penalty twice": (
        _logistic(_RIGHT_LOGISTIC + "\ngrad += lambda / m ^ 2 * t;"),
        "disagrees",
        "penalty-once-more-by-m-twice",
    ),
    "no lambda": (_logistic(_RIGHT_LOGISTIC.replace("lambda * t", "t")), "disagrees", "penalty-without-lambda"),
    "theta(2, end)": (
        _logistic(_RIGHT_LOGISTIC.replace("(t' * t)", "sum(theta(2, end) .^ 2)")),
        "disagrees",
        "second-penalised-only",
    ),
    "penalty alone": (
        _logistic(_RIGHT_LOGISTIC + "\ngrad = lambda / m * t;"),
        "disagrees",
        "gradient-penalty-only",
    ),
    "first Theta without m": (
        _network(_EYE, _FORWARD, _COST, _BACK.replace("d2' * a1 / m", "d2' * a1")),
        "disagrees",
        "first-gradient-without-m",
    ),
    "numel of Y": (
        _network(_EYE, "m = rows(X); ", _FORWARD, "m = numel(Y);\n", _COST, _BACK.replace("ones(m", "ones(rows(X)")),
        "disagrees",
        "m-is-numel-of-Y",
    ),
    "Y * log(h)'": (
        _network(
            _EYE, _FORWARD, _COST.replace(" .* log(h)", " * log(h)'").replace(".* log(1 - h)", "* log(1 - h)'"), _BACK
        ),
        "disagrees",
        "matrix-product-of-examples",
    ),
    "ones penalised": (
        _logistic(_RIGHT_LOGISTIC.replace("[0; theta", "[1; theta")),
        "disagrees",
        "one-penalised",
    ),
    "no penalty, no mean": (
        "function [J, grad] = costFunction(theta, X, y)\nh = sigmoid(X * theta);\n"
        "J = -mean(y .* log(h) + (1 - y) .* log(1 - h)); grad = X' * (h - y);\nend\n",
        "disagrees",
        "gradient-without-m",
    ),
    # fails
    "does not fit": (
        _network(_EYE, "h = sigmoid(X * Theta1);\n"),
        "could not be run",
        "operator *: ",
    ),
    "syntax": (
        _network("if m > 0\n  J = (1;\nend\n"),
        "could not be run",
        "it has a syntax error in nnCostFunction.m, line 9: J = (1",
    ),
    "undefined": (_network("J = heigth(X);\n"), "could not be run", "it needs heigth.m"),
    "MATLAB's": (_network("m = height(X);\n", _EYE, _FORWARD, _COST, _BACK), "could not be run", "height is MATLAB's"),
}
